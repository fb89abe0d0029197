package remediate

import (
	"crypto/sha256"
	"encoding/hex"

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
	// Before and After are the document that changes, canonical text; empty
	// where the change is no document.
	Before, After string
}

func (c *Change) seal(snap *graph.Snapshot) {
	sum := sha256.Sum256([]byte(c.Kind + "\x00" + snap.Node(c.Node).ID + "\x00" + c.Fact.Property + "\x00" + c.Fact.Anchor))
	c.ID = "fx-" + hex.EncodeToString(sum[:6])
	for _, s := range c.Patch.Set {
		if before, err := graph.RenderDocument(snap.Prop(s.Node, s.Key)); err == nil {
			c.Before = before.Text
		}
		if s.Value != nil {
			if after, err := graph.RenderDocument(s.Value); err == nil {
				c.After = after.Text
			}
		}
		return // the first document is the one that people look at
	}
}

// For returns the changes that would end a fact: none where nobody can change
// it alone. holders are principals of the path, so that a policy AWS owns can
// be detached from them. The order is stable.
func For(snap *graph.Snapshot, f attack.Fact, holders []graph.Ref) []Change {
	if f.Node == graph.NoRef {
		return nil
	}
	var list []Change
	for _, propose := range proposals {
		list = append(list, propose(snap, f, holders)...)
	}
	for i := range list {
		list[i].Fact = f
		list[i].seal(snap)
	}
	return list
}

type proposal func(snap *graph.Snapshot, f attack.Fact, holders []graph.Ref) []Change

var proposals = []proposal{removeStatement, detachPolicy, blockPublicAccess, removeGroupRule, removeSharing, removeGrant,
	requireSignedCalls, detachProfile, retireKey, removeCredential, closeDatabase}
