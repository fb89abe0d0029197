package graph

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Builder collects nodes, edges, properties and gaps and freezes them into a
// [Snapshot]. It is not safe for concurrent use. Handles are valid for one
// builder only; [Builder.Build] orders nodes anew.
type Builder struct {
	nodes   []Node
	known   []bool // false while only referred to
	byID    map[string]Handle
	edges   []edge
	props   [][]Prop // per node, sorted by key
	scratch bytes.Buffer
	arena   []byte // where property values are laid down one after another
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

// Origin interns an origin; its time is kept in UTC.
func (b *Builder) Origin(o Origin) OriginID {
	o.ReadAt = o.ReadAt.Round(0).UTC() // one instant, one value: origins are compared
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
	b.scratch.Reset()
	if err := json.Compact(&b.scratch, value); err != nil {
		return fmt.Errorf("%s: property %s: %w", b.nodes[h].ID, key, err)
	}
	p := Prop{Key: key, Value: b.keep(b.scratch.Bytes()), Origin: origin}
	i, found := slices.BinarySearchFunc(b.props[h], key, func(p Prop, key string) int { return strings.Compare(p.Key, key) })
	if found {
		b.props[h][i] = p
	} else {
		b.props[h] = slices.Insert(b.props[h], i, p)
	}
	return nil
}

const arenaSize = 1 << 20

// keep copies a value into the arena: one allocation for thousands of values.
func (b *Builder) keep(value []byte) []byte {
	if len(value) > arenaSize/8 {
		return bytes.Clone(value)
	}
	if len(b.arena)+len(value) > cap(b.arena) {
		b.arena = make([]byte, 0, arenaSize)
	}
	from := len(b.arena)
	b.arena = append(b.arena, value...)
	return b.arena[from:len(b.arena):len(b.arena)]
}

// Value returns a property set before, nil when there is none.
func (b *Builder) Value(h Handle, key string) json.RawMessage {
	for i := range b.props[h] {
		if b.props[h][i].Key == key {
			return b.props[h][i].Value
		}
	}
	return nil
}

// Property returns a property set before with where it comes from.
func (b *Builder) Property(h Handle, key string) (p Prop, ok bool) {
	for _, p := range b.props[h] {
		if p.Key == key {
			return p, true
		}
	}
	return Prop{}, false
}

// Withdraw takes back the properties of a node that drop names.
func (b *Builder) Withdraw(h Handle, drop func(Prop) bool) {
	b.props[h] = slices.DeleteFunc(b.props[h], drop)
}

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
	g.Affects = slices.Clone(g.Affects)
	b.gapByID[g.ID] = len(b.gaps)
	b.gaps = append(b.gaps, g)
}

// Build freezes what was collected. Each gap becomes a node of kind gap with
// edges to what it affects; an affected id that nothing described becomes an
// unknown node. The builder must not be used afterwards.
//
// Cost: O(n log n + m) for n nodes and m edges.
func (b *Builder) Build(meta Meta) (*Snapshot, error) {
	b.addGapNodes()
	ordered := order(b.nodes)
	final := make([]Handle, len(ordered))
	s := &Snapshot{meta: meta, nodes: make([]Node, len(ordered)), propsAt: make([]uint32, len(ordered)+1), origins: b.origins, gaps: b.gaps}
	total := 0
	for ref, h := range ordered {
		n := b.nodes[h]
		if n.ID == "" {
			return nil, fmt.Errorf("graph: a %s node has no id (name %q)", n.Kind, n.Name)
		}
		final[h] = Handle(ref)
		s.nodes[ref] = n
		total += len(b.props[h])
		s.propsAt[ref+1] = uint32(total)
	}
	s.props = make([]Prop, 0, total)
	for _, h := range ordered {
		s.props = append(s.props, b.props[h]...)
	}
	for i, e := range b.edges {
		b.edges[i] = edge{final[e.from], final[e.to], e.kind}
	}
	s.link(b.edges)
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
