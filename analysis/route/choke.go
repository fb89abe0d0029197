package route

import (
	"cmp"
	"context"
	"slices"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/graph"
)

// Element is something paths pass through: a node, or a fact where Fact is not nil.
type Element struct {
	Node graph.Ref // NoRef for a fact
	Fact *attack.Fact
}

// elementKey is the comparable identity of an element.
type elementKey struct {
	node graph.Ref
	fact attack.FactKey
}

func (e Element) key() elementKey {
	if e.Fact != nil {
		return elementKey{graph.NoRef, e.Fact.Key()}
	}
	return elementKey{node: e.Node}
}

// Gone returns the steps that fall when an element is gone.
func (g *Graph) Gone(e Element) []StepID {
	if e.Fact != nil {
		return g.StepsResting(e.Fact.Key())
	}
	return g.StepsOn(e.Node)
}

// Elements lists the nodes and facts of a path, each once, in the order of its
// steps: of facts those without an alternative in their group. The target's
// node and nodes outside the estate (without an account) are left out: to
// remove them says nothing.
func (g *Graph) Elements(p *Path) []Element {
	var list []Element
	seen := map[elementKey]bool{}
	add := func(e Element) {
		if !seen[e.key()] {
			seen[e.key()] = true
			list = append(list, e)
		}
	}
	target := g.states[p.Target].Node
	for _, s := range p.Raw {
		if ref := g.states[g.conclusion[s]].Node; ref != graph.NoRef && ref != target && g.nodes.Node(ref).Account != "" {
			add(Element{Node: ref})
		}
		for _, d := range g.Decisions(s) {
			for _, group := range d.Support {
				if len(group) == 1 {
					add(Element{Node: graph.NoRef, Fact: &group[0]})
				}
			}
		}
	}
	return list
}

// Choke is an element that paths pass through.
type Choke struct {
	Element
	Mandatory []StateID // targets that no derivation reaches without it, sorted
	Reach     int       // targets that paths through it lead to
	Paths     int       // of the paths given
}

// ChokePoints judges every element of the given families: which targets of the
// run cannot be reached without it, and how many targets lie behind it.
//
// An element is mandatory for a target only if it lies on every derivation, so
// only elements common to all paths found for it are tested, 64 removals at a
// time in one pass over the core of the targets. Sorted by mandatory targets,
// reach, paths.
//
// Cost: two passes over the core per 64 elements.
func (r *Run) ChokePoints(ctx context.Context, families []Family) ([]Choke, error) {
	var points []Choke
	place := map[elementKey]int{}
	var targets []StateID
	common := map[StateID]map[elementKey]int{} // target -> element -> paths with it
	count := map[StateID]int{}
	for i := range families {
		f := &families[i]
		if !r.Reached(f.Target) {
			continue
		}
		if common[f.Target] == nil {
			common[f.Target] = map[elementKey]int{}
			targets = append(targets, f.Target)
		}
		count[f.Target] += len(f.Paths)
		for j := range f.Paths {
			for _, e := range r.g.Elements(&f.Paths[j]) {
				at, ok := place[e.key()]
				if !ok {
					at = len(points)
					place[e.key()] = at
					points = append(points, Choke{Element: e})
				}
				points[at].Paths++
				common[f.Target][e.key()]++
			}
		}
	}
	t := newTrial(r, targets)
	for from := 0; from < len(points); from += 64 {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		batch := points[from:min(from+64, len(points))]
		t.load(batch)
		t.judge(batch, targets, func(e Element, target StateID) bool { return common[target][e.key()] == count[target] })
	}
	slices.SortStableFunc(points, func(x, y Choke) int {
		return cmp.Or(cmp.Compare(len(y.Mandatory), len(x.Mandatory)), cmp.Compare(y.Reach, x.Reach), cmp.Compare(y.Paths, x.Paths))
	})
	return points, nil
}

// trial removes up to 64 elements at a time, each in a lane of its own.
type trial struct {
	core  *Core
	at    []uint32 // step -> core step
	alive []uint64
	lanes []uint64
	fell  [][]uint32 // element of the batch -> core steps that fall
}

func newTrial(r *Run, targets []StateID) *trial {
	t := &trial{core: r.Core(slices.Concat(targets, []StateID{}))}
	t.at = make([]uint32, r.g.Len())
	for i := range t.at {
		t.at[i] = absent
	}
	t.alive = make([]uint64, len(t.core.steps))
	for i, s := range t.core.steps {
		t.at[s] = uint32(i)
		t.alive[i] = ^uint64(0)
	}
	return t
}

func (t *trial) load(batch []Choke) {
	for _, steps := range t.fell { // restore after the batch before
		for _, s := range steps {
			t.alive[s] = ^uint64(0)
		}
	}
	t.fell = t.fell[:0]
	for lane, e := range batch {
		var steps []uint32
		for _, s := range t.core.run.g.Gone(e.Element) {
			if at := t.at[s]; at != absent {
				t.alive[at] &^= 1 << lane
				steps = append(steps, at)
			}
		}
		t.fell = append(t.fell, steps)
	}
}

// judge fills in what a batch is mandatory for and what lies behind it.
func (t *trial) judge(batch []Choke, targets []StateID, possible func(Element, StateID) bool) {
	c := t.core
	t.lanes = c.Solve(t.alive, t.lanes)
	behind := c.touched(t.fell)
	for _, target := range targets {
		at, ok := c.Place(target)
		if !ok {
			continue
		}
		lost, touched := ^t.lanes[at], behind[at]
		for lane := range batch {
			if lost>>lane&1 == 1 && possible(batch[lane].Element, target) {
				batch[lane].Mandatory = append(batch[lane].Mandatory, target)
			}
			if touched>>lane&1 == 1 {
				batch[lane].Reach++
			}
		}
	}
}

// touched says for every core state which of up to 64 sets of core steps lie
// before it.
func (c *Core) touched(sets [][]uint32) []uint64 {
	lanes := make([]uint64, len(c.states))
	var todo []uint32
	add := func(v uint32, m uint64) {
		if m &^= lanes[v]; m != 0 {
			lanes[v] |= m
			todo = append(todo, v)
		}
	}
	for lane, steps := range sets {
		for _, s := range steps {
			add(c.gives[s], 1<<lane)
		}
	}
	for len(todo) > 0 {
		v := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, u := range c.use[c.useOff[v]:c.useOff[v+1]] {
			add(u, lanes[v])
		}
	}
	return lanes
}
