package graph

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func build(t *testing.T) *Snapshot {
	t.Helper()
	b := NewBuilder()
	account, _ := b.Add(Node{ID: AccountID("111122223333"), Kind: KindAccount, Account: "111122223333"})
	role, _ := b.Add(Node{ID: "arn:aws:iam::111122223333:role/a", Kind: KindRole, Name: "a", Account: "111122223333"})
	dangling := b.Refer(Node{ID: "arn:aws:iam::111122223333:policy/p", Name: "p", Account: "111122223333"})
	b.Link(account, role, EdgeContains)
	b.Link(account, role, EdgeContains)
	b.Link(role, dangling, EdgeHasPolicy)
	origin := b.Origin(Origin{Service: "iam", Operation: "GetAccountAuthorizationDetails"})
	if err := b.Set(role, PropTrust, json.RawMessage(`{ "Statement": [] }`), origin); err != nil {
		t.Fatal(err)
	}
	b.Gap(Gap{ID: "gap:1", Account: "111122223333", Service: "s3", Operation: "ListBuckets", Outcome: OutcomeDenied, Affects: []string{AccountID("111122223333")}})
	s, err := b.Build(Meta{ID: "s1"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestBuildKeepsDanglingReferencesAsUnknownNodes(t *testing.T) {
	s := build(t)
	ref, ok := s.Lookup("arn:aws:iam::111122223333:policy/p")
	if !ok || s.Kind(ref) != KindUnknown {
		t.Fatalf("dangling policy: found %v kind %v, want an unknown node", ok, s.Kind(ref))
	}
	if s.Edges() != 3 {
		t.Errorf("%d edges, want 3: duplicates collapse, the gap links what it affects", s.Edges())
	}
	role, _ := s.Lookup("arn:aws:iam::111122223333:role/a")
	if got := string(s.Prop(role, PropTrust)); got != `{"Statement":[]}` {
		t.Errorf("trust = %s", got)
	}
	if g := s.Gap(role, "s3", "ListBuckets"); g == nil || g.ID != "gap:1" {
		t.Errorf("gap of the account is not found from its role: %v", g)
	}
}

func TestWithdrawTakesPropertiesBack(t *testing.T) {
	b := NewBuilder()
	h, _ := b.Add(Node{ID: "n", Kind: KindUser})
	first, second := b.Origin(Origin{Operation: "A"}), b.Origin(Origin{Operation: "B"})
	for key, origin := range map[string]OriginID{"one": first, "two": second, "three": first} {
		if err := b.Set(h, key, []byte("1"), origin); err != nil {
			t.Fatal(err)
		}
	}
	b.Withdraw(h, func(p Prop) bool { return p.Origin == first })
	if _, ok := b.Property(h, "one"); ok {
		t.Error("a property that was withdrawn is there")
	}
	if p, ok := b.Property(h, "two"); !ok || p.Origin != second || string(p.Value) != "1" {
		t.Errorf("property %+v, %v", p, ok)
	}
	s, err := b.Build(Meta{ID: "s"})
	if err != nil {
		t.Fatal(err)
	}
	if props := s.Props(0); len(props) != 1 || props[0].Key != "two" {
		t.Errorf("properties %+v", props)
	}
}

func TestResolve(t *testing.T) {
	s := build(t)
	for _, arg := range []string{"a", "role/a", "arn:aws:iam::111122223333:role/a"} {
		if ref, err := s.Resolve(arg); err != nil || s.Node(ref).Name != "a" {
			t.Errorf("Resolve(%q) = %v, %v", arg, ref, err)
		}
	}
	var missing *NotFoundError
	if _, err := s.Resolve("zzz"); !errors.As(err, &missing) {
		t.Errorf("Resolve of a missing name: %v", err)
	}
}

func TestRenderDocumentLines(t *testing.T) {
	d, err := RenderDocument(json.RawMessage(`{"Version":"2012-10-17","Statement":[{"Sid":"A","Action":["x","y"]},{"Sid":"B"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		pointer  string
		from, to int
	}{
		{"", 1, 15}, {"/Version", 2, 2}, {"/Statement/0", 4, 10}, {"/Statement/1", 11, 13}, {"/Statement/1/Nope", 11, 13}, {"/Statement/0/Action/1", 8, 8},
	} {
		from, to := d.Lines(c.pointer)
		if from != c.from || to != c.to {
			t.Errorf("Lines(%q) = %d-%d, want %d-%d\n%s", c.pointer, from, to, c.from, c.to, d.Text)
		}
	}
}

func TestAnchorIgnoresOrderAndSpace(t *testing.T) {
	a := Anchor(json.RawMessage(`{"a":1,"b":[1,2]}`))
	b := Anchor(json.RawMessage(` { "b" : [1, 2], "a": 1 }`))
	c := Anchor(json.RawMessage(`{"b":[2,1],"a":1}`))
	if a != b || a == c {
		t.Errorf("anchors %s %s %s: want the first two equal and the third different", a, b, c)
	}
}

func TestKindsRoundTrip(t *testing.T) {
	var names []string
	for _, k := range Kinds() {
		names = append(names, k.String())
		if back, ok := ParseKind(k.String()); !ok || back != k {
			t.Errorf("ParseKind(%q) = %v, %v", k.String(), back, ok)
		}
		if k.Title() == "" {
			t.Errorf("kind %d has no title", k)
		}
	}
	seen := map[string]bool{}
	for _, n := range names {
		if seen[n] || n == "" {
			t.Errorf("kind name %q is empty or used twice", n)
		}
		seen[n] = true
	}
	if diff := cmp.Diff(len(names), len(seen)); diff != "" {
		t.Error(diff)
	}
}
