package attack

import "testing"

func TestAndIsAsCertainAsItsWorst(t *testing.T) {
	yes := &Decision{Allowed: true, Support: []Group{{{Property: "policy", Anchor: "a"}}}}
	maybe := &Decision{Allowed: true, Status: Conditional, Conditions: [][]Condition{{{Key: "aws:SourceVpc"}}, {{Key: "aws:SourceIp"}}}}
	unread := &Decision{Allowed: true, Status: Unknown, Gaps: []string{"g"}}
	no := &Decision{Explicit: true}

	if got := And(yes, maybe); !got.Allowed || got.Status != Conditional || len(got.Conditions) != 2 || len(got.Support) != 1 {
		t.Errorf("yes and conditional = %+v", got)
	}
	if got := And(maybe, maybe); len(got.Conditions) != 4 {
		t.Errorf("alternatives multiply: %d, want 4", len(got.Conditions))
	}
	if got := And(yes, unread, maybe); got.Status != Unknown || len(got.Gaps) != 1 {
		t.Errorf("with a gap = %+v", got)
	}
	if got := And(unread, no); got.Allowed || got.Status != Decided || !got.Explicit {
		t.Errorf("a decided no wins, got %+v", got)
	}
}
