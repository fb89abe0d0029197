package route

import "github.com/cairn-security/cairn/analysis/attack"

// Hops returns the depth of the shallowest derivation of a state: 0 for what
// is held at the start (by an entry step or by Query.From), else one more than
// its deepest premise; auxiliary states add nothing. False where the state is
// not reached. Cost: O(m) at the first call, then O(1).
func (r *Run) Hops(v StateID) (hops int, ok bool) {
	r.depthOnce.Do(r.fillDepth)
	if r.dist[v] == unreached {
		return 0, false
	}
	return int(r.depth[v]), true
}

// Via returns the techniques along the shallowest derivation of a state, in an
// order in which premises come first, each step once; steps into auxiliary
// states and entries are left out.
func (r *Run) Via(v StateID) []attack.TechniqueID {
	r.depthOnce.Do(r.fillDepth)
	if r.dist[v] == unreached {
		return nil
	}
	seen := map[StateID]bool{}
	var via []attack.TechniqueID
	var walk func(v StateID)
	walk = func(v StateID) {
		s := r.depthStep[v]
		if seen[v] || s == NoStep {
			return
		}
		seen[v] = true
		for _, p := range r.g.Premises(s) {
			walk(p)
		}
		if !r.g.auxiliary(v) && len(r.g.Premises(s)) > 0 {
			via = append(via, r.g.Technique(s))
		}
	}
	walk(v)
	return via
}

// fillDepth settles states by depth: Knuth's order with the maximum in place
// of the sum, where every step adds zero or one, so two buckets suffice.
func (r *Run) fillDepth() {
	g := r.g
	n := len(g.states)
	depth, step := make([]uint32, n), make([]StepID, n)
	settled := make([]bool, n)
	for i := range step {
		step[i] = NoStep
	}
	const far = ^uint32(0)
	for i := range depth {
		depth[i] = far
	}
	var now, next []StateID
	reach := func(v StateID, s StepID, d uint32, level uint32) {
		if settled[v] || d > depth[v] || d == depth[v] && s >= step[v] {
			return
		}
		better := d < depth[v]
		depth[v], step[v] = d, s
		if !better {
			return
		}
		if d == level {
			now = append(now, v)
		} else {
			next = append(next, v)
		}
	}
	for _, v := range r.held {
		reach(v, NoStep, 0, 0)
	}
	if r.query.From == nil {
		for s := range g.Entries() {
			if g.status[s] <= r.query.Admit {
				reach(g.conclusion[s], s, 0, 0)
			}
		}
	}
	for level := uint32(0); len(now) > 0; level++ {
		for i := 0; i < len(now); i++ {
			v := now[i]
			if settled[v] || depth[v] != level {
				continue
			}
			settled[v] = true
			for _, s := range g.uses(v) {
				if g.status[s] > r.query.Admit || g.removed.Has(s) || !allSettled(g.Premises(s), settled) {
					continue
				}
				c := g.conclusion[s]
				d := level + 1
				if g.auxiliary(c) {
					d = level
				}
				reach(c, s, d, level)
			}
		}
		now, next = next, now[:0]
	}
	r.depth, r.depthStep = depth, step
}

func allSettled(prem []StateID, settled []bool) bool {
	for _, p := range prem {
		if !settled[p] {
			return false
		}
	}
	return true
}
