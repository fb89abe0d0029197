package route

import "slices"

// Difference says which states of two graphs have derivations that the other
// graph may lack. The graphs are of one estate before and after a change: nodes
// keep their references, numbers of auxiliary states mean nothing.
type Difference struct {
	before, after []bool // states behind a step that the other graph lacks
}

// Compare finds the steps that one graph has and the other lacks (technique,
// premises, conclusion, factors and status count; what they rest on does not)
// and everything that lies behind them. Cost: O(m) for the steps of both.
func Compare(before, after *Graph) Difference {
	old, now := before.fingerprints(), after.fingerprints()
	return Difference{before.behind(old, now), after.behind(now, old)}
}

// Touches reports whether a state may be reached otherwise than before: ids of
// the state before and after, [NoState] where a graph lacks it.
func (d Difference) Touches(before, after StateID) bool {
	return before == NoState || after == NoState || d.before[before] || d.after[after]
}

// behind marks what follows from the steps whose fingerprints others lack.
func (g *Graph) behind(own, others []uint64) []bool {
	others = slices.Sorted(slices.Values(others))
	marked := make([]bool, len(g.states))
	var waiting []StateID
	mark := func(v StateID) {
		if !marked[v] {
			marked[v] = true
			waiting = append(waiting, v)
		}
	}
	for s, f := range own {
		if _, shared := slices.BinarySearch(others, f); !shared {
			mark(g.conclusion[s])
		}
	}
	for len(waiting) > 0 {
		v := waiting[len(waiting)-1]
		waiting = waiting[:len(waiting)-1]
		for _, s := range g.uses(v) {
			mark(g.conclusion[s])
		}
	}
	return marked
}

// auxiliaryDepth is how deep auxiliary states stand behind each other; those
// that differ deeper down still differ in the steps there.
const auxiliaryDepth = 3

// fingerprints hashes every step. An auxiliary state is told by the steps into
// it, so that equal fingerprints mean equal steps whatever the numbers are.
func (g *Graph) fingerprints() []uint64 {
	states := make([]uint64, len(g.states))
	var auxiliary []StateID
	for v, s := range g.states {
		if s.Kind.Auxiliary() {
			auxiliary = append(auxiliary, StateID(v))
			states[v] = uint64(s.Kind)
			continue
		}
		states[v] = blend(blend(uint64(s.Kind)<<32|uint64(s.Qualifier)<<16, uint64(s.Node)), uint64(s.Port))
	}
	steps := make([]uint64, g.Len())
	for s := range steps {
		steps[s] = g.ownPrint(StepID(s))
	}
	for range auxiliaryDepth {
		next := make([]uint64, len(auxiliary))
		for i, v := range auxiliary {
			next[i] = uint64(g.states[v].Kind)
			for s := range g.Into(v) {
				next[i] += g.premisesPrint(s, steps[s], states)
			}
		}
		for i, v := range auxiliary {
			states[v] = next[i]
		}
	}
	for s := range steps {
		steps[s] = blend(g.premisesPrint(StepID(s), steps[s], states), states[g.conclusion[s]])
	}
	return steps
}

// ownPrint hashes what a step is whatever states it is about.
func (g *Graph) ownPrint(s StepID) uint64 {
	h := uint64(g.status[s])
	for _, text := range g.Technique(s) {
		h = blend(h, uint64(text))
	}
	for _, f := range g.StepFactors(s) {
		for _, c := range []byte(g.factors[f].Key) {
			h = h*1099511628211 ^ uint64(c)
		}
		h = blend(h, uint64(g.factorCost[f]))
	}
	return h
}

// premisesPrint adds the premises to a hash, in whatever order they are numbered.
func (g *Graph) premisesPrint(s StepID, own uint64, states []uint64) uint64 {
	sum := uint64(0)
	for _, p := range g.Premises(s) {
		sum += blend(1, states[p])
	}
	return blend(own, sum)
}
