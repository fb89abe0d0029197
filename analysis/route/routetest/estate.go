package routetest

import (
	"fmt"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/graphtest"
)

// Estate is a generated attack graph in the words of package attack.
type Estate struct {
	Nodes   Nodes
	Steps   []attack.Step
	Targets []attack.State
}

// Generate makes the attack graph [graphtest.Attack] of exactly so many steps.
func Generate(seed uint64, steps int) *Estate {
	g := graphtest.Attack(graphtest.AttackConfig{Seed: seed, Steps: steps})
	e := &Estate{Nodes: g.Nodes, Steps: make([]attack.Step, len(g.Steps))}
	states := make([]attack.State, len(g.States))
	for i, s := range g.States {
		kind, ok := attack.ParseStateKind(s.Holds)
		if !ok {
			panic("no state " + s.Holds) // the two packages' own fault
		}
		states[i] = attack.State{Kind: kind, Node: s.Node, Port: s.Port, Aux: s.Aux}
	}
	var facts [graphtest.AttackFacts]*attack.Decision
	for i := range facts {
		facts[i] = &attack.Decision{Allowed: true, Support: []attack.Group{{Fact(i)}}}
	}
	for i, s := range g.Steps {
		step := attack.Step{Technique: attack.TechniqueID(s.Technique), Conclusion: states[s.Conclusion], Decisions: []*attack.Decision{facts[s.Fact]}}
		step.Auxiliary = step.Conclusion.Kind.Auxiliary()
		for _, p := range s.Premises {
			step.Premises = append(step.Premises, states[p])
		}
		if s.Factor >= 0 {
			f := g.Factors[s.Factor]
			step.Factors = []attack.Factor{{Key: f.Key, Value: f.Likelihood, Source: "assumed"}}
		}
		if len(s.Premises) > 0 && step.Conclusion.Node != graph.NoRef {
			step.Title = fmt.Sprintf("%s gives %s", s.Technique, g.Nodes[step.Conclusion.Node].Name)
		}
		e.Steps[i] = step
	}
	for _, t := range g.Targets {
		e.Targets = append(e.Targets, states[t])
	}
	return e
}
