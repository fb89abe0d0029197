package view

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/cairn-security/cairn/analysis/report"
	"github.com/cairn-security/cairn/graph"
)

// Node is anything with an id that keeps its meaning over rescans.
type Node interface{ IsNode() }

// EstateNode is a node of the estate, or something outside that only a question
// or a document names.
type EstateNode struct {
	report.Node
	v   *View
	ref graph.Ref
}

// IsNode marks it as a Node of the schema.
func (n *EstateNode) IsNode() {}

// node describes the node behind ref. No reference stands for a start that is
// no node of its own: the internet.
func (v *View) node(ref graph.Ref) *EstateNode {
	if ref == graph.NoRef {
		return v.named("internet")
	}
	return &EstateNode{Node: report.NodeOf(v.snap(), ref), v: v, ref: ref}
}

// named describes the node with an id; an id that nothing in the snapshot has
// gives a node that is known by name alone.
func (v *View) named(id string) *EstateNode {
	if ref, ok := v.snap().Lookup(id); ok {
		return v.node(ref)
	}
	n := &EstateNode{Node: report.Node{ID: id, Name: id, Kind: graph.KindUnknown.String()}, v: v, ref: graph.NoRef}
	switch id {
	case "", "internet":
		n.Node = report.Node{ID: "internet", Name: "Internet", Kind: graph.KindInternet.String()}
	case "onprem":
		n.Node.Name, n.Node.Kind = graph.KindOnPrem.Title(), graph.KindOnPrem.String()
	}
	return n
}

// of finds the node that a document of the commands describes.
func (v *View) of(n report.Node) *EstateNode { return v.named(n.ID) }

func (v *View) nodes(refs []graph.Ref) []*EstateNode {
	out := make([]*EstateNode, len(refs))
	for i, r := range refs {
		out[i] = v.node(r)
	}
	return out
}

// KindTitle is the kind for people.
func (n *EstateNode) KindTitle() string {
	k, ok := graph.ParseKind(n.Kind)
	if !ok {
		return n.Kind
	}
	return k.Title()
}

// AccountName is the alias or name of the account, where it was read.
func (n *EstateNode) AccountName() *string {
	if n.Account == nil {
		return nil
	}
	return n.v.accountName(*n.Account)
}

// Datastore is set when the node holds data.
func (n *EstateNode) Datastore() *Datastore {
	if n.ref == graph.NoRef {
		return nil
	}
	return n.v.datastoreOf(n.ref)
}

// Principal is set when the node is a user or role.
func (n *EstateNode) Principal(ctx context.Context) (*Principal, error) {
	if k := n.v.kindOf(n.ref); k != graph.KindUser && k != graph.KindRole {
		return nil, nil
	}
	return n.v.principalOf(ctx, n.ref)
}

// Endpoint is set when the node listens somewhere.
func (n *EstateNode) Endpoint() *Endpoint {
	if n.ref == graph.NoRef {
		return nil
	}
	return n.v.endpoints().of(n.ref)
}

// AttackPaths are families with a path through the node, by risk.
func (n *EstateNode) AttackPaths(first *int) ([]*AttackPath, error) {
	return firstOf(n.v.paths().through[n.ref], first)
}

// Documents are the raw documents kept of the node, by title.
func (n *EstateNode) Documents() []*Document {
	if n.ref == graph.NoRef {
		return nil
	}
	var out []*Document
	for _, p := range n.v.snap().Props(n.ref) {
		if composite(p.Value) {
			out = append(out, &Document{v: n.v, node: n.ref, property: p.Key})
		}
	}
	sortBy(out, (*Document).Title)
	return out
}

// composite tells documents from plain values.
func composite(raw json.RawMessage) bool { return len(raw) > 0 && (raw[0] == '{' || raw[0] == '[') }

func (v *View) kindOf(ref graph.Ref) graph.Kind {
	if ref == graph.NoRef {
		return graph.KindUnknown
	}
	return v.snap().Kind(ref)
}

// Node finds the object with an id: a gap, a node of the estate, a family or a
// path, a finding, a document or a fix. nil when there is none.
func (v *View) Node(ctx context.Context, id string) (Node, error) {
	if g := v.gaps().byID[id]; g != nil {
		return g, nil
	}
	if ref, ok := v.snap().Lookup(id); ok {
		return v.node(ref), nil
	}
	if f := v.Result.FamilyByID(id); f != nil {
		family := v.paths().of(f)
		if f.ID == id {
			return family, nil
		}
		for i := range f.Paths {
			if f.Paths[i].ID == id {
				return family.number(i), nil
			}
		}
	}
	if f := v.findings().byID[id]; f != nil {
		return f, nil
	}
	if d := v.Document(id); d != nil {
		return d, nil
	}
	switch id {
	case "internet", "onprem":
		return v.named(id), nil
	}
	if id == v.Info.ID {
		return v.Snapshot(), nil
	}
	if !strings.HasPrefix(id, "fx-") {
		return nil, nil
	}
	all, ok, err := v.fixesSoon(ctx)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, Errorf(codeTrying, "changes are still being tried: ask for %.80q again in a moment", id)
	}
	for _, f := range all.list {
		if f.ID() == id {
			return f, nil
		}
	}
	return nil, nil
}
