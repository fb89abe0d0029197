package routetest

import (
	"fmt"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/graph"
	"pgregory.net/rapid"
)

// Nodes names nodes by their place: a [graph.Ref] is an index.
type Nodes []graph.Node

// Node implements route.Nodes.
func (l Nodes) Node(ref graph.Ref) graph.Node { return l[ref] }

// SomeNodes returns n roles in two accounts.
func SomeNodes(n int) Nodes {
	list := make(Nodes, n)
	for i := range list {
		list[i] = graph.Node{ID: fmt.Sprintf("node-%02d", i), Kind: graph.KindRole, Name: fmt.Sprintf("n%d", i), Account: fmt.Sprintf("%012d", 1+i%2)}
	}
	return list
}

// Controls is the state of controlling node n.
func Controls(n int) attack.State { return attack.State{Kind: attack.Controls, Node: graph.Ref(n)} }

// Fact is a fact of its own number.
func Fact(n int) attack.Fact {
	return attack.Fact{Node: graph.Ref(0), Property: "policy", Anchor: fmt.Sprint(n)}
}

// Shape bounds what [Draw] draws.
type Shape struct {
	States  int
	Steps   int
	Joins   bool // steps with two and three premises
	Factors int  // distinct ones
	Facts   int  // distinct ones; 0: decisions rest on none
}

// Draw draws a small hypergraph, cycles and equal steps included, in which
// state 0 is an entry.
func Draw(t *rapid.T, shape Shape) []attack.Step {
	state := rapid.IntRange(0, shape.States-1)
	draw := rapid.Custom(func(t *rapid.T) attack.Step {
		s := attack.Step{
			Technique:  attack.TechniqueID(rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "technique")),
			Conclusion: Controls(state.Draw(t, "conclusion")),
		}
		premises := 1
		switch rapid.IntRange(0, 9).Draw(t, "shape") {
		case 0:
			premises = 0
		case 1, 2, 3:
			premises = 2
		case 4:
			premises = 3
		}
		if !shape.Joins {
			premises = min(premises, 1)
		}
		for range premises {
			s.Premises = append(s.Premises, Controls(state.Draw(t, "premise")))
		}
		for range rapid.IntRange(0, 2).Draw(t, "factors") {
			s.Factors = append(s.Factors, Factor(rapid.IntRange(0, shape.Factors-1).Draw(t, "factor"), shape.Factors))
		}
		d := &attack.Decision{Allowed: true, Status: attack.Status(max(0, rapid.IntRange(-3, 2).Draw(t, "status")))}
		if shape.Facts > 0 {
			for range rapid.IntRange(0, 2).Draw(t, "groups") {
				var group attack.Group
				for range rapid.IntRange(1, 2).Draw(t, "group") {
					group = append(group, Fact(rapid.IntRange(0, shape.Facts-1).Draw(t, "fact")))
				}
				d.Support = append(d.Support, group)
			}
		}
		s.Decisions = []*attack.Decision{d}
		return s
	})
	steps := rapid.SliceOfN(draw, 1, shape.Steps).Draw(t, "steps")
	return append(steps, attack.Step{Technique: "entry", Conclusion: Controls(0), Decisions: []*attack.Decision{{Allowed: true}}})
}

// Factor is the n-th of some factors; the first is certain.
func Factor(n, of int) attack.Factor {
	return attack.Factor{Key: fmt.Sprint("technique:f", n), Value: 1 - float64(n)/float64(of+1), Source: "assumed"}
}
