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
// Cost: two backward passes per status. A state from which a step with
// several premises may fire needs a search of its own within the part of the
// graph that leads to the target.
func (g *Graph) Exposure(ctx context.Context, target StateID) ([]Held, error) {
	var list []Held
	found := make([]bool, len(g.states))
	for _, status := range []attack.Status{attack.Decided, attack.Conditional, attack.Unknown} {
		if status > attack.Decided && !slices.Contains(g.status, status) {
			continue
		}
		b := g.backward(target, status)
		for _, v := range b.ancestors {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			if found[v] || g.auxiliary(v) {
				continue
			}
			h, ok := b.chain(v)
			if b.joined[v] {
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

// backward is what lies before one target.
type backward struct {
	g          *Graph
	target     StateID
	admit      attack.Status
	ancestors  []StateID
	steps      StepSet // those between ancestors
	joined     []bool  // states from which a step with several premises may fire
	near, fast chains
}

// chains are the best ways to the target over steps with one premise.
type chains struct {
	dist []uint64
	next []StepID
}

func (g *Graph) backward(target StateID, admit attack.Status) *backward {
	b := &backward{g: g, target: target, admit: admit, joined: make([]bool, len(g.states))}
	var joins []StepID
	b.ancestors, b.steps, joins = g.ancestors(target, admit)
	for _, s := range joins {
		b.markBefore(s)
	}
	b.near = b.chainsBy(func(s StepID) uint64 {
		if g.auxiliary(g.conclusion[s]) {
			return 0
		}
		return 1
	})
	b.fast = b.chainsBy(func(s StepID) uint64 { return uint64(g.cost[s]) })
	return b
}

// ancestors lists the states from which steps lead to the target, itself
// included, the steps between them and those of these with several premises.
func (g *Graph) ancestors(target StateID, admit attack.Status) (list []StateID, steps StepSet, joins []StepID) {
	seen := make([]bool, len(g.states))
	seen[target] = true
	list, steps = []StateID{target}, g.NewSet()
	for i := 0; i < len(list); i++ {
		for s := range g.Into(list[i]) {
			if g.status[s] > admit {
				continue
			}
			steps.Add(s)
			prem := g.Premises(s)
			if len(prem) > 1 {
				joins = append(joins, s)
			}
			for _, p := range prem {
				if !seen[p] {
					seen[p] = true
					list = append(list, p)
				}
			}
		}
	}
	return list, steps, joins
}

// markBefore marks the states that lead to every premise of a step, joins on
// the way counting as if one premise sufficed: a superset of those from which
// the step fires.
func (b *backward) markBefore(s StepID) {
	prem := b.g.Premises(s)
	count := map[StateID]int{}
	for _, p := range prem {
		before, _, _ := b.g.ancestors(p, b.admit)
		for _, v := range before {
			count[v]++
		}
	}
	for v, n := range count {
		if n == len(prem) {
			b.joined[v] = true
		}
	}
}

// chainsBy is Dijkstra's algorithm backward over steps with one premise.
func (b *backward) chainsBy(weight func(StepID) uint64) chains {
	g := b.g
	c := chains{make([]uint64, len(g.states)), make([]StepID, len(g.states))}
	for i := range c.dist {
		c.dist[i], c.next[i] = unreached, NoStep
	}
	settled := make([]bool, len(g.states))
	c.dist[b.target] = 0
	h := costHeap{}
	h.push(0, uint32(b.target))
	for len(h.items) > 0 {
		item := h.pop()
		v := StateID(item.id)
		if settled[v] {
			continue
		}
		settled[v] = true
		for s := range g.Into(v) {
			prem := g.Premises(s)
			if len(prem) != 1 || !b.steps.Has(s) {
				continue
			}
			if d := plus(item.cost, weight(s)); d < c.dist[prem[0]] {
				c.dist[prem[0]], c.next[prem[0]] = d, s
				h.push(d, uint32(prem[0]))
			}
		}
	}
	return c
}

// chain describes the way from a state along steps with one premise.
func (b *backward) chain(v StateID) (Held, bool) {
	if b.near.dist[v] == unreached {
		return Held{}, false
	}
	h := Held{State: v, Hops: int(b.near.dist[v]), Status: b.admit, Likelihood: 1}
	for at := v; at != b.target; {
		s := b.near.next[at]
		at = b.g.conclusion[s]
		if !b.g.auxiliary(at) {
			h.Via = append(h.Via, b.g.Technique(s))
		}
	}
	factors := map[FactorID]bool{}
	for at := v; at != b.target; {
		s := b.fast.next[at]
		at = b.g.conclusion[s]
		for _, f := range b.g.StepFactors(s) {
			if !factors[f] {
				factors[f] = true
				h.Likelihood *= b.g.factors[f].Value
			}
		}
	}
	return h, true
}

// alone searches from one state within what leads to the target.
func (b *backward) alone(ctx context.Context, v StateID) (Held, bool, error) {
	outside := b.g.NewSet()
	for i, w := range b.steps {
		outside[i] = ^w
	}
	r, err := b.g.Without(outside).Search(ctx, Query{Admit: b.admit, From: []StateID{v}})
	if err != nil {
		return Held{}, false, err
	}
	hops, ok := r.Hops(b.target)
	if !ok {
		return Held{}, false, nil
	}
	return Held{v, hops, r.Via(b.target), b.admit, r.Likelihood(b.target)}, true, nil
}
