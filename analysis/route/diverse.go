package route

import "github.com/cairn-security/cairn/analysis/attack"

// Diverse picks k families that rest on facts as different as possible:
// the first one given, then again and again the one whose best path is
// farthest from all picked so far, the distance being one minus the share of
// common facts (Jaccard). Ties go to the earlier. Cost: O(k n) comparisons.
func (g *Graph) Diverse(families []Family, k int) []Family {
	if len(families) == 0 || k <= 0 {
		return nil
	}
	facts := make([]map[attack.FactKey]bool, len(families))
	least := make([]float64, len(families)) // distance to the nearest picked
	for i := range families {
		facts[i] = g.factsOf(families[i].Best())
		least[i] = 2
	}
	var list []Family
	for at := 0; len(list) < min(k, len(families)); {
		list = append(list, families[at])
		least[at] = -1
		next := at
		for i := range families {
			if least[i] >= 0 {
				least[i] = min(least[i], distance(facts[at], facts[i]))
			}
			if least[i] > least[next] {
				next = i
			}
		}
		at = next
	}
	return list
}

func (g *Graph) factsOf(p *Path) map[attack.FactKey]bool {
	set := map[attack.FactKey]bool{}
	for _, s := range p.Raw {
		for _, d := range g.Decisions(s) {
			for _, group := range d.Support {
				for _, f := range group {
					set[f.Key()] = true
				}
			}
		}
	}
	return set
}

// distance is one minus the Jaccard index.
func distance(a, b map[attack.FactKey]bool) float64 {
	common := 0
	for k := range a {
		if b[k] {
			common++
		}
	}
	union := len(a) + len(b) - common
	if union == 0 {
		return 0
	}
	return 1 - float64(common)/float64(union)
}
