package view

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	"github.com/cairn-security/cairn/graph"
)

// SearchHit is one thing that a search found.
type SearchHit struct {
	Kind   string
	ID     string
	Title  string
	Detail *string
	Node   *EstateNode
}

// searched is one thing that can be found.
type searched struct {
	kind string
	id   string
	name string // lower case
	text string // lower case: name and id
	ref  graph.Ref
	at   *AttackPath
	of   *Finding
	fix  *Fix
}

// index finds things by the beginning of a word. Words of all things stand in
// one sorted list, so a prefix is a range of it.
type index struct {
	items []searched
	words []indexed // sorted
}

type indexed struct {
	word string
	item int32
}

// common is what nearly every id begins with. It does not narrow a search, so it
// is taken off both sides.
const common = "arn:aws:"

func separator(r rune) bool {
	return r < '0' || '9' < r && r < 'A' || 'Z' < r && r < 'a' || 'z' < r && r < 0x80
}

func newIndexOf(items []searched) *index {
	x := &index{items: items}
	var seen []string
	for i := range items {
		seen = seen[:0]
		for w := range strings.FieldsFuncSeq(items[i].text, separator) {
			if slices.Contains(seen, w) {
				continue
			}
			seen = append(seen, w)
			x.words = append(x.words, indexed{w, int32(i)})
		}
	}
	slices.SortFunc(x.words, func(a, b indexed) int { return cmp.Or(strings.Compare(a.word, b.word), cmp.Compare(a.item, b.item)) })
	return x
}

// newIndex indexes everything but the fixes, which come later.
func (v *View) newIndex() *index {
	var items []searched
	for ref := range v.snap().Refs() {
		n := v.snap().Node(ref)
		kind := "node"
		switch {
		case n.Kind == graph.KindGap:
			continue
		case v.Result.Data.Of(ref) != nil:
			kind = "datastore"
		case n.Kind.Principal():
			kind = "principal"
		}
		items = append(items, item(kind, n.ID, cmp.Or(n.Name, n.ID), ref))
	}
	for _, p := range v.paths().list {
		x := item("attackPath", p.ID(), p.Title(), graph.NoRef)
		x.at = p
		items = append(items, x)
	}
	for _, f := range v.findings().list {
		if isOpen(f.f) {
			x := item("finding", f.ID(), f.Title(), graph.NoRef)
			x.of = f
			x.text += " " + strings.ToLower(f.Rule())
			items = append(items, x)
		}
	}
	return newIndexOf(items)
}

func item(kind, id, name string, ref graph.Ref) searched {
	lower := strings.ToLower(name)
	text := lower
	if id != name {
		text += " " + strings.TrimPrefix(strings.ToLower(id), common)
	}
	return searched{kind: kind, id: id, name: lower, text: text, ref: ref}
}

// fixIndex indexes the fixes where they are there already.
func (v *View) fixIndex() *index {
	var items []searched
	if all, err, ok := v.fixList.ready(); ok && err == nil {
		for _, f := range all.list {
			x := item("fix", f.ID(), f.Title(), graph.NoRef)
			x.fix = f
			items = append(items, x)
		}
	}
	return newIndexOf(items)
}

// match is a candidate with how well it fits, lower is better.
type match struct {
	*searched
	score int
}

// compare puts the best first: by fit, then kind, then the shorter name.
func (m match) compare(n match) int {
	return cmp.Or(cmp.Compare(m.score, n.score), cmp.Compare(kindRank[m.kind], kindRank[n.kind]), cmp.Compare(len(m.name), len(n.name)),
		cmp.Compare(m.name, n.name), cmp.Compare(m.id, n.id))
}

// find returns what has, for every part of the query between spaces, a place
// at the beginning of a word that reads like it; of each kind the best n.
func (x *index) find(query string, keep func(kind string) bool, n int) []match {
	query = strings.ToLower(strings.TrimSpace(query))
	var parts []string
	for part := range strings.FieldsSeq(query) {
		if part = strings.TrimLeftFunc(strings.TrimPrefix(part, common), separator); part != "" {
			parts = append(parts, part)
		}
	}
	if len(parts) == 0 {
		return nil
	}
	seen := make([]bool, len(x.items))
	best := map[string][]match{}
	for _, c := range x.rarest(parts) {
		it := &x.items[c.item]
		if seen[c.item] || keep != nil && !keep(it.kind) {
			continue
		}
		seen[c.item] = true
		if score, ok := it.fits(query, parts); ok {
			list := append(best[it.kind], match{it, score})
			if len(list) > 4*n+64 {
				slices.SortFunc(list, match.compare)
				list = list[:n]
			}
			best[it.kind] = list
		}
	}
	var out []match
	for _, list := range best {
		slices.SortFunc(list, match.compare)
		out = append(out, list[:min(n, len(list))]...)
	}
	return out
}

