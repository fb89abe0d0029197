package technique

import (
	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/permission"
	"github.com/cairn-security/cairn/graph"
)

const (
	anonymousAccess attack.TechniqueID = "anonymous-access"
	dataRead        attack.TechniqueID = "data-read"
	dataWrite       attack.TechniqueID = "data-write"
	dataDestroy     attack.TechniqueID = "data-destroy"
	snapshotRestore attack.TechniqueID = "snapshot-restore"
)

// outcomes are the accesses that end at a datastore, with the technique that
// uses each and the state it gives. Administering a datastore is one more step
// away from each of them and is not an outcome of its own.
var outcomes = []struct {
	access    permission.Access
	technique attack.TechniqueID
	state     attack.StateKind
	verb      string
}{
	{permission.ReadAccess, dataRead, attack.Reads, "reads"},
	{permission.WriteAccess, dataWrite, attack.Writes, "changes"},
	{permission.DestroyAccess, dataDestroy, attack.Destroys, "destroys"},
}

// deriveAnonymousAccess: what lets everyone in needs no principal. A request of
// any AWS account is asked about only where one without credentials fails.
func deriveAnonymousAccess(e *Estate, emit func(attack.Step)) {
	anonymous, anyone := e.special("anonymous"), e.special("any-aws-principal")
	if anonymous == graph.NoRef {
		return
	}
	e.openTo = map[openKey]bool{}
	for _, d := range e.Data.All() {
		for _, o := range outcomes {
			open := e.Perm.CanAccess(anonymous, d.Node, o.access, permission.Given{Internet: true})
			if open.Allowed {
				e.openTo[openKey{d.Node, o.access}] = true
				emit(e.openStep(e.internet, d.Node, o.state, "Anyone on the internet "+o.verb+" "+e.name(d.Node), open))
			}
			if open.Certain() || anyone == graph.NoRef {
				continue
			}
			shared := e.Perm.CanAccess(anyone, d.Node, o.access, permission.Given{Internet: true, Stolen: true})
			if shared.Allowed {
				e.openTo[openKey{d.Node, o.access}] = true
				emit(e.openStep(anyone, d.Node, o.state, "Any AWS account "+o.verb+" "+e.name(d.Node), shared))
			}
		}
	}
}

// openKey is an access to a datastore that everybody has, or may have.
type openKey struct {
	store  graph.Ref
	access permission.Access
}

func (e *Estate) openStep(from, store graph.Ref, gain attack.StateKind, title string, d *attack.Decision) attack.Step {
	id, prior := anonymousAccess, "anonymous-read"
	if copied := e.Snap.Kind(store); copied == graph.KindDBSnapshot || copied == graph.KindVolumeSnapshot || copied == graph.KindImage {
		id, prior = snapshotRestore, string(snapshotRestore)
	}
	s := attack.Step{
		Technique: id, Premises: []attack.State{e.controls(from)}, Decisions: []*attack.Decision{d},
		Conclusion: e.gain(store, gain), Factors: []attack.Factor{e.factor(id, prior, store)}, Title: title,
	}
	e.addResidue(&s, d, from)
	return s
}

// gain is the state that an access gives: to read a secret is to know it.
func (e *Estate) gain(store graph.Ref, k attack.StateKind) attack.State {
	if k == attack.Reads && holdsSecret(e.Snap.Kind(store)) {
		return knows(store)
	}
	return attack.State{Kind: k, Node: store}
}

func holdsSecret(k graph.Kind) bool { return k == graph.KindSecret || k == graph.KindParameter }

// addResidue adds the chance that conditions hold which are left over.
func (e *Estate) addResidue(s *attack.Step, d *attack.Decision, at graph.Ref) {
	if d.Status == attack.Conditional {
		s.Factors = append(s.Factors, e.conditionFactor(d, at))
	}
}

// deriveDataAccess: principals of the estate and of foreign accounts use what
// they may do to data. Principals with equal rights share one auxiliary state,
// so steps grow with grants and not with principals times datastores.
func deriveDataAccess(e *Estate, emit func(attack.Step)) {
	hubs := map[int]attack.State{}
	for g := range e.Perm.Access(e.given()) {
		o := outcomeOfAccess(g.Access)
		if o < 0 || !g.Decision.Allowed {
			continue
		}
		outsider := e.Snap.Kind(g.Principals[0]) == graph.KindExternalAccount
		hub, ok := hubs[g.Class]
		if !ok {
			hub = e.newAux()
			hubs[g.Class] = hub
			for _, p := range g.Principals {
				if premise, ok := e.principalState(p); ok && !e.isAdministrator(p) {
					emit(attack.Step{Technique: holdsGrants, Premises: []attack.State{premise}, Conclusion: hub, Auxiliary: true})
				}
			}
		}
		for _, store := range g.Stores {
			if e.Data.Of(store) == nil || (outsider && e.openTo[openKey{store, g.Access}]) {
				continue // a foreign account gains nothing where everybody is let in
			}
			emit(e.accessStep(hub, g.Principals[0], store, o, g.Decision))
			e.administratorsAbroad(g, store, o, emit)
		}
	}
}

const holdsGrants attack.TechniqueID = "holds-grants"

func outcomeOfAccess(a permission.Access) int {
	for i := range outcomes {
		if outcomes[i].access == a {
			return i
		}
	}
	return -1
}

// administratorsAbroad: in its own account an administrator needs no grant (see
// deriveAdministrator); in others it uses them like everybody else.
func (e *Estate) administratorsAbroad(g permission.Grant, store graph.Ref, o int, emit func(attack.Step)) {
	for _, p := range g.Principals {
		if e.isAdministrator(p) && !e.sameAccount(p, store) {
			emit(e.accessStep(e.controls(p), p, store, o, g.Decision))
		}
	}
}

// accessStep uses an access; o indexes outcomes.
func (e *Estate) accessStep(premise attack.State, who, store graph.Ref, o int, d *attack.Decision) attack.Step {
	id, prior := outcomes[o].technique, string(dataRead)
	if id == dataRead && holdsSecret(e.Snap.Kind(store)) {
		id = readSecret
	}
	s := attack.Step{
		Technique: id, Premises: []attack.State{premise}, Decisions: []*attack.Decision{d}, Conclusion: e.gain(store, outcomes[o].state),
		Factors: []attack.Factor{e.factor(id, prior, store)}, Title: e.name(who) + " " + outcomes[o].verb + " " + e.name(store),
	}
	e.addResidue(&s, d, who)
	return s
}

// deriveSecretKnown: to know a secret is to have read that datastore.
func deriveSecretKnown(e *Estate, emit func(attack.Step)) {
	for _, d := range e.Data.All() {
		if holdsSecret(e.Snap.Kind(d.Node)) {
			emit(attack.Step{Technique: readSecret, Premises: []attack.State{knows(d.Node)}, Conclusion: attack.State{Kind: attack.Reads, Node: d.Node}, Auxiliary: true})
		}
	}
}
