package route

import (
	"cmp"
	"slices"
	"sync"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/graph"
)

// index finds states by node and steps by fact. It is built on first use and
// shared by all views of a graph.
type index struct {
	once    sync.Once
	byNode  []StateID // sorted by node, auxiliary states left out
	node    []graph.Ref
	factOf  map[attack.FactKey][]uint32 // fact -> decisions that mention it
	steps   []StepID                    // decision -> steps, as runs
	stepOff []uint32
}

func (g *Graph) indexed() *index {
	g.index.once.Do(func() {
		g.index.indexNodes(g)
		g.index.indexFacts(g)
	})
	return g.index
}

func (x *index) indexNodes(g *Graph) {
	for v, s := range g.states {
		if s.Node != graph.NoRef {
			x.byNode = append(x.byNode, StateID(v))
		}
	}
	slices.SortStableFunc(x.byNode, func(u, v StateID) int { return cmp.Compare(g.states[u].Node, g.states[v].Node) })
	x.node = make([]graph.Ref, len(x.byNode))
	for i, v := range x.byNode {
		x.node[i] = g.states[v].Node
	}
}

func (x *index) indexFacts(g *Graph) {
	d := g.details
	x.factOf = map[attack.FactKey][]uint32{}
	for n, decision := range d.decisions {
		for _, group := range decision.Support {
			for _, f := range group {
				list := x.factOf[f.Key()]
				if len(list) == 0 || list[len(list)-1] != uint32(n) {
					x.factOf[f.Key()] = append(list, uint32(n))
				}
			}
		}
	}
	x.stepOff = make([]uint32, len(d.decisions)+1)
	g.eachDecision(func(n uint32, _ StepID) { x.stepOff[n+1]++ })
	for i := range d.decisions {
		x.stepOff[i+1] += x.stepOff[i]
	}
	x.steps = make([]StepID, x.stepOff[len(d.decisions)])
	next := slices.Clone(x.stepOff)
	g.eachDecision(func(n uint32, s StepID) {
		x.steps[next[n]] = s
		next[n]++
	})
}

// eachDecision visits every decision of every alternative of every step.
func (g *Graph) eachDecision(visit func(decision uint32, step StepID)) {
	d := g.details
	for id := range StepID(g.Len()) {
		for _, n := range d.decision.at(uint32(id)) {
			visit(n, id)
		}
		for _, other := range d.more[id] {
			for _, n := range d.decision.at(other) {
				visit(n, id)
			}
		}
	}
}

func (x *index) statesOf(node graph.Ref) []StateID {
	from, ok := slices.BinarySearch(x.node, node)
	if !ok {
		return nil
	}
	to := from
	for to < len(x.node) && x.node[to] == node {
		to++
	}
	return x.byNode[from:to]
}

// StepsOn returns the steps that need or conclude a state on a node: what goes
// when the node goes. Cost: the number of these steps.
func (g *Graph) StepsOn(node graph.Ref) []StepID {
	var list []StepID
	for _, v := range g.Of(node) {
		for s := g.into[v]; s < g.into[v+1]; s++ {
			list = append(list, StepID(s))
		}
		list = append(list, g.uses(v)...)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// StepsResting returns the steps that fall when the facts gone are no longer
// so (an absent fact: when what it says is absent is added). A step falls if
// each of its alternatives has a decision with a group of facts that are all
// gone. This is set subtraction: what a change *adds* is seen only by deriving
// the steps again. Cost: the steps that mention the facts.
func (g *Graph) StepsResting(gone ...attack.FactKey) []StepID {
	x := g.indexed()
	lost := make(map[attack.FactKey]bool, len(gone))
	for _, k := range gone {
		lost[k] = true
	}
	falls := map[uint32]bool{} // decisions
	var list []StepID
	for _, k := range gone {
		for _, n := range x.factOf[k] {
			if _, seen := falls[n]; seen {
				continue
			}
			falls[n] = loses(g.details.decisions[n], lost)
			if falls[n] {
				list = append(list, x.steps[x.stepOff[n]:x.stepOff[n+1]]...)
			}
		}
	}
	slices.Sort(list)
	list = slices.Compact(list)
	return slices.DeleteFunc(list, func(s StepID) bool { return g.survives(s, falls) })
}

// loses reports whether some group of a decision's support is gone entirely.
func loses(d *attack.Decision, lost map[attack.FactKey]bool) bool {
	for _, group := range d.Support {
		if len(group) > 0 && !slices.ContainsFunc(group, func(f attack.Fact) bool { return !lost[f.Key()] }) {
			return true
		}
	}
	return false
}

// survives reports whether some alternative of a step, one of which rests on a
// fallen decision, rests on none.
func (g *Graph) survives(s StepID, falls map[uint32]bool) bool {
	if len(g.details.more[s]) == 0 {
		return false
	}
	stands := func(place uint32) bool {
		return !slices.ContainsFunc(g.details.decision.at(place), func(n uint32) bool { return falls[n] })
	}
	return stands(uint32(s)) || slices.ContainsFunc(g.details.more[s], stands)
}
