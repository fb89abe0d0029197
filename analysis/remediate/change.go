package remediate

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/graph"
)

// Change is one thing a person can change.
type Change struct {
	ID     string // hash of what changes: survives rescans
	Title  string
	Kind   string // what kind of thing changes: "trust policy", "security group rule" ...
	Node   graph.Ref
	Effort int // 1 (a setting) to 5 (a redesign)
	Patch  graph.Patch
	Fact   attack.Fact // what it removes, or whose absence it ends
	// Commands would make the change with the AWS CLI; empty where the change
	// is no single call.
	Commands []string
	// Before and After are the document that changes, canonical text; Before is
	// empty where there was none, both where the change is no document.
	Before, After string

	// what tells changes of one kind to one node apart: the anchor of the element
	// that goes, the id of the policy that is detached; empty for a setting, so
	// that whatever fact asks for it, it is one change.
	what string
}

// For returns the changes that would end a fact: none where nobody can change
// it alone. holders are principals of the path, so that a policy can be detached
// from them. The order is stable.
func For(snap *graph.Snapshot, f attack.Fact, holders []graph.Ref) []Change {
	if f.Node == graph.NoRef {
		return nil
	}
	p := problem{snap: snap, fact: f, node: snap.Node(f.Node), holders: holders}
	var list []Change
	for _, propose := range proposals {
		list = append(list, propose(&p)...)
	}
	for i := range list {
		list[i].Fact = f
		list[i].seal(snap)
	}
	return list
}

// problem is a fact to end.
type problem struct {
	snap    *graph.Snapshot
	fact    attack.Fact
	node    graph.Node // of the fact
	holders []graph.Ref
}

var proposals = []func(*problem) []Change{pinSubject, removeStatement, detachPolicy, blockPublicAccess, removeGroupRule, removeSharing, removeGrant,
	requireSignedCalls, detachProfile, retireReportedKey, retireKey, removeCredential, closeDatabase}

// is reports whether the fact is that something stands in a property.
func (p *problem) is(property string) bool { return p.fact.Property == property && !p.fact.Absent }

// document is the property that holds the fact.
func (p *problem) document() json.RawMessage { return p.snap.Prop(p.fact.Node, p.fact.Property) }

// element is the element that the fact names.
func (p *problem) element() json.RawMessage {
	raw, _ := graph.Element(p.document(), p.fact.Pointer)
	return raw
}

// withoutElement takes the element that the fact names out of its document.
func (p *problem) withoutElement() (patch graph.Patch, ok bool) {
	rest, ok := graph.WithoutElement(p.document(), p.fact.Pointer)
	return set(p.fact.Node, p.fact.Property, rest), ok && !p.fact.Absent
}

// withElement puts a value at a pointer of the fact's document.
func (p *problem) withElement(pointer, value string) (patch graph.Patch, ok bool) {
	changed, ok := graph.WithElement(p.document(), pointer, json.RawMessage(value))
	return set(p.fact.Node, p.fact.Property, changed), ok && !p.fact.Absent
}

// set is a change of one property.
func set(node graph.Ref, key string, value json.RawMessage) graph.Patch {
	return graph.Patch{Set: []graph.PropChange{{Node: node, Key: key, Value: value}}}
}

func (c *Change) seal(snap *graph.Snapshot) {
	property := ""
	if len(c.Patch.Set) > 0 {
		first := c.Patch.Set[0] // the document that people look at
		property = first.Key
		if before := snap.Prop(first.Node, first.Key); before != nil {
			c.Before = rendered(before)
		}
		if first.Value != nil {
			c.After = rendered(first.Value)
		}
	}
	sum := sha256.Sum256([]byte(c.Kind + "\x00" + snap.Node(c.Node).ID + "\x00" + property + "\x00" + c.what))
	c.ID = "fx-" + hex.EncodeToString(sum[:6])
}

func rendered(raw json.RawMessage) string {
	doc, err := graph.RenderDocument(raw)
	if err != nil {
		return ""
	}
	return doc.Text
}

func name(n graph.Node) string {
	if n.Name != "" {
		return n.Name
	}
	return n.ID
}
