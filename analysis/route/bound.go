package route

// bounder gives lower bounds for derivations that agree with d before a
// position: what is not fixed costs at least what the run says.
type bounder struct {
	run    *Run
	sc     *scratch
	d      *derivation
	prefix uint64 // cost of the fixed steps while they form a chain
	chain  bool
}

func (b *bounder) begin() {
	b.sc.epoch++
	b.chain = true
}

// fix adds position i to the fixed part; positions must come in order.
func (b *bounder) fix(i int) {
	v, s := b.d.order[i], b.d.step[i]
	b.sc.mark[v], b.sc.slot[v] = b.sc.epoch, uint32(i)
	b.prefix = plus(b.prefix, uint64(b.run.g.cost[s]))
	if !b.d.linear && len(b.run.g.Premises(s)) > 1 {
		b.chain = false
	}
}

// cheapest finds the cheapest step at position i other than the one taken.
func (b *bounder) cheapest(i int) (best sibling, ok bool) {
	b.evaluate(i, unreached)
	best.value = unreached
	b.each(i, b.d.step[i], func(s sibling) {
		if s.value < best.value {
			best = s
		}
	})
	return best, best.value != unreached
}

// others lists the steps at position i but the one taken and the cheapest.
func (b *bounder) others(i int, cheapest StepID) []sibling {
	b.evaluate(i, unreached)
	var list []sibling
	b.each(i, b.d.step[i], func(s sibling) {
		if s.step != cheapest {
			list = append(list, s)
		}
	})
	sortSiblings(list)
	return list
}

// each visits the steps that can stand at position i: those that need nothing
// which itself needs the state at i.
func (b *bounder) each(i int, taken StepID, visit func(sibling)) {
	g, v := b.run.g, b.d.order[i]
	for s := StepID(g.into[v]); s < StepID(g.into[v+1]); s++ {
		if s == taken || !b.run.Usable(s) {
			continue
		}
		value := uint64(g.cost[s])
		for _, p := range g.Premises(s) {
			value = plus(value, b.valueOf(p, i))
		}
		if value != unreached {
			visit(sibling{value, s})
		}
	}
}

// valueOf is the bound for one premise under the last evaluation.
func (b *bounder) valueOf(p StateID, i int) uint64 {
	if b.sc.mark[p] != b.sc.epoch {
		return b.run.dist[p]
	}
	if b.chain || int(b.sc.slot[p]) >= i {
		return unreached
	}
	return b.sc.value[b.sc.slot[p]]
}

// total is the bound for the target if the state at position i costs value.
func (b *bounder) total(i int, value uint64) uint64 {
	if b.chain {
		return plus(b.prefix, value)
	}
	if i == 0 {
		return value
	}
	b.evaluate(i, value)
	return b.sc.value[0]
}

// evaluate puts a value to every fixed state if the state at position i costs
// value: unreached where it needs a state that does. In a chain all do.
func (b *bounder) evaluate(i int, value uint64) {
	if b.chain {
		return
	}
	sc := b.sc
	sc.value, sc.known = append(sc.value[:0], make([]uint64, i)...), append(sc.known[:0], make([]bool, i)...)
	for j := range i {
		b.settle(j, i, value)
	}
}

func (b *bounder) settle(j, i int, value uint64) uint64 {
	sc, g := b.sc, b.run.g
	if sc.known[j] {
		return sc.value[j]
	}
	sum := uint64(g.cost[b.d.step[j]])
	for _, p := range g.Premises(b.d.step[j]) {
		switch {
		case p == b.d.order[i]:
			sum = plus(sum, value)
		case sc.mark[p] == sc.epoch && int(sc.slot[p]) < i:
			sum = plus(sum, b.settle(int(sc.slot[p]), i, value))
		default:
			sum = plus(sum, b.run.dist[p])
		}
	}
	sc.value[j], sc.known[j] = sum, true
	return sum
}
