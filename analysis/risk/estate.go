package risk

import (
	"context"

	"github.com/cairn-security/cairn/analysis/route"
	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/settings"
)

// Stake is what reaching one target is worth. A datastore has one per outcome.
type Stake struct {
	Target route.StateID
	Node   graph.Ref
	Impact float64 // 0 to 1,000, see [settings.Priors.ImpactOf]
}

// Score is a likelihood with an impact: risk = likelihood x impact.
type Score struct {
	Likelihood Estimate
	Impact     float64
	Risk       Estimate
	Level      string // critical, high, medium, low
}

// NewScore multiplies and names the level.
func NewScore(likelihood Estimate, impact float64, levels settings.Levels) Score {
	r := likelihood.Times(impact)
	return Score{likelihood, impact, r, levels.Of(r.Value)}
}

// NodeRisk is the risk of one datastore: that of its worst outcome.
type NodeRisk struct {
	Node graph.Ref
	// Target is the outcome that counts: the worst of those known to be
	// possible, else the worst of those that something unread may allow.
	Target     route.StateID
	Likelihood Estimate // that Target is reached
	Risk       Estimate // Likelihood x impact; Upper may be that of another outcome
}

// Estate is the risk of all datastores together.
type Estate struct {
	Nodes []NodeRisk // highest first
	// Total is the sum over Nodes, its interval that of the sum over worlds.
	Total Estimate

	losses []float64 // impact per drawn world, of what was simulated
}

// Less is how much risk is gone in an estate after a change: [Lower, Upper] is
// the 95 % interval of the difference over worlds of the same number, which draw
// equal factors alike. What rests on something unread does not count.
func (e *Estate) Less(after *Estate) Estimate {
	less := Estimate{Value: e.Total.Value - after.Total.Value, Exact: e.Total.Exact && after.Total.Exact}
	draws := make([]float64, min(len(e.losses), len(after.losses)))
	half := 0.0
	if len(draws) > 0 {
		for i := range draws {
			draws[i] = e.losses[i] - after.losses[i]
		}
		half = halfWidth(draws)
	}
	less.Lower, less.Upper = less.Value-half, less.Value+half
	return less
}

// Estate adds up the risk of the estate: per datastore the highest product of
// chance and impact over its outcomes. Cost: that of [Model.Reached].
func (m *Model) Estate(ctx context.Context, f *route.Finder, stakes []Stake) (Estate, error) {
	lower, err := m.Assess(ctx, f.Lower(), stakes)
	if err != nil {
		return Estate{}, err
	}
	estate := lower.estate()
	if f.Upper() == f.Lower() {
		return estate, nil
	}
	upper, err := m.Assess(ctx, f.Upper(), stakes)
	if err != nil {
		return Estate{}, err
	}
	all := upper.estate()
	above := make(map[graph.Ref]*NodeRisk, len(all.Nodes))
	for i := range all.Nodes {
		above[all.Nodes[i].Node] = &all.Nodes[i]
	}
	for i := range estate.Nodes {
		n := &estate.Nodes[i]
		most := above[n.Node]
		if n.Risk.Value == 0 {
			n.Target = most.Target
		}
		n.Likelihood = n.Likelihood.withUnread(upper.before.likelihood(n.Target))
		n.Risk = n.Risk.withUnread(most.Risk)
	}
	estate.Total = estate.Total.withUnread(all.Total)
	return estate, nil
}
