package route

import (
	"cmp"
	"context"
	"slices"
)

// Without searches again after steps went, and gives what [Graph.Search] on
// the smaller view gives. Only states whose cheapest derivation used one of
// them are searched again (as in G. Ramalingam and T. Reps, Journal of
// Algorithms 21(2), 1996).
//
// Cost: the affected part, plus a copy of 12 bytes a state.
func (r *Run) Without(ctx context.Context, gone StepSet) (*Run, error) {
	g := r.g.Without(gone)
	n := &Run{g: g, query: r.query, held: r.held, dist: slices.Clone(r.dist), best: slices.Clone(r.best)}
	affected, waiting := make([]bool, len(g.states)), []StateID(nil)
	lose := func(v StateID) {
		if !affected[v] {
			affected[v] = true
			waiting = append(waiting, v)
		}
	}
	for w, word := range gone {
		for ; word != 0; word &= word - 1 {
			s := StepID(w*64) + StepID(lowest(word))
			if v := g.conclusion[s]; r.best[v] == s {
				lose(v)
			}
		}
	}
	for i := 0; i < len(waiting); i++ {
		for _, s := range g.uses(waiting[i]) {
			if c := g.conclusion[s]; r.best[c] == s {
				lose(c)
			}
		}
	}
	if err := n.resettle(ctx, waiting, affected); err != nil {
		return nil, err
	}
	n.reorder(r, affected, waiting)
	return n, nil
}

// resettle finds the cheapest derivations of the affected states, whose
// premises may be affected too, while all others stand.
func (r *Run) resettle(ctx context.Context, states []StateID, affected []bool) error {
	g := r.g
	for _, v := range states {
		r.dist[v], r.best[v] = unreached, NoStep
	}
	h := costHeap{}
	for _, v := range states {
		for s := StepID(g.into[v]); s < StepID(g.into[v+1]); s++ {
			if r.Usable(s) && !slices.ContainsFunc(g.Premises(s), func(p StateID) bool { return affected[p] }) {
				r.offer(s, &h)
			}
		}
	}
	settled := map[StateID]bool{}
	for n := 0; len(h.items) > 0; n++ {
		if n&4095 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		item := h.pop()
		v := StateID(item.id)
		if settled[v] {
			continue
		}
		settled[v] = true
		for _, s := range g.uses(v) {
			c := g.conclusion[s]
			if !affected[c] || settled[c] || !r.Usable(s) {
				continue
			}
			if !slices.ContainsFunc(g.Premises(s), func(p StateID) bool { return affected[p] && !settled[p] }) {
				r.offer(s, &h)
			}
		}
	}
	return ctx.Err()
}

func (r *Run) offer(s StepID, h *costHeap) {
	cost := uint64(r.g.cost[s])
	for _, p := range r.g.Premises(s) {
		cost = plus(cost, r.dist[p])
	}
	r.relax(s, cost, h)
}

// reorder puts the affected states where their new costs belong: the order in
// which a search settles is that of cost, then of id.
func (r *Run) reorder(old *Run, affected []bool, states []StateID) {
	compare := func(u, v StateID) int { return cmp.Or(cmp.Compare(r.dist[u], r.dist[v]), cmp.Compare(u, v)) }
	moved := slices.DeleteFunc(slices.Clone(states), func(v StateID) bool { return !r.Reached(v) })
	slices.SortFunc(moved, compare)
	if len(states) == 0 {
		r.order = old.order
		return
	}
	r.order = make([]StateID, 0, len(old.order))
	for _, v := range old.order {
		if affected[v] {
			continue
		}
		for len(moved) > 0 && compare(moved[0], v) < 0 {
			r.order = append(r.order, moved[0])
			moved = moved[1:]
		}
		r.order = append(r.order, v)
	}
	r.order = append(r.order, moved...)
}
