package route

import (
	"cmp"
	"context"
	"iter"
	"maps"
	"slices"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/graph"
)

// Element is something paths pass through: a node, or a fact where Fact is not nil.
type Element struct {
	Node graph.Ref // NoRef for a fact
	Fact *attack.Fact
}

// ElementKey is the comparable identity of an element.
type ElementKey struct {
	node graph.Ref
	fact attack.FactKey
}

// Key returns the element's identity.
func (e Element) Key() ElementKey {
	if e.Fact != nil {
		return ElementKey{graph.NoRef, e.Fact.Key()}
	}
	return ElementKey{node: e.Node}
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
	seen := map[ElementKey]bool{}
	add := func(e Element) {
		if !seen[e.Key()] {
			seen[e.Key()] = true
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
				if sole(group) {
					add(Element{Node: graph.NoRef, Fact: &group[0]})
				}
			}
		}
	}
	return list
}

// sole reports whether a group offers no alternative: one fact, however often.
func sole(group attack.Group) bool {
	return len(group) > 0 && !slices.ContainsFunc(group, func(f attack.Fact) bool { return !f.Same(group[0]) })
}

// Choke is an element that paths pass through.
type Choke struct {
	Element
	Mandatory []StateID // targets that no derivation reaches without it, sorted
	Reach     int       // targets that paths through it lead to
	Paths     int       // of the paths given
}

// defaultChokes bounds the elements whose reach is counted.
const defaultChokes = 256

// ChokePoints judges the elements of the given families: which targets cannot
// be reached in this run without one, and how many targets lie behind it.
// Sorted by mandatory targets, reach, paths; at most limit (0: 256).
//
// An element is mandatory for a target only if it lies on every derivation, so
// only elements common to all paths found for the target are tested, 64
// removals at a time in one pass over the core of the targets.
//
// Cost: a pass over the core per 64 elements tested and per 64 returned.
func (r *Run) ChokePoints(ctx context.Context, families []Family, limit int) ([]Choke, error) {
	c := gather(r, families)
	if len(c.targets) == 0 {
		return nil, nil
	}
	t := newTrial(r, c.targets)
	for from := 0; from < len(c.common); from += 64 {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		t.remove(c.common[from:min(from+64, len(c.common))], c.targets)
	}
	slices.SortStableFunc(c.points, compareChokes)
	points := c.points[:min(len(c.points), cmp.Or(limit, defaultChokes))]
	for from := 0; from < len(points); from += 64 {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		t.follow(points[from:min(from+64, len(points))], c.targets)
	}
	slices.SortStableFunc(points, compareChokes)
	list := make([]Choke, len(points))
	for i, p := range points {
		list[i] = *p
	}
	return list, nil
}

func compareChokes(x, y *Choke) int {
	return cmp.Or(cmp.Compare(len(y.Mandatory), len(x.Mandatory)), cmp.Compare(y.Reach, x.Reach), cmp.Compare(y.Paths, x.Paths))
}

// gathered are the elements of some families in the order in which they occur.
type gathered struct {
	targets []StateID
	points  []*Choke
	common  []*Choke // on every path of some target
}

func gather(r *Run, families []Family) *gathered {
	c := &gathered{}
	place := map[ElementKey]*Choke{}
	common := map[ElementKey]bool{}
	for target, paths := range byTarget(r, families) {
		c.targets = append(c.targets, target)
		count := map[ElementKey]int{}
		for _, p := range paths {
			for _, e := range r.g.Elements(p) {
				key := e.Key()
				at, ok := place[key]
				if !ok {
					at = &Choke{Element: e}
					place[key] = at
					c.points = append(c.points, at)
				}
				at.Paths++
				count[key]++
				if count[key] == len(paths) && !common[key] {
					common[key] = true
					c.common = append(c.common, at)
				}
			}
		}
	}
	return c
}

// byTarget yields the targets that the run reaches, in order, with their paths.
func byTarget(r *Run, families []Family) iter.Seq2[StateID, []*Path] {
	paths := map[StateID][]*Path{}
	for i := range families {
		f := &families[i]
		for j := range f.Paths {
			paths[f.Target] = append(paths[f.Target], &f.Paths[j])
		}
	}
	return func(yield func(StateID, []*Path) bool) {
		for _, target := range slices.Sorted(maps.Keys(paths)) {
			if r.Reached(target) && !yield(target, paths[target]) {
				return
			}
		}
	}
}
