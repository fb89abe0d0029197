package route

import (
	"cmp"
	"context"
	"slices"
)

// Enumerator yields the derivations of one target by rising tree cost, each
// once. It is not safe for concurrent use; any number may work on one [Run].
//
// The derivations other than an accepted one are split by the first place, in
// the order from the target, where they take another step (E. L. Lawler,
// Management Science 18(7), 1972). A part is held back by a lower bound that
// the run's own costs give, exact unless the completion runs into what is
// fixed already, and searched again only then and only near the bound
// (postponed as in D. Kurz and P. Mutzel, arXiv 1601.02867, carried over from
// paths to derivations). Where no step has two premises this gives the k
// shortest simple paths. Every derivation is acyclic and takes one step per
// state by construction, so none is rejected.
//
// Cost without joins: the in-degrees along each path found, tens of
// microseconds for ten paths in a graph of 10^6 steps. gonum's
// YenKShortestPaths on a [Projection] takes 490 times as long at 10^4 steps
// and k = 10 and knows no joins, so it serves as an oracle only.
type Enumerator struct {
	run       *Run
	target    StateID
	found     []*derivation
	open      candidates
	later     candidates // put off: only like what was taken already
	putOff    bool
	seq       uint32
	expanded  int
	limit     int
	truncated bool
	shown     map[string]bool // ids of paths given out
}

// candidate is a part of the derivations not yet seen: those that agree with
// an accepted one before a position and take a certain step there.
type candidate struct {
	cost   uint64 // lower bound of the part
	seq    uint32
	parent *derivation // nil: everything
	dev    int
	step   StepID
	rest   *siblings // the steps after this one at the same place, nil until needed
	exact  *derivation
	base   uint64 // the bound before the first repair
	slack  uint64 // how far above base the last repair looked
	opened bool
}

// siblings are the other steps at one place, cheapest first, shared by the
// candidates that take them in turn.
type siblings struct {
	list  []sibling
	next  int
	taken map[uint64]bool // shapes of the steps before, while twins are put off
}

type sibling struct {
	value uint64 // of the state if it takes the step
	step  StepID
}

// defaultLimit bounds the parts looked at for one target.
const defaultLimit = 1 << 20

// Enumerate starts the enumeration for a target. Cost: nothing yet.
func (r *Run) Enumerate(target StateID) *Enumerator {
	e := &Enumerator{run: r, target: target, limit: defaultLimit}
	if r.Reached(target) && r.best[target] != NoStep {
		e.push(candidate{cost: r.dist[target]})
	}
	return e
}

// Truncated reports whether the enumeration stopped before its end.
func (e *Enumerator) Truncated() bool { return e.truncated }

// Derivation is one way to a target: its steps so that every premise is
// concluded before it is used, and its tree cost in micro-nats.
type Derivation struct {
	Target StateID
	Steps  []StepID
	Cost   uint64
}

// Next returns the next derivation; false at the end, on cancellation or at
// the limit of work (then Truncated is true).
func (e *Enumerator) Next(ctx context.Context) (Derivation, bool) {
	d := e.next(ctx)
	if d == nil {
		return Derivation{}, false
	}
	return Derivation{e.target, d.stepsInOrder(e.run.g), d.cost}, true
}

func (e *Enumerator) next(ctx context.Context) *derivation {
	sc := e.run.borrow()
	defer e.run.giveBack(sc)
	for len(e.open)+len(e.later) > 0 {
		if len(e.open) == 0 {
			e.open, e.later, e.putOff = e.later, nil, false
		}
		if e.expanded == e.limit || e.expanded&63 == 0 && ctx.Err() != nil {
			e.truncated = true
			return nil
		}
		e.expanded++
		c := e.open.pop()
		if c.exact != nil {
			return e.accept(sc, c.exact)
		}
		if !c.opened {
			c.opened = true
			e.pushSibling(sc, &c)
		}
		d, ok := e.complete(sc, &c)
		switch {
		case ok && d.cost == c.cost:
			return e.accept(sc, d)
		default:
			e.repair(sc, c)
		}
	}
	return nil
}

