package route_test

import (
	"context"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/route"
	"github.com/cairn-security/cairn/analysis/route/routetest"
	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/gonum/graph/path"
	"pgregory.net/rapid"
)

var joined = routetest.Shape{States: 6, Steps: 12, Joins: true, Factors: 6, Facts: 5}

// depth is the least depth over all derivations, by rounds.
func (o *oracle) depth() map[route.StateID]int {
	depth := map[route.StateID]int{}
	for changed := true; changed; {
		changed = false
		for v, steps := range o.into {
			for _, s := range steps {
				d, ok := 0, true
				for _, p := range o.g.Premises(s) {
					dp, known := depth[p]
					ok = ok && known
					d = max(d, dp+1)
				}
				if old, known := depth[v]; ok && (!known || d < old) {
					depth[v], changed = d, true
				}
			}
		}
	}
	return depth
}

func TestHopsAreThoseOfTheShallowestDerivation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := build(t, routetest.SomeNodes(6), routetest.Draw(t, joined))
		r, want := search(t, g, route.Lower), newOracle(g, attack.Conditional).depth()
		for v := range route.StateID(g.States()) {
			hops, ok := r.Hops(v)
			if w, known := want[v]; ok != known || hops != w {
				t.Fatalf("state %d: %d hops (%v), want %d (%v)", v, hops, ok, w, known)
			}
		}
	})
}

func TestOrderOfInputDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		nodes, steps := routetest.SomeNodes(6), routetest.Draw(t, joined)
		shuffled := slices.Clone(steps)
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		rng.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if diff := cmp.Diff(describe(t, build(t, nodes, steps)), describe(t, build(t, nodes, shuffled))); diff != "" {
			t.Fatal(diff)
		}
	})
}

// describe writes down everything the search says about a graph.
func describe(t *rapid.T, g *route.Graph) []route.Path {
	r := search(t, g, route.Upper)
	var all []route.Path
	for v := range route.StateID(g.States()) {
		paths, truncated := r.Paths(context.Background(), v, 5)
		if truncated {
			t.Fatal("truncated")
		}
		for _, p := range paths {
			all = append(all, route.Path{ID: p.ID, Family: p.Family, Target: p.Target, Steps: p.Steps, Status: p.Status, Factors: p.Factors, Cost: p.Cost, Raw: p.Raw})
		}
	}
	return all
}

func TestWithoutEqualsAGraphThatNeverHadTheSteps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := build(t, routetest.SomeNodes(6), routetest.Draw(t, joined))
		gone := g.NewSet()
		for s := range route.StepID(g.Len()) {
			if rapid.IntRange(0, 3).Draw(t, "gone") == 0 {
				gone.Add(s)
			}
		}
		view := g.Without(gone)
		anew, want := search(t, view, route.Upper), newOracle(view, attack.Unknown).reached()
		again, err := search(t, g, route.Upper).Without(context.Background(), gone)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(anew.Core(nil).States(), again.Core(nil).States()); diff != "" {
			t.Fatalf("order: %s", diff)
		}
		for v := range route.StateID(g.States()) {
			if anew.Reached(v) != want[v] {
				t.Fatalf("state %d: reached %v, want %v", v, anew.Reached(v), want[v])
			}
			a, _ := anew.Cost(v)
			b, _ := again.Cost(v)
			p, _ := anew.Enumerate(v).Next(context.Background())
			q, _ := again.Enumerate(v).Next(context.Background())
			if diff := cmp.Diff(p, q); a != b || diff != "" {
				t.Fatalf("state %d: cost %d, searched again %d: %s", v, a, b, diff)
			}
		}
	})
}

func TestMandatoryElementsAreThoseWithoutWhichNothingIsLeft(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := build(t, routetest.SomeNodes(6), routetest.Draw(t, joined))
		f, err := route.NewFinder(context.Background(), g)
		if err != nil {
			t.Fatal(err)
		}
		targets := slices.Collect(g.OfKind(attack.Controls))
		families, _ := f.Families(context.Background(), route.FamilyQuery{Targets: targets, PathsPerTarget: 3})
		points, err := f.Lower().ChokePoints(context.Background(), families, 1000)
		if err != nil {
			t.Fatal(err)
		}
		listed := map[route.StateID]bool{}
		for _, f := range families {
			listed[f.Target] = true
		}
		for _, p := range points {
			gone := g.NewSet()
			for _, s := range g.Gone(p.Element) {
				gone.Add(s)
			}
			left := newOracle(g.Without(gone), attack.Conditional).reached()
			var want []route.StateID
			for _, target := range targets {
				if listed[target] && f.Lower().Reached(target) && !left[target] && g.State(target).Node != p.Node {
					want = append(want, target)
				}
			}
			got := slices.DeleteFunc(slices.Clone(p.Mandatory), func(v route.StateID) bool { return g.State(v).Node == p.Node })
			if !slices.Equal(got, want) {
				t.Fatalf("%v mandatory for %v, want %v", p.Element, got, want)
			}
		}
	})
}

