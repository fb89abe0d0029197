package risk_test

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/risk"
	"github.com/cairn-security/cairn/analysis/route"
	"github.com/cairn-security/cairn/analysis/route/routetest"
	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/settings"
	"pgregory.net/rapid"
)

type fataler interface{ Fatal(...any) }

func build(t fataler, nodes route.Nodes, steps []attack.Step) *route.Graph {
	b := route.NewBuilder(nodes)
	for _, s := range steps {
		b.Add(s)
	}
	g, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func finder(t fataler, g *route.Graph) *route.Finder {
	f, err := route.NewFinder(context.Background(), g)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// chances sums up every combination of factors, deriving anew in each.
func chances(g *route.Graph, admit attack.Status, visit func(p float64, reached map[route.StateID]bool)) {
	for world := range 1 << g.Factors() {
		p := 1.0
		for f := range g.Factors() {
			v := g.Factor(route.FactorID(f)).Value
			if world>>f&1 == 1 {
				p *= v
			} else {
				p *= 1 - v
			}
		}
		if p == 0 {
			continue
		}
		reached := map[route.StateID]bool{}
		for grown := true; grown; {
			grown = false
			for v := range route.StateID(g.States()) {
				for s := range g.Into(v) {
					fails := g.Status(s) > admit ||
						slices.ContainsFunc(g.StepFactors(s), func(f route.FactorID) bool { return world>>f&1 == 0 }) ||
						slices.ContainsFunc(g.Premises(s), func(p route.StateID) bool { return !reached[p] })
					if !fails && !reached[v] {
						reached[v], grown = true, true
					}
				}
			}
		}
		visit(p, reached)
	}
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

var shape = routetest.Shape{States: 6, Steps: 12, Joins: true, Factors: 6, Facts: 4}

func TestFewFactorsGiveTheExactChance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := build(t, routetest.SomeNodes(6), routetest.Draw(t, shape))
		var want, upper [8]float64
		chances(g, attack.Conditional, func(p float64, reached map[route.StateID]bool) {
			for v := range reached {
				want[v] += p
			}
		})
		chances(g, attack.Unknown, func(p float64, reached map[route.StateID]bool) {
			for v := range reached {
				upper[v] += p
			}
		})
		targets := slices.Collect(g.OfKind(attack.Controls))
		got, err := risk.NewModel(g, 0).Reached(context.Background(), finder(t, g), targets)
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range targets {
			if e := got[i]; !e.Exact || !near(e.Value, want[v]) || !near(e.Lower, want[v]) || !near(e.Upper, upper[v]) {
				t.Fatalf("state %d: %+v, want %v and upper %v", v, e, want[v], upper[v])
			}
		}
	})
}

func TestBoundsHoldTheChance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := build(t, routetest.SomeNodes(6), routetest.Draw(t, shape))
		run := finder(t, g).Lower()
		m := risk.NewModel(g, 0)
		var want [8]float64
		chances(g, attack.Conditional, func(p float64, reached map[route.StateID]bool) {
			for v := range reached {
				want[v] += p
			}
		})
		for v := range route.StateID(g.States()) {
			b, err := m.Bounds(context.Background(), run, v)
			if err != nil {
				t.Fatal(err)
			}
			if b.Lower > want[v]+1e-9 || b.Upper < want[v]-1e-9 {
				t.Fatalf("state %d: %+v does not hold %v", v, b, want[v])
			}
		}
	})
}

func TestAllPathsTogetherAreTheTarget(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := build(t, routetest.SomeNodes(6), routetest.Draw(t, shape))
		f, m := finder(t, g), risk.NewModel(g, 0)
		for v := range route.StateID(g.States()) {
			var paths []route.Path
			for e := f.Lower().Enumerate(v); ; {
				d, ok := e.Next(context.Background())
				if !ok {
					break
				}
				paths = append(paths, f.Lower().Contract(d))
			}
			got, err := m.Reached(context.Background(), f, []route.StateID{v})
			if err != nil {
				t.Fatal(err)
			}
			if e := m.Family(paths); !near(e.Value, got[0].Value) {
				t.Fatalf("state %d: any of %d paths %v, reached %v", v, len(paths), e.Value, got[0].Value)
			}
		}
	})
}

func TestRemovedRiskIsTheDifference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := build(t, routetest.SomeNodes(6), routetest.Draw(t, shape))
		gone := g.StepsResting(routetest.Fact(0).Key(), routetest.Fact(1).Key())
		set := g.NewSet()
		for _, s := range gone {
			set.Add(s)
		}
		var stakes []risk.Stake
		for i, v := range slices.Collect(g.OfKind(attack.Controls)) {
			// Two outcomes on one node now and then: the worse counts.
			stakes = append(stakes, risk.Stake{Target: v, Node: graph.Ref(i / 2), Impact: float64(100 * (i + 1))})
		}
		m := risk.NewModel(g, 0)
		total := func(g *route.Graph) float64 {
			e, err := m.Estate(context.Background(), finder(t, g), stakes)
			if err != nil {
				t.Fatal(err)
			}
			return e.Total.Value
		}
		a, err := m.Assess(context.Background(), finder(t, g).Lower(), stakes)
		if err != nil {
			t.Fatal(err)
		}
		got, err := a.Removed(context.Background(), gone)
		if err != nil {
			t.Fatal(err)
		}
		if want := total(g) - total(g.Without(set)); !near(got.Value, want) || got.Lower > got.Value || got.Upper < got.Value {
			t.Fatalf("removed %+v, want %v", got, want)
		}
	})
}

