package routetest

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/graph"
)

// Estate is a large attack graph in the shape of a cloud estate: accounts of
// Pareto size, computes, roles, users, secrets, datastores; skewed popularity
// of roles; cross-account trust; administrator hubs; datastores that need a
// position and a credential. Equal seeds give equal estates.
type Estate struct {
	Nodes Nodes
	Steps []attack.Step
	// Targets are the states of the 5 % of datastores that are critical, and of
	// the accounts that can be administered.
	Targets []attack.State
}

// estate grows one.
type estate struct {
	*Estate
	rng      *rand.Rand
	accounts []account
	nextAux  uint32
	yes      []*attack.Decision
	taken    map[triple]bool
}

// triple identifies a step with one premise, so that none is there twice.
type triple struct {
	technique attack.TechniqueID
	from, to  attack.State
}

// account holds the nodes of one account.
type account struct {
	node                                      graph.Ref
	computes, roles, stores, databases, users []graph.Ref
	secrets                                   []graph.Ref
	hub                                       uint32
}

// Generate makes an estate with exactly so many steps (at least 1,000).
func Generate(seed uint64, steps int) *Estate {
	e := &estate{Estate: &Estate{}, taken: map[triple]bool{}, rng: rand.New(rand.NewPCG(seed, 1)), nextAux: 1}
	for i := range 64 {
		e.yes = append(e.yes, &attack.Decision{Allowed: true, Support: []attack.Group{{Fact(i)}}})
	}
	for len(e.Nodes) < steps/8 {
		e.addAccount(steps/8 - len(e.Nodes))
	}
	e.entries()
	for i := range e.accounts {
		e.wire(&e.accounts[i])
	}
	for len(e.Steps) < steps {
		e.fill()
	}
	e.Steps = e.Steps[:steps]
	return e.Estate
}

func (e *estate) addAccount(left int) {
	size := min(left, int(min(60*math.Pow(1-e.rng.Float64(), -1/1.2), 5000)))
	id := fmt.Sprintf("%012d", len(e.accounts)+1)
	a := account{node: e.node(graph.KindAccount, id), hub: e.nextAux}
	e.nextAux++
	for range size {
		switch x := e.rng.IntN(100); {
		case x < 37:
			a.computes = append(a.computes, e.node(graph.KindInstance, id))
		case x < 61:
			a.roles = append(a.roles, e.node(graph.KindRole, id))
		case x < 81:
			a.stores = append(a.stores, e.node(graph.KindBucket, id))
		case x < 86:
			a.databases = append(a.databases, e.node(graph.KindDBInstance, id))
		case x < 93:
			a.users = append(a.users, e.node(graph.KindUser, id))
		default:
			a.secrets = append(a.secrets, e.node(graph.KindSecret, id))
		}
	}
	a.roles = append(a.roles, e.node(graph.KindRole, id)) // never empty
	for _, list := range [][]graph.Ref{a.stores, a.databases} {
		for _, s := range list {
			if e.rng.IntN(20) == 0 {
				e.Targets = append(e.Targets, attack.State{Kind: attack.Reads, Node: s})
			}
		}
	}
	e.accounts = append(e.accounts, a)
}

func (e *estate) node(kind graph.Kind, account string) graph.Ref {
	ref := graph.Ref(len(e.Nodes))
	e.Nodes = append(e.Nodes, graph.Node{ID: fmt.Sprintf("arn:aws:%s:%s:%d", kind, account, ref), Kind: kind, Name: fmt.Sprintf("%s-%d", kind, ref), Account: account})
	return ref
}

// step adds one whose factor belongs to its conclusion's node, once.
func (e *estate) step(technique attack.TechniqueID, p float64, to attack.State, from ...attack.State) {
	if len(from) == 1 {
		key := triple{technique, from[0], to}
		if e.taken[key] {
			return
		}
		e.taken[key] = true
	}
	s := attack.Step{Technique: technique, Premises: from, Conclusion: to, Decisions: []*attack.Decision{e.yes[e.rng.IntN(len(e.yes))]}}
	s.Auxiliary = to.Kind.Auxiliary()
	if p < 1 {
		key := fmt.Sprintf("technique:%s@%d/%d", technique, to.Node, to.Aux)
		s.Factors = []attack.Factor{{Key: key, Value: jitter(key, p), Source: "assumed"}}
	}
	if len(from) > 0 && to.Node != graph.NoRef {
		s.Title = fmt.Sprintf("%s gives %s", technique, e.Nodes[to.Node].Name)
	}
	e.Steps = append(e.Steps, s)
}

// jitter lowers a probability by up to 10 %, the same for the same key.
func jitter(key string, p float64) float64 {
	h := uint32(2166136261)
	for i := range len(key) {
		h = (h ^ uint32(key[i])) * 16777619
	}
	return math.Round(p*(0.9+0.1*float64(h%1000)/1000)*1000) / 1000
}

func on(k attack.StateKind, node graph.Ref) attack.State { return attack.State{Kind: k, Node: node} }

func pick(e *estate, list []graph.Ref) graph.Ref { return list[e.rng.IntN(len(list))] }

// popular picks with cubic skew: a few roles are used by many.
func popular(e *estate, list []graph.Ref) graph.Ref {
	x := e.rng.Float64()
	return list[int(x*x*x*float64(len(list)))]
}
