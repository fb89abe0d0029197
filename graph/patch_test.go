package graph

import (
	"encoding/json"
	"testing"
)

func TestWithLeavesTheOriginalAlone(t *testing.T) {
	s := build(t)
	role, _ := s.Lookup("arn:aws:iam::111122223333:role/a")
	policy, _ := s.Lookup("arn:aws:iam::111122223333:policy/p")
	edges := s.Edges()
	w := s.With(Patch{
		Set: []PropChange{
			{Node: role, Key: PropTrust},
			{Node: role, Key: PropTags, Value: json.RawMessage(`{"a":"b"}`)},
		},
		Unlink: []EdgeChange{{From: role, To: policy, Kind: EdgeHasPolicy}},
	})
	if w.Prop(role, PropTrust) != nil || string(w.Prop(role, PropTags)) != `{"a":"b"}` {
		t.Errorf("patched properties: %v", w.Props(role))
	}
	if w.Edges() != edges-1 {
		t.Errorf("%d edges after removing one of %d", w.Edges(), edges)
	}
	for to := range w.OutKind(role, EdgeHasPolicy) {
		t.Errorf("edge to %s is still there", w.Node(to).ID)
	}
	if s.Prop(role, PropTrust) == nil || s.Prop(role, PropTags) != nil || s.Edges() != edges {
		t.Error("the original changed")
	}
}
