package route_test

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/cairn-security/cairn/analysis/route"
	"github.com/cairn-security/cairn/analysis/route/routetest"
	"github.com/cairn-security/cairn/graph"
)

// sizes of the benchmarks in steps; the largest is left out with -short.
func sizes(b *testing.B) []int {
	if testing.Short() {
		return []int{1e4, 1e5}
	}
	return []int{1e4, 1e5, 1e6}
}

var (
	estatesMu sync.Mutex
	estates   = map[int]*routetest.Estate{}
)

func estateOf(steps int) *routetest.Estate {
	estatesMu.Lock()
	defer estatesMu.Unlock()
	if estates[steps] == nil {
		clear(estates) // one at a time: they are large
		estates[steps] = routetest.Generate(42, steps)
	}
	return estates[steps]
}

func buildEstate(b *testing.B, e *routetest.Estate) *route.Graph {
	builder := route.NewBuilder(e.Nodes)
	for i := range e.Steps {
		builder.Add(e.Steps[i])
	}
	g, err := builder.Build()
	if err != nil {
		b.Fatal(err)
	}
	return g
}

func targetsOf(g *route.Graph, r *route.Run, e *routetest.Estate) []route.StateID {
	var list []route.StateID
	for _, s := range e.Targets {
		if v, ok := g.Lookup(s); ok && r.Reached(v) {
			list = append(list, v)
		}
	}
	return list
}

func eachSize(b *testing.B, run func(b *testing.B, e *routetest.Estate, g *route.Graph)) {
	for _, n := range sizes(b) {
		b.Run(fmt.Sprintf("steps=%d", n), func(b *testing.B) {
			e := estateOf(n)
			g := buildEstate(b, e)
			b.ResetTimer()
			run(b, e, g)
		})
	}
}

// BenchmarkBuild freezes steps into a graph. B/step is what the graph keeps.
func BenchmarkBuild(b *testing.B) {
	for _, n := range sizes(b) {
		b.Run(fmt.Sprintf("steps=%d", n), func(b *testing.B) {
			e := estateOf(n)
			before := liveBytes()
			g := buildEstate(b, e)
			kept := liveBytes() - before
			b.ResetTimer()
			for b.Loop() {
				g = buildEstate(b, e)
			}
			b.ReportMetric(float64(kept)/float64(g.Len()), "B/step")
			b.ReportMetric(float64(kept)/float64(edges(g)), "B/edge")
			b.ReportMetric(float64(g.States())/float64(g.Len()), "states/step")
			b.ReportMetric(float64(g.Factors())/float64(g.Len()), "factors/step")
		})
	}
}

// BenchmarkSearch finds the cheapest derivation of every state. B/edge is what
// the graph and the run keep together.
func BenchmarkSearch(b *testing.B) {
	for _, n := range sizes(b) {
		b.Run(fmt.Sprintf("steps=%d", n), func(b *testing.B) {
			e := estateOf(n)
			before := liveBytes()
			g := buildEstate(b, e)
			r := search(b, g, route.Lower)
			kept := liveBytes() - before
			b.ResetTimer()
			for b.Loop() {
				r = search(b, g, route.Lower)
			}
			b.ReportMetric(float64(kept)/float64(edges(g)), "B/edge")
			b.ReportMetric(float64(r.Count())/float64(g.States()), "reached/state")
		})
	}
}

// edges counts the pairs of a step and a state it needs or, for an entry, of
// the entry and what it gives.
func edges(g *route.Graph) int {
	n := 0
	for s := range route.StepID(g.Len()) {
		n += max(1, len(g.Premises(s)))
	}
	return n
}

func liveBytes() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// BenchmarkWithout removes one step that lies on a cheapest path to a target
// and searches again.
func BenchmarkWithout(b *testing.B) {
	eachSize(b, func(b *testing.B, e *routetest.Estate, g *route.Graph) {
		r := search(b, g, route.Lower)
		var steps []route.StepID
		for _, t := range targetsOf(g, r, e) {
			if d, ok := r.Enumerate(t).Next(context.Background()); ok {
				steps = append(steps, d.Steps...)
			}
		}
		var times latencies
		for i := 0; b.Loop(); i++ {
			gone := g.NewSet()
			gone.Add(steps[i*7919%len(steps)])
			start := time.Now()
			if _, err := r.Without(context.Background(), gone); err != nil {
				b.Fatal(err)
			}
			times = append(times, time.Since(start))
		}
		times.report(b)
	})
}

// latencies collects times of single operations.
type latencies []time.Duration

func (l latencies) report(b *testing.B) {
	slices.Sort(l)
	b.ReportMetric(float64(l[len(l)/2].Nanoseconds())/1e3, "p50-µs")
	b.ReportMetric(float64(l[len(l)*99/100].Nanoseconds())/1e3, "p99-µs")
}

// BenchmarkDerivations finds the k cheapest derivations of one target: of
// databases, which need a position and a credential (joins), and of the rest.
func BenchmarkDerivations(b *testing.B) {
	for _, k := range []int{10, 100} {
		for _, joins := range []bool{false, true} {
			b.Run(fmt.Sprintf("k=%d/joins=%v", k, joins), func(b *testing.B) {
				eachSize(b, func(b *testing.B, e *routetest.Estate, g *route.Graph) {
					r := search(b, g, route.Lower)
					targets := slices.DeleteFunc(targetsOf(g, r, e), func(v route.StateID) bool {
						return (g.Node(g.State(v).Node).Kind == graph.KindDBInstance) != joins
					})
					var times latencies
					for i := 0; b.Loop(); i++ {
						start := time.Now()
						enum := r.Enumerate(targets[i%len(targets)])
						for range k {
							if _, ok := enum.Next(context.Background()); !ok {
								break
							}
						}
						times = append(times, time.Since(start))
					}
					times.report(b)
				})
			})
		}
	}
}

// BenchmarkPaths finds ten paths to one target, contracted and named.
func BenchmarkPaths(b *testing.B) {
	eachSize(b, func(b *testing.B, e *routetest.Estate, g *route.Graph) {
		r := search(b, g, route.Lower)
		targets := targetsOf(g, r, e)
		var times latencies
		for i := 0; b.Loop(); i++ {
			start := time.Now()
			r.Paths(context.Background(), targets[i%len(targets)], 10)
			times = append(times, time.Since(start))
		}
		times.report(b)
	})
}

func BenchmarkChokePoints(b *testing.B) {
	eachSize(b, func(b *testing.B, e *routetest.Estate, g *route.Graph) {
		f, err := route.NewFinder(context.Background(), g)
		if err != nil {
			b.Fatal(err)
		}
		targets := targetsOf(g, f.Lower(), e)
		families, _ := f.Families(context.Background(), route.FamilyQuery{Targets: targets, PathsPerTarget: 10})
		b.ResetTimer()
		var points []route.Choke
		for b.Loop() {
			points, err = f.Lower().ChokePoints(context.Background(), families, 0)
			if err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(len(points)), "points")
		b.ReportMetric(float64(len(targets)), "targets")
	})
}

func BenchmarkFamilies(b *testing.B) {
	eachSize(b, func(b *testing.B, e *routetest.Estate, g *route.Graph) {
		f, err := route.NewFinder(context.Background(), g)
		if err != nil {
			b.Fatal(err)
		}
		targets := targetsOf(g, f.Lower(), e)
		var families []route.Family
		for b.Loop() {
			families, _ = f.Families(context.Background(), route.FamilyQuery{Targets: targets, PathsPerTarget: 10})
		}
		b.ReportMetric(float64(len(families)), "families")
	})
}
