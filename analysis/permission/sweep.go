package permission

import (
	"slices"
	"strings"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/policy"
	"github.com/cairn-security/cairn/graph"
)

// operation asks one action on all datastores.
func (w *sweep) operation(op operation) {
	action := strings.ToLower(op.action)
	service, _, _ := strings.Cut(action, ":")
	mark := len(w.s.arena.used)
	defer func() { w.s.arena.release(mark) }()
	form, can := w.s.form(action)
	can = w.s.arena.copy(can)
	can.andNot(w.done)
	if can.empty() {
		return
	}
	p := w.c.sample
	w.holds = map[string]policy.Truth{}
	w.ctx = p.ctx[w.g.held(&p.caller)].Over(w.e.base(action))
	if !w.g.empty() {
		w.ctx = w.g.context().Over(w.ctx)
	}
	req := Ask(p.caller, action, "*", "", w.ctx)
	l := w.layers(&req, service, action, form)
	rel := w.e.relevanceOf(w.s, action)
	own := w.own()

	plain, pairs := w.split(l, rel, own, can)
	w.together(op, action, service, form, l, plain)
	for i := range pairs.all() {
		w.pair(op, i)
	}
}

// own are the datastores of the caller's account.
func (w *sweep) own() bitset {
	if b := w.s.byAccount[w.c.sample.account.id]; b != nil && !w.c.sample.outside {
		return b
	}
	return w.s.arena.empty()
}

// split separates what the caller's own policies decide for certain from what
// must be asked pair by pair; all else is denied.
func (w *sweep) split(l *layers, rel *relevance, own, can bitset) (plain, pairs bitset) {
	sets := &w.s.arena
	caller := &w.c.sample.caller
	holds := func(b *blockStores) bool { return w.blockHolds(b.block, b.sample) != policy.False }
	denies, grants, foreign := sets.empty(), sets.empty(), sets.empty()
	rel.denies.sel(caller, holds, true, denies)
	rel.allows.sel(caller, holds, false, grants)
	rel.allows.sel(caller, holds, true, foreign)
	denies.or(rel.unread)
	grants.or(rel.unread)
	foreign.or(rel.unread)

	possible := sets.copy(l.possible)
	possible.and(can)
	plain = sets.copy(l.certain)
	plain.and(own)
	plain.and(can)
	plain.andNot(denies)
	plain.andNot(grants)
	if w.g.Endpoint != "" {
		plain = sets.empty() // the endpoint's policy must be asked
	}

	pairs = sets.copy(possible) // own account, decided by the caller's policies but not for certain
	pairs.and(own)
	grants.and(own) // own account, the resource may grant by itself
	pairs.or(grants)
	foreign.andNot(own) // other accounts: both sides must allow
	if !w.c.sample.outside {
		foreign.and(possible)
	}
	pairs.or(foreign)
	pairs.and(can)
	pairs.andNot(plain)
	return plain, pairs
}

// layers is what the caller's own policies say about every datastore.
type layers struct {
	certain  bitset // allowed, nothing denies
	possible bitset // perhaps allowed, perhaps not denied
	// allows are the statements that allow for certain, for grouping.
	allows []covered
}

type covered struct {
	full *cells
	id   uint64
}

func (w *sweep) layers(req *Request, service, action string, form *names) *layers {
	p := w.c.sample
	l := &layers{certain: w.s.arena.full(), possible: w.s.arena.full()}
	limits := []*Set{p.identity}
	if p.boundary != nil {
		limits = append(limits, p.boundary)
	}
	if scpBinds(req) {
		limits = append(limits, p.account.scps...)
	}
	if req.unlimited() || p.outside {
		limits = nil
	}
	for _, set := range limits {
		full, maybe := w.allowed(set, service, action, form, l)
		l.certain.and(full)
		maybe.or(full)
		l.possible.and(maybe)
	}
	for _, set := range limits {
		full, certain, maybe := w.deniedBy(set, service, action, form)
		l.certain.andNot(full)
		l.certain.andNot(maybe)
		l.possible.andNot(certain)
	}
	return l
}

// allowed returns which datastores a set allows the action on for certain, and
// which perhaps.
func (w *sweep) allowed(set *Set, service, action string, form *names, l *layers) (full, maybe bitset) {
	full, maybe = w.s.arena.empty(), w.s.arena.empty()
	if set.Unread != nil {
		maybe = w.s.arena.full()
	}
	w.each(set.of(service).allow, service, action, form, maybe, func(i int, st *statement, c *coverage, certain bool) {
		c.part.orInto(maybe)
		if !certain {
			c.full.orInto(maybe)
			return
		}
		c.full.orInto(full)
		l.allows = append(l.allows, covered{&c.full, uint64(st.doc.ID)<<32 | uint64(i)<<8 | uint64(set.Kind)})
	})
	return full, maybe
}

