package route

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/graph"
)

// Path is a derivation as people see it: auxiliary states contracted, steps in
// a canonical order in which every premise is concluded before it is used.
type Path struct {
	ID      string // hash of techniques, node ids and ports: survives rescans
	Target  StateID
	Steps   []PathStep // the entry steps included
	Entries []Entry    // the least likely first
	Status  attack.Status
	// Factors are the distinct uncertainties, sorted; Likelihood is their product.
	Factors    []FactorID
	Likelihood float64
	// Cost is the tree cost in micro-nats, by which derivations are found.
	Cost uint64
	// Raw are all steps, those into auxiliary states included, in order.
	Raw []StepID
	// Family is the id of the family it belongs to.
	Family string
}

// PathStep is a visible step with the auxiliary ones that lead to it.
type PathStep struct {
	Step       StepID
	Merged     []StepID // contracted into this step, in order
	Premises   []StateID
	Conclusion StateID
	Entry      bool // the start is held here: nothing is done
}

// Entry is where a path starts.
type Entry struct {
	// Kind is E of the factor "entry:E" (up to a "@"), or the technique where
	// the entry step has no such factor, or "held" for a state of Query.From.
	Kind string
	Node graph.Ref // NoRef where the start is a network position
	Step StepID    // NoStep for a state of Query.From
}

// Hops counts the steps that are taken, entries left out.
func (p *Path) Hops() int {
	n := 0
	for i := range p.Steps {
		if !p.Steps[i].Entry {
			n++
		}
	}
	return n
}

// NextPath returns the next path; false at the end or when stopped (see
// [Enumerator.Truncated]). Derivations that differ only in auxiliary states
// are one path, the cheapest stands. Left out are derivations that conclude
// what their start holds already and such as take no step at all.
func (e *Enumerator) NextPath(ctx context.Context) (Path, bool) {
	for {
		d, ok := e.Next(ctx)
		if !ok {
			return Path{}, false
		}
		if e.run.idle(d) {
			continue
		}
		p := e.run.Contract(d)
		if p.Hops() == 0 || e.shown[p.ID] {
			continue
		}
		if e.shown == nil {
			e.shown = map[string]bool{}
		}
		e.shown[p.ID] = true
		return p, true
	}
}

// Paths returns the k cheapest paths to a target by tree cost, re-ranked by
// likelihood on distinct factors (unknown ones last); it does not claim that
// these are the k likeliest sets of factors. Cost: see [Enumerator].
func (r *Run) Paths(ctx context.Context, target StateID, k int) (list []Path, truncated bool) {
	e := r.Enumerate(target)
	for len(list) < k {
		p, ok := e.NextPath(ctx)
		if !ok {
			break
		}
		list = append(list, p)
	}
	slices.SortStableFunc(list, comparePaths)
	return list, e.Truncated()
}

func comparePaths(x, y Path) int {
	return cmp.Or(compareBool(x.Status == attack.Unknown, y.Status == attack.Unknown), cmp.Compare(y.Likelihood, x.Likelihood),
		cmp.Compare(x.Cost, y.Cost), cmp.Compare(x.ID, y.ID))
}

func compareBool(x, y bool) int {
	switch {
	case x == y:
		return 0
	case y:
		return -1
	}
	return 1
}

// idle reports whether a derivation concludes something that one of its
// starts holds already.
func (r *Run) idle(d Derivation) bool {
	g := r.g
	var starts []string
	for _, s := range d.Steps {
		if len(g.Premises(s)) == 0 {
			starts = append(starts, g.startOf(s))
		}
	}
	for _, s := range d.Steps {
		if len(g.Premises(s)) == 0 {
			continue
		}
		for e := range g.Into(g.conclusion[s]) {
			if len(g.Premises(e)) == 0 && r.Usable(e) && slices.Contains(starts, g.startOf(e)) {
				return true
			}
		}
	}
	return false
}

const entryPrefix = "entry:"

// startOf names the start that an entry step belongs to. A start may hold
// several states.
func (g *Graph) startOf(s StepID) string {
	for _, f := range g.StepFactors(s) {
		if key, ok := strings.CutPrefix(g.factors[f].Key, entryPrefix); ok {
			return key
		}
	}
	return string(g.Technique(s))
}

// Contract turns a derivation of this run into a path. Cost: its size.
func (r *Run) Contract(d Derivation) Path {
	g := r.g
	p := Path{Target: d.Target, Cost: d.Cost, Raw: d.Steps, Likelihood: 1}
	for _, s := range d.Steps {
		p.Status = max(p.Status, g.status[s])
		p.Factors = append(p.Factors, g.StepFactors(s)...)
	}
	slices.Sort(p.Factors)
	p.Factors = slices.Compact(p.Factors)
	for _, f := range p.Factors {
		p.Likelihood *= g.factors[f].Value
	}
	c := contraction{g: g, stepOf: map[StateID]StepID{}, seen: map[StateID]bool{}, shape: map[StateID]uint64{}}
	for _, s := range d.Steps {
		c.stepOf[g.conclusion[s]] = s
	}
	c.visit(d.Target)
	p.Steps = c.steps
	p.Entries = r.entries(&p)
	p.ID, p.Family = g.pathID(&p), g.familyID(&p)
	return p
}

func (r *Run) entries(p *Path) []Entry {
	g := r.g
	type start struct {
		Entry
		value float64
	}
	var list []start
	for _, s := range p.Raw {
		if len(g.Premises(s)) > 0 {
			continue
		}
		e := start{Entry{Node: g.states[g.conclusion[s]].Node, Step: s}, 1}
		e.Kind, _, _ = strings.Cut(g.startOf(s), "@")
		for _, f := range g.StepFactors(s) {
			e.value *= g.factors[f].Value
		}
		list = append(list, e)
	}
	for _, v := range r.held {
		if slices.ContainsFunc(p.Raw, func(s StepID) bool { return slices.Contains(g.Premises(s), v) }) {
			list = append(list, start{Entry{"held", g.states[v].Node, NoStep}, 1})
		}
	}
	slices.SortStableFunc(list, func(x, y start) int { return cmp.Compare(x.value, y.value) })
	entries := make([]Entry, len(list))
	for i := range list {
		entries[i] = list[i].Entry
	}
	return entries
}
