package boltstore_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/graphtest"
)

func eachSize(b *testing.B, run func(b *testing.B, snap *graph.Snapshot)) {
	for _, edges := range []int{10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprintf("edges=%d", edges), func(b *testing.B) {
			run(b, graphtest.Estate(graphtest.EstateConfig{Seed: 42, Edges: edges, ID: "s"}))
		})
	}
}

func BenchmarkPut(b *testing.B) {
	eachSize(b, func(b *testing.B, snap *graph.Snapshot) {
		s := open(b, filepath.Join(b.TempDir(), "cairn.db"))
		for b.Loop() {
			if err := s.Put(b.Context(), snap, nil); err != nil {
				b.Fatal(err)
			}
			b.StopTimer()
			if err := s.Delete(b.Context(), "s"); err != nil {
				b.Fatal(err)
			}
			b.StartTimer()
		}
	})
}

func BenchmarkLoad(b *testing.B) {
	eachSize(b, func(b *testing.B, snap *graph.Snapshot) {
		s := open(b, filepath.Join(b.TempDir(), "cairn.db"))
		if err := s.Put(b.Context(), snap, nil); err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			if _, err := s.Load(b.Context(), "s"); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkOpen is what polling for a newer snapshot costs.
func BenchmarkOpen(b *testing.B) {
	eachSize(b, func(b *testing.B, snap *graph.Snapshot) {
		s := open(b, filepath.Join(b.TempDir(), "cairn.db"))
		if err := s.Put(b.Context(), snap, nil); err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			if _, err := s.List(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	})
}
