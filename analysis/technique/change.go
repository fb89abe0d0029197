package technique

import (
	"context"
	"fmt"
	"slices"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/permission"
	"github.com/cairn-security/cairn/graph"
)

// deriveChangePolicies: make the change, then act as who gained by it. What that
// leads to is decided by asking the permission engine about the estate with the
// change in place. Cost: changes that somebody may make and that concern
// different principals share an engine.
func deriveChangePolicies(e *Estate, emit func(attack.Step)) {
	deriveTagSelf(e, emit)
	for _, batch := range e.batches() {
		var patch graph.Patch
		for _, m := range batch {
			patch.Set = append(patch.Set, m.patch.Set...)
			patch.Unlink = append(patch.Unlink, m.patch.Unlink...)
		}
		after := e.with(patch)
		if after == nil {
			return
		}
		var granted *Estate
		for _, m := range batch {
			for _, target := range m.targets {
				if e.changeMakesAdministrator(m, after, target, emit) {
					continue
				}
				if m.frees && granted == nil {
					if granted = e.with(grantAll(patch, batch)); granted == nil {
						return
					}
				}
				if m.frees && e.changeThenGrant(m, granted, target, emit) {
					continue
				}
				e.changeThenOther(m, after, target, emit)
			}
		}
	}
}

// batches puts the changes that somebody may make into lists in which no
// principal is concerned twice.
func (e *Estate) batches() [][]mutation {
	var all [][]mutation
	var taken []map[graph.Ref]bool
	for _, m := range e.mutations() {
		if m.actors = e.actors(m.action, permission.OnNode(m.on), e.Snap.Node(m.on).Account, nil); len(m.actors) == 0 {
			continue
		}
		i := slices.IndexFunc(taken, func(t map[graph.Ref]bool) bool {
			return !slices.ContainsFunc(m.targets, func(p graph.Ref) bool { return t[p] })
		})
		if i < 0 {
			i = len(all)
			all, taken = append(all, nil), append(taken, map[graph.Ref]bool{})
		}
		all[i] = append(all[i], m)
		for _, p := range m.targets {
			taken[i][p] = true
		}
	}
	return all
}

// with is the estate with a change in place, nil when the run was cancelled. No
// change that is tried touches trust policies, but for those of deriveChangeTrust,
// which asks the engine itself: who may assume what for a service stays.
func (e *Estate) with(patch graph.Patch) *Estate {
	snap := e.Snap.With(patch)
	perm, err := permission.New(context.Background(), snap, permission.Options{})
	if err != nil {
		return nil // only cancellation, which the caller looks for
	}
	return &Estate{Snap: snap, Settings: e.Settings, Data: e.Data, Perm: perm, Reach: e.Reach, Entries: e.Entries,
		internet: e.internet, only: graph.NoRef, assumed: e.assumptions()}
}

// grantAll gives everything to the principals that a batch frees.
func grantAll(patch graph.Patch, batch []mutation) graph.Patch {
	patch.Set = slices.Clone(patch.Set)
	for _, m := range batch {
		if m.frees {
			for _, target := range m.targets {
				patch.Set = append(patch.Set, graph.PropChange{Node: target, Key: graph.PropInlinePrefix + grantedName, Value: grantedDocument})
			}
		}
	}
	return patch
}

func (e *Estate) changeMakesAdministrator(m mutation, after *Estate, target graph.Ref, emit func(attack.Step)) bool {
	got := after.administration(target)
	if got.Status == permission.NotAdministrator {
		return false
	}
	for _, a := range m.actors {
		e.emitChange(m, a, target, administers(e.Snap.AccountOf(target)), "which makes "+e.name(target)+" administrator", emit, got.Decision)
	}
	return true
}

// changeThenGrant: with the limit gone, the actor gives the target everything
// (the target itself does so in changeThenOther).
func (e *Estate) changeThenGrant(m mutation, granted *Estate, target graph.Ref, emit func(attack.Step)) bool {
	got := granted.administration(target)
	if got.Status == permission.NotAdministrator {
		return false
	}
	done := false
	for _, a := range m.actors {
		if a.ref == target {
			continue
		}
		for _, action := range writesOf(e.Snap.Kind(target)) {
			if d, ok := e.mayGive(a, action, target); ok {
				e.emitChange(m, a, target, administers(e.Snap.AccountOf(target)), "and gives "+e.name(target)+" every permission", emit, d, e.withoutGrant(got.Decision))
				done = true
				break
			}
		}
	}
	return done
}

