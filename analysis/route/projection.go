package route

import (
	"math"

	"gonum.org/v1/gonum/graph"
	"gonum.org/v1/gonum/graph/flow"
	"gonum.org/v1/gonum/graph/iterator"
)

// Projection is the attack graph of a run as a gonum [graph.WeightedDirected],
// so that any algorithm of gonum runs on it: an edge per pair of states that
// some step with one premise joins, and an edge from a root to every state
// that an entry gives or that is held at the start. Every path from the root
// is a derivation; steps with several premises have no edge, so what needs
// them is not reachable in it (with AnyPremise each premise has one, and the
// paths are necessary conditions only).
//
// A weight is the cost in micro-nats of the cheapest step, a float64 that
// holds it exactly. Node ids are state ids; the root follows the last state.
//
// Cost: nothing to build; a weight costs the in-degree of its head. At 10^5
// steps gonum's Dijkstra on it takes some 40 ms, ten times [Graph.Search], and
// its dominators some 60 ms, which is why ranking does not run on it.
type Projection struct {
	run *Run
	any bool
}

var _ graph.WeightedDirected = Projection{}

// Projection offers the steps with one premise; anyPremise adds an edge from
// each premise of the other steps.
func (r *Run) Projection(anyPremise bool) Projection { return Projection{r, anyPremise} }

type node int64

func (n node) ID() int64 { return int64(n) }

type edge struct {
	from, to node
	weight   float64
}

func (e edge) From() graph.Node         { return e.from }
func (e edge) To() graph.Node           { return e.to }
func (e edge) Weight() float64          { return e.weight }
func (e edge) ReversedEdge() graph.Edge { return e }

// Root returns the virtual start of the attacker.
func (p Projection) Root() graph.Node { return p.root() }

func (p Projection) root() node { return node(len(p.run.g.states)) }

// Node implements [graph.Graph].
func (p Projection) Node(id int64) graph.Node {
	if id < 0 || id > int64(p.root()) {
		return nil
	}
	return node(id)
}

// Nodes implements [graph.Graph].
func (p Projection) Nodes() graph.Nodes {
	list := make([]graph.Node, p.root()+1)
	for i := range list {
		list[i] = node(i)
	}
	return iterator.NewOrderedNodes(list)
}

// From implements [graph.Graph].
func (p Projection) From(id int64) graph.Nodes {
	r := p.run
	var heads []StateID
	switch {
	case id == int64(p.root()):
		heads = append(heads, r.held...)
		for s := range r.g.Entries() {
			if r.Usable(s) {
				heads = append(heads, r.g.conclusion[s])
			}
		}
	case p.known(id):
		for s := range r.g.Using(StateID(id)) {
			if p.shows(s) {
				heads = append(heads, r.g.conclusion[s])
			}
		}
	}
	return distinctNodes(heads)
}

// To implements [graph.Directed].
func (p Projection) To(id int64) graph.Nodes {
	if !p.known(id) {
		return graph.Empty
	}
	r := p.run
	var tails []StateID
	if r.Reached(StateID(id)) && r.best[id] == NoStep {
		tails = append(tails, StateID(p.root()))
	}
	for s := range r.g.Into(StateID(id)) {
		switch prem := r.g.Premises(s); {
		case len(prem) == 0 && r.Usable(s):
			tails = append(tails, StateID(p.root()))
		case p.shows(s):
			tails = append(tails, prem...)
		}
	}
	return distinctNodes(tails)
}

func distinctNodes(ids []StateID) graph.Nodes {
	if len(ids) == 0 {
		return graph.Empty
	}
	ids, _ = distinct(ids, 0)
	list := make([]graph.Node, len(ids))
	for i, v := range ids {
		list[i] = node(v)
	}
	return iterator.NewOrderedNodes(list)
}

func (p Projection) known(id int64) bool { return id >= 0 && id < int64(p.root()) }

// shows reports whether a step has edges here.
func (p Projection) shows(s StepID) bool {
	n := len(p.run.g.Premises(s))
	return n > 0 && (n == 1 || p.any) && p.run.Usable(s)
}

// HasEdgeFromTo implements [graph.Directed].
func (p Projection) HasEdgeFromTo(u, v int64) bool { return !math.IsInf(p.weight(u, v), 1) }

// HasEdgeBetween implements [graph.Graph].
func (p Projection) HasEdgeBetween(u, v int64) bool {
	return p.HasEdgeFromTo(u, v) || p.HasEdgeFromTo(v, u)
}

// Edge implements [graph.Graph].
func (p Projection) Edge(u, v int64) graph.Edge {
	if e := p.WeightedEdge(u, v); e != nil {
		return e
	}
	return nil
}

// WeightedEdge implements [graph.Weighted].
func (p Projection) WeightedEdge(u, v int64) graph.WeightedEdge {
	if w := p.weight(u, v); !math.IsInf(w, 1) {
		return edge{node(u), node(v), w}
	}
	return nil
}

// Weight implements [graph.Weighted].
func (p Projection) Weight(u, v int64) (w float64, ok bool) {
	if u == v {
		return 0, true
	}
	w = p.weight(u, v)
	return w, !math.IsInf(w, 1)
}

func (p Projection) weight(u, v int64) float64 {
	least := math.Inf(1)
	if u == v || !p.known(v) {
		return least
	}
	r := p.run
	if u == int64(p.root()) && r.Reached(StateID(v)) && r.best[v] == NoStep {
		return 0
	}
	for s := range r.g.Into(StateID(v)) {
		prem := r.g.Premises(s)
		from := u == int64(p.root()) && len(prem) == 0 && r.Usable(s)
		for _, q := range prem {
			from = from || int64(q) == u && p.shows(s)
		}
		if from {
			least = min(least, float64(r.g.cost[s]))
		}
	}
	return least
}

// Dominators returns gonum's dominator tree of the projection from its root.
// Without joins the states that dominate a target are those that lie on every
// path to it; with them, of a projection with anyPremise, they lie on every
// derivation but need not be all that do. Cost: O(m log n); for facts and
// nodes, and exact with joins, use [Run.ChokePoints].
func (p Projection) Dominators() flow.DominatorTree { return flow.Dominators(p.Root(), p) }
