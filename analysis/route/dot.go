package route

import (
	"fmt"

	"gonum.org/v1/gonum/graph/encoding"
	"gonum.org/v1/gonum/graph/encoding/dot"
	"gonum.org/v1/gonum/graph/simple"
)

// DOT draws paths for Graphviz: states are ellipses, steps boxes, what is
// shared is drawn once. Auxiliary states are contracted.
func (g *Graph) DOT(name string, paths ...Path) ([]byte, error) {
	d := drawing{g: g, simple: simple.NewDirectedGraph(), states: map[StateID]dotNode{}, steps: map[StepID]bool{}}
	for i := range paths {
		for _, s := range paths[i].Steps {
			d.add(&s)
		}
	}
	return dot.Marshal(d.simple, name, "", "  ")
}

type drawing struct {
	g      *Graph
	simple *simple.DirectedGraph
	states map[StateID]dotNode
	steps  map[StepID]bool
}

// dotNode is a state or a step with what Graphviz shows of it.
type dotNode struct {
	id    int64
	label string
	shape string
}

func (n dotNode) ID() int64     { return n.id }
func (n dotNode) DOTID() string { return fmt.Sprintf("n%d", n.id) }
func (n dotNode) Attributes() []encoding.Attribute {
	return []encoding.Attribute{{Key: "label", Value: fmt.Sprintf("%q", n.label)}, {Key: "shape", Value: n.shape}}
}

func (d *drawing) add(s *PathStep) {
	if d.steps[s.Step] {
		return
	}
	d.steps[s.Step] = true
	step := dotNode{int64(len(d.g.states)) + int64(s.Step), string(d.g.Technique(s.Step)), "box"}
	d.simple.AddNode(step)
	for _, p := range s.Premises {
		d.simple.SetEdge(d.simple.NewEdge(d.state(p), step))
	}
	d.simple.SetEdge(d.simple.NewEdge(step, d.state(s.Conclusion)))
}

func (d *drawing) state(v StateID) dotNode {
	n, ok := d.states[v]
	if !ok {
		s := d.g.states[v]
		name := d.g.nameOf(s.Node)
		label := s.Kind.String() + " " + name.ID
		if name.Name != "" {
			label = s.Kind.String() + " " + name.Name
		}
		if s.Port != 0 {
			label = fmt.Sprintf("%s:%d", label, s.Port)
		}
		n = dotNode{int64(v), label, "ellipse"}
		d.states[v] = n
		d.simple.AddNode(n)
	}
	return n
}
