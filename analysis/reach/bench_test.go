package reach_test

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/cairn-security/cairn/analysis/reach"
	"github.com/cairn-security/cairn/analysis/reach/reachtest"
)

var benchSizes = []int{10_000, 100_000, 1_000_000}

func sizes(b *testing.B, run func(b *testing.B, n int)) {
	for _, n := range benchSizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			if n > 100_000 && testing.Short() {
				b.Skip("short")
			}
			run(b, n)
		})
	}
}

func items(n int, full bool) []reach.Item {
	var out []reach.Item
	reachtest.Generate(reachtest.Shape{Interfaces: n, Full: full, Seed: 1}, func(it reach.Item) { out = append(out, it) })
	return out
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func build(all []reach.Item) *reach.Estate {
	b := reach.NewBuilder()
	for _, it := range all {
		b.Add(it)
	}
	return b.Build()
}

// BenchmarkBuild measures decoding and linking of full-size descriptions.
func BenchmarkBuild(b *testing.B) {
	sizes(b, func(b *testing.B, n int) {
		if n > 100_000 {
			b.Skip("full descriptions of a million interfaces take over a gigabyte")
		}
		all := items(n, true)
		var bytes int64
		for _, it := range all {
			bytes += int64(len(it.Raw))
		}
		b.SetBytes(bytes)
		before := heap()
		var est *reach.Estate
		for b.Loop() {
			est = build(all)
		}
		b.ReportMetric(float64(int64(heap())-int64(before))/float64(n), "heap-B/interface")
		runtime.KeepAlive(est)
	})
}

// BenchmarkCompute measures everything that is computed of an estate: network
// classes, exact internet exposure of every interface, and what can be held by
// going on from there, hop by hop.
func BenchmarkCompute(b *testing.B) {
	sizes(b, func(b *testing.B, n int) {
		all := items(n, false)
		before := heap()
		var est *reach.Estate
		exposed, reached := 0, 0
		for b.Loop() {
			b.StopTimer()
			est = build(all)
			b.StartTimer()
			var seeds []reach.Position
			seen := map[reach.Position]bool{}
			exposed = 0
			list := est.Exposed(reach.Options{})
			for i := range list {
				x := &list[i]
				if x.Class != reach.ClassInternet && x.Class != reach.ClassRestricted {
					continue
				}
				exposed++
				for _, p := range est.PositionsOf(x.Resource) {
					if !seen[p] {
						seen[p] = true
						seeds = append(seeds, p)
					}
				}
			}
			reached = len(est.Lateral(seeds, nil))
		}
		b.ReportMetric(float64(int64(heap())-int64(before))/(1<<20), "heap-MiB")
		b.ReportMetric(float64(exposed), "exposed")
		b.ReportMetric(float64(est.Positions()), "classes")
		b.ReportMetric(float64(reached), "reached")
	})
}

// BenchmarkQuery measures one question with its chain.
func BenchmarkQuery(b *testing.B) {
	est := reachtest.Estate(reachtest.Shape{Interfaces: 10_000, Seed: 1})
	for b.Loop() {
		if _, err := est.Query("eni-0-1", "eni-1-7", reach.Options{Protocol: "tcp", Port: 443}); err != nil {
			b.Fatal(err)
		}
	}
}
