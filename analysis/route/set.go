package route

import (
	"math/bits"

	"github.com/cairn-security/cairn/analysis/attack"
)

// StepSet is a set of steps of one graph. Nil is the empty set; make one to
// write to with [Graph.NewSet].
type StepSet []uint64

// NewSet returns an empty set that can hold every step of g. Cost: one bit a step.
func (g *Graph) NewSet() StepSet { return make(StepSet, (g.Len()+63)/64) }

// Add puts a step into the set.
func (s StepSet) Add(id StepID) { s[id>>6] |= 1 << (id & 63) }

// Remove takes a step out of the set.
func (s StepSet) Remove(id StepID) { s[id>>6] &^= 1 << (id & 63) }

// Has reports whether a step is in the set.
func (s StepSet) Has(id StepID) bool { return s != nil && s[id>>6]&(1<<(id&63)) != 0 }

// Len counts the set.
func (s StepSet) Len() int {
	n := 0
	for _, w := range s {
		n += bits.OnesCount64(w)
	}
	return n
}

// Union adds all steps of t to s.
func (s StepSet) Union(t StepSet) {
	for i, w := range t {
		s[i] |= w
	}
}

// Without returns the graph without the steps of a set, on top of those that
// g lacks already. It shares all arrays with g and costs one bit a step; ids
// stay the same.
func (g *Graph) Without(gone StepSet) *Graph {
	all := g.NewSet()
	all.Union(g.removed)
	all.Union(gone)
	view := *g
	view.removed = all
	return &view
}

// Removed reports whether a step is one that this view of the graph lacks.
func (g *Graph) Removed(s StepID) bool { return g.removed.Has(s) }

// StepsFrom returns the steps that need a state of a kind: what follows, for
// instance, from administering an account.
func (g *Graph) StepsFrom(k attack.StateKind) StepSet {
	set := g.NewSet()
	for v := range g.OfKind(k) {
		for _, s := range g.uses(v) {
			set.Add(s)
		}
	}
	return set
}

func lowest(word uint64) uint32 { return uint32(bits.TrailingZeros64(word)) }