// rarest is the shortest range of indexed words that a word of the query begins.
func (x *index) rarest(parts []string) []indexed {
	best := x.words
	for _, part := range parts {
		for w := range strings.FieldsFuncSeq(part, separator) {
			from := sort.Search(len(x.words), func(i int) bool { return x.words[i].word >= w })
			n := sort.Search(len(x.words)-from, func(i int) bool { return !strings.HasPrefix(x.words[from+i].word, w) })
			if n < len(best) {
				best = x.words[from : from+n]
			}
		}
	}
	return best
}

// fits scores an item against a query: its whole name or id, the beginning of
// its name, a word of its name, a word of its id.
func (it *searched) fits(query string, parts []string) (score int, ok bool) {
	inName := true
	for _, w := range parts {
		if !wordStarts(it.text, w) {
			return 0, false
		}
		inName = inName && wordStarts(it.name, w)
	}
	switch {
	case it.name == query || strings.EqualFold(it.id, query):
		return 0, true
	case strings.HasPrefix(it.name, query):
		return 1, true
	case inName:
		return 2, true
	}
	return 3, true
}

// wordStarts reports whether a word of the text starts with a prefix.
func wordStarts(text, prefix string) bool {
	for at := 0; ; {
		i := strings.Index(text[at:], prefix)
		if i < 0 {
			return false
		}
		i += at
		if i == 0 || separator(rune(text[i-1])) {
			return true
		}
		at = i + 1
	}
}

var kindRank = map[string]int{"datastore": 0, "principal": 1, "attackPath": 2, "node": 3, "fix": 4, "finding": 5}

// Search finds nodes, families, findings and fixes by the beginning of a word
// of their name or id, best first; hits of one kind stand together where they
// fit equally well. At most half of the hits are of one kind while other kinds
// have any.
func (v *View) Search(prefix string, kinds []string, first *int) ([]*SearchHit, error) {
	n, err := size(first, 12)
	if err != nil {
		return nil, err
	}
	var keep func(string) bool
	if len(kinds) > 0 {
		keep = func(kind string) bool { return slices.Contains(kinds, kind) }
	}
	all := append(v.index().find(prefix, keep, n), v.fixIndex().find(prefix, keep, n)...)
	slices.SortFunc(all, match.compare)
	hits := []*SearchHit{}
	for _, m := range share(all, n) {
		hits = append(hits, v.hit(m.searched))
	}
	return hits, nil
}

// share takes n of the matches, best first, no kind more than half of them
// unless there are too few others.
func share(all []match, n int) []match {
	if len(all) <= n {
		return all
	}
	var taken, spare []int
	count := map[string]int{}
	for i, m := range all {
		if count[m.kind] < (n+1)/2 {
			count[m.kind]++
			taken = append(taken, i)
		} else {
			spare = append(spare, i)
		}
		if len(taken) == n {
			break
		}
	}
	taken = append(taken, spare[:min(len(spare), n-len(taken))]...)
	slices.Sort(taken)
	out := make([]match, len(taken))
	for i, t := range taken {
		out[i] = all[t]
	}
	return out
}

func (v *View) hit(it *searched) *SearchHit {
	h := &SearchHit{Kind: it.kind, ID: it.id}
	switch {
	case it.at != nil:
		h.Title, h.Detail = it.at.Title(), orNull(it.at.Level())
	case it.of != nil:
		h.Title, h.Detail = it.of.Title(), orNull(it.of.Severity()+", "+it.of.Rule())
	case it.fix != nil:
		h.Title, h.Detail = it.fix.Title(), orNull(it.fix.Kind())
	default:
		h.Node = v.node(it.ref)
		h.Title = h.Node.Name
		detail := h.Node.KindTitle()
		if h.Node.Account != nil {
			detail += ", " + v.accountTitle(*h.Node.Account)
		}
		h.Detail = &detail
	}
	return h
}
