package view

import (
	"cmp"
	"slices"

	"github.com/cairn-security/cairn/analysis/report"
	"github.com/cairn-security/cairn/gql/model"
	"github.com/cairn-security/cairn/graph"
)

// AttackPathConnection is a page of families.
type AttackPathConnection struct {
	rows
	v *View
}

// AttackPathEdge is a family with its cursor.
type AttackPathEdge struct {
	Cursor string
	Node   *AttackPath
}

// AttackPaths lists families under a filter.
func (v *View) AttackPaths(first *int, after *string, f *model.AttackPathFilter, sort *string) (*AttackPathConnection, error) {
	if f == nil {
		f = &model.AttackPathFilter{}
	}
	p := v.paths()
	var tests []func(*AttackPath) bool
	if f.Target != nil {
		target, err := v.snap().ResolveAs(*f.Target, targeted)
		if err != nil {
			return nil, named(err)
		}
		tests = append(tests, func(x *AttackPath) bool {
			return x.family.Node == target || slices.Contains(x.family.Behind, target)
		})
	}
	if f.Through != nil {
		through := map[*AttackPath]bool{}
		if ref, ok := v.snap().Lookup(*f.Through); ok {
			for _, x := range p.through[ref] {
				through[x] = true
			}
		}
		tests = append(tests, func(x *AttackPath) bool { return through[x] })
	}
	if f.MinRisk != nil {
		tests = append(tests, func(x *AttackPath) bool { return x.family.Score.Risk.Value >= *f.MinRisk })
	}
	found := p.table.find(filter{
		text: deref(f.Text),
		want: map[string][]string{"level": f.Level, "entryKind": f.EntryKind, "label": f.Label, "outcome": f.Outcome, "status": f.Status, "account": f.Account},
		keep: func(row int32) bool {
			for _, test := range tests {
				if !test(p.list[row]) {
					return false
				}
			}
			return true
		},
	}, p.order(deref(sort)))
	r, err := v.rows(found, first, after)
	if err != nil {
		return nil, err
	}
	return &AttackPathConnection{r, v}, nil
}

// order sorts the families; nil is by rank. Groups of one target or entry stay
// together, the group with the highest risk first.
func (p *paths) order(sort string) []int32 {
	var less func(a, b *AttackPath) int
	switch sort {
	case "target", "entry":
		key := func(x *AttackPath) string { return x.Target().ID }
		if sort == "entry" {
			key = func(x *AttackPath) string { return x.EntryKind() + "\x00" + x.Entry().ID }
		}
		best, keys := map[string]int{}, make(map[*AttackPath]string, len(p.list))
		for i, x := range p.list {
			keys[x] = key(x)
			if _, seen := best[keys[x]]; !seen {
				best[keys[x]] = i
			}
		}
		less = func(a, b *AttackPath) int { return cmp.Compare(best[keys[a]], best[keys[b]]) }
	case "steps":
		less = func(a, b *AttackPath) int { return cmp.Compare(a.StepCount(), b.StepCount()) }
	case "paths":
		less = func(a, b *AttackPath) int { return cmp.Compare(b.Count(), a.Count()) }
	default:
		return nil
	}
	return sorted(p.list, less)
}

// sorted returns the rows of a list in an order; equal ones stay as they are.
func sorted[T any](list []T, compare func(a, b T) int) []int32 {
	order := make([]int32, len(list))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(a, b int32) int { return compare(list[a], list[b]) })
	return order
}

// Nodes are the families of the page.
func (c *AttackPathConnection) Nodes() []*AttackPath {
	return pageOf(&c.rows, func(row int32) *AttackPath { return c.v.paths().list[row] })
}

// Edges are the families of the page with cursors.
func (c *AttackPathConnection) Edges() []*AttackPathEdge {
	return edgesOf(&c.rows, func(cursor string, row int32) *AttackPathEdge {
		return &AttackPathEdge{cursor, c.v.paths().list[row]}
	})
}

// PathCount counts the paths in the families under the filter.
func (c *AttackPathConnection) PathCount() int {
	n := 0
	for _, row := range c.all.rows {
		n += c.v.paths().list[row].Count()
	}
	return n
}

// Targets counts all critical assets by answer.
func (c *AttackPathConnection) Targets() *report.Targets { return c.v.targets() }

// Truncated says that the search stopped early.
func (c *AttackPathConnection) Truncated() bool { return c.v.Result.Truncated }

func (v *View) targets() *report.Targets {
	n := v.Result.Counts
	return &report.Targets{Reached: n.Reached, Unknown: n.Unknown, NoPathSeen: n.NoPathSeen}
}

// AttackPath finds a family by its id or that of one of its paths, nil when
// there is none.
func (v *View) AttackPath(id string) *AttackPath { return v.paths().of(v.Result.FamilyByID(id)) }

// pathsTo are the families that end at a node or have it behind, by rank.
func (v *View) pathsTo(ref graph.Ref) []*AttackPath { return v.paths().to[ref] }

// targeted reports whether families end at nodes of a kind.
func targeted(k graph.Kind) bool { return k.Datastore() || k == graph.KindAccount }