// complete takes the fixed steps of a candidate and the best step elsewhere.
func (e *Enumerator) complete(sc *scratch, c *candidate) (*derivation, bool) {
	sc.choose()
	e.chooseFixed(sc, c)
	d, ok := e.run.resolve(sc, e.target, c.fixedStates())
	if ok {
		d.dev = c.dev
	}
	return d, ok
}

func (e *Enumerator) chooseFixed(sc *scratch, c *candidate) {
	if c.parent == nil {
		return
	}
	for i := range c.dev {
		sc.set(c.parent.order[i], c.parent.step[i])
	}
	sc.set(c.parent.order[c.dev], c.step)
}

// fixedStates are the states whose step a candidate fixes, in order.
func (c *candidate) fixedStates() []StateID {
	if c.parent == nil {
		return nil
	}
	return c.parent.order[:c.dev+1]
}

// accept takes a derivation and splits what is left of its part.
func (e *Enumerator) accept(sc *scratch, d *derivation) *derivation {
	from := 0
	if len(e.found) > 0 {
		from = d.dev + 1
	}
	e.found = append(e.found, d)
	b := bounder{run: e.run, sc: sc, d: d}
	b.begin()
	for i := range d.order {
		if i >= from {
			if s, ok := b.cheapest(i); ok {
				e.offer(&b, i, s)
			}
		}
		b.fix(i)
	}
	return d
}

// offer puts the cheapest other step at a place in line.
func (e *Enumerator) offer(b *bounder, i int, s sibling) {
	if e.putOff && e.run.stepShape(s.step) == e.run.stepShape(b.d.step[i]) {
		rest := &siblings{list: b.others(i, s.step), taken: map[uint64]bool{e.run.stepShape(s.step): true}}
		e.later.push(e.stamp(candidate{cost: b.total(i, s.value), parent: b.d, dev: i, step: s.step, opened: true}))
		e.advance(b, i, rest)
		return
	}
	e.push(candidate{cost: b.total(i, s.value), parent: b.d, dev: i, step: s.step})
}

// pushSibling puts the next step at the same place in line.
func (e *Enumerator) pushSibling(sc *scratch, c *candidate) {
	if c.parent == nil {
		return
	}
	b := bounder{run: e.run, sc: sc, d: c.parent}
	b.begin()
	for i := range c.dev {
		b.fix(i)
	}
	if c.rest == nil {
		c.rest = &siblings{list: b.others(c.dev, c.step)}
		if e.putOff {
			c.rest.taken = map[uint64]bool{e.run.stepShape(c.step): true, e.run.stepShape(c.parent.step[c.dev]): true}
		}
	}
	e.advance(&b, c.dev, c.rest)
}

// advance takes the next sibling, putting off those shaped like one before.
func (e *Enumerator) advance(b *bounder, dev int, rest *siblings) {
	for rest.next < len(rest.list) {
		s := rest.list[rest.next]
		rest.next++
		c := candidate{cost: b.total(dev, s.value), parent: b.d, dev: dev, step: s.step, rest: rest}
		if e.putOff && rest.taken[e.run.stepShape(s.step)] {
			c.opened = true // its place in line goes to the next at once
			e.later.push(e.stamp(c))
			continue
		}
		if e.putOff {
			rest.taken[e.run.stepShape(s.step)] = true
		}
		e.push(c)
		return
	}
}

func (e *Enumerator) stamp(c candidate) candidate {
	e.seq++
	c.seq = e.seq
	return c
}

func (e *Enumerator) push(c candidate) {
	if c.seq == 0 {
		c = e.stamp(c)
	}
	e.open.push(c)
}

func sortSiblings(list []sibling) {
	slices.SortFunc(list, func(x, y sibling) int {
		return cmp.Or(cmp.Compare(x.value, y.value), cmp.Compare(x.step, y.step))
	})
}
