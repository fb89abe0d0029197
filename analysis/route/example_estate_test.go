package route_test

import (
	"slices"
	"testing"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/route"
	"github.com/cairn-security/cairn/analysis/route/routetest"
	"github.com/cairn-security/cairn/graph"
)

// small is an estate of two accounts whose nodes can be numbered in any order.
type small struct {
	nodes routetest.Nodes
	ref   map[string]graph.Ref
	steps []attack.Step
}

const home, other = "111111111111", "222222222222"

func newSmall(reversed bool) *small {
	s := &small{ref: map[string]graph.Ref{}}
	nodes := []graph.Node{
		{Name: "web-1", Kind: graph.KindInstance, Account: home}, {Name: "web-2", Kind: graph.KindInstance, Account: home},
		{Name: "app", Kind: graph.KindRole, Account: home}, {Name: "cards", Kind: graph.KindBucket, Account: home},
		{Name: "orders", Kind: graph.KindDBInstance, Account: home}, {Name: "orders-login", Kind: graph.KindSecret, Account: home},
		{Name: "nina", Kind: graph.KindUser, Account: home}, {Name: "hidden", Kind: graph.KindBucket, Account: home},
		{Name: "ops", Kind: graph.KindRole, Account: other}, {Name: "prod", Kind: graph.KindAccount, Account: other},
		{Name: "backups", Kind: graph.KindBucket, Account: other},
	}
	if reversed {
		slices.Reverse(nodes)
	}
	for i, n := range nodes {
		n.ID = "arn:aws:test:::" + n.Name
		s.nodes = append(s.nodes, n)
		s.ref[n.Name] = graph.Ref(i)
	}
	s.grow()
	return s
}

func (s *small) on(k attack.StateKind, name string) attack.State {
	st := attack.State{Kind: k, Node: s.ref[name]}
	if k == attack.Reaches {
		st.Port = 443
	}
	return st
}

// add adds a step with one factor and one fact of its own.
func (s *small) add(technique string, p float64, status attack.Status, to attack.State, from ...attack.State) {
	at := "hub"
	if to.Node != graph.NoRef {
		at = s.nodes[to.Node].Name
	}
	fact := attack.Fact{Node: to.Node, Property: "policy", Anchor: technique + " " + at}
	step := attack.Step{
		Technique: attack.TechniqueID(technique), Title: technique + " " + at, Conclusion: to, Premises: from,
		Decisions: []*attack.Decision{{Allowed: true, Status: status, Support: []attack.Group{{fact}}}},
		Factors:   []attack.Factor{{Key: "technique:" + technique + "@" + at, Value: p}}, Auxiliary: to.Kind.Auxiliary(),
	}
	if len(from) == 0 {
		step.Factors[0].Key = "entry:" + technique
	}
	s.steps = append(s.steps, step)
}

func (s *small) grow() {
	outside := attack.State{Kind: attack.At, Node: graph.NoRef}
	inside := attack.State{Kind: attack.At, Node: graph.NoRef, Aux: 1}
	hub := attack.State{Kind: attack.Aux, Node: graph.NoRef, Aux: 2}
	s.add("internet", 1, 0, outside)
	for _, web := range []string{"web-1", "web-2"} {
		s.add("network-reach", 1, 0, s.on(attack.Reaches, web), outside)
		s.add("exploit", 0.1, 0, s.on(attack.Executes, web), s.on(attack.Reaches, web))
		s.add("metadata", 0.5, 0, s.on(attack.Controls, "app"), s.on(attack.Executes, web))
		s.add("stand-inside", 1, 0, inside, s.on(attack.Executes, web))
	}
	s.add("data-read", 0.95, 0, s.on(attack.Reads, "cards"), s.on(attack.Controls, "app"))
	s.add("network-reach", 1, 0, s.on(attack.Reaches, "orders"), inside)
	s.add("secret-read", 0.8, attack.Conditional, s.on(attack.Knows, "orders-login"), s.on(attack.Controls, "app"))
	s.add("database-login", 0.9, 0, s.on(attack.Reads, "orders"), s.on(attack.Reaches, "orders"), s.on(attack.Knows, "orders-login"))
	s.add("data-read", 0.95, attack.Unknown, s.on(attack.Reads, "hidden"), s.on(attack.Controls, "app"))
	s.add("assume-role", 0.95, 0, s.on(attack.Controls, "ops"), s.on(attack.Controls, "app"))
	s.add("administrator", 1, 0, s.on(attack.Administers, "prod"), s.on(attack.Controls, "ops"))
	s.add("administer", 1, 0, hub, s.on(attack.Administers, "prod"))
	s.add("data-read", 0.95, 0, s.on(attack.Reads, "backups"), hub)
	s.add("phished-user", 0.02, 0, s.on(attack.Controls, "nina"))
	s.add("data-read", 0.95, 0, s.on(attack.Reads, "cards"), s.on(attack.Controls, "nina"))
}

func (s *small) graph(t testing.TB) *route.Graph {
	b := route.NewBuilder(s.nodes)
	for _, step := range s.steps {
		b.Add(step)
	}
	g, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func (s *small) id(t testing.TB, g *route.Graph, k attack.StateKind, name string) route.StateID {
	v, ok := g.Lookup(s.on(k, name))
	if !ok {
		t.Fatalf("no state %s %s", k, name)
	}
	return v
}
