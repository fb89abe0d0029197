package analysis

import (
	"cmp"
	"context"
	"slices"

	"github.com/cairn-security/cairn/analysis/remediate"
	"github.com/cairn-security/cairn/analysis/risk"
	"github.com/cairn-security/cairn/analysis/route"
)

// Choke is an element that paths pass through, with three numbers that are
// never blended: what it is mandatory for, the risk removed were it gone, and
// how many targets lie behind it.
type Choke = risk.Choke

const (
	mostChokes   = 64
	chokesTested = 256
)

// Chokes returns the choke points of the families, the most risk removed first:
// nodes, and facts that somebody can change (that a control policy allows
// everything, or that a subnet routes locally, is on every path and helps
// nobody). Computed once. Removal here is set subtraction; what a change really closes
// is what Fixes proves.
func (r *Result) Chokes(ctx context.Context) ([]Choke, error) {
	return r.chokes.get(func() ([]Choke, error) {
		families := make([]route.Family, len(r.Families))
		for i, f := range r.Families {
			families[i] = f.Family
		}
		points, err := r.Finder.Lower().ChokePoints(ctx, families, chokesTested)
		if err != nil {
			return nil, err
		}
		assessment, err := r.Model.Assess(ctx, r.Finder.Lower(), r.stakes())
		if err != nil {
			return nil, err
		}
		points = slices.DeleteFunc(points, func(p route.Choke) bool {
			return p.Fact != nil && len(remediate.For(r.Snap, *p.Fact, nil)) == 0
		})
		list, err := assessment.ChokePoints(ctx, points)
		if err != nil {
			return nil, err
		}
		slices.SortStableFunc(list, func(a, b Choke) int {
			return cmp.Or(cmp.Compare(b.RiskRemoved.Value, a.RiskRemoved.Value), cmp.Compare(len(b.Mandatory), len(a.Mandatory)), cmp.Compare(b.Reach, a.Reach), compareBool(a.Fact != nil, b.Fact != nil))
		})
		return list[:min(len(list), mostChokes)], nil
	})
}

// FamilyChokes returns the choke points that lie on a family's best path.
func (r *Result) FamilyChokes(ctx context.Context, f *Family) ([]Choke, error) {
	all, err := r.Chokes(ctx)
	if err != nil {
		return nil, err
	}
	on := map[route.ElementKey]bool{}
	for _, e := range r.Graph.Elements(f.Best()) {
		on[e.Key()] = true
	}
	var list []Choke
	for _, c := range all {
		if on[c.Key()] {
			list = append(list, c)
		}
	}
	return list, nil
}

// compareBool orders false before true.
func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