// deniedBy returns which datastores are denied, which of them with everything
// they contain, and which perhaps.
func (w *sweep) deniedBy(set *Set, service, action string, form *names) (full, certain, maybe bitset) {
	full, certain, maybe = w.s.arena.empty(), w.s.arena.empty(), w.s.arena.empty()
	if set.Unread != nil && !set.allowOnly {
		maybe = w.s.arena.full()
	}
	w.each(set.of(service).deny, service, action, form, maybe, func(_ int, _ *statement, c *coverage, sure bool) {
		if !sure {
			c.full.orInto(maybe)
			return
		}
		c.full.orInto(full)
		whole, spared := w.s.arena.empty(), w.s.arena.empty()
		c.full.orInto(whole)
		c.spared.orInto(spared)
		whole.andNot(spared)
		certain.or(whole)
	})
	return full, certain, maybe
}

// each calls f with the statements of a list that bear on the action, what they
// cover, and whether their conditions certainly hold. Where variables decide
// what a statement covers, everything is added to maybe instead.
func (w *sweep) each(list []statement, service, action string, form *names, maybe bitset, f func(i int, st *statement, c *coverage, certain bool)) {
	for i := range list {
		st := &list[i]
		if !st.CoversAction(service, action) {
			continue
		}
		held := w.blockHolds(st.ConditionBlock(), st.Compiled)
		if held == policy.False {
			continue
		}
		c := w.s.cover(st.Compiled, form)
		if c.dynamic {
			maybe.or(w.s.arena.full())
			continue
		}
		f(i, st, c, held == policy.True)
	}
}

// blockHolds evaluates a condition block for the caller while nothing is known
// about the resource.
func (w *sweep) blockHolds(block string, sample *policy.Compiled) policy.Truth {
	if block == "" {
		return policy.True
	}
	t, ok := w.holds[block]
	if !ok {
		t = sample.Holds(w.ctx)
		w.holds[block] = t
	}
	return t
}

// together decides for all datastores at once what only the caller's policies
// and the key of the datastore decide: one full decision per group that the
// same statements allow.
func (w *sweep) together(op operation, action, service string, form *names, l *layers, plain bitset) {
	if plain.empty() {
		return
	}
	group := make(map[uint64][]int32)
	sig := make([]uint64, len(w.s.refs))
	for _, c := range l.allows {
		m := mix(c.id + 1)
		for i := range c.full.all() {
			sig[i] += m
		}
	}
	var order []uint64
	for i := range plain.all() {
		key := sig[i]
		if op.key != "" {
			for _, k := range w.s.keys[i] {
				key += mix(uint64(k) | 1<<62)
			}
			if len(w.s.keys[i]) > 0 {
				key += mix(w.s.via[i])
			}
		}
		if group[key] == nil {
			order = append(order, key)
		}
		group[key] = append(group[key], i)
	}
	for _, key := range order {
		list := group[key]
		d := w.e.operate(w.c.sample, w.s.refs[list[0]], op, w.g)
		if !d.Allowed {
			continue // the key denies
		}
		d = w.general(d, w.s.refs[list[0]], len(list) > 1)
		if d.Certain() {
			w.certain = append(w.certain, batch{op.action, list, d})
			for _, i := range list {
				w.done.set(i)
			}
			continue
		}
		for _, i := range list {
			w.propose(i, op.action, d)
		}
	}
}

// pair asks about one datastore.
func (w *sweep) pair(op operation, i int32) {
	p, store := w.c.sample, w.s.refs[i]
	if w.e.ask(p, op.action, OnNode(store), w.g).truth() == policy.False {
		return
	}
	d := w.e.operate(p, store, op, w.g)
	if !d.Allowed {
		return
	}
	d = w.general(d, store, false)
	if d.Certain() {
		w.done.set(i)
		w.certain = append(w.certain, batch{op.action, []int32{i}, d})
		return
	}
	w.propose(i, op.action, d)
}

func (w *sweep) propose(i int32, action string, d *attack.Decision) {
	if old := w.open[i]; old == nil || betterDecision(d, old.d) {
		w.open[i] = &pairing{action, d}
	}
}

// general drops the support that is about the sample principal, and about the
// sample datastore if it stands for others.
func (w *sweep) general(d *attack.Decision, store graph.Ref, many bool) *attack.Decision {
	c := *d
	c.Support = slices.DeleteFunc(slices.Clone(d.Support), func(g attack.Group) bool {
		return len(g) == 1 && g[0].Absent && (g[0].Node == w.c.sample.ref || many && g[0].Node == store)
	})
	return &c
}
