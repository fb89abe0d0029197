package view

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/cairn-security/cairn/analysis"
	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/report"
	"github.com/cairn-security/cairn/analysis/route"
	"github.com/cairn-security/cairn/analysis/technique"
	"github.com/cairn-security/cairn/graph"
)

// Path is one derivation from the entry to the target.
type Path struct {
	certainty
	ID     string
	Family *AttackPath
	Number int
	path   *route.Path
	doc    func() report.Path
}

// IsNode marks it as a Node of the schema.
func (p *Path) IsNode() {}

// number makes the path at an index of the family's paths.
func (p *AttackPath) number(i int) *Path {
	path := &p.family.Paths[i]
	doc := sync.OnceValue(func() report.Path { return p.v.parts.Path(path) })
	return &Path{certainty: certainty{p.v, func() report.Status { return doc().Status }}, ID: path.ID, Family: p, Number: i + 1, path: path, doc: doc}
}

// Path is the path with a number, nil beyond the last.
func (p *AttackPath) Path(number int) *Path {
	if number < 1 || number > len(p.family.Paths) {
		return nil
	}
	return p.number(number - 1)
}

// PathConnection is a page of the paths of a family.
type PathConnection struct {
	Nodes      []*Path
	Edges      []*PathEdge
	PageInfo   *PageInfo
	TotalCount int
}

// PathEdge is a path with its cursor.
type PathEdge struct {
	Cursor string
	Node   *Path
}

// Paths lists the paths, the likeliest first.
func (p *AttackPath) Paths(first *int, after *string) (*PathConnection, error) {
	list, snapshot := "paths of "+p.ID(), p.v.Info.ID
	at := func(i int) string { return p.family.Paths[i].ID }
	from, to, info, err := slice(snapshot, list, len(p.family.Paths), at, first, after)
	if err != nil {
		return nil, err
	}
	c := &PathConnection{PageInfo: info, TotalCount: len(p.family.Paths)}
	for i := from; i < to; i++ {
		c.Nodes = append(c.Nodes, p.number(i))
		c.Edges = append(c.Edges, &PathEdge{cursor(snapshot, list, at(i)), c.Nodes[i-from]})
	}
	return c, nil
}

// Likelihood is the product of its factors.
func (p *Path) Likelihood() *report.Estimate {
	e := p.doc().Likelihood
	return &e
}

// Factors are its distinct uncertainties.
func (p *Path) Factors() []*Factor { return p.v.factors(p.v.parts.Factors(p.path)) }

// Steps stand in an order in which every premise is concluded before it is used.
func (p *Path) Steps() []*Step {
	steps := p.doc().Steps
	out := make([]*Step, len(steps))
	for i := range steps {
		out[i] = &Step{Step: steps[i], certainty: p.v.settled(steps[i].Status), ID: fmt.Sprintf("%s/%d", p.ID, i+1), Number: i + 1}
	}
	return out
}

// Step is one application of a technique.
type Step struct {
	report.Step
	certainty
	ID     string
	Number int
}

// Status, Conditions, Gaps and Assumptions are those of all its decisions.
func (s *Step) Status() string { return s.certainty.Status() }

// Conditions are what is left to hold.
func (s *Step) Conditions() [][]attack.Condition { return s.certainty.Conditions() }

// Gaps are what an unknown answer rests on.
func (s *Step) Gaps() []*Gap { return s.certainty.Gaps() }

// Assumptions are the defaults that were taken.
func (s *Step) Assumptions() []string { return s.certainty.Assumptions() }

// Premises are the states needed, all of them.
func (s *Step) Premises() []*State {
	out := make([]*State, len(s.Step.Premises))
	for i, p := range s.Step.Premises {
		out[i] = s.v.state(p)
	}
	return out
}

// Conclusion is the state gained.
func (s *Step) Conclusion() *State { return s.v.state(s.Step.Conclusion) }

// Factors are its uncertainties.
func (s *Step) Factors() []*Factor { return s.v.factors(s.Step.Factors) }

// Evidence are the places that decided it.
func (s *Step) Evidence() []*Evidence { return s.v.evidences(s.Step.Evidence) }

// Verify is a harmless check by hand.
func (s *Step) Verify() *string { return orNull(s.Step.Verify) }

