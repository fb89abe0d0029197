package view

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/cairn-security/cairn/gql/model"
	"github.com/cairn-security/cairn/graph"
)

// Coverage says what was read, and what was not.
type Coverage struct {
	v *View
	g *GapConnection
}

// Coverage lists the gaps under a filter.
func (v *View) Coverage(first *int, after *string, f *model.GapFilter) (*Coverage, error) {
	if f == nil {
		f = &model.GapFilter{}
	}
	found := v.gaps().table.find(filter{want: map[string][]string{"account": f.Account, "service": f.Service, "outcome": f.Outcome}}, nil)
	r, err := v.rows(found, first, after)
	if err != nil {
		return nil, err
	}
	return &Coverage{v, &GapConnection{r, v}}, nil
}

// Gaps are the gaps, those that could hide the most first.
func (c *Coverage) Gaps() *GapConnection { return c.g }

// Tasks counts reads by outcome.
func (c *Coverage) Tasks() []*TaskCount { return taskCounts(c.v.snap().Meta().Tasks) }

// Matrix is account by service.
func (c *Coverage) Matrix(ctx context.Context) ([]*CoverageCell, error) { return c.v.matrix(ctx) }

// TaskCount counts reads that ended in one way.
type TaskCount struct {
	Outcome string
	Count   int
}

// CoverageCell is the reads of one service in one account.
type CoverageCell struct {
	Account     string
	AccountName *string
	Service     string
	Outcome     string // the worst
	Tasks       []*TaskCount
}

// outcomes from best to worst: what was refused hides more than what was never
// part of the source.
var outcomes = []graph.Outcome{graph.OutcomeOK, graph.OutcomeEmpty, graph.OutcomeNotCollected, graph.OutcomeUnsupported, graph.OutcomeTruncated,
	graph.OutcomeMalformed, graph.OutcomeTimeout, graph.OutcomeThrottled, graph.OutcomeDenied}

func badness(o graph.Outcome) int { return slices.Index(outcomes, o) }

func taskCounts(counts map[graph.Outcome]int) []*TaskCount {
	out := []*TaskCount{}
	for _, o := range outcomes {
		if n := counts[o]; n > 0 {
			out = append(out, &TaskCount{string(o), n})
		}
	}
	return out
}

// matrix counts the slices of the snapshot by account and service. Where the
// store keeps none, the gaps alone tell.
func (v *View) matrix(ctx context.Context) ([]*CoverageCell, error) {
	return v.cells.get(ctx, v.life, func(ctx context.Context) ([]*CoverageCell, error) {
		type place struct{ account, service string }
		counts := map[place]map[graph.Outcome]int{}
		count := func(account, service string, o graph.Outcome) {
			p := place{account, service}
			if counts[p] == nil {
				counts[p] = map[graph.Outcome]int{}
			}
			counts[p][o]++
		}
		var sets []graph.RecordSet
		if v.Sets != nil {
			var err error
			if sets, err = v.Sets(ctx, v.Info.ID); err != nil {
				return nil, err
			}
		}
		for i := range sets {
			count(sets[i].Account, sets[i].Service, sets[i].Outcome)
		}
		if len(sets) == 0 {
			for _, g := range v.snap().Gaps() {
				count(g.Account, g.Service, g.Outcome)
			}
		}
		places := slices.SortedFunc(maps.Keys(counts), func(a, b place) int {
			return cmp.Or(cmp.Compare(a.account, b.account), cmp.Compare(a.service, b.service))
		})
		cells := make([]*CoverageCell, len(places))
		for i, p := range places {
			worst := graph.OutcomeOK
			if counts[p][graph.OutcomeOK] == 0 {
				worst = graph.OutcomeEmpty
			}
			for o := range counts[p] {
				if badness(o) > badness(worst) {
					worst = o
				}
			}
			cells[i] = &CoverageCell{p.account, v.accountName(p.account), p.service, string(worst), taskCounts(counts[p])}
		}
		return cells, nil
	})
}

// GapConnection is a page of gaps.
type GapConnection struct {
	rows
	v *View
}

// GapEdge is a gap with its cursor.
type GapEdge struct {
	Cursor string
	Node   *Gap
}

// Nodes are the gaps of the page.
func (c *GapConnection) Nodes() []*Gap {
	return pageOf(&c.rows, func(row int32) *Gap { return c.v.gaps().list[row] })
}

// Edges are the gaps of the page with cursors.
func (c *GapConnection) Edges() []*GapEdge {
	return edgesOf(&c.rows, func(cursor string, row int32) *GapEdge { return &GapEdge{cursor, c.v.gaps().list[row]} })
}
