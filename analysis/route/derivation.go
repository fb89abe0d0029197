package route

// derivation is one step per state that the target needs, without cycles.
type derivation struct {
	order  []StateID // the target first, every other after a state that needs it
	step   []StepID  // parallel to order
	cost   uint64    // of the tree
	dev    int       // positions up to here are as in the derivation it deviates from
	linear bool      // no step has two premises
}

// scratch is the working memory of one enumeration at one moment: arrays over
// all states that are emptied by counting up an epoch.
type scratch struct {
	epoch uint32
	mark  []uint32 // state -> epoch in which slot is valid
	slot  []uint32
	picks uint32
	pick  []uint32 // state -> epoch in which chosen is valid
	chose []StepID
	fixes uint32
	fixed []uint32 // state -> epoch in which it is fixed
	taint uint32
	stain []uint32 // state -> 2*epoch, plus one if its best derivation meets a fixed state
	nodes []visit
	value []uint64
	known []bool
	vars  []variable
	steps []fired
	links []link
	heap  costHeap
}

type visit struct {
	state StateID
	step  StepID
	cost  uint64
	open  bool
}

func (r *Run) borrow() *scratch {
	if sc, ok := r.scratch.Get().(*scratch); ok {
		return sc
	}
	n := len(r.dist)
	return &scratch{mark: make([]uint32, n), slot: make([]uint32, n), pick: make([]uint32, n), chose: make([]StepID, n),
		fixed: make([]uint32, n), stain: make([]uint32, n)}
}

func (r *Run) giveBack(sc *scratch) {
	if sc.epoch > 1<<30 || sc.taint > 1<<30 { // counters wrap: start over with fresh arrays
		return
	}
	r.scratch.Put(sc)
}

// choose starts a new set of chosen steps.
func (sc *scratch) choose() { sc.picks++ }

func (sc *scratch) set(v StateID, s StepID) { sc.pick[v], sc.chose[v] = sc.picks, s }

func (sc *scratch) fix() { sc.fixes++ }

func (sc *scratch) isFixed(v StateID) bool { return sc.fixed[v] == sc.fixes }

// stepFor is the chosen step of a state, or the one of its best derivation.
func (r *Run) stepFor(sc *scratch, v StateID) StepID {
	if sc.pick[v] == sc.picks {
		return sc.chose[v]
	}
	return r.best[v]
}

// resolve follows chosen and best steps from the target. It fails on a cycle.
// The states in first come first in the order; the rest follow as they are met.
func (r *Run) resolve(sc *scratch, target StateID, first []StateID) (*derivation, bool) {
	sc.epoch++
	sc.nodes = sc.nodes[:0]
	cost, ok := r.descend(sc, target)
	if !ok {
		return nil, false
	}
	d := &derivation{cost: cost, linear: true, order: make([]StateID, 0, len(sc.nodes)), step: make([]StepID, 0, len(sc.nodes))}
	sc.fix()
	for _, v := range first {
		sc.fixed[v] = sc.fixes
		d.add(r.g, v, r.stepFor(sc, v))
	}
	for _, n := range sc.nodes {
		if n.step != NoStep && !sc.isFixed(n.state) {
			d.add(r.g, n.state, n.step)
		}
	}
	return d, true
}

func (d *derivation) add(g *Graph, v StateID, s StepID) {
	d.order = append(d.order, v)
	d.step = append(d.step, s)
	if g.premOff[s+1]-g.premOff[s] > 1 {
		d.linear = false
	}
}

func (r *Run) descend(sc *scratch, v StateID) (cost uint64, ok bool) {
	if sc.mark[v] == sc.epoch {
		n := &sc.nodes[sc.slot[v]]
		return n.cost, !n.open
	}
	at := len(sc.nodes)
	s := r.stepFor(sc, v)
	sc.mark[v], sc.slot[v] = sc.epoch, uint32(at)
	sc.nodes = append(sc.nodes, visit{state: v, step: s, open: true})
	if s != NoStep {
		cost = uint64(r.g.cost[s])
		for _, p := range r.g.Premises(s) {
			c, fine := r.descend(sc, p)
			if !fine {
				return 0, false
			}
			cost = plus(cost, c)
		}
	}
	n := &sc.nodes[at]
	n.cost, n.open = cost, false
	return cost, true
}

// stepsInOrder lists the steps so that every premise is concluded before it is
// used.
func (d *derivation) stepsInOrder(g *Graph) []StepID {
	stepOf := make(map[StateID]StepID, len(d.order))
	for i, v := range d.order {
		stepOf[v] = d.step[i]
	}
	list := make([]StepID, 0, len(d.order))
	var walk func(v StateID)
	walk = func(v StateID) {
		s, open := stepOf[v]
		if !open {
			return
		}
		delete(stepOf, v)
		for _, p := range g.Premises(s) {
			walk(p)
		}
		list = append(list, s)
	}
	walk(d.order[0])
	return list
}
