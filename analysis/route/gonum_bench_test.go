package route_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/cairn-security/cairn/analysis/route"
	"gonum.org/v1/gonum/graph/path"
)

// The benchmarks of gonum on the projection stand beside BenchmarkSearch and
// BenchmarkDerivations: their ratio is why ranking has a search of its own.

func BenchmarkGonumDijkstra(b *testing.B) {
	for _, n := range []int{1e4, 1e5} {
		b.Run(fmt.Sprintf("steps=%d", n), func(b *testing.B) {
			p := search(b, buildEstate(b, estateOf(n)), route.Lower).Projection(false)
			for b.Loop() {
				path.DijkstraFrom(p.Root(), p)
			}
		})
	}
}

func BenchmarkGonumDominators(b *testing.B) {
	for _, n := range []int{1e4, 1e5} {
		b.Run(fmt.Sprintf("steps=%d", n), func(b *testing.B) {
			p := search(b, buildEstate(b, estateOf(n)), route.Lower).Projection(false)
			for b.Loop() {
				p.Dominators()
			}
		})
	}
}

func BenchmarkGonumYen(b *testing.B) {
	const n = 1e4
	b.Run(fmt.Sprintf("k=10/steps=%d", int(n)), func(b *testing.B) {
		e := estateOf(n)
		g := buildEstate(b, e)
		r := search(b, g, route.Lower)
		p, targets := r.Projection(false), targetsOf(g, r, e)
		for i := 0; b.Loop(); i++ {
			path.YenKShortestPaths(p, 10, math.Inf(1), p.Root(), p.Node(int64(targets[i%len(targets)])))
		}
	})
}
