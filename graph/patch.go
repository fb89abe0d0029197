package graph

import (
	"encoding/json"
	"slices"
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
// valid; everything that is not changed is shared. Cost: O(nodes) for the
// property table, and O(edges) only when edges are removed.
func (s *Snapshot) With(p Patch) *Snapshot {
	out := *s
	if len(p.Set) > 0 {
		out.props = slices.Clone(s.props)
		for _, c := range p.Set {
			out.props[c.Node] = withProp(out.props[c.Node], c)
		}
	}
	if len(p.Unlink) > 0 {
		gone := map[edge]bool{}
		for _, c := range p.Unlink {
			gone[edge{Handle(c.From), Handle(c.To), c.Kind}] = true
		}
		kept := make([]edge, 0, s.Edges())
		for from := range s.Refs() {
			for kind, to := range s.Out(from) {
				if e := (edge{Handle(from), Handle(to), kind}); !gone[e] {
					kept = append(kept, e)
				}
			}
		}
		out.link(kept)
	}
	return &out
}

func withProp(props []Prop, c PropChange) []Prop {
	byKey := make(map[string]Prop, len(props)+1)
	for _, p := range props {
		byKey[p.Key] = p
	}
	if c.Value == nil {
		delete(byKey, c.Key)
	} else {
		byKey[c.Key] = Prop{Key: c.Key, Value: c.Value, Origin: byKey[c.Key].Origin}
	}
	return sortedProps(byKey)
}
