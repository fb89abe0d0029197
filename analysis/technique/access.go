package technique

import (
	"slices"

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
// What is open to everyone inside a network needs a position there.
func deriveAnonymousAccess(e *Estate, emit func(attack.Step)) {
	anonymous, anyone := e.special("anonymous"), e.special("any-aws-principal")
	e.openTo = map[openKey][]*attack.Decision{}
	if anonymous == graph.NoRef {
		return
	}
	for _, d := range e.Data.All() {
		for o := range outcomes {
			if len(e.where(e.controls(e.internet), d.Node, o)) > 1 {
				continue // takes a position inside: see deriveMountFileSystem
			}
			open := e.openFrom(anonymous, e.internet, d.Node, o, "Anyone on the internet", emit)
			if anyone == graph.NoRef || open && e.Entries.On(EntryInternet) {
				continue // an account of one's own adds nothing
			}
			e.openFrom(anyone, anyone, d.Node, o, "Any AWS account", emit)
		}
	}
}

// openFrom emits what a public caller may do to a datastore and reports whether
// that is certain. holder is the node whose state is the premise.
func (e *Estate) openFrom(caller, holder, store graph.Ref, o int, who string, emit func(attack.Step)) (certain bool) {
	access := outcomes[o].access
	title := who + " " + outcomes[o].verb + " " + e.name(store)
	g := e.given()
	g.Internet = true
	open := e.fromAnyAddress(caller, store, access, g, e.Perm.CanAccess(caller, store, access, g))
	if open.Allowed {
		e.openTo[openKey{store, access}] = append(e.openTo[openKey{store, access}], open)
		e.gainsAs(e.openStep([]attack.State{e.controls(holder)}, holder, store, title, open), caller, store, o, g, emit)
		return open.Certain()
	}
	inside := e.Perm.CanAccess(caller, store, access, e.given())
	if !inside.Allowed || inside.Always(privateAddresses) {
		return false
	}
	e.openTo[openKey{store, access}] = append(e.openTo[openKey{store, access}], inside)
	for _, p := range e.placesFor(inside, serviceOf(e.Snap.Kind(store)), emit) {
		at := e.fromPlace(p)
		if d := e.Perm.CanAccess(caller, store, access, at); d.Allowed {
			e.gainsAs(e.openStep([]attack.State{p.state}, holder, store, "Anyone inside "+p.vpc+" "+outcomes[o].verb+" "+e.name(store), d), caller, store, o, at, emit)
		}
	}
	return false
}

// openKey is an access to a datastore that everybody has, or may have.
type openKey struct {
	store  graph.Ref
	access permission.Access
}

// onlyByPublic reports whether an access needs a statement that lets everybody
// in: some group of its support holds nothing else. Such access is a path of its
// own already and no principal is needed for it.
func (e *Estate) onlyByPublic(k openKey, d *attack.Decision) bool {
	for _, open := range e.openTo[k] {
		if open.Status == attack.Unknown && d.Status == attack.Unknown && slices.Equal(open.Gaps, d.Gaps) && !e.ownFacts(d) {
			return true
		}
		public := map[attack.FactKey]bool{}
		for _, g := range open.Support {
			for _, f := range g {
				public[f.Key()] = !f.Absent
			}
		}
		for _, g := range d.Support {
			if len(g) > 0 && !slices.ContainsFunc(g, func(f attack.Fact) bool { return !public[f.Key()] }) {
				return true
			}
		}
	}
	return false
}

// ownFacts reports whether a decision rests on policies of principals.
func (e *Estate) ownFacts(d *attack.Decision) bool {
	for _, g := range d.Support {
		for _, f := range g {
			switch e.Snap.Kind(f.Node) {
			case graph.KindUser, graph.KindRole, graph.KindGroup, graph.KindPolicy:
				if !f.Absent {
					return true
				}
			}
		}
	}
	return false
}

func (e *Estate) openStep(premises []attack.State, holder, store graph.Ref, title string, d *attack.Decision) attack.Step {
	id, prior := anonymousAccess, "anonymous-read"
	if copied := e.Snap.Kind(store); copied == graph.KindDBSnapshot || copied == graph.KindVolumeSnapshot || copied == graph.KindImage {
		id, prior = snapshotRestore, string(snapshotRestore)
	}
	s := attack.Step{
		Technique: id, Premises: premises, Decisions: []*attack.Decision{d},
		Factors: []attack.Factor{e.factor(id, prior, store)}, Title: title,
	}
	e.addResidue(&s, d, holder)
	return s
}

// gains emits a step for each state that an access gives: who reads a secret, or
// objects that hold credentials, knows them.
func (e *Estate) gains(s attack.Step, store graph.Ref, k attack.StateKind, emit func(attack.Step)) {
	s.Conclusion = attack.State{Kind: k, Node: store}
	emit(s)
	if k == attack.Reads && (holdsSecret(e.Snap.Kind(store)) || len(e.holdingsOf(store).credentials) > 0) {
		s.Conclusion = knows(store)
		emit(s)
	}
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
	for _, g := range e.dataGrants() {
		o := outcomeOfAccess(g.Access)
		if o < 0 || !g.Decision.Allowed {
			continue
		}
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
			if e.Data.Of(store) == nil || e.onlyByPublic(openKey{store, g.Access}, g.Decision) {
				continue
			}
			if !e.accessFromPlaces(hub, g, store, o, emit) {
				e.gainsAs(e.grantStep(e.where(hub, store, o), g, store, o, g.Decision), g.Principals[0], store, o, e.given(), emit)
			}
			e.administratorsAbroad(g, store, o, emit)
		}
	}
}

