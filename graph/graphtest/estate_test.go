package graphtest_test

import (
	"bytes"
	"testing"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/graphtest"
)

func TestEstateIsDeterministicAndLooksLikeACloud(t *testing.T) {
	s := graphtest.Estate(graphtest.EstateConfig{Seed: 1, Edges: 10_000})
	graphtest.Equal(t, s, graphtest.Estate(graphtest.EstateConfig{Seed: 1, Edges: 10_000}))
	if graphtest.Difference(s, graphtest.Estate(graphtest.EstateConfig{Seed: 2, Edges: 10_000})) == "" {
		t.Error("two seeds give one estate")
	}
	if n := s.Edges(); n < 9_500 || n > 10_500 {
		t.Errorf("%d edges, want about 10,000", n)
	}
	for _, k := range []graph.Kind{graph.KindAccount, graph.KindRole, graph.KindUser, graph.KindInstance, graph.KindBucket, graph.KindSubnet, graph.KindSecurityGroup, graph.KindDBInstance, graph.KindSecret, graph.KindGap} {
		if len(s.ByKind(k)) == 0 {
			t.Errorf("no node of kind %s", k)
		}
	}
	size := 0
	for ref := range s.Refs() {
		for _, p := range s.Props(ref) {
			size += len(p.Value)
		}
	}
	t.Logf("%d nodes, %d edges, %d accounts, %d document bytes per node", s.Len(), s.Edges(), len(s.ByKind(graph.KindAccount)), size/s.Len())
}

func TestEstateDocumentsAreCanonicalJSON(t *testing.T) {
	s := graphtest.Estate(graphtest.EstateConfig{Seed: 3, Edges: 2_000})
	for ref := range s.Refs() {
		for _, p := range s.Props(ref) {
			if _, err := graph.RenderDocument(p.Value); err != nil || bytes.Contains(p.Value, []byte("%!")) {
				t.Fatalf("%s %s: %v in %s", s.Node(ref).ID, p.Key, err, p.Value)
			}
		}
	}
}
