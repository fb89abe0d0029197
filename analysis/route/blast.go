package route

import (
	"cmp"
	"context"
	"slices"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/graph"
)

// Held is one state that a start leads to.
type Held struct {
	State StateID
	Hops  int // 0: held at the start
	// Via are the techniques of the shallowest derivation among the most certain.
	Via    []attack.TechniqueID
	Status attack.Status // of the most certain derivation
	// Likelihood is the product of the distinct factors on the cheapest
	// derivation among the most certain: a lower bound of what package risk
	// simulates.
	Likelihood float64
}

// Blast walks forward from states that the attacker is taken to hold and
// returns everything they lead to, auxiliary states left out, the start
// included, sorted by hops and state. From nil it starts from the entries.
// Cost: three searches and one derivation per state.
func (g *Graph) Blast(ctx context.Context, from []StateID) ([]Held, error) {
	var list []Held
	seen := make([]bool, len(g.states))
	for _, status := range []attack.Status{attack.Decided, attack.Conditional, attack.Unknown} {
		if status > attack.Decided && !slices.Contains(g.status, status) {
			continue
		}
		r, err := g.Search(ctx, Query{Admit: status, From: from})
		if err != nil {
			return nil, err
		}
		for _, v := range r.order {
			if seen[v] || g.auxiliary(v) {
				continue
			}
			seen[v] = true
			hops, _ := r.Hops(v)
			list = append(list, Held{v, hops, r.Via(v), status, r.Likelihood(v)})
		}
	}
	slices.SortFunc(list, func(x, y Held) int { return cmp.Or(cmp.Compare(x.Hops, y.Hops), cmp.Compare(x.State, y.State)) })
	return list, nil
}

// Held returns what holding a node means for a blast radius: the principal
// controlled by its own credentials, code run on the compute, the secret
// known, the account administered. Datastores and network positions give none.
func (g *Graph) Held(node graph.Ref) []StateID {
	var list []StateID
	for _, v := range g.Of(node) {
		switch g.states[v].Kind {
		case attack.Controls, attack.Executes, attack.Knows, attack.Administers:
			list = append(list, v)
		}
	}
	return list
}

// Likelihood is the product of the distinct factors of a state's cheapest
// derivation, 0 where there is none. Cost: the size of the derivation.
func (r *Run) Likelihood(v StateID) float64 {
	if !r.Reached(v) {
		return 0
	}
	p := 1.0
	states, factors := map[StateID]bool{}, map[FactorID]bool{}
	todo := []StateID{v}
	for len(todo) > 0 {
		v := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		s := r.best[v]
		if states[v] || s == NoStep {
			continue
		}
		states[v] = true
		for _, f := range r.g.StepFactors(s) {
			if !factors[f] {
				factors[f] = true
				p *= r.g.factors[f].Value
			}
		}
		todo = append(todo, r.g.Premises(s)...)
	}
	return p
}
