package graphtest_test

import (
	"reflect"
	"testing"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/graphtest"
)

func TestAttackGraphIsWellFormed(t *testing.T) {
	for _, c := range []graphtest.AttackConfig{{Seed: 1, Steps: 1_000}, {Seed: 1, Steps: 10_000}, {Seed: 7, Steps: 50_000}} {
		g := graphtest.Attack(c)
		if !reflect.DeepEqual(g, graphtest.Attack(c)) {
			t.Errorf("%+v: two runs differ", c)
		}
		if len(g.Steps) != c.Steps {
			t.Errorf("%+v: %d steps", c, len(g.Steps))
		}
		for i, s := range g.States {
			if s.Node != graph.NoRef && int(s.Node) >= len(g.Nodes) {
				t.Fatalf("%+v: state %d is about node %d of %d", c, i, s.Node, len(g.Nodes))
			}
		}
		joins := 0
		for i, s := range g.Steps {
			if len(s.Premises) > 1 {
				joins++
			}
			seen := map[uint32]bool{s.Conclusion: true}
			for _, p := range s.Premises {
				if seen[p] || int(p) >= len(g.States) {
					t.Fatalf("%+v: step %d has premises %v of conclusion %d", c, i, s.Premises, s.Conclusion)
				}
				seen[p] = true
			}
			if int(s.Conclusion) >= len(g.States) || int(s.Factor) >= len(g.Factors) || s.Fact >= graphtest.AttackFacts {
				t.Fatalf("%+v: step %d is %+v", c, i, s)
			}
		}
		for _, f := range g.Factors {
			if f.Likelihood <= 0 || f.Likelihood >= 1 {
				t.Fatalf("%+v: factor %+v", c, f)
			}
		}
		hit, reached := 0, reachable(g)
		for _, target := range g.Targets {
			if reached[target] {
				hit++
			}
		}
		if joins == 0 || hit == 0 {
			t.Errorf("%+v: %d joins, %d of %d targets can be reached", c, joins, hit, len(g.Targets))
		}
		t.Logf("%+v: %d states, %d joins, %d of %d targets reachable", c, len(g.States), joins, hit, len(g.Targets))
	}
}

// reachable is the plain fixed point: what all premises of some step support.
func reachable(g *graphtest.AttackGraph) []bool {
	held := make([]bool, len(g.States))
	for grew := true; grew; {
		grew = false
		for _, s := range g.Steps {
			all := !held[s.Conclusion]
			for _, p := range s.Premises {
				all = all && held[p]
			}
			if all {
				held[s.Conclusion], grew = true, true
			}
		}
	}
	return held
}