// State is what the attacker holds.
type State struct {
	report.State
	v *View
}

func (v *View) state(s report.State) *State { return &State{s, v} }

// ID is equal for equal states.
func (s *State) ID() string {
	id := s.Kind + " " + s.Node().ID
	if s.Port != nil {
		id += fmt.Sprintf(":%d", *s.Port)
	}
	if s.Qualifier != nil {
		id += " " + *s.Qualifier
	}
	return id
}

// Node is what is held.
func (s *State) Node() *EstateNode { return s.v.of(s.State.Node) }

// Label is that of the node where it is a datastore.
func (s *State) Label() *Label {
	if n := s.Node(); n.v.kindOf(n.ref).Datastore() {
		if d := s.v.Result.Data.Of(n.ref); d != nil {
			return s.v.label(d.Label)
		}
	}
	return nil
}

// Factor is one named uncertainty.
type Factor struct {
	report.Factor
	Name string
}

func (v *View) factors(all []report.Factor) []*Factor {
	out := make([]*Factor, len(all))
	for i, f := range all {
		out[i] = &Factor{f, v.factorName(f.Key)}
	}
	return out
}

// factorName says what a factor's key stands for: KIND:WHAT@NODE.
func (v *View) factorName(key string) string {
	kind, what, _ := strings.Cut(key, ":")
	what, node, at := strings.Cut(what, "@")
	switch kind {
	case "entry":
		what = "Entry: " + entryTitle(what)
	case "technique":
		if t, ok := technique.Lookup(attack.TechniqueID(what)); ok {
			what = t.Name
		}
	case "condition":
		what = "Condition holds: " + what
	case "gap":
		what = "What was not read allows it"
	case "vuln":
		what = "Weakness " + what
	}
	if n := v.named(node); at && n.Kind != graph.KindInternet.String() {
		what += " at " + n.Name
	}
	return what
}

// ChokePoint is an element that paths pass through.
type ChokePoint struct {
	report.Choke
	v    *View
	risk report.Estimate
}

// Choke are the choke points on the best path; nil while they are being weighed.
func (p *AttackPath) Choke(ctx context.Context) ([]*ChokePoint, error) {
	all, ok, err := p.v.chokesSoon(ctx)
	if err != nil || !ok {
		return nil, err
	}
	return append([]*ChokePoint{}, all[p.family]...), nil
}

// weighChokes lists the choke points of every family, each described once.
func (v *View) weighChokes(ctx context.Context) (map[*analysis.Family][]*ChokePoint, error) {
	if _, err := v.Result.Chokes(ctx); err != nil {
		return nil, err
	}
	type place struct {
		node graph.Ref
		fact attack.FactKey
	}
	out, known := map[*analysis.Family][]*ChokePoint{}, map[place]*ChokePoint{}
	for _, f := range v.Result.Families {
		points, err := v.Result.FamilyChokes(ctx, f)
		if err != nil {
			return nil, err
		}
		for _, c := range points {
			at := place{node: c.Node}
			if c.Element.Fact != nil {
				at.fact = c.Element.Fact.Key()
			}
			if known[at] == nil {
				known[at] = &ChokePoint{v.parts.Choke(c), v, v.parts.Estimate(c.RiskRemoved, f.Best())}
			}
			out[f] = append(out[f], known[at])
		}
	}
	return out, nil
}

// Node is set where the element is a node.
func (c *ChokePoint) Node() *EstateNode {
	if c.Choke.Node == nil {
		return nil
	}
	return c.v.of(*c.Choke.Node)
}

// Fact is set where the element is a fact.
func (c *ChokePoint) Fact() *Evidence {
	if c.Choke.Fact == nil {
		return nil
	}
	return c.v.evidence(*c.Choke.Fact)
}

// Mandatory are the targets that no path reaches without it; a datastore that
// can be both read and written stands once.
func (c *ChokePoint) Mandatory() []*EstateNode {
	var out []*EstateNode
	seen := map[string]bool{}
	for _, id := range c.Choke.Mandatory {
		if !seen[id] {
			seen[id] = true
			out = append(out, c.v.named(id))
		}
	}
	return out
}

// RiskRemoved is the drop of the estate risk if it were gone.
func (c *ChokePoint) RiskRemoved() *report.Estimate { return &c.risk }
