package route

import (
	"cmp"
	"context"
	"slices"

	"github.com/cairn-security/cairn/analysis/attack"
)

// Exposure walks backward: every state that, held alone, leads to the target,
// with the hops from it, sorted by hops and state, auxiliary states left out.
// Status and likelihood are those of the route from there.
//
// Cost: two backward passes per status over what leads to the target. A state
// from which a step with several premises may fire needs a search of its own
// within that part of the graph.
func (g *Graph) Exposure(ctx context.Context, target StateID) ([]Held, error) {
	var list []Held
	found := map[StateID]bool{}
	for _, status := range g.statuses() {
		b := g.backward(target, status)
		for i, v := range b.states {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			if found[v] || g.auxiliary(v) {
				continue
			}
			h, ok := b.chain(i)
			if b.joined[i] {
				var err error
				if h, ok, err = b.alone(ctx, v); err != nil {
					return nil, err
				}
			}
			if ok {
				found[v] = true
				list = append(list, h)
			}
		}
	}
	slices.SortFunc(list, func(x, y Held) int { return cmp.Or(cmp.Compare(x.Hops, y.Hops), cmp.Compare(x.State, y.State)) })
	return list, nil
}

// statuses are the thresholds at which a search may differ from the one before.
func (g *Graph) statuses() []attack.Status {
	list := []attack.Status{attack.Decided}
	for _, status := range []attack.Status{attack.Conditional, attack.Unknown} {
		if g.has[status] {
			list = append(list, status)
		}
	}
	return list
}

// backward is what lies before one target.
type backward struct {
	g          *Graph
	target     StateID
	admit      attack.Status
	states     []StateID       // the target and all from which steps lead to it
	place      map[StateID]int // in states
	steps      []StepID        // between states
	joined     []bool          // by place: from which a step with several premises may fire
	near, fast chains
}

// chains are the best ways to the target over steps with one premise, by place.
type chains struct {
	dist []uint64
	next []StepID
}

func (g *Graph) backward(target StateID, admit attack.Status) *backward {
	b := &backward{g: g, target: target, admit: admit}
	b.states, b.place, b.steps = g.ancestors(target, admit)
	b.markJoined()
	b.near = b.chainsBy(func(s StepID) uint64 {
		if g.auxiliary(g.conclusion[s]) {
			return 0
		}
		return 1
	})
	b.fast = b.chainsBy(func(s StepID) uint64 { return uint64(g.cost[s]) })
	return b
}

// ancestors lists the states from which steps lead to the target, itself first,
// their places in the list, and the steps between them.
func (g *Graph) ancestors(target StateID, admit attack.Status) (list []StateID, place map[StateID]int, steps []StepID) {
	list, place = []StateID{target}, map[StateID]int{target: 0}
	for i := 0; i < len(list); i++ {
		for s := range g.Into(list[i]) {
			if g.status[s] > admit {
				continue
			}
			steps = append(steps, s)
			for _, p := range g.Premises(s) {
				if _, seen := place[p]; !seen {
					place[p] = len(list)
					list = append(list, p)
				}
			}
		}
	}
	return list, place, steps
}

// markJoined marks the states that lead to every premise of some step with
// several, joins on the way counting as if one premise sufficed: a superset of
// those from which it fires. 64 steps are followed at once, each in a lane.
func (b *backward) markJoined() {
	b.joined = make([]bool, len(b.states))
	var joins []StepID
	most := 0
	for _, s := range b.steps {
		if n := len(b.g.Premises(s)); n > 1 {
			joins, most = append(joins, s), max(most, n)
		}
	}
	for from := 0; from < len(joins); from += 64 {
		batch := joins[from:min(from+64, len(joins))]
		every := b.lead(batch, 0)
		for k := 1; k < most; k++ {
			for i, lanes := range b.lead(batch, k) {
				every[i] &= lanes
			}
		}
		for i, lanes := range every {
			b.joined[i] = b.joined[i] || lanes != 0
		}
	}
}

// lead says for every state to the k-th premise of which steps it leads; a step
// with fewer premises counts with its last.
func (b *backward) lead(batch []StepID, k int) []uint64 {
	lanes, waits := make([]uint64, len(b.states)), make([]bool, len(b.states))
	var waiting []int
	add := func(v StateID, more uint64) {
		i := b.place[v]
		if lanes[i]|more == lanes[i] {
			return
		}
		lanes[i] |= more
		if !waits[i] {
			waits[i] = true
			waiting = append(waiting, i)
		}
	}
	for lane, s := range batch {
		prem := b.g.Premises(s)
		add(prem[min(k, len(prem)-1)], 1<<lane)
	}
	for len(waiting) > 0 {
		i := waiting[len(waiting)-1]
		waiting = waiting[:len(waiting)-1]
		waits[i] = false
		for s := range b.g.Into(b.states[i]) {
			if b.g.status[s] <= b.admit {
				for _, p := range b.g.Premises(s) {
					add(p, lanes[i])
				}
			}
		}
	}
	return lanes
}

// chainsBy is Dijkstra's algorithm backward over steps with one premise.
func (b *backward) chainsBy(weight func(StepID) uint64) chains {
	g := b.g
	c := chains{make([]uint64, len(b.states)), make([]StepID, len(b.states))}
	for i := range c.dist {
		c.dist[i], c.next[i] = unreached, NoStep
	}
	settled := make([]bool, len(b.states))
	c.dist[0] = 0
	h := costHeap{}
	h.push(0, 0)
	for len(h.items) > 0 {
		item := h.pop()
		if settled[item.id] {
			continue
		}
		settled[item.id] = true
		for s := range g.Into(b.states[item.id]) {
			prem := g.Premises(s)
			if len(prem) != 1 || g.status[s] > b.admit {
				continue
			}
			from := b.place[prem[0]]
			if d := plus(item.cost, weight(s)); d < c.dist[from] {
				c.dist[from], c.next[from] = d, s
				h.push(d, uint32(from))
			}
		}
	}
	return c
}

// chain describes the way from the state at a place along steps with one premise.
func (b *backward) chain(from int) (Held, bool) {
	if b.near.dist[from] == unreached {
		return Held{}, false
	}
	h := Held{State: b.states[from], Hops: int(b.near.dist[from]), Status: b.admit}
	for _, s := range b.follow(b.near, from) {
		if !b.g.auxiliary(b.g.conclusion[s]) {
			h.Via = append(h.Via, b.g.Technique(s))
		}
	}
	h.Steps = b.follow(b.fast, from)
	h.Likelihood = b.g.likelihoodOf(h.Steps)
	return h, true
}

// follow lists the steps of a chain.
func (b *backward) follow(c chains, from int) []StepID {
	var list []StepID
	for at := from; at != 0; {
		s := c.next[at]
		list = append(list, s)
		at = b.place[b.g.conclusion[s]]
	}
	return list
}

// alone searches from one state within what leads to the target.
func (b *backward) alone(ctx context.Context, v StateID) (Held, bool, error) {
	outside := b.g.NewSet()
	for i := range outside {
		outside[i] = ^uint64(0)
	}
	for _, s := range b.steps {
		outside.Remove(s)
	}
	r, err := b.g.Without(outside).Search(ctx, Query{Admit: b.admit, From: []StateID{v}})
	if err != nil {
		return Held{}, false, err
	}
	hops, ok := r.Hops(b.target)
	if !ok {
		return Held{}, false, nil
	}
	steps := r.cheapest(b.target)
	return Held{v, hops, r.Via(b.target), b.admit, steps, b.g.likelihoodOf(steps)}, true, nil
}
