package graph

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
)

// Builder collects nodes, edges, properties and gaps and freezes them into a
// [Snapshot]. It is not safe for concurrent use. Handles are valid for one
// builder only; [Builder.Build] orders nodes anew.
type Builder struct {
	nodes   []Node
	known   []bool // false while only referred to
	byID    map[string]Handle
	edges   []edge
	props   []map[string]Prop
	origins []Origin
	originN map[Origin]OriginID
	gaps    []Gap
	gapByID map[string]int
}

// Handle is a builder's own reference to a node.
type Handle uint32

type edge struct {
	from, to Handle
	kind     EdgeKind
}

// NewBuilder returns an empty builder.
func NewBuilder() *Builder {
	return &Builder{
		byID:    map[string]Handle{},
		originN: map[Origin]OriginID{},
		gapByID: map[string]int{},
	}
}

// Add describes a node. A node that was only referred to so far takes the
// description; of two descriptions the first stays and missing fields are
// filled from the second. created is false when the node was described before.
func (b *Builder) Add(n Node) (h Handle, created bool) {
	h, seen := b.byID[n.ID]
	if !seen {
		h = b.insert(n)
		b.known[h] = true
		return h, true
	}
	old := &b.nodes[h]
	created = !b.known[h]
	if created || old.Kind == KindUnknown {
		old.Kind = n.Kind
	}
	old.Name = cmp.Or(old.Name, n.Name)
	if created && n.Name != "" {
		old.Name = n.Name
	}
	old.Account = cmp.Or(old.Account, n.Account)
	old.Region = cmp.Or(old.Region, n.Region)
	b.known[h] = true
	return h, created
}

// Refer returns the node with an id, creating an explicit unknown node when
// nothing described it yet. The kind is what the reference suggests; a later
// [Builder.Add] overrides it.
func (b *Builder) Refer(n Node) Handle {
	if h, ok := b.byID[n.ID]; ok {
		return h
	}
	return b.insert(n)
}

// Find returns the node with an id.
func (b *Builder) Find(id string) (Handle, bool) {
	h, ok := b.byID[id]
	return h, ok
}

// Node returns the node behind a handle as it stands now.
func (b *Builder) Node(h Handle) Node { return b.nodes[h] }

// Known reports whether a node was described, not only referred to.
func (b *Builder) Known(h Handle) bool { return b.known[h] }

// Len returns the number of nodes so far.
func (b *Builder) Len() int { return len(b.nodes) }

func (b *Builder) insert(n Node) Handle {
	h := Handle(len(b.nodes))
	b.nodes = append(b.nodes, n)
	b.known = append(b.known, false)
	b.props = append(b.props, nil)
	b.byID[n.ID] = h
	return h
}

// Origin interns an origin.
func (b *Builder) Origin(o Origin) OriginID {
	if id, ok := b.originN[o]; ok {
		return id
	}
	id := OriginID(len(b.origins))
	b.origins = append(b.origins, o)
	b.originN[o] = id
	return id
}

// Set gives a node a property, replacing an earlier value of the key. The
// value must be valid JSON; it is stored compact.
func (b *Builder) Set(h Handle, key string, value json.RawMessage, origin OriginID) error {
	var compact bytes.Buffer
	if err := json.Compact(&compact, value); err != nil {
		return fmt.Errorf("%s: property %s: %w", b.nodes[h].ID, key, err)
	}
	if b.props[h] == nil {
		b.props[h] = map[string]Prop{}
	}
	b.props[h][key] = Prop{Key: key, Value: compact.Bytes(), Origin: origin}
	return nil
}

// Value returns a property set before, nil when there is none.
func (b *Builder) Value(h Handle, key string) json.RawMessage { return b.props[h][key].Value }

// Link adds an edge. Adding it twice keeps one.
func (b *Builder) Link(from, to Handle, kind EdgeKind) {
	b.edges = append(b.edges, edge{from, to, kind})
}

// Gap records something that was not read. Two gaps with one id are merged:
// what they affect is united.
func (b *Builder) Gap(g Gap) {
	if i, ok := b.gapByID[g.ID]; ok {
		b.gaps[i].Affects = append(b.gaps[i].Affects, g.Affects...)
		return
	}
	b.gapByID[g.ID] = len(b.gaps)
	b.gaps = append(b.gaps, g)
}

// Build freezes what was collected. Each gap becomes a node of kind gap with
// edges to what it affects; an affected id that nothing described becomes an
// unknown node. The builder must not be used afterwards.
//
// Cost: O((n+m) log(n+m)) for n nodes and m edges.
func (b *Builder) Build(meta Meta) (*Snapshot, error) {
	b.addGapNodes()
	order := make([]Handle, len(b.nodes))
	for i := range order {
		order[i] = Handle(i)
	}
	slices.SortFunc(order, func(x, y Handle) int {
		a, c := &b.nodes[x], &b.nodes[y]
		return cmp.Or(cmp.Compare(a.Account, c.Account), cmp.Compare(a.Kind, c.Kind), cmp.Compare(a.ID, c.ID))
	})
	final := make([]Ref, len(order))
	for ref, h := range order {
		final[h] = Ref(ref)
	}
	s := &Snapshot{meta: meta, nodes: make([]Node, len(order)), props: make([][]Prop, len(order)), origins: b.origins, gaps: b.gaps}
	for h, n := range b.nodes {
		ref := final[h]
		if n.ID == "" {
			return nil, fmt.Errorf("graph: a %s node has no id (name %q)", n.Kind, n.Name)
		}
		s.nodes[ref] = n
		s.props[ref] = sortedProps(b.props[h])
	}
	edges := make([]edge, len(b.edges))
	for i, e := range b.edges {
		edges[i] = edge{Handle(final[e.from]), Handle(final[e.to]), e.kind}
	}
	s.link(edges)
	s.index()
	return s, nil
}

func (b *Builder) addGapNodes() {
	slices.SortFunc(b.gaps, func(x, y Gap) int { return cmp.Compare(x.ID, y.ID) })
	for i := range b.gaps {
		g := &b.gaps[i]
		slices.Sort(g.Affects)
		g.Affects = slices.Compact(g.Affects)
		node, _ := b.Add(Node{ID: g.ID, Kind: KindGap, Name: g.Service + " " + g.Operation + " " + string(g.Outcome), Account: g.Account, Region: g.Region})
		for _, id := range g.Affects {
			b.Link(node, b.Refer(Node{ID: id, Account: g.Account}), EdgeAffects)
		}
	}
}

func sortedProps(m map[string]Prop) []Prop {
	if len(m) == 0 {
		return nil
	}
	list := make([]Prop, 0, len(m))
	for _, p := range m {
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, c Prop) int { return cmp.Compare(a.Key, c.Key) })
	return list
}