// ladder is a target behind n independent ways: more factors than are summed up.
func ladder(t fataler, n int, p float64) (*route.Graph, route.StateID) {
	nodes := routetest.SomeNodes(n + 2)
	steps := []attack.Step{{Technique: "entry", Conclusion: routetest.Controls(0)}}
	for i := range n {
		steps = append(steps,
			attack.Step{Technique: "a", Premises: []attack.State{routetest.Controls(0)}, Conclusion: routetest.Controls(i + 1), Factors: []attack.Factor{{Key: "up" + nodes[i].ID, Value: p}}},
			attack.Step{Technique: "b", Premises: []attack.State{routetest.Controls(i + 1)}, Conclusion: routetest.Controls(n + 1), Factors: []attack.Factor{{Key: "on" + nodes[i].ID, Value: p}}})
	}
	g := build(t, nodes, steps)
	v, _ := g.Lookup(routetest.Controls(n + 1))
	return g, v
}

func TestSimulationCoversTheChance(t *testing.T) {
	outside := 0
	const trials = 40
	for n := 7; n < 7+trials; n++ {
		g, v := ladder(t, n, 0.2)
		want := 1 - math.Pow(1-0.04, float64(n))
		got, err := risk.NewModel(g, 0).Reached(context.Background(), finder(t, g), []route.StateID{v})
		if err != nil {
			t.Fatal(err)
		}
		if got[0].Exact || got[0].Lower > got[0].Value || got[0].Value > got[0].Upper {
			t.Fatalf("%+v", got[0])
		}
		if want < got[0].Lower || want > got[0].Upper {
			outside++
		}
	}
	// 5 % are expected outside; neighbours share luck, so leave room.
	if outside > trials/4 {
		t.Errorf("%d of %d intervals miss the chance", outside, trials)
	}
}

func TestWorldsDependOnKeysAlone(t *testing.T) {
	small, v := ladder(t, 8, 0.3)
	large, w := ladder(t, 20, 0.3)
	// Cut the large one down to the ways of the small one: same keys, same luck.
	gone := large.NewSet()
	for i := 9; i <= 20; i++ {
		for _, s := range large.StepsOn(graph.Ref(i)) {
			gone.Add(s)
		}
	}
	a, err := risk.NewModel(small, 0).Reached(context.Background(), finder(t, small), []route.StateID{v})
	if err != nil {
		t.Fatal(err)
	}
	b, err := risk.NewModel(large, 0).Reached(context.Background(), finder(t, large.Without(gone)), []route.StateID{w})
	if err != nil {
		t.Fatal(err)
	}
	if a[0] != b[0] {
		t.Errorf("%+v and %+v under the same luck", a[0], b[0])
	}
}

func TestWhatIsUnreadEntersTheUpperEndOnly(t *testing.T) {
	unread := []*attack.Decision{{Allowed: true, Status: attack.Unknown}}
	g := build(t, routetest.SomeNodes(2), []attack.Step{
		{Technique: "entry", Conclusion: routetest.Controls(0), Factors: []attack.Factor{{Key: "entry:x", Value: 0.5}}},
		{Technique: "a", Premises: []attack.State{routetest.Controls(0)}, Conclusion: routetest.Controls(1), Decisions: unread, Factors: []attack.Factor{{Key: "a", Value: 0.5}}},
	})
	f, m := finder(t, g), risk.NewModel(g, 0)
	want := risk.Estimate{Upper: 0.25, Exact: true}
	list, _ := f.Families(context.Background(), route.FamilyQuery{Targets: []route.StateID{1}})
	if len(list) != 1 || m.Family(list[0].Paths) != want || m.Path(list[0].Best()) != want {
		t.Fatalf("%+v", list)
	}
	score := risk.NewScore(m.Family(list[0].Paths), 800, settings.Levels{Critical: 200, High: 80, Medium: 20})
	if score.Risk.Value != 0 || score.Risk.Upper != 200 || score.Level != "low" {
		t.Errorf("%+v", score)
	}
}

func TestRemovalIsComparedUnderTheSameLuck(t *testing.T) {
	g, v := ladder(t, 20, 0.3)
	stakes := []risk.Stake{{Target: v, Node: 21, Impact: 1000}}
	m := risk.NewModel(g, 0)
	a, err := m.Assess(context.Background(), finder(t, g).Lower(), stakes)
	if err != nil {
		t.Fatal(err)
	}
	points := []route.Choke{{Element: route.Element{Node: 1}}, {Element: route.Element{Node: 0}}}
	list, err := a.ChokePoints(context.Background(), points)
	if err != nil {
		t.Fatal(err)
	}
	before, err := m.Estate(context.Background(), finder(t, g), stakes)
	if err != nil {
		t.Fatal(err)
	}
	if list[0].Node != 0 || !near(list[0].RiskRemoved.Value, before.Total.Value) {
		t.Errorf("without its entry nothing is left: %+v of %+v", list[0].RiskRemoved, before.Total)
	}
	gone := g.NewSet()
	for _, s := range g.StepsOn(1) {
		gone.Add(s)
	}
	after, err := m.Estate(context.Background(), finder(t, g.Without(gone)), stakes)
	if err != nil {
		t.Fatal(err)
	}
	one := list[1].RiskRemoved
	if !near(one.Value, before.Total.Value-after.Total.Value) {
		t.Errorf("removed %+v, difference %v", one, before.Total.Value-after.Total.Value)
	}
	// One of 20 ways of chance 0.09 each: lost where it alone holds.
	if want := 1000 * 0.09 * math.Pow(0.91, 19); want < one.Lower || want > one.Upper || one.Upper-one.Lower > 20 {
		t.Errorf("removed %+v, want about %v", one, want)
	}
}
