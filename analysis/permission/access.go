package permission

import (
	"cmp"
	"iter"
	"maps"
	"slices"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/policy"
	"github.com/cairn-security/cairn/graph"
)

// Grant is one access that a group of principals has to a group of datastores
// for the same reason: every one of Principals has it to every one of Stores.
// It stands for len(Principals) × len(Stores) answers.
type Grant struct {
	// Class numbers the group of principals: grants of equal Class have equal
	// Principals.
	Class      int
	Principals []graph.Ref // ascending; shared, do not write
	Access     Access
	Action     string      // the action by which
	Stores     []graph.Ref // ascending; shared, do not write
	// Decision holds for each pair; it is never a decided no. Facts about a
	// single principal or datastore of larger groups (that nothing of its own
	// denies) are left out of its support.
	Decision *attack.Decision
}

// Access answers "who has which access to which datastores" for all
// principals of the estate and of foreign accounts the snapshot knows, and all
// datastores: read, write, destroy, administer, as [Engine.CanAccess] decides
// one by one. The public principals are not part of it. Order is stable.
//
// Principals with equal policies are one class, resource patterns are looked
// up in an index, and what only the caller's own policies decide is computed
// for all datastores at once in bit sets. So the cost follows the number of
// distinct policy sets times the distinct statements that apply, plus one
// decision for each pair whose datastore has a policy that may matter.
func (e *Engine) Access(g Given) iter.Seq[Grant] {
	return func(yield func(Grant) bool) {
		c := collector{byKey: map[string]*Grant{}, e: e}
		var idx []*storeIndex
		for _, kind := range graph.Kinds() {
			if kind.Datastore() && len(e.snap.ByKind(kind)) > 0 {
				idx = append(idx, e.newStoreIndex(kind))
			}
		}
		for _, cl := range e.classes(idx) {
			refs := make([]graph.Ref, len(cl.members))
			for i, m := range cl.members {
				refs[i] = m.ref
			}
			for _, s := range idx {
				for _, a := range AllAccess() {
					w := newSweep(e, cl, s, &g)
					w.access(a)
					w.flush(&c, a, refs)
				}
			}
		}
		for _, grant := range c.grants() {
			if !yield(grant) {
				return
			}
		}
	}
}

// AccessOf lists the access of one principal to all datastores that is not a
// decided no, by datastore and access.
func (e *Engine) AccessOf(who graph.Ref, g Given) []Grant {
	p, ok := e.principal(who)
	if !ok {
		return nil
	}
	c := collector{byKey: map[string]*Grant{}, e: e}
	for _, kind := range graph.Kinds() {
		if !kind.Datastore() || len(e.snap.ByKind(kind)) == 0 {
			continue
		}
		s := e.newStoreIndex(kind)
		for _, a := range AllAccess() {
			w := newSweep(e, &class{sample: p, members: []*principal{p}}, s, &g)
			w.access(a)
			w.flush(&c, a, []graph.Ref{who})
		}
	}
	return c.grants()
}

// collector unites grants of several classes that say the same.
type collector struct {
	e     *Engine
	byKey map[string]*Grant
	order []*Grant
}

func (c *collector) add(a Access, action string, principals, stores []graph.Ref, d *attack.Decision) {
	key := grantKey(a, action, stores, d)
	if g, ok := c.byKey[key]; ok {
		g.Principals = append(g.Principals, principals...)
		return
	}
	g := &Grant{Principals: slices.Clone(principals), Access: a, Action: action, Stores: stores, Decision: d}
	c.byKey[key] = g
	c.order = append(c.order, g)
}

// grants numbers the groups of principals and sorts.
func (c *collector) grants() []Grant {
	numbers := map[string]int{}
	shared := map[int][]graph.Ref{}
	out := make([]Grant, len(c.order))
	for i, g := range c.order {
		slices.Sort(g.Principals)
		key := refsKey(g.Principals)
		n, ok := numbers[key]
		if !ok {
			n = len(numbers)
			numbers[key], shared[n] = n, g.Principals
		}
		g.Class, g.Principals = n, shared[n]
		out[i] = *g
	}
	slices.SortStableFunc(out, func(a, b Grant) int {
		return cmp.Or(cmp.Compare(a.Stores[0], b.Stores[0]), cmp.Compare(a.Access, b.Access), cmp.Compare(a.Class, b.Class),
			cmp.Compare(len(a.Stores), len(b.Stores)))
	})
	return out
}

// sweep computes one access of one class to all datastores of one kind.
type sweep struct {
	e       *Engine
	c       *class
	s       *storeIndex
	g       *Given
	mark    int                // of the arena
	done    bitset             // datastores with a certain answer
	open    map[int32]*pairing // best uncertain answer
	certain []batch
	holds   map[string]policy.Truth // condition blocks for this caller and action
	ctx     *policy.Context
}

// batch is datastores with one certain decision.
type batch struct {
	action string
	stores []int32
	d      *attack.Decision
}

type pairing struct {
	action string
	d      *attack.Decision
}

func newSweep(e *Engine, c *class, s *storeIndex, g *Given) *sweep {
	return &sweep{e: e, c: c, s: s, g: g, mark: len(s.arena.used), done: s.arena.empty(), open: map[int32]*pairing{}}
}

func (w *sweep) access(a Access) {
	for _, op := range operations(w.s.kind, a) {
		w.operation(op)
	}
}

// flush hands the answers to the collector.
func (w *sweep) flush(c *collector, a Access, principals []graph.Ref) {
	for _, b := range w.certain {
		c.add(a, b.action, principals, w.refs(b.stores), b.d)
	}
	same := map[string][]int32{}
	var keys []string
	for _, i := range slices.Sorted(maps.Keys(w.open)) {
		if w.done.has(i) {
			continue
		}
		key := decisionKey(w.open[i].action, w.open[i].d)
		if same[key] == nil {
			keys = append(keys, key)
		}
		same[key] = append(same[key], i)
	}
	for _, key := range keys {
		p := w.open[same[key][0]]
		c.add(a, p.action, principals, w.refs(same[key]), p.d)
	}
	w.s.arena.release(w.mark)
}

func (w *sweep) refs(list []int32) []graph.Ref {
	out := make([]graph.Ref, len(list))
	for i, n := range list {
		out[i] = w.s.refs[n]
	}
	return out
}
