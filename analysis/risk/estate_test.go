package risk_test

import (
	"context"
	"math"
	"testing"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/risk"
	"github.com/cairn-security/cairn/analysis/route"
	"github.com/cairn-security/cairn/analysis/route/routetest"
	"github.com/cairn-security/cairn/graph"
)

// Of a datastore's outcomes the worst that is known to be possible counts; where
// none is, the worst that something unread may allow, never one that cannot be.
func TestTheOutcomeThatCounts(t *testing.T) {
	unread := []*attack.Decision{{Allowed: true, Status: attack.Unknown}}
	on := func(k attack.StateKind, n graph.Ref) attack.State { return attack.State{Kind: k, Node: n} }
	from := []attack.State{routetest.Controls(0)}
	half := func(key string) []attack.Factor { return []attack.Factor{{Key: key, Value: 0.5}} }
	g := build(t, routetest.SomeNodes(4), []attack.Step{
		{Technique: "entry", Conclusion: routetest.Controls(0)},
		// Datastore 1 is read for certain, destroyed perhaps.
		{Technique: "a", Premises: from, Conclusion: on(attack.Reads, 1), Factors: half("r1")},
		{Technique: "a", Premises: from, Conclusion: on(attack.Destroys, 1), Decisions: unread},
		// Datastore 2 is written perhaps, and read by nobody.
		{Technique: "b", Premises: []attack.State{routetest.Controls(3)}, Conclusion: on(attack.Reads, 2)},
		{Technique: "a", Premises: from, Conclusion: on(attack.Writes, 2), Decisions: unread, Factors: half("w2")},
	})
	var stakes []risk.Stake
	for _, s := range []struct {
		state  attack.State
		impact float64
	}{{on(attack.Reads, 1), 100}, {on(attack.Destroys, 1), 90}, {on(attack.Reads, 2), 100}, {on(attack.Writes, 2), 80}} {
		v, ok := g.Lookup(s.state)
		if !ok {
			t.Fatal(s.state)
		}
		stakes = append(stakes, risk.Stake{Target: v, Node: s.state.Node, Impact: s.impact})
	}
	e, err := risk.NewModel(g, 0).Estate(context.Background(), finder(t, g), stakes)
	if err != nil {
		t.Fatal(err)
	}
	byNode := map[graph.Ref]risk.NodeRisk{}
	for _, n := range e.Nodes {
		byNode[n.Node] = n
	}
	kind := func(v route.StateID) attack.StateKind { return g.State(v).Kind }
	one, two := byNode[1], byNode[2]
	if kind(one.Target) != attack.Reads || one.Likelihood.Value != 0.5 || one.Likelihood.Upper != 0.5 || one.Risk.Value != 50 || one.Risk.Upper != 90 {
		t.Errorf("%s: %+v", kind(one.Target), one)
	}
	if kind(two.Target) != attack.Writes || two.Likelihood.Value != 0 || two.Likelihood.Upper != 0.5 || two.Risk.Value != 0 || two.Risk.Upper != 40 {
		t.Errorf("%s: %+v", kind(two.Target), two)
	}
	if e.Total.Value != 50 || e.Total.Upper != 130 {
		t.Errorf("%+v", e.Total)
	}
}

// The interval of a difference is that over paired worlds: a change that takes
// one of many ways away is known far better than the risk itself.
func TestLessIsJudgedInPairedWorlds(t *testing.T) {
	g, v := ladder(t, 20, 0.3)
	stakes := []risk.Stake{{Target: v, Node: 21, Impact: 1000}}
	m := risk.NewModel(g, 0)
	estate := func(g *route.Graph) risk.Estate {
		e, err := m.Estate(context.Background(), finder(t, g), stakes)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	gone := g.NewSet()
	for _, s := range g.StepsOn(1) {
		gone.Add(s)
	}
	before, after := estate(g), estate(g.Without(gone))
	less := before.Less(&after)
	if want := 1000 * 0.09 * math.Pow(0.91, 19); want < less.Lower || want > less.Upper {
		t.Errorf("%+v does not hold %v", less, want)
	}
	if width, whole := less.Upper-less.Lower, before.Total.Upper-before.Total.Lower; width > whole/2 || less.Exact {
		t.Errorf("as wide as two estates apart: %v of %v", width, whole)
	}
	if same := before.Less(&before); same.Value != 0 || same.Lower != 0 || same.Upper != 0 {
		t.Errorf("nothing is gone: %+v", same)
	}
	small, w := ladder(t, 2, 0.5)
	exact, err := risk.NewModel(small, 0).Estate(context.Background(), finder(t, small), []risk.Stake{{Target: w, Node: 3, Impact: 100}})
	if err != nil {
		t.Fatal(err)
	}
	none := risk.Estate{Total: risk.Estimate{Exact: true}}
	if less := exact.Less(&none); !less.Exact || less.Value != exact.Total.Value || less.Upper != less.Value {
		t.Errorf("%+v", less)
	}
}
