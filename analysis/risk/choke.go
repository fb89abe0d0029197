package risk

import (
	"cmp"
	"context"
	"slices"

	"github.com/cairn-security/cairn/analysis/route"
)

// Choke is a choke point with the risk that goes if it is gone.
type Choke struct {
	route.Choke
	RiskRemoved Estimate
}

// ChokePoints removes each element in turn and simulates the estate without it
// under the same luck. Sorted by the risk removed, then as given.
// Cost: that of [Assessment.Removed] for each point: give it as many as people
// will read.
func (a *Assessment) ChokePoints(ctx context.Context, points []route.Choke) ([]Choke, error) {
	list := make([]Choke, 0, len(points))
	for _, p := range points {
		removed, err := a.Removed(ctx, a.run.Graph().Gone(p.Element))
		if err != nil {
			return nil, err
		}
		list = append(list, Choke{p, removed})
	}
	slices.SortStableFunc(list, func(x, y Choke) int { return cmp.Compare(y.RiskRemoved.Value, x.RiskRemoved.Value) })
	return list, nil
}
