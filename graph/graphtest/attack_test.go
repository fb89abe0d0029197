package graphtest_test

import (
	"reflect"
	"testing"

	"github.com/cairn-security/cairn/graph/graphtest"
)

func TestAttackGraphIsWellFormed(t *testing.T) {
	for _, c := range []graphtest.AttackConfig{{Seed: 1, Steps: 200}, {Seed: 1, Steps: 10_000}, {Seed: 7, Steps: 50_000, Joins: 0.2}} {
		g := graphtest.Attack(c)
		if !reflect.DeepEqual(g, graphtest.Attack(c)) {
			t.Errorf("%+v: two runs differ", c)
		}
		if len(g.Steps) != c.Steps {
			t.Errorf("%+v: %d steps", c, len(g.Steps))
		}
		joins, reached := 0, reachable(g)
		for i, s := range g.Steps {
			if len(s.Premises) > 1 {
				joins++
			}
			seen := map[uint32]bool{s.Conclusion: true}
			for _, p := range s.Premises {
				if seen[p] || int(p) >= g.States {
					t.Fatalf("%+v: step %d has premises %v of conclusion %d", c, i, s.Premises, s.Conclusion)
				}
				seen[p] = true
			}
			if s.Likelihood <= 0 || s.Likelihood > 1 || s.Cost < 1000 || int(s.Factor) >= g.Factors {
				t.Fatalf("%+v: step %d is %+v", c, i, s)
			}
		}
		if share := float64(joins) / float64(c.Steps); share > c.Joins || share < c.Joins*0.5 {
			t.Errorf("%+v: %.2f of the steps are joins", c, share)
		}
		hit := 0
		for _, target := range g.Targets {
			if reached[target] {
				hit++
			}
		}
		if hit == 0 {
			t.Errorf("%+v: no target of %d can be reached", c, len(g.Targets))
		}
		t.Logf("%+v: %d states, %d of %d targets reachable", c, g.States, hit, len(g.Targets))
	}
}

// reachable is the plain fixed point: what all premises of some step support.
func reachable(g *graphtest.AttackGraph) []bool {
	held := make([]bool, g.States)
	for _, e := range g.Entries {
		held[e.State] = true
	}
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
