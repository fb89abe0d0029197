package route

import (
	"context"
	"slices"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/graph"
)

// Answer is what is said about a target.
type Answer uint8

// The three answers. NoPathSeen is only as good as the coverage it rests on.
const (
	NoPathSeen    Answer = iota
	UnknownPath          // only with what was not read taken as permissive
	ReachedTarget        // by some path without an unknown step
)

func (a Answer) String() string { return [...]string{"noPathSeen", "unknown", "reached"}[a] }

// Finder holds the searches that the standard questions about one view of a
// graph need. It is safe for concurrent use.
type Finder struct {
	g            *Graph
	lower, upper *Run
	// The same with routes ending where an account is administered.
	endLower, endUpper *Run
}

// NewFinder runs the searches: O(m log n), four times at worst.
func NewFinder(ctx context.Context, g *Graph) (*Finder, error) {
	f := &Finder{g: g}
	var err error
	if f.lower, err = g.Search(ctx, Lower); err != nil {
		return nil, err
	}
	f.upper = f.lower
	if g.has[attack.Unknown] {
		if f.upper, err = g.Search(ctx, Upper); err != nil {
			return nil, err
		}
	}
	f.endLower, f.endUpper = f.lower, f.upper
	after := g.StepsFrom(attack.Administers)
	if after.Len() == 0 {
		return f, nil
	}
	ending := g.Without(after)
	if f.endLower, err = ending.Search(ctx, Lower); err != nil {
		return nil, err
	}
	f.endUpper = f.endLower
	if f.upper != f.lower {
		f.endUpper, err = ending.Search(ctx, Upper)
	}
	return f, err
}

// Graph returns the view that was searched.
func (f *Finder) Graph() *Graph { return f.g }

// Lower returns the run over what is known to work.
func (f *Finder) Lower() *Run { return f.lower }

// Upper returns the run that takes what was not read as permissive.
func (f *Finder) Upper() *Run { return f.upper }

// Answer says whether a target is reached. Cost: O(1).
func (f *Finder) Answer(target StateID) Answer {
	switch {
	case f.lower.Reached(target):
		return ReachedTarget
	case f.upper.Reached(target):
		return UnknownPath
	}
	return NoPathSeen
}

// runFor chooses the run in which a target's paths are looked for: the upper
// one only if it is not reached otherwise. Nil where there is none, or where
// all lead through an administered account.
func (f *Finder) runFor(target StateID, through bool) *Run {
	run := f.lower
	switch known := f.lower.Reached(target); {
	case through && !known:
		run = f.upper
	case !through && known:
		run = f.endLower
	case !through:
		run = f.endUpper
	}
	if !run.Reached(target) {
		return nil
	}
	return run
}

// behind lists the nodes of targets that a state alone leads to.
func (f *Finder) behind(from StateID, targets []StateID) []graph.Ref {
	reached := f.g.closure([]StateID{from}, attack.Conditional)
	var list []graph.Ref
	for _, t := range targets {
		if reached[t] && f.g.states[t].Node != f.g.states[from].Node {
			list = append(list, f.g.states[t].Node)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// closure is what some states lead to. Cost: the steps met, one byte a state.
func (g *Graph) closure(from []StateID, admit attack.Status) []bool {
	reached := make([]bool, len(g.states))
	waiting := slices.Clone(from)
	for _, v := range from {
		reached[v] = true
	}
	for len(waiting) > 0 {
		v := waiting[len(waiting)-1]
		waiting = waiting[:len(waiting)-1]
		for _, s := range g.uses(v) {
			c := g.conclusion[s]
			if reached[c] || g.status[s] > admit || g.removed.Has(s) || !allSettled(g.Premises(s), reached) {
				continue
			}
			reached[c] = true
			waiting = append(waiting, c)
		}
	}
	return reached
}
