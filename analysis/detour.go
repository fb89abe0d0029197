package analysis

import (
	"slices"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/route"
	"github.com/cairn-security/cairn/analysis/technique"
)

// withoutDetours leaves out families that do what another one does and more for
// nothing: the same target from the same kind of entry, by the same techniques
// and some of them once more (a second workload exploited where the first one
// would do, a workload exploited for a position that the start has already),
// resting on strictly more chances. What a detour would survive is
// seen when a fix is proved: that derives everything again.
func (r *Result) withoutDetours(families []route.Family) []*route.Family {
	byTarget := map[route.StateID][]*route.Family{}
	for i := range families {
		f := &families[i]
		byTarget[f.Target] = append(byTarget[f.Target], f)
	}
	kept := make([]*route.Family, 0, len(families))
	for i := range families {
		f := &families[i]
		if !slices.ContainsFunc(byTarget[f.Target], func(other *route.Family) bool { return other != f && r.detourOf(f, other) }) {
			kept = append(kept, f)
		}
	}
	return kept
}

// detourOf compares two families of one target.
func (r *Result) detourOf(f, shorter *route.Family) bool {
	if f.Entry.Kind != shorter.Entry.Kind || shorter.Status > f.Status {
		return false
	}
	a := f.Best()
	used := r.techniques(a)
	for _, id := range technique.Footholds() {
		if _, needed := r.techniques(shorter.Best())[id]; !needed {
			delete(used, id)
		}
	}
	if !containsAll(used, r.techniques(shorter.Best())) {
		return false // all paths of a family apply the same techniques
	}
	for i := range shorter.Paths {
		b := &shorter.Paths[i]
		if len(a.Factors) > len(b.Factors) && containsSorted(a.Factors, b.Factors) {
			return true
		}
	}
	return false
}

// containsSorted reports whether every element of sub is in all; both are sorted.
func containsSorted(all, sub []route.FactorID) bool {
	i := 0
	for _, f := range sub {
		for i < len(all) && all[i] < f {
			i++
		}
		if i == len(all) || all[i] != f {
			return false
		}
	}
	return true
}

// techniques counts how often a path uses each.
func (r *Result) techniques(p *route.Path) map[attack.TechniqueID]int {
	counts := map[attack.TechniqueID]int{}
	for _, s := range p.Steps {
		if s.Step != route.NoStep {
			counts[r.Graph.Technique(s.Step)]++
		}
	}
	return counts
}

// containsAll: same techniques, each at least as often.
func containsAll(all, sub map[attack.TechniqueID]int) bool {
	if len(all) != len(sub) {
		return false
	}
	for id, n := range sub {
		if all[id] < n {
			return false
		}
	}
	return true
}
