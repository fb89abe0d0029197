package route_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/route"
	"github.com/cairn-security/cairn/analysis/route/routetest"
	"pgregory.net/rapid"
)

func build(t interface{ Fatal(...any) }, nodes route.Nodes, steps []attack.Step) *route.Graph {
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

// oracle enumerates derivations by trying every choice of steps.
type oracle struct {
	g     *route.Graph
	admit attack.Status
	into  map[route.StateID][]route.StepID
}

func newOracle(g *route.Graph, admit attack.Status) *oracle {
	o := &oracle{g, admit, map[route.StateID][]route.StepID{}}
	for v := range route.StateID(g.States()) {
		for s := range g.Into(v) {
			if g.Status(s) <= admit {
				o.into[v] = append(o.into[v], s)
			}
		}
	}
	return o
}

// reached is the least fixed point, by rounds.
func (o *oracle) reached() map[route.StateID]bool {
	got := map[route.StateID]bool{}
	for grown := true; grown; {
		grown = false
		for v, steps := range o.into {
			if got[v] {
				continue
			}
			for _, s := range steps {
				if !slices.ContainsFunc(o.g.Premises(s), func(p route.StateID) bool { return !got[p] }) {
					got[v], grown = true, true
				}
			}
		}
	}
	return got
}

// derivations lists every acyclic choice of one step per needed state, as the
// sorted set of its steps, with its tree cost.
func (o *oracle) derivations(target route.StateID) map[string]uint64 {
	all := map[string]uint64{}
	choice := map[route.StateID]route.StepID{}
	var need func(waiting []route.StateID)
	need = func(waiting []route.StateID) {
		for len(waiting) > 0 {
			if _, ok := choice[waiting[0]]; !ok {
				break
			}
			waiting = waiting[1:]
		}
		if len(waiting) == 0 {
			if cost, ok := o.cost(choice, target, map[route.StateID]bool{}); ok {
				all[stepKey(mapValues(choice))] = cost
			}
			return
		}
		for _, s := range o.into[waiting[0]] {
			choice[waiting[0]] = s
			need(append(slices.Clone(waiting[1:]), o.g.Premises(s)...))
			delete(choice, waiting[0])
		}
	}
	need([]route.StateID{target})
	return all
}

func mapValues(m map[route.StateID]route.StepID) []route.StepID {
	var list []route.StepID
	for _, s := range m {
		list = append(list, s)
	}
	return list
}

func stepKey(steps []route.StepID) string {
	steps = slices.Clone(steps)
	slices.Sort(steps)
	return fmt.Sprint(steps)
}

func (o *oracle) cost(choice map[route.StateID]route.StepID, v route.StateID, open map[route.StateID]bool) (uint64, bool) {
	if open[v] {
		return 0, false
	}
	open[v] = true
	defer delete(open, v)
	sum := uint64(o.g.Cost(choice[v]))
	for _, p := range o.g.Premises(choice[v]) {
		c, ok := o.cost(choice, p, open)
		if !ok {
			return 0, false
		}
		sum += c
	}
	return sum, true
}

func search(t interface{ Fatal(...any) }, g *route.Graph, q route.Query) *route.Run {
	r, err := g.Search(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestSearchFindsTheCheapestDerivation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := build(t, routetest.SomeNodes(6), routetest.Draw(t, routetest.Shape{States: 6, Steps: 12, Joins: true, Factors: 6}))
		admit := attack.Status(rapid.IntRange(0, 2).Draw(t, "admit"))
		o, r := newOracle(g, admit), search(t, g, route.Query{Admit: admit})
		reached := o.reached()
		for v := range route.StateID(g.States()) {
			least := uint64(math.MaxUint64)
			for _, c := range o.derivations(v) {
				least = min(least, c)
			}
			cost, ok := r.Cost(v)
			if ok != reached[v] || ok != (least != math.MaxUint64) {
				t.Fatalf("state %d: reached %v, want %v", v, ok, reached[v])
			}
			if ok && cost != least {
				t.Fatalf("state %d: cost %d, want %d", v, cost, least)
			}
		}
	})
}

func TestEnumerationIsCompleteAndOrdered(t *testing.T) {
	for _, joins := range []bool{false, true} {
		rapid.Check(t, func(t *rapid.T) {
			g := build(t, routetest.SomeNodes(7), routetest.Draw(t, routetest.Shape{States: 7, Steps: 14, Joins: joins, Factors: 6}))
			o, r := newOracle(g, attack.Unknown), search(t, g, route.Upper)
			for v := range route.StateID(g.States()) {
				want := o.derivations(v)
				e := r.Enumerate(v)
				last := uint64(0)
				for n := 0; ; n++ {
					d, ok := e.Next(context.Background())
					if !ok {
						if n != len(want) {
							t.Fatalf("state %d: %d derivations, want %d", v, n, len(want))
						}
						break
					}
					cost, known := want[stepKey(d.Steps)]
					if !known || cost != d.Cost || d.Cost < last {
						t.Fatalf("state %d, number %d: %v cost %d, want cost %d (known %v) after %d", v, n, d.Steps, d.Cost, cost, known, last)
					}
					delete(want, stepKey(d.Steps))
					want[fmt.Sprint("seen", n)] = 0
					last = d.Cost
					inOrder(t, g, d)
				}
			}
		})
	}
}

func inOrder(t *rapid.T, g *route.Graph, d route.Derivation) {
	have := map[route.StateID]bool{}
	for _, s := range d.Steps {
		for _, p := range g.Premises(s) {
			if !have[p] {
				t.Fatalf("step %d needs %d before it is concluded in %v", s, p, d.Steps)
			}
		}
		have[g.Conclusion(s)] = true
	}
	if g.Conclusion(d.Steps[len(d.Steps)-1]) != d.Target {
		t.Fatalf("%v does not end in %d", d.Steps, d.Target)
	}
}
