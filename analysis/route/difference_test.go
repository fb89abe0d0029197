package route_test

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/route"
	"github.com/cairn-security/cairn/analysis/route/routetest"
	"github.com/cairn-security/cairn/graph"
)

// numbered makes some states of a drawn graph auxiliary, numbered from a base.
func numbered(steps []attack.Step, base uint32) []attack.Step {
	hub := func(s attack.State) attack.State {
		if s.Node >= 4 {
			return attack.State{Kind: attack.Aux, Node: graph.NoRef, Aux: base + uint32(s.Node)}
		}
		return s
	}
	out := slices.Clone(steps)
	for i := range out {
		out[i].Conclusion = hub(out[i].Conclusion)
		out[i].Premises = slices.Clone(out[i].Premises)
		for j := range out[i].Premises {
			out[i].Premises[j] = hub(out[i].Premises[j])
		}
	}
	return out
}

// pathIDs lists the paths to a state by likelihood, nil where it is not reached.
func pathIDs(t *rapid.T, g *route.Graph, v route.StateID) []string {
	f, err := route.NewFinder(context.Background(), g)
	if err != nil {
		t.Fatal(err)
	}
	run := f.Upper()
	if v == route.NoState || !run.Reached(v) {
		return nil
	}
	var ids []string
	paths, _ := run.Paths(context.Background(), v, 1000)
	for _, p := range paths {
		ids = append(ids, p.ID)
	}
	slices.Sort(ids)
	return ids
}

// What a change does not touch is reached by the same paths as before, whatever
// auxiliary states are called; and what a change of nothing touches is nothing.
func TestUntouchedStatesHaveTheSamePaths(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		steps := routetest.Draw(t, joined)
		kept := steps
		for range rapid.IntRange(0, 2).Draw(t, "removed") {
			i := rapid.IntRange(0, len(kept)-1).Draw(t, "step")
			kept = slices.Delete(slices.Clone(kept), i, i+1)
		}
		nodes := routetest.SomeNodes(6)
		before, after := build(t, nodes, numbered(steps, 0)), build(t, nodes, numbered(kept, 100))
		d := route.Compare(before, after)
		for v := range route.StateID(before.States()) {
			s := before.State(v)
			if s.Kind == attack.Aux {
				continue
			}
			now, ok := after.Lookup(s)
			if !ok {
				now = route.NoState
			}
			if d.Touches(v, now) {
				if len(kept) == len(steps) {
					t.Fatalf("nothing changed, yet state %d is touched", v)
				}
				continue
			}
			if diff := cmp.Diff(pathIDs(t, before, v), pathIDs(t, after, now)); diff != "" {
				t.Fatalf("state %d is not touched: %s", v, diff)
			}
		}
	})
}
