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
	// Steps are those of the cheapest derivation among the most certain, premises
	// first; Likelihood is the product of their distinct factors, a lower bound of
	// what package risk simulates.
	Steps      []StepID
	Likelihood float64
}

// Blast walks forward from states that the attacker is taken to hold and
// returns everything they lead to, auxiliary states left out, the start
// included, sorted by hops and state. From nil it starts from the entries.
// Cost: three searches and one derivation per state.
func (g *Graph) Blast(ctx context.Context, from []StateID) ([]Held, error) {
	var list []Held
	seen := make([]bool, len(g.states))
	for _, status := range g.statuses() {
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
			steps := r.cheapest(v)
			list = append(list, Held{v, hops, r.Via(v), status, steps, g.likelihoodOf(steps)})
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
	return r.g.likelihoodOf(r.cheapest(v))
}

// cheapest lists the steps of a state's cheapest derivation, premises first.
func (r *Run) cheapest(v StateID) []StepID {
	var list []StepID
	seen := map[StateID]bool{}
	var walk func(v StateID)
	walk = func(v StateID) {
		s := r.best[v]
		if seen[v] || s == NoStep {
			return
		}
		seen[v] = true
		for _, p := range r.g.Premises(s) {
			walk(p)
		}
		list = append(list, s)
	}
	walk(v)
	return list
}

// likelihoodOf is the product of the distinct factors of steps.
func (g *Graph) likelihoodOf(steps []StepID) float64 {
	p := 1.0
	seen := map[FactorID]bool{}
	for _, s := range steps {
		for _, f := range g.StepFactors(s) {
			if !seen[f] {
				seen[f] = true
				p *= g.factors[f].Value
			}
		}
	}
	return p
}