func TestExposureIsBlastBackwards(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := build(t, routetest.SomeNodes(6), routetest.Draw(t, joined))
		target := route.StateID(rapid.IntRange(0, g.States()-1).Draw(t, "target"))
		type arrival struct {
			Hops   int
			Status attack.Status
		}
		want, got := map[route.StateID]arrival{}, map[route.StateID]arrival{}
		for v := range route.StateID(g.States()) {
			held, err := g.Blast(context.Background(), []route.StateID{v})
			if err != nil {
				t.Fatal(err)
			}
			for _, h := range held {
				if h.State == target {
					want[v] = arrival{h.Hops, h.Status}
				}
			}
		}
		held, err := g.Exposure(context.Background(), target)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range held {
			got[h.State] = arrival{h.Hops, h.Status}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestProjectionAgreesWithGonum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := build(t, routetest.SomeNodes(7), routetest.Draw(t, routetest.Shape{States: 7, Steps: 16, Factors: 6}))
		r := search(t, g, route.Lower)
		p := r.Projection(false)
		shortest := path.DijkstraFrom(p.Root(), p)
		dominators := p.Dominators()
		for v := range route.StateID(g.States()) {
			cost, ok := r.Cost(v)
			if w := shortest.WeightTo(int64(v)); ok == math.IsInf(w, 1) || ok && w != float64(cost) {
				t.Fatalf("state %d: cost %d, gonum %v", v, cost, w)
			}
			if !ok {
				continue
			}
			var sums []float64
			for _, route := range path.YenKShortestPaths(p, 6, math.Inf(1), p.Root(), p.Node(int64(v))) {
				sum := 0.0
				for i := range route[1:] {
					w, _ := p.Weight(route[i].ID(), route[i+1].ID())
					sum += w
				}
				sums = append(sums, sum)
			}
			if got := pathCosts(r, v, len(sums)); !slices.Equal(got, sums) {
				t.Fatalf("state %d: costs %v, gonum %v", v, got, sums)
			}
			dom := dominators.DominatorOf(int64(v))
			if dom != nil && dom.ID() != p.Root().ID() {
				gone := g.NewSet()
				for s := range g.Into(route.StateID(dom.ID())) {
					gone.Add(s)
				}
				if newOracle(g.Without(gone), attack.Conditional).reached()[v] {
					t.Fatalf("state %d is reached without its dominator %d", v, dom.ID())
				}
			}
		}
	})
}

// pathCosts are the costs of the n cheapest derivations that differ in the
// states they pass, as gonum's paths do.
func pathCosts(r *route.Run, v route.StateID, n int) []float64 {
	var costs []float64
	seen := map[string]bool{}
	e := r.Enumerate(v)
	for len(costs) < n {
		d, ok := e.Next(context.Background())
		if !ok {
			break
		}
		states := ""
		for _, s := range d.Steps {
			states += string(rune('a' + r.Graph().Conclusion(s)))
		}
		if !seen[states] {
			seen[states] = true
			costs = append(costs, float64(d.Cost))
		}
	}
	return costs
}

func TestGraphsDoNotContainWhatCannotHold(t *testing.T) {
	yes, no := &attack.Decision{Allowed: true}, &attack.Decision{}
	b := route.NewBuilder(routetest.SomeNodes(3))
	b.Add(attack.Step{Technique: "a", Conclusion: routetest.Controls(0), Decisions: []*attack.Decision{yes, no}})
	b.Add(attack.Step{Technique: "a", Conclusion: routetest.Controls(0), Decisions: []*attack.Decision{nil}})
	b.Add(attack.Step{Technique: "a", Conclusion: routetest.Controls(0), Factors: []attack.Factor{{Key: "f", Value: 0}}})
	b.Add(attack.Step{Technique: "a", Conclusion: routetest.Controls(0), Factors: []attack.Factor{{Key: "f", Value: math.NaN()}}})
	b.Add(attack.Step{Technique: "a", Premises: []attack.State{routetest.Controls(1)}, Conclusion: routetest.Controls(1)})
	b.Add(attack.Step{Technique: "b", Conclusion: routetest.Controls(2), Factors: []attack.Factor{{Key: "g", Value: 0.5}}})
	b.Add(attack.Step{Technique: "c", Conclusion: routetest.Controls(2), Factors: []attack.Factor{{Key: "g", Value: 0.25}}})
	g, err := b.Build()
	if err == nil || g.Len() != 2 {
		t.Fatalf("%d steps, error %v", g.Len(), err)
	}
	if f := g.Factor(0); g.Factors() != 1 || f.Key != "g" || f.Value != 0.5 {
		t.Errorf("factor with two values: %v", f)
	}
	if got := slices.Collect(maps.Keys(newOracle(g, attack.Decided).reached())); len(got) != 1 {
		t.Errorf("reached %v", got)
	}
}
