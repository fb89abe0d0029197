package route

import (
	"iter"
	"slices"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/graph"
)

// StateID, StepID and FactorID are dense numbers inside one [Graph]. Equal
// input gives equal numbers, in whatever order it was added.
type (
	StateID  uint32
	StepID   uint32
	FactorID uint32
)

// NoState and NoStep are the ids of no state and no step.
const (
	NoState = StateID(1<<32 - 1)
	NoStep  = StepID(1<<32 - 1)
)

// Nodes names the nodes that states refer to. [graph.Snapshot] is one.
type Nodes interface {
	Node(graph.Ref) graph.Node
}

// Graph is an immutable AND/OR hypergraph of attack steps. All methods are
// safe for concurrent use. What a search touches is some 35 bytes per step;
// what only people read (titles, checks, decisions) lies beside it, see
// [Graph.Step], and brings a step to some 75 bytes in all.
type Graph struct {
	nodes  Nodes
	states []attack.State // sorted
	// Steps are sorted by conclusion, so into needs no list of its own.
	conclusion []StateID
	cost       []uint32 // micro-nats, one more than the factors give
	premOff    []uint32
	prem       []StateID // sorted within a step, each once
	factOff    []uint32
	fact       []FactorID // sorted within a step, each once
	technique  []uint16
	status     []attack.Status
	into       []uint32 // state -> first step that concludes it; one entry more than states
	useOff     []uint32 // state -> steps that need it
	use        []StepID
	entries    []StepID
	has        [attack.Unknown + 1]bool // statuses that some step has

	techniques []attack.TechniqueID
	factors    []attack.Factor // sorted by key
	factorCost []uint32
	details    *details
	index      *index  // built on first use
	removed    StepSet // overlay, nil: nothing removed
}

// Len returns the number of steps, removed ones included.
func (g *Graph) Len() int { return len(g.conclusion) }

// States returns the number of states.
func (g *Graph) States() int { return len(g.states) }

// State returns the state behind an id of this graph.
func (g *Graph) State(id StateID) attack.State { return g.states[id] }

// Lookup finds a state; false where no step needs or concludes it. Cost: O(log n).
func (g *Graph) Lookup(s attack.State) (StateID, bool) {
	at, ok := slices.BinarySearchFunc(g.states, s, compareStates)
	return StateID(at), ok
}

// OfKind returns the ids of all states of one kind, which are consecutive.
// Cost: O(log n).
func (g *Graph) OfKind(k attack.StateKind) iter.Seq[StateID] {
	byKind := func(s attack.State, k attack.StateKind) int { return int(s.Kind) - int(k) }
	from, _ := slices.BinarySearchFunc(g.states, k, byKind)
	return func(yield func(StateID) bool) {
		for i := from; i < len(g.states) && g.states[i].Kind == k; i++ {
			if !yield(StateID(i)) {
				return
			}
		}
	}
}

// Of returns all states on a node, of every kind and qualifier. Cost: O(1)
// after the first call, which indexes the graph.
func (g *Graph) Of(node graph.Ref) []StateID { return g.indexed().statesOf(node) }

// Node returns the node behind a reference.
func (g *Graph) Node(ref graph.Ref) graph.Node { return g.nodes.Node(ref) }

// Nodes returns what names the nodes of this graph.
func (g *Graph) Nodes() Nodes { return g.nodes }

// Premises returns the states a step needs. The slice is shared: do not write.
func (g *Graph) Premises(s StepID) []StateID { return g.prem[g.premOff[s]:g.premOff[s+1]] }

// Conclusion returns the state a step gives.
func (g *Graph) Conclusion(s StepID) StateID { return g.conclusion[s] }

// Technique returns the technique a step applies.
func (g *Graph) Technique(s StepID) attack.TechniqueID { return g.techniques[g.technique[s]] }

// Status returns how certain a step is.
func (g *Graph) Status(s StepID) attack.Status { return g.status[s] }

// Cost returns a step's cost in micro-nats: the sum of its factors plus one,
// so that of two equally likely derivations the shorter is the cheaper.
func (g *Graph) Cost(s StepID) uint32 { return g.cost[s] }

// StepFactors returns the distinct factors of a step, sorted. Shared slice.
func (g *Graph) StepFactors(s StepID) []FactorID { return g.fact[g.factOff[s]:g.factOff[s+1]] }

// Factor returns the factor behind an id of this graph.
func (g *Graph) Factor(f FactorID) attack.Factor { return g.factors[f] }

// Factors returns the number of distinct factors.
func (g *Graph) Factors() int { return len(g.factors) }

// Into iterates over the steps that conclude a state, removed ones left out.
func (g *Graph) Into(v StateID) iter.Seq[StepID] {
	return func(yield func(StepID) bool) {
		for s := StepID(g.into[v]); s < StepID(g.into[v+1]); s++ {
			if !g.removed.Has(s) && !yield(s) {
				return
			}
		}
	}
}

// Using iterates over the steps that need a state, removed ones left out.
func (g *Graph) Using(v StateID) iter.Seq[StepID] {
	return func(yield func(StepID) bool) {
		for _, s := range g.uses(v) {
			if !g.removed.Has(s) && !yield(s) {
				return
			}
		}
	}
}

// Entries iterates over the steps without premises, removed ones left out.
func (g *Graph) Entries() iter.Seq[StepID] {
	return func(yield func(StepID) bool) {
		for _, s := range g.entries {
			if !g.removed.Has(s) && !yield(s) {
				return
			}
		}
	}
}

func (g *Graph) uses(v StateID) []StepID { return g.use[g.useOff[v]:g.useOff[v+1]] }

func (g *Graph) auxiliary(v StateID) bool { return g.states[v].Kind.Auxiliary() }
