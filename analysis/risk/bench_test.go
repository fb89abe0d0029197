package risk_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/cairn-security/cairn/analysis/risk"
	"github.com/cairn-security/cairn/analysis/route"
	"github.com/cairn-security/cairn/analysis/route/routetest"
)

// BenchmarkReached simulates 1,024 worlds for all targets of a seeded estate.
func BenchmarkReached(b *testing.B) {
	sizes := []int{1e4, 1e5, 1e6}
	if testing.Short() {
		sizes = sizes[:2]
	}
	for _, n := range sizes {
		b.Run(fmt.Sprintf("steps=%d", n), func(b *testing.B) {
			e := routetest.Generate(42, n)
			g := build(b, e.Nodes, e.Steps)
			f, m := finder(b, g), risk.NewModel(g, 0)
			var targets []route.StateID
			for _, s := range e.Targets {
				if v, ok := g.Lookup(s); ok {
					targets = append(targets, v)
				}
			}
			for b.Loop() {
				if _, err := m.Reached(context.Background(), f, targets); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(targets)), "targets")
		})
	}
}
