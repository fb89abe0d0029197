package route

import (
	"context"
	"math"
	"slices"
	"sync"

	"github.com/cairn-security/cairn/analysis/attack"
)

// Query says what a search starts from and what it may use.
type Query struct {
	// Admit is the least certain status of the steps taken: Conditional for
	// what is known to work (the lower run), Unknown for the upper run, which
	// takes what was not read as permissive.
	Admit attack.Status
	// From are states held at the start, instead of the entry steps.
	From []StateID
}

// Lower and Upper are the two standard queries, from the entry steps.
var (
	Lower = Query{Admit: attack.Conditional}
	Upper = Query{Admit: attack.Unknown}
)

// Run is the result of one search over one view of a graph: the cheapest
// derivation of every state. It is immutable and safe for concurrent use.
type Run struct {
	g     *Graph
	query Query
	dist  []uint64 // unreached where there is no derivation
	best  []StepID // NoStep: held at the start
	order []StateID
	held  []StateID

	depthOnce sync.Once
	depth     []uint32
	depthStep []StepID
	shapeOnce sync.Once
	shapes    []uint64
	rankOnce  sync.Once
	rank      []uint32
	scratch   sync.Pool
}

const unreached = uint64(math.MaxUint64)

// maxCost caps tree costs, which may double at every join of shared parts.
const maxCost = uint64(1) << 62

// Search finds the cheapest derivation of every state, where the cost of a
// derivation is the sum over its tree (shared parts count as often as they are
// used). It is Knuth's generalisation of Dijkstra's algorithm (D. E. Knuth,
// Information Processing Letters 6(1), 1977): a step fires when its last
// premise is settled. Ties go to the lower step id.
//
// Cost: O(m log n), some 3 ms for 10^5 steps and 40 to 100 ms for 10^6. It
// stands here because gonum's Dijkstra knows no joins; on a [Projection] it
// takes some ten times as long at 10^5 steps.
func (g *Graph) Search(ctx context.Context, q Query) (*Run, error) {
	n := len(g.states)
	r := &Run{g: g, query: q, dist: make([]uint64, n), best: make([]StepID, n), order: make([]StateID, 0, n), held: slices.Clone(q.From)}
	for i := range r.dist {
		r.dist[i], r.best[i] = unreached, NoStep
	}
	h := costHeap{items: make([]costItem, 0, 1024)}
	for _, v := range q.From {
		r.dist[v] = 0
		h.push(0, uint32(v))
	}
	if q.From == nil {
		for s := range g.Entries() {
			if g.status[s] <= q.Admit {
				r.relax(s, uint64(g.cost[s]), &h)
			}
		}
	}
	settled := make([]bool, n)
	for len(h.items) > 0 {
		item := h.pop()
		v := StateID(item.id)
		if settled[v] {
			continue
		}
		settled[v] = true
		r.order = append(r.order, v)
		if len(r.order)&4095 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		for _, s := range g.uses(v) {
			if g.status[s] > q.Admit || g.removed.Has(s) || settled[g.conclusion[s]] {
				continue
			}
			if cost, ready := r.fires(s, v, item.cost, settled); ready {
				r.relax(s, cost, &h)
			}
		}
	}
	return r, ctx.Err()
}

// fires sums up a step whose premise v was settled last.
func (r *Run) fires(s StepID, v StateID, dist uint64, settled []bool) (cost uint64, ready bool) {
	g := r.g
	from, to := g.premOff[s], g.premOff[s+1]
	if to == from+1 {
		return plus(uint64(g.cost[s]), dist), true
	}
	cost = uint64(g.cost[s])
	for _, p := range g.prem[from:to] {
		if !settled[p] {
			return 0, false
		}
		cost = plus(cost, r.dist[p])
	}
	return cost, true
}

func (r *Run) relax(s StepID, cost uint64, h *costHeap) {
	v := r.g.conclusion[s]
	switch {
	case cost < r.dist[v]:
		r.dist[v], r.best[v] = cost, s
		h.push(cost, uint32(v))
	case cost == r.dist[v] && r.best[v] != NoStep && s < r.best[v]:
		r.best[v] = s
	}
}

// plus adds costs; what is unreached stays so, the rest is capped.
func plus(a, b uint64) uint64 {
	if a == unreached || b == unreached {
		return unreached
	}
	return min(a+b, maxCost)
}

// Query returns what the run was asked.
func (r *Run) Query() Query { return r.query }

// Graph returns the view that was searched.
func (r *Run) Graph() *Graph { return r.g }

// Reached reports whether a state has a derivation.
func (r *Run) Reached(v StateID) bool { return r.dist[v] != unreached }

// Cost returns the tree cost of the cheapest derivation in micro-nats.
func (r *Run) Cost(v StateID) (cost uint64, ok bool) { return r.dist[v], r.Reached(v) }

// Count returns how many states are reached.
func (r *Run) Count() int { return len(r.order) }

// Usable reports whether a step can stand in a derivation of this run: it is
// admitted, not removed, and all its premises are reached.
func (r *Run) Usable(s StepID) bool {
	if r.g.status[s] > r.query.Admit || r.g.removed.Has(s) {
		return false
	}
	prem := r.g.Premises(s)
	if len(prem) == 0 {
		return r.query.From == nil
	}
	for _, p := range prem {
		if r.dist[p] == unreached {
			return false
		}
	}
	return true
}
