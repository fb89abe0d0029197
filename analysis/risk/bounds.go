package risk

import (
	"context"
	"math"
	"slices"

	"github.com/cairn-security/cairn/analysis/route"
)

// Bounds are certain limits of the chance that a target is reached.
type Bounds struct {
	Lower float64 // of the likeliest path found
	Upper float64 // of a set of factors of which every path needs one
	// Cut is that set; empty where no such set of uncertain factors was found
	// (then Upper is 1) and where there is no path.
	Cut []route.FactorID
}

// maxCuts bounds the rounds of the search for a cut.
const maxCuts = 64

// Bounds bounds P(reached) in a run: below by the best of ten paths, above by
// the chance that some factor of a hitting set holds. The set hits the paths
// known so far as cheaply as a greedy choice finds; a search without the steps
// that rest on it shows a path it misses or proves it a cut (implicit hitting
// set, as in J. Davies and F. Bacchus, CP 2011).
//
// Cost: a search in the core of the target per round, at most 64.
func (m *Model) Bounds(ctx context.Context, run *route.Run, target route.StateID) (Bounds, error) {
	if !run.Reached(target) {
		return Bounds{}, nil
	}
	b := Bounds{Upper: 1}
	paths, _ := run.Paths(ctx, target, 10)
	var known [][]route.FactorID
	for i := range paths {
		b.Lower = max(b.Lower, paths[i].Likelihood)
		known = append(known, m.uncertainOf(paths[i].Factors))
	}
	if len(paths) == 0 { // held at the start
		b.Lower = run.Likelihood(target)
	}
	steps := run.Core([]route.StateID{target}).Steps()
	core := only(run.Graph(), steps)
	for range maxCuts {
		cut, ok := m.hit(known)
		if !ok {
			return b, nil
		}
		rest, err := core.Without(resting(core, steps, cut)).Search(ctx, run.Query())
		if err != nil {
			return Bounds{}, err
		}
		if !rest.Reached(target) {
			miss := 1.0
			for _, f := range cut {
				miss *= 1 - m.g.Factor(f).Value
			}
			b.Upper, b.Cut = max(b.Lower, 1-miss), cut
			return b, nil
		}
		d, ok := rest.Enumerate(target).Next(ctx)
		if !ok {
			return b, ctx.Err()
		}
		known = append(known, m.uncertainOf(rest.Contract(d).Factors))
	}
	return b, nil
}

func (m *Model) uncertainOf(factors []route.FactorID) []route.FactorID {
	return slices.DeleteFunc(slices.Clone(factors), func(f route.FactorID) bool { return !m.uncertain(f) })
}

// only is the view of a graph with some of its steps.
func only(g *route.Graph, steps []route.StepID) *route.Graph {
	outside := g.NewSet()
	for s := range route.StepID(g.Len()) {
		outside.Add(s)
	}
	for _, s := range steps {
		outside.Remove(s)
	}
	return g.Without(outside)
}

// resting are the steps that need a factor of the cut.
func resting(g *route.Graph, steps []route.StepID, cut []route.FactorID) route.StepSet {
	set := g.NewSet()
	for _, s := range steps {
		if slices.ContainsFunc(g.StepFactors(s), func(f route.FactorID) bool { return slices.Contains(cut, f) }) {
			set.Add(s)
		}
	}
	return set
}

// hit chooses factors so that every list has one: greedily the one that hits
// most per -ln(1-p), then without those that turned out needless. False where
// a list is empty: a path that rests on nothing uncertain.
func (m *Model) hit(lists [][]route.FactorID) ([]route.FactorID, bool) {
	open := map[int]bool{}
	for i, l := range lists {
		if len(l) == 0 {
			return nil, false
		}
		open[i] = true
	}
	var chosen []route.FactorID
	for len(open) > 0 {
		count := map[route.FactorID]int{}
		for i := range open {
			for _, f := range lists[i] {
				count[f]++
			}
		}
		best, worth := route.FactorID(0), -1.0
		for f, n := range count {
			w := float64(n) / m.weight(f)
			if w > worth || w == worth && f < best {
				best, worth = f, w
			}
		}
		chosen = append(chosen, best)
		for i := range open {
			if slices.Contains(lists[i], best) {
				delete(open, i)
			}
		}
	}
	return m.trim(chosen, lists), true
}

// weight is what a factor adds to the cut: -ln(1-p).
func (m *Model) weight(f route.FactorID) float64 { return -math.Log1p(-m.g.Factor(f).Value) }

// trim drops factors, the heaviest first, whose lists others hit too.
func (m *Model) trim(chosen []route.FactorID, lists [][]route.FactorID) []route.FactorID {
	slices.SortFunc(chosen, func(x, y route.FactorID) int {
		switch a, b := m.weight(x), m.weight(y); {
		case a > b:
			return -1
		case a < b:
			return 1
		}
		return int(x) - int(y)
	})
	for i := 0; i < len(chosen); {
		without := slices.Delete(slices.Clone(chosen), i, i+1)
		hitsAll := !slices.ContainsFunc(lists, func(l []route.FactorID) bool {
			return !slices.ContainsFunc(l, func(f route.FactorID) bool { return slices.Contains(without, f) })
		})
		if hitsAll {
			chosen = without
		} else {
			i++
		}
	}
	return chosen
}