// changeThenOther: who changes what it may do itself goes on with whatever that
// allows, by any technique that turns one identity into more, and to data.
func (e *Estate) changeThenOther(m mutation, after *Estate, target graph.Ref, emit func(attack.Step)) {
	i := slices.IndexFunc(m.actors, func(a actor) bool { return a.ref == target })
	if i < 0 {
		return
	}
	before := map[string]bool{}
	for _, s := range e.alone(target) {
		before[stepKey(s)] = true
	}
	for _, s := range after.alone(target) {
		if !before[stepKey(s)] {
			e.emitChange(m, m.actors[i], target, s.Conclusion, "after which "+s.Title, emit, s.Decisions...)
		}
	}
}

// stepKey is what a step gives.
func stepKey(s attack.Step) string { return fmt.Sprint(s.Conclusion, s.Premises) }

// identitySteps turn one identity into another, or into more, without a change
// that would be followed by further ones.
var identitySteps = []func(*Estate, func(attack.Step)){deriveAssumeRole, deriveCredentials, deriveChangeTrust, deriveGrantPolicy}

// alone derives the steps that need control of one principal and nothing else.
func (e *Estate) alone(p graph.Ref) []attack.Step {
	one := *e
	one.only = p
	held, _ := e.principalState(p)
	var steps []attack.Step
	emit := func(s attack.Step) {
		if len(s.Premises) == 1 && s.Premises[0] == held && s.Conclusion != held {
			steps = append(steps, s)
		}
	}
	for _, t := range slices.Concat(takeComputeTechniques(), swapTechniques, passRoleTechniques()) {
		t.derive(&one, emit)
	}
	for _, derive := range identitySteps {
		derive(&one, emit)
	}
	for _, store := range e.Data.Critical() {
		for o := range outcomes {
			if d := e.Perm.CanAccess(p, store, outcomes[o].access, e.given()); d.Allowed {
				e.gainsAs(e.accessStep([]attack.State{held}, p, store, o, d), p, store, o, e.given(), emit)
			}
		}
	}
	return steps
}

// writesOf are the actions that give an identity a policy.
func writesOf(k graph.Kind) []string {
	if k == graph.KindRole {
		return []string{"iam:PutRolePolicy", "iam:AttachRolePolicy"}
	}
	return []string{"iam:PutUserPolicy", "iam:AttachUserPolicy"}
}

// emitChange emits the step of a change; results are what it leads to.
func (e *Estate) emitChange(m mutation, a actor, target graph.Ref, to attack.State, then string, emit func(attack.Step), results ...*attack.Decision) {
	held, ok := e.principalState(target)
	if !ok || to.Node == graph.NoRef {
		return
	}
	premises := []attack.State{a.state}
	if held != a.state {
		premises = append(premises, held)
	}
	decisions := []*attack.Decision{a.decision}
	for _, d := range results {
		decisions = append(decisions, e.observedOnly(m, d))
	}
	s := attack.Step{
		Technique: changePolicies, Premises: premises, Decisions: decisions, Conclusion: to,
		Factors: []attack.Factor{e.factor(changePolicies, selfPrior, target)},
		Title:   e.name(a.ref) + " " + m.what + ", " + then,
	}
	e.addResidue(&s, attack.And(s.Decisions...), a.ref)
	emit(s)
}

// observedOnly drops facts of documents that the change wrote.
func (e *Estate) observedOnly(m mutation, d *attack.Decision) *attack.Decision {
	written := map[graph.Ref]map[string]bool{}
	for _, c := range m.patch.Set {
		if written[c.Node] == nil {
			written[c.Node] = map[string]bool{}
		}
		written[c.Node][c.Key] = true
	}
	return e.without(d, func(f attack.Fact) bool { return written[f.Node][f.Property] })
}
