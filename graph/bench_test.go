package graph_test

import (
	"bytes"
	"fmt"
	"runtime"
	"testing"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/graphtest"
)

var sizes = []int{10_000, 100_000, 1_000_000}

// eachSize runs a benchmark on estates of every size. B/edge, where reported,
// counts everything: nodes, documents and edges.
func eachSize(b *testing.B, run func(b *testing.B, c graphtest.EstateConfig)) {
	for _, edges := range sizes {
		b.Run(fmt.Sprintf("edges=%d", edges), func(b *testing.B) {
			run(b, graphtest.EstateConfig{Seed: 42, Edges: edges})
		})
	}
}

func BenchmarkBuild(b *testing.B) {
	eachSize(b, func(b *testing.B, c graphtest.EstateConfig) {
		for b.Loop() {
			b.StopTimer()
			builder := graphtest.EstateBuilder(c)
			runtime.GC()
			b.StartTimer()
			if _, err := builder.Build(graph.Meta{ID: "s"}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkAssemble measures describing an estate to the builder and freezing
// it, the generator's own work included.
func BenchmarkAssemble(b *testing.B) {
	eachSize(b, func(b *testing.B, c graphtest.EstateConfig) {
		before := liveBytes()
		s := graphtest.Estate(c)
		live := liveBytes() - before
		b.ResetTimer()
		for b.Loop() {
			s = graphtest.Estate(c)
		}
		b.ReportMetric(float64(live)/float64(s.Edges()), "heap-B/edge")
	})
}

func BenchmarkEncode(b *testing.B) {
	eachSize(b, func(b *testing.B, c graphtest.EstateConfig) {
		s := graphtest.Estate(c)
		var buf bytes.Buffer
		for b.Loop() {
			buf.Reset()
			if err := graph.Encode(&buf, s); err != nil {
				b.Fatal(err)
			}
		}
		b.SetBytes(int64(buf.Len()))
		b.ReportMetric(float64(buf.Len())/float64(s.Edges()), "B/edge")
	})
}

func BenchmarkDecode(b *testing.B) {
	eachSize(b, func(b *testing.B, c graphtest.EstateConfig) {
		s := graphtest.Estate(c)
		data := encode(b, s)
		edges := s.Edges()
		s = nil
		before := liveBytes()
		kept, err := graph.DecodeBytes(bytes.Clone(data))
		if err != nil {
			b.Fatal(err)
		}
		live := liveBytes() - before
		runtime.KeepAlive(kept)
		kept = nil
		b.ResetTimer()
		for b.Loop() {
			if kept, err = graph.DecodeBytes(data); err != nil {
				b.Fatal(err)
			}
		}
		b.SetBytes(int64(len(data)))
		b.ReportMetric(float64(live)/float64(edges), "heap-B/edge")
	})
}

// BenchmarkLookup is one look-up by id among all ids of the estate.
func BenchmarkLookup(b *testing.B) {
	eachSize(b, func(b *testing.B, c graphtest.EstateConfig) {
		s := graphtest.Estate(c)
		i := 0
		for b.Loop() {
			ref := graph.Ref(i * 7919 % s.Len())
			if got, ok := s.Lookup(s.Node(ref).ID); !ok || got != ref {
				b.Fatal(got)
			}
			i++
		}
	})
}

// BenchmarkWalk visits every edge of the estate in both directions.
func BenchmarkWalk(b *testing.B) {
	eachSize(b, func(b *testing.B, c graphtest.EstateConfig) {
		s := graphtest.Estate(c)
		for b.Loop() {
			seen := 0
			for ref := range s.Refs() {
				for range s.Out(ref) {
					seen++
				}
				for range s.In(ref) {
					seen++
				}
			}
			if seen != 2*s.Edges() {
				b.Fatal(seen)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(2*s.Edges()), "ns/edge")
	})
}

func liveBytes() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
