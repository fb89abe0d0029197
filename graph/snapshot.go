package graph

import (
	"encoding/json"
	"iter"
	"sort"
	"time"
)

// Ref is a dense node reference, valid inside one snapshot: 0 <= ref < Len().
// Nodes are ordered by account, kind and id, so refs are stable for equal input.
type Ref uint32

// NoRef is the reference of no node.
const NoRef = Ref(1<<32 - 1)

// Node is what identifies a node to people and machines.
type Node struct {
	ID      string // the provider's own (ARN; resource id where the account is unknown)
	Kind    Kind
	Name    string
	Account string // 12 digits or empty
	Region  string // empty for global things
}

// Meta describes a snapshot as a whole.
type Meta struct {
	ID       string    `json:"id"`
	TakenAt  time.Time `json:"takenAt"`
	Source   string    `json:"source"`   // "aws", "demo", "gaad" ...
	Accounts []string  `json:"accounts"` // accounts that were read
	Regions  []string  `json:"regions"`
	// Tasks counts slices by outcome.
	Tasks map[Outcome]int `json:"tasks"`
}

// Snapshot is one immutable, consistent picture of the estate. All methods are
// safe for concurrent use and cost O(1) unless they say otherwise.
type Snapshot struct {
	meta    Meta
	nodes   []Node
	byID    *lookup
	byKind  [kindCount][]Ref
	out, in adjacency
	propsAt []uint32 // node -> where its properties start in props; len(nodes)+1
	props   []Prop   // node after node, sorted by key
	origins []Origin
	gaps    []Gap
	gapsOf  map[Ref][]int // node -> indices of gaps that affect it

	byName  func() *lookup // made when the first name is asked for
	patched map[Ref][]Prop // properties of nodes that a [Patch] changed
}

// Meta returns the description of the snapshot.
func (s *Snapshot) Meta() Meta { return s.meta }

// ID returns the snapshot's id.
func (s *Snapshot) ID() string { return s.meta.ID }

// Len returns the number of nodes.
func (s *Snapshot) Len() int { return len(s.nodes) }

// Edges returns the number of edges.
func (s *Snapshot) Edges() int { return len(s.out.dst) }

// Node returns the node behind ref; ref must come from this snapshot.
func (s *Snapshot) Node(ref Ref) Node { return s.nodes[ref] }

// Kind returns the kind of the node behind ref.
func (s *Snapshot) Kind(ref Ref) Kind { return s.nodes[ref].Kind }

// Lookup finds a node by its id.
func (s *Snapshot) Lookup(id string) (ref Ref, ok bool) {
	ref = s.byID.first(id)
	return ref, ref != NoRef
}

// ByKind returns all nodes of a kind in order. The slice is shared: do not write.
func (s *Snapshot) ByKind(k Kind) []Ref { return s.byKind[k] }

// Refs iterates over all nodes in order.
func (s *Snapshot) Refs() iter.Seq[Ref] {
	return func(yield func(Ref) bool) {
		for i := range s.nodes {
			if !yield(Ref(i)) {
				return
			}
		}
	}
}

// Out iterates over the edges that leave ref, sorted by kind and target.
func (s *Snapshot) Out(ref Ref) iter.Seq2[EdgeKind, Ref] { return s.out.of(ref) }

// In iterates over the edges that enter ref, sorted by kind and source.
func (s *Snapshot) In(ref Ref) iter.Seq2[EdgeKind, Ref] { return s.in.of(ref) }

// OutKind iterates over the targets of ref's edges of one kind.
func (s *Snapshot) OutKind(ref Ref, k EdgeKind) iter.Seq[Ref] { return s.out.ofKind(ref, k) }

// InKind iterates over the sources of the edges of one kind that enter ref.
func (s *Snapshot) InKind(ref Ref, k EdgeKind) iter.Seq[Ref] { return s.in.ofKind(ref, k) }

// Prop returns the JSON value of a property, nil when the node has none.
func (s *Snapshot) Prop(ref Ref, key string) json.RawMessage {
	if p := s.prop(ref, key); p != nil {
		return p.Value
	}
	return nil
}

