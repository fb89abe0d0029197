package neo4jstore_test

import (
	"testing"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/graphtest"
	"github.com/cairn-security/cairn/graph/neo4jstore/neo4jtest"
)

// An estate of about 125,000 nodes and 480,000 edges.
func bigEstate() *graph.Snapshot {
	return graphtest.Estate(graphtest.EstateConfig{Seed: 42, Edges: 500_000, ID: "big"})
}

func BenchmarkPut(b *testing.B) {
	s, snap := open(b, neo4jtest.Empty(b)), bigEstate()
	defer s.Close()
	for b.Loop() {
		if err := s.Put(b.Context(), snap, nil); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if err := s.Delete(b.Context(), "big"); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/float64(snap.Edges()), "µs/edge")
}

func BenchmarkLoad(b *testing.B) {
	s, snap := open(b, neo4jtest.Empty(b)), bigEstate()
	defer s.Close()
	if err := s.Put(b.Context(), snap, nil); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := s.Load(b.Context(), "big"); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/float64(snap.Edges()), "µs/edge")
}
