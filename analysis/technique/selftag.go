package technique

import (
	"maps"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/permission"
	"github.com/cairn-security/cairn/graph"
)

// deriveTagSelf: where policies ask for tags of the principal, who may tag itself
// chooses what it is let in to. The sets of tags that are tried are those that
// some statement asks for, or that some resource has which a principal must
// match. Cost: for each principal that may tag itself, and each such set, what
// one principal may do.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/introduction_attribute-based-access-control.html
func deriveTagSelf(e *Estate, emit func(attack.Step)) {
	sets := e.ownTagsAsked()
	if len(sets) == 0 {
		return
	}
	e.assumptions() // asked without the tags that are tried
	for _, p := range e.identities() {
		state, ok := e.principalState(p)
		if !ok || e.isAdministrator(p) || e.serviceLinked(p) {
			continue
		}
		var before map[string]attack.Status
		for _, set := range sets {
			a := actor{ref: p, state: state}
			put, ok := e.puts(a, tagActions[e.Snap.Kind(p)], p, e.lacking(p, set))
			if !ok || len(put) == 0 {
				continue
			}
			if before == nil {
				before = statusByGain(e.alone(p))
			}
			e.tagged(a, set, put, before, emit)
		}
	}
}

// tagged emits what a principal has with a set of tags that it has not without.
func (e *Estate) tagged(a actor, set tagSet, put []*attack.Decision, before map[string]attack.Status, emit func(attack.Step)) {
	after := *e
	after.only, after.tags, after.admins = a.ref, map[string]string{}, maps.Clone(e.admins)
	delete(after.admins, a.ref)
	var words []string
	for _, k := range slices.Sorted(maps.Keys(set)) {
		after.tags["aws:PrincipalTag/"+k] = set[k]
		words = append(words, k+"="+set[k])
	}
	step := func(to attack.State, then string, results ...*attack.Decision) {
		s := attack.Step{
			Technique: changePolicies, Premises: []attack.State{a.state}, Decisions: slices.Concat(put, results), Conclusion: to,
			Factors: []attack.Factor{e.factor(changePolicies, selfPrior, a.ref)},
			Title:   e.name(a.ref) + " tags itself " + strings.Join(words, " ") + ", after which " + then,
		}
		e.addResidue(&s, attack.And(s.Decisions...), a.ref)
		emit(s)
	}
	if got := after.administration(a.ref); got.Status == permission.IsAdministrator {
		if account := e.Snap.AccountOf(a.ref); account != graph.NoRef {
			step(administers(account), "it is administrator", got.Decision)
		}
		return
	}
	for _, s := range after.alone(a.ref) {
		if status, had := before[stepKey(s)]; !had || s.Status() < status {
			step(s.Conclusion, s.Title, s.Decisions...)
		}
	}
}

// statusByGain is the best status of what steps give.
func statusByGain(steps []attack.Step) map[string]attack.Status {
	best := map[string]attack.Status{}
	for _, s := range steps {
		if old, had := best[stepKey(s)]; !had || s.Status() < old {
			best[stepKey(s)] = s.Status()
		}
	}
	return best
}

// lacking are the tags of a set that a principal does not have.
func (e *Estate) lacking(p graph.Ref, set tagSet) tagSet {
	var own map[string]string
	if _, err := e.Snap.Decode(p, graph.PropTags, &own); err != nil {
		own = nil
	}
	out := maps.Clone(set)
	maps.DeleteFunc(out, func(k, v string) bool { return own[k] == v })
	return out
}

// ownTagsAsked lists the sets of tags that policies ask principals to have.
func (e *Estate) ownTagsAsked() []tagSet {
	var sets []tagSet
	for _, d := range e.documents() {
		for _, s := range statementsAbout(d.text, "aws:principaltag/") {
			literal := setsOf(withoutVariables(s.principal))
			matched := e.matching(s.resource)
			if len(matched) == 0 {
				sets = append(sets, literal...)
			}
			for _, l := range literal {
				for _, m := range matched {
					both := maps.Clone(l)
					maps.Copy(both, m)
					sets = append(sets, both)
				}
			}
		}
	}
	return distinct(sets)
}

func withoutVariables(asked map[string][]string) map[string][]string {
	out := map[string][]string{}
	for k, values := range asked {
		if values = slices.DeleteFunc(slices.Clone(values), func(v string) bool { return strings.Contains(v, "${") }); len(values) > 0 {
			out[k] = values
		}
	}
	return out
}

// matching are the tags of a principal with which it matches some resource, where
// a statement compares the two.
func (e *Estate) matching(resource map[string][]string) []tagSet {
	names := map[string]string{} // of the resource's tag -> of the principal's
	for k, values := range resource {
		for _, v := range values {
			if name, ok := principalTag(v); ok {
				names[k] = name
			}
		}
	}
	if len(names) == 0 {
		return nil
	}
	var sets []tagSet
next:
	for ref := range e.Snap.Refs() {
		var tags map[string]string
		if ok, err := e.Snap.Decode(ref, graph.PropTags, &tags); !ok || err != nil {
			continue
		}
		set := tagSet{}
		for k, name := range names {
			if set[name] = tags[k]; tags[k] == "" {
				continue next
			}
		}
		sets = append(sets, set)
	}
	return distinct(sets)
}
