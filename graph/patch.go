package graph

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// Patch is a change to a snapshot for what-if: properties to set or remove and
// edges to remove. Evidence of patched properties keeps the old origin.
type Patch struct {
	// Set replaces or adds a property; a nil value removes it.
	Set []PropChange
	// Unlink removes every edge of a kind between two nodes.
	Unlink []EdgeChange
}

// PropChange sets one property of one node.
type PropChange struct {
	Node  Ref
	Key   string
	Value json.RawMessage // compact JSON; nil removes
}

// EdgeChange names the edges of a kind between two nodes.
type EdgeChange struct {
	From, To Ref
	Kind     EdgeKind
}

// With returns a snapshot in which the patch is applied. Node references stay
// valid; everything that is not changed is shared. Cost: O(changes), and a copy
// of the edges only when edges are removed.
func (s *Snapshot) With(p Patch) *Snapshot {
	out := *s
	if len(p.Set) > 0 {
		out.patched = maps.Clone(s.patched)
		if out.patched == nil {
			out.patched = make(map[Ref][]Prop, len(p.Set))
		}
		for _, c := range p.Set {
			out.patched[c.Node] = withProp(out.Props(c.Node), c)
		}
	}
	if len(p.Unlink) > 0 {
		gone := make(map[EdgeChange]bool, len(p.Unlink))
		back := make(map[EdgeChange]bool, len(p.Unlink))
		for _, c := range p.Unlink {
			gone[c] = true
			back[EdgeChange{c.To, c.From, c.Kind}] = true
		}
		out.out, out.in = s.out.without(gone), s.in.without(back)
	}
	return &out
}

// withProp returns a changed copy of sorted properties.
func withProp(props []Prop, c PropChange) []Prop {
	i, found := slices.BinarySearchFunc(props, c.Key, func(p Prop, key string) int { return strings.Compare(p.Key, key) })
	props = slices.Clone(props)
	switch {
	case c.Value == nil && found:
		return slices.Delete(props, i, i+1)
	case c.Value == nil:
		return props
	case found:
		props[i].Value = c.Value
		return props
	}
	return slices.Insert(props, i, Prop{Key: c.Key, Value: c.Value})
}

// without copies one direction of the edges but for those that are gone, which
// leaves the rest in order.
func (a *adjacency) without(gone map[EdgeChange]bool) adjacency {
	touched := make(map[Ref]bool, len(gone))
	for c := range gone {
		touched[c.From] = true
	}
	left := adjacency{
		start: make([]uint32, len(a.start)),
		dst:   make([]Ref, 0, len(a.dst)),
		kind:  make([]EdgeKind, 0, len(a.kind)),
	}
	for from := range len(a.start) - 1 {
		lo, hi := a.start[from], a.start[from+1]
		if !touched[Ref(from)] {
			left.dst = append(left.dst, a.dst[lo:hi]...)
			left.kind = append(left.kind, a.kind[lo:hi]...)
		} else {
			for i := lo; i < hi; i++ {
				if !gone[EdgeChange{Ref(from), a.dst[i], a.kind[i]}] {
					left.dst = append(left.dst, a.dst[i])
					left.kind = append(left.kind, a.kind[i])
				}
			}
		}
		left.start[from+1] = uint32(len(left.dst))
	}
	return left
}
