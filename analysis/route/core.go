package route

import (
	"cmp"
	"slices"
)

// Core is the part of a run that matters for some targets: states that are
// reached and lead to one, and the steps between them, numbered anew in the
// order in which the run settled them. It answers reachability in 64 variants
// of the graph at once. Immutable; [Core.Solve] may run concurrently.
type Core struct {
	run     *Run
	states  []StateID // as settled
	steps   []StepID
	gives   []uint32 // core step -> core state
	into    []uint32 // core state -> first core step
	premOff []uint32
	prem    []uint32 // core states
	useOff  []uint32
	use     []uint32 // core states concluded by steps that use the state
	held    []uint32
}

// Core cuts out what matters for targets; nil targets mean all reached states.
// Cost: the steps before the targets, not those of the graph, so that many small
// cores may be cut.
func (r *Run) Core(targets []StateID) *Core {
	c := &Core{run: r}
	sc := r.borrow()
	defer r.giveBack(sc)
	if targets == nil {
		c.states = r.order
	} else {
		c.states = r.before(sc, targets)
	}
	for i, v := range c.states {
		sc.slot[v] = uint32(i)
	}
	c.layOut(sc.slot)
	return c
}

// before lists the reached states from which usable steps lead to targets, the
// targets included, in the order in which they were settled.
func (r *Run) before(sc *scratch, targets []StateID) []StateID {
	sc.epoch++
	var list []StateID
	want := func(v StateID) {
		if sc.mark[v] != sc.epoch && r.Reached(v) {
			sc.mark[v] = sc.epoch
			list = append(list, v)
		}
	}
	for _, v := range targets {
		want(v)
	}
	for i := 0; i < len(list); i++ {
		for s := r.g.into[list[i]]; s < r.g.into[list[i]+1]; s++ {
			if r.Usable(StepID(s)) {
				for _, p := range r.g.Premises(StepID(s)) {
					want(p)
				}
			}
		}
	}
	if len(list) > len(r.order)/8 { // cheaper than sorting
		list = list[:0]
		for _, v := range r.order {
			if sc.mark[v] == sc.epoch {
				list = append(list, v)
			}
		}
		return list
	}
	ranks := r.settled()
	slices.SortFunc(list, func(u, v StateID) int { return cmp.Compare(ranks[u], ranks[v]) })
	return list
}

// settled says as the how-manieth a state was settled; the number of reached
// states for those that were not.
func (r *Run) settled() []uint32 {
	r.rankOnce.Do(func() {
		r.rank = make([]uint32, len(r.dist))
		for v := range r.rank {
			r.rank[v] = uint32(len(r.order))
		}
		for i, v := range r.order {
			r.rank[v] = uint32(i)
		}
	})
	return r.rank
}

// layOut fills the arrays; place is the number of each state of the core.
func (c *Core) layOut(place []uint32) {
	r, g := c.run, c.run.g
	c.into, c.premOff = []uint32{0}, []uint32{0}
	for i, v := range c.states {
		if r.best[v] == NoStep {
			c.held = append(c.held, uint32(i))
		}
		for s := StepID(g.into[v]); s < StepID(g.into[v+1]); s++ {
			if !r.Usable(s) {
				continue
			}
			c.steps, c.gives = append(c.steps, s), append(c.gives, uint32(i))
			for _, p := range g.Premises(s) {
				c.prem = append(c.prem, place[p])
			}
			c.premOff = append(c.premOff, uint32(len(c.prem)))
		}
		c.into = append(c.into, uint32(len(c.steps)))
	}
	c.useOff = make([]uint32, len(c.states)+1)
	for _, p := range c.prem {
		c.useOff[p+1]++
	}
	for i := range c.states {
		c.useOff[i+1] += c.useOff[i]
	}
	c.use = make([]uint32, len(c.prem))
	next := slices.Clone(c.useOff)
	for s := range c.steps {
		for _, p := range c.prem[c.premOff[s]:c.premOff[s+1]] {
			c.use[next[p]] = c.gives[s]
			next[p]++
		}
	}
}

// States lists the states of the core; a core state's number is its place.
// Shared slice.
func (c *Core) States() []StateID { return c.states }

// Steps lists the steps of the core; a core step's number is its place.
// Shared slice.
func (c *Core) Steps() []StepID { return c.steps }

// Run returns the run the core was cut from.
func (c *Core) Run() *Run { return c.run }

// Place finds the number of a state in the core. Cost: O(log n).
func (c *Core) Place(v StateID) (i int, ok bool) {
	ranks := c.run.settled()
	i, ok = slices.BinarySearchFunc(c.states, ranks[v], func(u StateID, rank uint32) int { return cmp.Compare(ranks[u], rank) })
	return i, ok
}

// Solve decides reachability in 64 variants at once: bit b of alive[s] says
// whether core step s exists in variant b, bit b of the result's element v
// whether core state v is reached there. lanes is the memory for the result
// (made when too small). States of Query.From hold in every variant.
//
// It takes the states in the order in which the run settled them and repeats
// for those that gained something, so that one pass and little more suffices.
// Cost: O(m) per pass, some 10 to 20 ms for 10^6 steps.
func (c *Core) Solve(alive, lanes []uint64) []uint64 {
	n := len(c.states)
	if cap(lanes) < n {
		lanes = make([]uint64, n)
	}
	lanes = lanes[:n]
	clear(lanes)
	for _, v := range c.held {
		lanes[v] = ^uint64(0)
	}
	dirty := make([]uint64, (n+63)/64)
	again := c.pass(alive, lanes, dirty)
	for again {
		again = c.repass(alive, lanes, dirty)
	}
	return lanes
}

// gain is what the steps into a state add to its lanes.
func (c *Core) gain(v uint32, alive, lanes []uint64) uint64 {
	got := lanes[v]
	for s := c.into[v]; s < c.into[v+1]; s++ {
		m := alive[s] &^ got
		if m == 0 {
			continue
		}
		for _, p := range c.prem[c.premOff[s]:c.premOff[s+1]] {
			m &= lanes[p]
		}
		got |= m
	}
	return got
}

// pass takes every state once and marks those before it that must be taken
// again.
func (c *Core) pass(alive, lanes, dirty []uint64) (again bool) {
	for v := range uint32(len(c.states)) {
		got := c.gain(v, alive, lanes)
		if got == 0 {
			continue
		}
		lanes[v] = got
		for _, u := range c.use[c.useOff[v]:c.useOff[v+1]] {
			if u < v && lanes[u] != ^uint64(0) {
				dirty[u>>6] |= 1 << (u & 63)
				again = true
			}
		}
	}
	return again
}

func (c *Core) repass(alive, lanes, dirty []uint64) (again bool) {
	for w := range dirty {
		for dirty[w] != 0 {
			v := uint32(w*64) + lowest(dirty[w])
			dirty[w] &= dirty[w] - 1
			got := c.gain(v, alive, lanes)
			if got == lanes[v] {
				continue
			}
			lanes[v] = got
			for _, u := range c.use[c.useOff[v]:c.useOff[v+1]] {
				if lanes[u] != ^uint64(0) {
					dirty[u>>6] |= 1 << (u & 63)
					again = again || int(u>>6) < w
				}
			}
		}
	}
	return again
}
