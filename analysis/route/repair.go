package route

// variable is a state whose cost a repair computes anew.
type variable struct {
	state StateID
	slack uint64 // how much dearer than in the run it may be
	step  StepID // fixed or found
	cost  uint64
	first int32 // list of steps that need it
	fixed bool
	done  bool
}

// fired is a step within a repair.
type fired struct {
	step    StepID
	gives   uint32 // variable
	missing int32
	cost    uint64
}

type link struct {
	step uint32
	next int32
}

// firstSlack is where a repair starts to look: 5 % in likelihood.
const firstSlack = 50_000

// repair searches the part of a candidate whose best completion fails, and
// puts it back with a better bound or its exact derivation, or drops it when
// it is empty. It looks no further than a slack above the bound; the slack
// grows each time.
//
// Only states whose best derivation meets a fixed state can change, and of
// these only such as the target's bound still needs.
func (e *Enumerator) repair(sc *scratch, c candidate) {
	if c.base == 0 {
		c.base = c.cost
	}
	c.slack = max(firstSlack, 4*c.slack, c.cost-c.base)
	if len(e.open) > 0 && e.open[0].cost > c.cost {
		c.slack = max(c.slack, min(e.open[0].cost-c.base, 1<<24))
	}
	bound := plus(c.base, c.slack)
	pruned := e.collect(sc, &c)
	cost, ok := e.resettle(sc)
	switch {
	case ok && (cost <= bound || pruned == unreached):
		sc.choose()
		for i := range sc.vars {
			if v := &sc.vars[i]; v.done {
				sc.set(v.state, v.step)
			}
		}
		d, fine := e.run.resolve(sc, e.target, c.fixedStates())
		if !fine {
			return // cannot be: settled states form no cycle
		}
		d.dev = c.dev
		c.cost, c.exact = d.cost, d
	case pruned == unreached:
		return
	default:
		c.cost = plus(bound, max(pruned, 1))
		if ok {
			c.cost = min(c.cost, cost)
		}
	}
	e.push(c)
}

// collect gathers the variables and their steps. It returns by how much the
// cheapest step left out exceeds its slack, unreached when none was left out.
func (e *Enumerator) collect(sc *scratch, c *candidate) (pruned uint64) {
	r, g := e.run, e.run.g
	sc.epoch++
	sc.taint++
	sc.fix()
	sc.vars, sc.steps, sc.links, sc.heap.items = sc.vars[:0], sc.steps[:0], sc.links[:0], sc.heap.items[:0]
	for i, v := range c.fixedStates() {
		s := c.step
		if i < c.dev {
			s = c.parent.step[i]
		}
		sc.fixed[v] = sc.fixes
		sc.addVariable(v, variable{state: v, step: s, fixed: true, first: -1})
	}
	fixed := len(sc.vars)
	for i := range fixed {
		sc.need(r, sc.vars[i].step, c.slack)
	}
	pruned = unreached
	for len(sc.heap.items) > 0 {
		item := sc.heap.pop()
		at := sc.slot[StateID(item.id)]
		v := &sc.vars[at]
		if v.done {
			continue
		}
		v.done = true
		state, slack := v.state, v.slack
		for s := StepID(g.into[state]); s < StepID(g.into[state+1]); s++ {
			if !r.Usable(s) {
				continue
			}
			value := uint64(g.cost[s])
			for _, p := range g.Premises(s) {
				value = plus(value, r.dist[p])
			}
			excess := value - r.dist[state]
			if excess > slack {
				pruned = min(pruned, excess-slack)
				continue
			}
			sc.steps = append(sc.steps, fired{step: s, gives: at})
			sc.need(r, s, slack-excess)
		}
	}
	for i := range fixed {
		sc.steps = append(sc.steps, fired{step: sc.vars[i].step, gives: uint32(i)})
	}
	return pruned
}

func (sc *scratch) addVariable(v StateID, x variable) {
	sc.mark[v], sc.slot[v] = sc.epoch, uint32(len(sc.vars))
	sc.vars = append(sc.vars, x)
}

// need makes variables of the premises of a step that can change. They are
// taken up in the order of falling slack, so that each is taken up once.
func (sc *scratch) need(r *Run, s StepID, slack uint64) {
	for _, p := range r.g.Premises(s) {
		switch {
		case sc.mark[p] == sc.epoch:
			v := &sc.vars[sc.slot[p]]
			if v.fixed || v.done || v.slack >= slack {
				continue
			}
			v.slack = slack
		case sc.stained(r, p):
			sc.addVariable(p, variable{state: p, slack: slack, first: -1})
		default:
			continue
		}
		sc.heap.push(maxCost-min(slack, maxCost), uint32(p))
	}
}

// stained reports whether the best derivation of a state meets a fixed one.
func (sc *scratch) stained(r *Run, v StateID) bool {
	if sc.isFixed(v) {
		return true
	}
	if sc.stain[v]>>1 == sc.taint {
		return sc.stain[v]&1 == 1
	}
	stained := false
	if s := r.best[v]; s != NoStep {
		for _, p := range r.g.Premises(s) {
			if sc.stained(r, p) {
				stained = true
				break
			}
		}
	}
	sc.stain[v] = sc.taint << 1
	if stained {
		sc.stain[v]++
	}
	return stained
}

// resettle finds the cheapest derivation of the target from the variables'
// steps, everything else costing what the run says (Knuth's order again).
func (e *Enumerator) resettle(sc *scratch) (cost uint64, ok bool) {
	r, g := e.run, e.run.g
	for i := range sc.vars {
		v := &sc.vars[i]
		v.done, v.cost = false, unreached
	}
	sc.heap.items = sc.heap.items[:0]
	for i := range sc.steps {
		f := &sc.steps[i]
		f.cost = uint64(g.cost[f.step])
		for _, p := range g.Premises(f.step) {
			if sc.mark[p] != sc.epoch {
				f.cost = plus(f.cost, r.dist[p])
				continue
			}
			v := &sc.vars[sc.slot[p]]
			f.missing++
			sc.links = append(sc.links, link{uint32(i), v.first})
			v.first = int32(len(sc.links) - 1)
		}
		if f.missing == 0 {
			sc.offer(f)
		}
	}
	target := sc.slot[e.target]
	if sc.mark[e.target] != sc.epoch {
		return 0, false
	}
	for len(sc.heap.items) > 0 {
		item := sc.heap.pop()
		v := &sc.vars[item.id]
		if v.done {
			continue
		}
		v.done = true
		if item.id == target {
			return v.cost, true
		}
		for l := v.first; l >= 0; l = sc.links[l].next {
			f := &sc.steps[sc.links[l].step]
			f.cost = plus(f.cost, v.cost)
			if f.missing--; f.missing == 0 {
				sc.offer(f)
			}
		}
	}
	return 0, false
}

func (sc *scratch) offer(f *fired) {
	v := &sc.vars[f.gives]
	if v.done || f.cost > v.cost || f.cost == v.cost && f.step > v.step {
		return
	}
	better := f.cost < v.cost
	v.cost, v.step = f.cost, f.step
	if better {
		sc.heap.push(f.cost, f.gives)
	}
}
