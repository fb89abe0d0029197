package graphtest

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/cairn-security/cairn/graph"
)

// AttackConfig sizes a generated attack hypergraph.
type AttackConfig struct {
	Seed uint64
	// Steps is exactly how many steps to make, at least 1,000; there is a node
	// to eight steps.
	Steps int
}

// AttackGraph is an attack hypergraph in plain numbers: states over nodes, and
// steps that lead from all of their premises to one conclusion.
type AttackGraph struct {
	Nodes   []graph.Node // a [graph.Ref] is an index
	States  []AttackState
	Factors []AttackFactor
	Steps   []AttackStep
	// Targets are states: reading the critical datastores (one in twenty of
	// all), administering the accounts.
	Targets []uint32
}

// AttackState is something an attacker holds.
type AttackState struct {
	Holds string // controls, executes, at, reaches, knows, reads, administers, aux
	Node  graph.Ref
	Port  uint16
	Aux   uint32 // numbers states without a node
}

// AttackFactor is a chance; steps with one factor hold or fail together.
type AttackFactor struct {
	Key        string
	Likelihood float64 // (0,1), in thousandths
}

// AttackStep needs all its premises; without any it is an entry.
type AttackStep struct {
	Technique  string
	Premises   []uint32 // states, all different
	Conclusion uint32   // a state
	Factor     int32    // -1: certain
	Fact       uint32   // the one of [AttackFacts] facts it rests on
}

// AttackFacts is how many facts the steps of an attack graph rest on.
const AttackFacts = 64

// Attack generates an attack hypergraph in the shape of a cloud estate:
// accounts of Pareto size with computes, roles, users, secrets and datastores;
// skewed popularity of roles; trust across accounts; administrators that hold
// all data of an account through a hub; databases that need a network position
// and a secret; then a long tail up to the number of steps.
func Attack(c AttackConfig) *AttackGraph {
	g := &attack{AttackGraph: &AttackGraph{}, taken: map[triple]bool{}, stateOf: map[AttackState]uint32{}, factorOf: map[string]int32{}, rng: rand.New(rand.NewPCG(c.Seed, 1))}
	for len(g.Nodes) < c.Steps/8 {
		g.addAccount(c.Steps/8 - len(g.Nodes))
	}
	g.entries()
	for i := range g.accounts {
		g.wire(&g.accounts[i])
	}
	for len(g.Steps) < c.Steps {
		g.fill()
	}
	g.Steps = g.Steps[:c.Steps]
	return g.AttackGraph
}

// attack is a generator at work.
type attack struct {
	*AttackGraph
	rng      *rand.Rand
	accounts []attackAccount
	stateOf  map[AttackState]uint32
	factorOf map[string]int32
	taken    map[triple]bool
}

// triple identifies a step with one premise, so that none is there twice.
type triple struct {
	technique string
	from, to  uint32
}

// attackAccount holds the nodes of one account.
type attackAccount struct {
	node                                               graph.Ref
	computes, roles, stores, databases, users, secrets []graph.Ref
	hub                                                uint32 // Aux of its administrators' hub
}

// largestAccount bounds the Pareto tail of account sizes.
const largestAccount = 5000

func (g *attack) addAccount(left int) {
	size := min(left, int(min(60*math.Pow(1-g.rng.Float64(), -1/1.2), largestAccount)))
	id := fmt.Sprintf("%012d", len(g.accounts)+1)
	a := attackAccount{node: g.node(graph.KindAccount, id), hub: uint32(len(g.accounts) + 1)}
	for range size {
		switch x := g.rng.IntN(100); {
		case x < 37:
			a.computes = append(a.computes, g.node(graph.KindInstance, id))
		case x < 61:
			a.roles = append(a.roles, g.node(graph.KindRole, id))
		case x < 81:
			a.stores = append(a.stores, g.node(graph.KindBucket, id))
		case x < 86:
			a.databases = append(a.databases, g.node(graph.KindDBInstance, id))
		case x < 93:
			a.users = append(a.users, g.node(graph.KindUser, id))
		default:
			a.secrets = append(a.secrets, g.node(graph.KindSecret, id))
		}
	}
	a.roles = append(a.roles, g.node(graph.KindRole, id)) // never empty
	for _, list := range [][]graph.Ref{a.stores, a.databases} {
		for _, s := range list {
			if g.rng.IntN(20) == 0 {
				g.Targets = append(g.Targets, g.state("reads", s))
			}
		}
	}
	g.accounts = append(g.accounts, a)
}

func (g *attack) node(kind graph.Kind, account string) graph.Ref {
	ref := graph.Ref(len(g.Nodes))
	g.Nodes = append(g.Nodes, graph.Node{ID: fmt.Sprintf("arn:aws:%s:%s:%d", kind, account, ref), Kind: kind, Name: fmt.Sprintf("%s-%d", kind, ref), Account: account})
	return ref
}

// state is the number of holding a node.
func (g *attack) state(holds string, node graph.Ref) uint32 {
	return g.number(AttackState{Holds: holds, Node: node})
}

func (g *attack) number(s AttackState) uint32 {
	n, ok := g.stateOf[s]
	if !ok {
		n = uint32(len(g.States))
		g.States = append(g.States, s)
		g.stateOf[s] = n
	}
	return n
}

// step adds one whose factor belongs to its conclusion and technique, once.
func (g *attack) step(technique string, likelihood float64, to uint32, from ...uint32) {
	if len(from) == 1 {
		key := triple{technique, from[0], to}
		if g.taken[key] {
			return
		}
		g.taken[key] = true
	}
	kind := "technique"
	if len(from) == 0 {
		kind = "entry"
	}
	g.Steps = append(g.Steps, AttackStep{technique, from, to, g.factor(kind, technique, likelihood, to), g.rng.Uint32N(AttackFacts)})
}

// factor is the chance of a technique on a state.
func (g *attack) factor(kind, technique string, likelihood float64, to uint32) int32 {
	if likelihood == 1 {
		return -1
	}
	key := fmt.Sprintf("%s:%s@%d/%d", kind, technique, g.States[to].Node, g.States[to].Aux)
	n, ok := g.factorOf[key]
	if !ok {
		n = int32(len(g.Factors))
		g.factorOf[key] = n
		lower := likelihood * (0.9 + 0.1*g.rng.Float64())
		g.Factors = append(g.Factors, AttackFactor{key, math.Round(lower*1000) / 1000})
	}
	return n
}

// pick draws evenly.
func pick[T any](g *attack, list []T) T { return list[g.rng.IntN(len(list))] }

// skewed picks an index below n with a skew to the power: low ones far more often.
func (g *attack) skewed(n int, power float64) int {
	return int(math.Pow(g.rng.Float64(), power) * float64(n))
}

// popular draws with cubic skew: a few roles are used by many.
func (g *attack) popular(list []graph.Ref) graph.Ref { return list[g.skewed(len(list), 3)] }
