package technique

import (
	"maps"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/graph"
)

// deriveTagData: access to data that has a tag is access to all data that the
// principal may give the tag. Cost: a decision for each principal whose policies
// ask for tags, each set of them and each critical asset.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html
func deriveTagData(e *Estate, emit func(attack.Step)) {
	for _, asks := range e.tagsAsked() {
		state, ok := e.principalState(asks.who)
		if !ok || e.isAdministrator(asks.who) {
			continue
		}
		a := actor{ref: asks.who, state: state}
		for _, store := range e.Data.Critical() {
			if tag := tagActions[e.Snap.Kind(store)]; tag != "" && e.sameAccount(a.ref, store) {
				e.tagThenUse(a, asks.sets, tag, store, emit)
			}
		}
	}
}

// tagThenUse emits what an actor has of a datastore once it put tags on it, and
// has not already.
func (e *Estate) tagThenUse(a actor, sets []tagSet, tag string, store graph.Ref, emit func(attack.Step)) {
	service, _, _ := strings.Cut(tag, ":")
	done := make([]bool, len(outcomes))
	for _, set := range sets {
		var put []*attack.Decision
		for o := range outcomes {
			g := e.given()
			g.Keys = set.keys(service)
			d := e.Perm.CanAccess(a.ref, store, outcomes[o].access, g)
			if done[o] || !d.Allowed {
				continue
			}
			if direct := e.Perm.CanAccess(a.ref, store, outcomes[o].access, e.given()); direct.Allowed && direct.Status <= d.Status {
				continue
			}
			if put == nil {
				var ok bool
				if put, ok = e.puts(a, tag, store, set); !ok {
					break
				}
			}
			done[o] = true
			e.emitTagged(a, set, store, o, append(slices.Clone(put), d), emit)
		}
	}
}

func (e *Estate) emitTagged(a actor, set tagSet, store graph.Ref, o int, decisions []*attack.Decision, emit func(attack.Step)) {
	var words []string
	for _, k := range slices.Sorted(maps.Keys(set)) {
		words = append(words, k+"="+set[k])
	}
	s := attack.Step{
		Technique: openData, Premises: []attack.State{a.state}, Decisions: decisions,
		Factors: []attack.Factor{e.factor(openData, selfPrior, store)},
		Title:   e.name(a.ref) + " tags " + e.name(store) + " " + strings.Join(words, " ") + " and " + outcomes[o].verb + " it",
	}
	e.addResidue(&s, attack.And(decisions...), a.ref)
	e.gains(s, store, outcomes[o].state, emit)
}
