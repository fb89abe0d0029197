package route

import (
	"cmp"
	"errors"
	"slices"

	"github.com/cairn-security/cairn/analysis/attack"
)

// Build freezes the steps into a graph. The graph is whole and usable also
// when the error is not nil: that lists what was left out. The builder must
// not be used afterwards.
//
// Steps with equal technique, premises, conclusion, factors and status are
// one, their decisions alternatives; steps that differ in factors or status
// stay apart, since they are different chances. Cost: O(m log m) for m steps.
func (b *Builder) Build() (*Graph, error) {
	g := &Graph{nodes: b.nodes, details: b.details, index: &index{}}
	b.sortStates(g)
	b.sortFactors(g)
	b.sortTechniques(g)
	b.layOut(g, b.mergeSteps(g, b.order(len(g.states))))
	return g, errors.Join(b.problems...)
}

// sortStates numbers states by kind, node, qualifier and port.
func (b *Builder) sortStates(g *Graph) {
	order, rank := ranked(b.states, compareStates)
	g.states = order
	for i := range b.steps {
		b.steps[i].conclusion = StateID(rank[b.steps[i].conclusion])
	}
	for i := range b.prem {
		b.prem[i] = StateID(rank[b.prem[i]])
	}
	for i := range b.steps {
		slices.Sort(b.premises(&b.steps[i]))
	}
}

func compareStates(x, y attack.State) int {
	return cmp.Or(cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.Node, y.Node), cmp.Compare(x.Aux, y.Aux),
		cmp.Compare(x.Qualifier, y.Qualifier), cmp.Compare(x.Port, y.Port))
}

func (b *Builder) sortFactors(g *Graph) {
	order, rank := ranked(b.factors, func(x, y attack.Factor) int { return cmp.Compare(x.Key, y.Key) })
	g.factors = order
	g.factorCost = make([]uint32, len(order))
	for i, f := range order {
		g.factorCost[i] = MicroNats(f.Value)
	}
	for i := range b.fact {
		b.fact[i] = FactorID(rank[b.fact[i]])
	}
	for i := range b.steps {
		slices.Sort(b.factsOf(&b.steps[i]))
	}
}

func (b *Builder) sortTechniques(g *Graph) {
	order, rank := ranked(b.techniques, func(x, y attack.TechniqueID) int { return cmp.Compare(x, y) })
	g.techniques = order
	for i := range b.steps {
		b.steps[i].technique = uint16(rank[b.steps[i].technique])
	}
}

// ranked sorts a copy of list; rank says where each element went.
func ranked[T any](list []T, compare func(x, y T) int) (sorted []T, rank []uint32) {
	order := make([]uint32, len(list))
	for i := range order {
		order[i] = uint32(i)
	}
	slices.SortFunc(order, func(i, j uint32) int { return compare(list[i], list[j]) })
	sorted, rank = make([]T, len(list)), make([]uint32, len(list))
	for to, from := range order {
		sorted[to], rank[from] = list[from], uint32(to)
	}
	return sorted, rank
}

func (b *Builder) premises(s *rawStep) []StateID {
	return b.prem[s.premOff : s.premOff+uint32(s.premLen)]
}

func (b *Builder) factsOf(s *rawStep) []FactorID {
	return b.fact[s.factOff : s.factOff+uint32(s.factLen)]
}

// order sorts the places of steps by conclusion (a counting sort) and then by
// technique, premises, status, factors, place.
func (b *Builder) order(states int) []uint32 {
	start := make([]uint32, states+1)
	for i := range b.steps {
		start[b.steps[i].conclusion+1]++
	}
	for i := range states {
		start[i+1] += start[i]
	}
	order, next := make([]uint32, len(b.steps)), slices.Clone(start)
	for i := range b.steps {
		c := b.steps[i].conclusion
		order[next[c]] = uint32(i)
		next[c]++
	}
	for v := range states {
		slices.SortStableFunc(order[start[v]:start[v+1]], func(i, j uint32) int {
			return b.compareSteps(&b.steps[i], &b.steps[j])
		})
	}
	return order
}

func (b *Builder) compareSteps(x, y *rawStep) int {
	return cmp.Or(cmp.Compare(x.conclusion, y.conclusion), cmp.Compare(x.technique, y.technique),
		slices.Compare(b.premises(x), b.premises(y)), cmp.Compare(x.status, y.status),
		slices.Compare(b.factsOf(x), b.factsOf(y)))
}

// mergeSteps keeps the first of each run of equal steps and notes the others
// as its alternatives, whose places follow those of the steps.
func (b *Builder) mergeSteps(g *Graph, order []uint32) []uint32 {
	kept, others := order[:0], []uint32(nil)
	var of []StepID
	for _, place := range order {
		if n := len(kept); n > 0 && b.compareSteps(&b.steps[kept[n-1]], &b.steps[place]) == 0 {
			others, of = append(others, place), append(of, StepID(n-1))
			continue
		}
		kept = append(kept, place)
	}
	for i, id := range of {
		g.details.more[id] = append(g.details.more[id], uint32(len(kept)+i))
	}
	g.details.settle(slices.Concat(kept, others))
	return kept
}

func (b *Builder) layOut(g *Graph, order []uint32) {
	m, n := len(order), len(g.states)
	g.conclusion, g.cost = make([]StateID, m), make([]uint32, m)
	g.technique, g.status = make([]uint16, m), make([]attack.Status, m)
	g.premOff, g.factOff = make([]uint32, m+1), make([]uint32, m+1)
	g.into, g.useOff = make([]uint32, n+1), make([]uint32, n+1)
	g.prem, g.fact = make([]StateID, 0, len(b.prem)), make([]FactorID, 0, len(b.fact))
	for id, place := range order {
		raw := &b.steps[place]
		g.conclusion[id], g.technique[id], g.status[id] = raw.conclusion, raw.technique, raw.status
		g.has[raw.status] = true
		g.into[raw.conclusion+1]++
		for _, p := range b.premises(raw) {
			g.prem = append(g.prem, p)
			g.useOff[p+1]++
		}
		cost := uint32(1)
		for _, f := range b.factsOf(raw) {
			g.fact = append(g.fact, f)
			cost += g.factorCost[f]
		}
		g.cost[id] = cost
		g.premOff[id+1], g.factOff[id+1] = uint32(len(g.prem)), uint32(len(g.fact))
		if raw.premLen == 0 {
			g.entries = append(g.entries, StepID(id))
		}
	}
	for i := range n {
		g.into[i+1] += g.into[i]
		g.useOff[i+1] += g.useOff[i]
	}
	g.use = make([]StepID, len(g.prem))
	next := slices.Clone(g.useOff)
	for id := range m {
		for _, p := range g.Premises(StepID(id)) {
			g.use[next[p]] = StepID(id)
			next[p]++
		}
	}
}
