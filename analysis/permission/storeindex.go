package permission

import (
	"cmp"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/analysis/permission/actions"
	"github.com/cairn-security/cairn/analysis/policy"
	"github.com/cairn-security/cairn/graph"
)

// storeIndex is the datastores of one kind, numbered, with the names that
// policies are matched against.
type storeIndex struct {
	kind graph.Kind
	refs []graph.Ref
	// sample is any of them.
	sample graph.Node
	own    names // the datastores themselves
	parts  names // anything they contain; empty for kinds that contain nothing
	// byAccount are the datastores of each account.
	byAccount map[string]bitset
	// keys are the customer keys each one is encrypted with.
	keys [][]graph.Ref
	// via is a hash of the service that uses the keys.
	via []uint64
	// relevance per action, see grants_relevance.go.
	relevance map[string]*relevance
	coverage  map[coverageKey]*coverage
	forms     map[string]actionForm
	arena     arena
}

// names is a list of names sorted for lookup by prefix.
type names struct {
	list   []string // by number
	within string   // what follows the datastore's own name: "" or "/"
	sorted []int32
	exact  map[string]int32
}

func newNames(list []string, within string) names {
	n := names{list: list, within: within, sorted: make([]int32, len(list)), exact: make(map[string]int32, len(list))}
	for i := range list {
		n.sorted[i] = int32(i)
		n.exact[list[i]] = int32(i)
	}
	slices.SortFunc(n.sorted, func(a, b int32) int { return cmp.Compare(list[a], list[b]) })
	return n
}

// withPrefix are the numbers of the names that begin with prefix.
func (n *names) withPrefix(prefix string) []int32 {
	from, _ := slices.BinarySearchFunc(n.sorted, prefix, func(i int32, p string) int { return cmp.Compare(n.list[i], p) })
	to := from
	for step := 1; to < len(n.sorted); { // gallop: ranges are short or everything
		if next := min(to+step, len(n.sorted)); strings.HasPrefix(n.list[n.sorted[next-1]], prefix) {
			to, step = next, step*2
			continue
		}
		if step == 1 {
			break
		}
		step = 1
	}
	return n.sorted[from:to]
}

func (e *Engine) newStoreIndex(kind graph.Kind) *storeIndex {
	s := &storeIndex{kind: kind, refs: e.snap.ByKind(kind), byAccount: map[string]bitset{},
		relevance: map[string]*relevance{}, coverage: map[coverageKey]*coverage{}, forms: map[string]actionForm{}, arena: arena{n: len(e.snap.ByKind(kind))}}
	own := make([]string, len(s.refs))
	parts := make([]string, len(s.refs))
	s.keys = make([][]graph.Ref, len(s.refs))
	s.via = make([]uint64, len(s.refs))
	within := containedIn(kind)
	for i, ref := range s.refs {
		n := e.snap.Node(ref)
		s.sample = n
		own[i], parts[i] = policyName(n), n.ID+within+anyName
		if s.byAccount[n.Account] == nil {
			s.byAccount[n.Account] = newBits(len(s.refs))
		}
		s.byAccount[n.Account].set(int32(i))
		s.keys[i] = e.keysOf(ref)
		if len(s.keys[i]) > 0 {
			s.via[i] = hashString(viaService(n))
		}
	}
	s.own = newNames(own, "")
	if within != "" {
		s.parts = newNames(parts, within)
	}
	return s
}

// form returns the names an action is about, and which datastores it can act
// on at all.
func (s *storeIndex) form(action string) (*names, bitset) {
	if f, ok := s.forms[action]; ok {
		return f.names, f.can
	}
	act, ok := actions.Lookup(action)
	form := &s.own
	if len(s.refs) > 0 && aboutContents(s.sample, action) {
		form = &s.parts
	}
	can := (&arena{n: len(s.refs)}).full()
	for i, name := range form.list {
		if ok && strings.HasPrefix(name, "arn:") && !act.ActsOn(name) {
			can.clear(int32(i))
		}
	}
	s.forms[action] = actionForm{form, can}
	return form, can
}

type actionForm struct {
	names *names
	can   bitset
}

type coverageKey struct {
	statement *policy.Compiled
	parts     bool
}

// coverage is which datastores a statement's Resource element covers: full, or
// only some of what they contain. Conditions are apart.
type coverage struct {
	full, part cells
	// spared are datastores in full some content of which NotResource exempts.
	spared  cells
	dynamic bool // variables: the sets say nothing
}

func (s *storeIndex) cover(st *policy.Compiled, form *names) *coverage {
	key := coverageKey{st, form == &s.parts}
	if c, ok := s.coverage[key]; ok {
		return c
	}
	mark := len(s.arena.used)
	full, part := s.arena.empty(), s.arena.empty()
	for _, p := range st.ResourcePatterns() {
		form.cover(&p, full, part)
	}
	part.andNot(full)
	c := &coverage{dynamic: st.Dynamic()}
	if st.NotResource {
		all := s.arena.full()
		all.andNot(full)
		c.full, c.spared = pack(all), pack(part)
	} else {
		c.full, c.part = pack(full), pack(part)
	}
	s.arena.release(mark)
	s.coverage[key] = c
	return c
}

func (n *names) cover(p *policy.ResourcePattern, full, part bitset) {
	switch p.Kind {
	case policy.PatternAll:
		for i := range n.list {
			full.set(int32(i))
		}
	case policy.PatternExact:
		if i, ok := n.exact[p.Text]; ok {
			full.set(i)
		}
	case policy.PatternPrefix:
		for _, i := range n.withPrefix(p.Text) {
			full.set(i)
		}
	case policy.PatternGlob:
		for _, i := range n.withPrefix(p.Text) {
			if p.Match(n.list[i]) {
				full.set(i)
			}
		}
	}
	if n.within != "" && p.Kind != policy.PatternAll {
		n.coverParts(p, full, part)
	}
}

// coverParts finds datastores of which a pattern covers some content: the
// pattern lies inside one datastore, or has a wildcard in the datastore's name.
func (n *names) coverParts(p *policy.ResourcePattern, full, part bitset) {
	for at := strings.Index(p.Text, n.within); at >= 0; {
		if i, ok := n.exact[p.Text[:at]+n.within+anyName]; ok {
			part.set(i)
		}
		next := strings.Index(p.Text[at+1:], n.within)
		if next < 0 {
			break
		}
		at += 1 + next
	}
	if p.Kind == policy.PatternExact {
		return
	}
	for _, i := range n.withPrefix(p.Text) {
		if !full.has(i) && p.Overlaps(strings.TrimSuffix(n.list[i], anyName)+"*") {
			part.set(i)
		}
	}
}
