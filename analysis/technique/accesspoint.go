package technique

import (
	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/permission"
	"github.com/cairn-security/cairn/graph"
)

const accessPoint attack.TechniqueID = "access-point"

// deriveAccessPoints: an access point is a second door to the objects of a
// bucket, with a policy of its own. A step is emitted only for who has less
// without it.
func deriveAccessPoints(e *Estate, emit func(attack.Step)) {
	for _, point := range e.Snap.ByKind(graph.KindAccessPoint) {
		for bucket := range e.Snap.OutKind(point, graph.EdgeUses) {
			if e.Snap.Kind(bucket) != graph.KindBucket || e.Data.Of(bucket) == nil {
				continue
			}
			for o := range outcomes {
				e.openPoint(point, bucket, o, emit)
				e.throughPoint(point, bucket, o, emit)
			}
		}
	}
}

// public reports whether a node stands for everybody.
func (e *Estate) public(ref graph.Ref) bool {
	k := e.Snap.Kind(ref)
	return k == graph.KindAnonymous || k == graph.KindAnyPrincipal
}

// openPoint emits what the public may do through an access point.
func (e *Estate) openPoint(point, bucket graph.Ref, o int, emit func(attack.Step)) {
	g := e.given()
	g.Internet = true
	key := openKey{point, outcomes[o].access}
	for _, w := range e.Perm.Through(point, key.access, g, func(p graph.Ref) bool { return !e.public(p) }) {
		e.openTo[key] = append(e.openTo[key], w.Decision)
		if !e.hasDirectly(w, bucket, key.access, g) {
			e.gainsThrough(e.pointStep(point, bucket, o, w), w.Node, point, bucket, o, g, emit)
		}
		if w.Decision.Certain() {
			return // any AWS account is no more than anyone
		}
	}
}

// throughPoint emits what principals may do through an access point.
func (e *Estate) throughPoint(point, bucket graph.Ref, o int, emit func(attack.Step)) {
	access := outcomes[o].access
	skip := func(p graph.Ref) bool { return e.public(p) || e.sameAccount(p, bucket) && e.isAdministrator(p) }
	for _, w := range e.Perm.Through(point, access, e.given(), skip) {
		if _, ok := e.principalState(w.Node); !ok || e.hasDirectly(w, bucket, access, e.given()) || e.onlyByPublic(openKey{point, access}, w.Decision) {
			continue
		}
		places := e.placesFor(w.Decision, "s3", emit)
		for _, p := range places {
			others := func(q graph.Ref) bool { return q != w.Node }
			at := e.fromPlace(p)
			for _, inside := range e.Perm.Through(point, access, at, others) {
				e.gainsThrough(e.pointStep(point, bucket, o, inside, p.state), w.Node, point, bucket, o, at, emit)
			}
		}
		if len(places) == 0 {
			e.gainsThrough(e.pointStep(point, bucket, o, w), w.Node, point, bucket, o, e.given(), emit)
		}
	}
}

// hasDirectly reports whether a principal needs no access point.
func (e *Estate) hasDirectly(w permission.Who, bucket graph.Ref, a permission.Access, g permission.Given) bool {
	d := e.Perm.CanAccess(w.Node, bucket, a, g)
	return d.Allowed && d.Status <= w.Decision.Status
}

func (e *Estate) pointStep(point, bucket graph.Ref, o int, w permission.Who, more ...attack.State) attack.Step {
	who, prior := e.name(w.Node), string(dataRead)
	switch e.Snap.Kind(w.Node) {
	case graph.KindAnonymous:
		who, prior = "Anyone on the internet", "anonymous-read"
	case graph.KindAnyPrincipal:
		who, prior = "Any AWS account", "anonymous-read"
	}
	state, _ := e.principalState(w.Node)
	s := attack.Step{
		Technique: accessPoint, Premises: append([]attack.State{state}, more...), Decisions: []*attack.Decision{w.Decision},
		Factors: []attack.Factor{e.factor(accessPoint, prior, bucket)},
		Title:   who + " " + outcomes[o].verb + " " + e.name(bucket) + " through " + e.name(point),
	}
	e.addResidue(&s, w.Decision, w.Node)
	return s
}