// where adds to what an access takes the position that it takes: files are read
// and written over the network.
func (e *Estate) where(held attack.State, store graph.Ref, o int) []attack.State {
	if e.Snap.Kind(store) == graph.KindFileSystem && outcomes[o].state != attack.Destroys {
		return []attack.State{held, mountable(store)}
	}
	return []attack.State{held}
}

// dataGrants are asked once.
func (e *Estate) dataGrants() []permission.Grant {
	if e.granted == nil {
		e.granted = slices.Collect(e.Perm.Access(e.given()))
	}
	return e.granted
}

// accessFromPlaces turns a condition on the network a request comes from into a
// position that must be held as well. False where the estate does not have the
// network: then the condition stays one.
func (e *Estate) accessFromPlaces(hub attack.State, g permission.Grant, store graph.Ref, o int, emit func(attack.Step)) bool {
	if g.Decision.Status != attack.Conditional {
		return false
	}
	places := e.placesFor(g.Decision, serviceOf(e.Snap.Kind(store)), emit)
	for _, p := range places {
		at := e.fromPlace(p)
		if d := e.Perm.CanAccess(g.Principals[0], store, g.Access, at); d.Allowed {
			e.gainsAs(e.grantStep([]attack.State{hub, p.state}, g, store, o, d), g.Principals[0], store, o, at, emit)
		}
	}
	return len(places) > 0
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
			e.gainsAs(e.accessStep(e.where(e.controls(p), store, o), p, store, o, g.Decision), p, store, o, e.given(), emit)
		}
	}
}

// grantStep is the step of a grant that several principals may share: its title
// names whichever of them a path goes through.
func (e *Estate) grantStep(premises []attack.State, g permission.Grant, store graph.Ref, o int, d *attack.Decision) attack.Step {
	s := e.accessStep(premises, g.Principals[0], store, o, d)
	if len(g.Principals) > 1 {
		s.Title = attack.Holder + " " + outcomes[o].verb + " " + e.name(store)
	}
	return s
}

// accessStep uses an access; o indexes outcomes.
func (e *Estate) accessStep(premises []attack.State, who, store graph.Ref, o int, d *attack.Decision) attack.Step {
	id, prior := outcomes[o].technique, string(dataRead)
	if id == dataRead && holdsSecret(e.Snap.Kind(store)) {
		id = readSecret
	}
	s := attack.Step{
		Technique: id, Premises: premises, Decisions: []*attack.Decision{d},
		Factors: []attack.Factor{e.factor(id, prior, store)}, Title: e.name(who) + " " + outcomes[o].verb + " " + e.name(store),
	}
	e.addResidue(&s, d, who)
	return s
}