// PropOrigin says where a property was read; ok is false when the node has none.
func (s *Snapshot) PropOrigin(ref Ref, key string) (o Origin, ok bool) {
	if p := s.prop(ref, key); p != nil {
		return s.Origin(p.Origin), true
	}
	return Origin{}, false
}

// Props returns all properties of a node sorted by key. The slice is shared.
func (s *Snapshot) Props(ref Ref) []Prop {
	if len(s.patched) > 0 {
		if props, ok := s.patched[ref]; ok {
			return props
		}
	}
	from, to := s.propsAt[ref], s.propsAt[ref+1]
	return s.props[from:to:to]
}

// Origin returns the origin behind an id of this snapshot; an id that stands
// for none gives the empty origin.
func (s *Snapshot) Origin(id OriginID) Origin {
	if int(id) >= len(s.origins) {
		return Origin{}
	}
	return s.origins[id]
}

// Origins returns all origins, indexed by [OriginID]. The slice is shared.
func (s *Snapshot) Origins() []Origin { return s.origins }

// Text returns a property that is a JSON string, "" when it is anything else.
func (s *Snapshot) Text(ref Ref, key string) string {
	var text string
	if json.Unmarshal(s.Prop(ref, key), &text) != nil {
		return ""
	}
	return text
}

// Decode unmarshals a property into v; ok is false when the node has none.
func (s *Snapshot) Decode(ref Ref, key string, v any) (ok bool, err error) {
	raw := s.Prop(ref, key)
	if raw == nil {
		return false, nil
	}
	return true, json.Unmarshal(raw, v)
}

// Gaps returns all coverage gaps sorted by id. The slice is shared.
func (s *Snapshot) Gaps() []Gap { return s.gaps }

// GapsOf returns the gaps that affect a node, its account included: a list
// call that was refused for an account affects what the account may hold, but
// only the node itself is looked up here.
func (s *Snapshot) GapsOf(ref Ref) []*Gap {
	list := make([]*Gap, 0, len(s.gapsOf[ref]))
	for _, i := range s.gapsOf[ref] {
		list = append(list, &s.gaps[i])
	}
	return list
}

// Gap returns the first refused gap of one service operation that affects ref
// (or, second, ref's account), nil when there is none.
func (s *Snapshot) Gap(ref Ref, service, operation string) *Gap {
	for _, at := range [2]Ref{ref, s.AccountOf(ref)} {
		if at == NoRef {
			continue
		}
		for _, i := range s.gapsOf[at] {
			if g := &s.gaps[i]; g.Service == service && g.Operation == operation && g.Refused() {
				return g
			}
		}
	}
	return nil
}

// AccountOf returns the account node that ref stands in, NoRef when unknown.
func (s *Snapshot) AccountOf(ref Ref) Ref {
	if a := s.nodes[ref].Account; a != "" {
		return s.byID.first(AccountID(a))
	}
	return NoRef
}

// AccountID is the node id of an account: its root ARN.
func AccountID(account string) string { return "arn:aws:iam::" + account + ":root" }

func (s *Snapshot) prop(ref Ref, key string) *Prop {
	props := s.Props(ref)
	i := sort.Search(len(props), func(i int) bool { return props[i].Key >= key })
	if i < len(props) && props[i].Key == key {
		return &props[i]
	}
	return nil
}

// adjacency is one direction of the edges in compressed sparse rows.
type adjacency struct {
	start []uint32 // len(nodes)+1
	dst   []Ref
	kind  []EdgeKind
}

func (a *adjacency) of(ref Ref) iter.Seq2[EdgeKind, Ref] {
	return func(yield func(EdgeKind, Ref) bool) {
		for i := a.start[ref]; i < a.start[ref+1]; i++ {
			if !yield(a.kind[i], a.dst[i]) {
				return
			}
		}
	}
}

func (a *adjacency) ofKind(ref Ref, k EdgeKind) iter.Seq[Ref] {
	return func(yield func(Ref) bool) {
		for i := a.start[ref]; i < a.start[ref+1]; i++ {
			if a.kind[i] == k && !yield(a.dst[i]) {
				return
			}
		}
	}
}
