package graphtest

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/cairn-security/cairn/graph"
)

// Equal fails the test when two snapshots differ in anything that can be read
// from them, and names the first difference.
func Equal(t testing.TB, want, got *graph.Snapshot) {
	t.Helper()
	if d := Difference(want, got); d != "" {
		t.Fatalf("the snapshots differ: %s", d)
	}
}

// Difference names the first difference between two snapshots, "" when there
// is none. Times are equal when they are one instant; numbers of origins do
// not count, what they say does. Cost: O(n + m + bytes).
func Difference(want, got *graph.Snapshot) string {
	for _, check := range []func(a, b *graph.Snapshot) string{differentMeta, differentNodes, differentEdges, differentProps, differentGaps} {
		if d := check(want, got); d != "" {
			return d
		}
	}
	return ""
}

func differentMeta(a, b *graph.Snapshot) string {
	x, y := a.Meta(), b.Meta()
	same := x.ID == y.ID && x.TakenAt.Equal(y.TakenAt) && x.Source == y.Source &&
		slices.Equal(x.Accounts, y.Accounts) && slices.Equal(x.Regions, y.Regions) && maps.Equal(x.Tasks, y.Tasks)
	if !same {
		return fmt.Sprintf("meta %+v, want %+v", y, x)
	}
	return ""
}

func differentNodes(a, b *graph.Snapshot) string {
	if a.Len() != b.Len() {
		return fmt.Sprintf("%d nodes, want %d", b.Len(), a.Len())
	}
	for ref := range a.Refs() {
		if a.Node(ref) != b.Node(ref) {
			return fmt.Sprintf("node %d is %+v, want %+v", ref, b.Node(ref), a.Node(ref))
		}
		if found, ok := b.Lookup(a.Node(ref).ID); !ok || found != ref {
			return fmt.Sprintf("%s is found as node %d, want %d", a.Node(ref).ID, found, ref)
		}
	}
	for _, k := range graph.Kinds() {
		if !slices.Equal(a.ByKind(k), b.ByKind(k)) {
			return fmt.Sprintf("the lists of kind %s differ: %d and %d entries", k, len(b.ByKind(k)), len(a.ByKind(k)))
		}
	}
	return ""
}

func differentEdges(a, b *graph.Snapshot) string {
	if a.Edges() != b.Edges() {
		return fmt.Sprintf("%d edges, want %d", b.Edges(), a.Edges())
	}
	var x, y []arc
	for ref := range a.Refs() {
		x, y = x[:0], y[:0]
		for k, to := range a.Out(ref) {
			x = append(x, arc{"out", k, to})
		}
		for k, to := range b.Out(ref) {
			y = append(y, arc{"out", k, to})
		}
		for k, from := range a.In(ref) {
			x = append(x, arc{"in", k, from})
		}
		for k, from := range b.In(ref) {
			y = append(y, arc{"in", k, from})
		}
		if !slices.Equal(x, y) {
			return fmt.Sprintf("edges of %s: %v, want %v", a.Node(ref).ID, y, x)
		}
	}
	return ""
}

type arc struct {
	direction string
	kind      graph.EdgeKind
	other     graph.Ref
}

func differentProps(a, b *graph.Snapshot) string {
	for ref := range a.Refs() {
		x, y := a.Props(ref), b.Props(ref)
		if len(x) != len(y) {
			return fmt.Sprintf("%s has %d properties, want %d", a.Node(ref).ID, len(y), len(x))
		}
		for i := range x {
			if x[i].Key != y[i].Key || !bytes.Equal(x[i].Value, y[i].Value) {
				return fmt.Sprintf("%s: property %s = %s, want %s = %s", a.Node(ref).ID, y[i].Key, y[i].Value, x[i].Key, x[i].Value)
			}
			if o, p := a.Origin(x[i].Origin), b.Origin(y[i].Origin); !sameOrigin(o, p) {
				return fmt.Sprintf("%s: origin of %s is %+v, want %+v", a.Node(ref).ID, x[i].Key, p, o)
			}
		}
	}
	return ""
}

func sameOrigin(a, b graph.Origin) bool {
	same := a.ReadAt.Equal(b.ReadAt)
	a.ReadAt = b.ReadAt
	return same && a == b
}

func differentGaps(a, b *graph.Snapshot) string {
	x, y := a.Gaps(), b.Gaps()
	if len(x) != len(y) {
		return fmt.Sprintf("%d gaps, want %d", len(y), len(x))
	}
	for i := range x {
		g, h := x[i], y[i]
		affects := slices.Equal(g.Affects, h.Affects)
		g.Affects, h.Affects = nil, nil
		if !affects || fmt.Sprint(g) != fmt.Sprint(h) {
			return fmt.Sprintf("gap %d is %+v, want %+v", i, y[i], x[i])
		}
	}
	for ref := range a.Refs() {
		if len(a.GapsOf(ref)) != len(b.GapsOf(ref)) {
			return fmt.Sprintf("%s has %d gaps, want %d", a.Node(ref).ID, len(b.GapsOf(ref)), len(a.GapsOf(ref)))
		}
	}
	return ""
}
