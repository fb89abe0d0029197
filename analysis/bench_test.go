package analysis_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"

	"github.com/cairn-security/cairn/analysis"
	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/graphtest"
)

// estates calls run with generated estates of 10^3, 10^4 and 10^5 nodes, and
// with one account of 10^4; the largest is left out with -short.
func estates(b *testing.B, run func(b *testing.B, snap *graph.Snapshot)) {
	for _, size := range []struct{ nodes, accounts int }{{1e3, 0}, {1e4, 0}, {1e4, 1}, {1e5, 0}} {
		name := fmt.Sprintf("nodes=%d", size.nodes)
		if size.accounts > 0 {
			name += "/account=one"
		}
		b.Run(name, func(b *testing.B) {
			if testing.Short() && size.nodes > 1e4 {
				b.Skip("minutes")
			}
			const edgesPerNode = 3.75
			run(b, graphtest.Estate(graphtest.EstateConfig{Seed: 42, Edges: int(float64(size.nodes) * edgesPerNode), AccountNodes: size.nodes * size.accounts}))
		})
	}
}

// BenchmarkRun measures a whole run: labels, permissions, network, steps,
// paths, risk, findings. live-B/node is what the result keeps.
func BenchmarkRun(b *testing.B) {
	estates(b, func(b *testing.B, snap *graph.Snapshot) {
		b.ReportAllocs()
		before := liveBytes()
		var r *analysis.Result
		for b.Loop() {
			r = mustRun(b, snap)
		}
		b.ReportMetric(float64(liveBytes()-before)/float64(snap.Len()), "live-B/node")
		b.ReportMetric(float64(snap.Len()), "nodes")
		b.ReportMetric(float64(r.Graph.Len()), "steps")
		b.ReportMetric(float64(len(r.Families)), "families")
	})
}

// What a result computes when first asked, each time from a fresh run.
func benchmarkLater(b *testing.B, ask func(r *analysis.Result) error) {
	estates(b, func(b *testing.B, snap *graph.Snapshot) {
		for b.Loop() {
			b.StopTimer()
			r := mustRun(b, snap)
			b.StartTimer()
			if err := ask(r); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkChokes(b *testing.B) {
	benchmarkLater(b, func(r *analysis.Result) error {
		_, err := r.Chokes(context.Background())
		return err
	})
}

func BenchmarkPrincipals(b *testing.B) {
	benchmarkLater(b, func(r *analysis.Result) error {
		_, err := r.Principals(context.Background())
		return err
	})
}

func BenchmarkAccess(b *testing.B) {
	benchmarkLater(b, func(r *analysis.Result) error {
		r.Access()
		return nil
	})
}

// BenchmarkFixes proves single changes, each by deriving the paths again; not on
// the largest estate, where all of them take half an hour.
func BenchmarkFixes(b *testing.B) {
	estates(b, func(b *testing.B, snap *graph.Snapshot) {
		if snap.Len() > 2e4 {
			b.Skip("half an hour")
		}
		for b.Loop() {
			b.StopTimer()
			r := mustRun(b, snap)
			b.StartTimer()
			if _, err := r.Fixes(context.Background()); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func mustRun(b *testing.B, snap *graph.Snapshot) *analysis.Result {
	b.Helper()
	r, err := analysis.Run(context.Background(), snap, analysis.Options{})
	if err != nil {
		b.Fatal(err)
	}
	return r
}

func liveBytes() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
