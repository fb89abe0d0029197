package view

import (
	"cmp"
	"context"
	"strings"

	"github.com/cairn-security/cairn/analysis"
	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/report"
	"github.com/cairn-security/cairn/gql/model"
	"github.com/cairn-security/cairn/graph"
)

// Principal is a user or role.
type Principal struct {
	report.Principal
	v *View
}

// principals holds the users and roles, administrators and those who become
// one first.
type principals struct {
	list  []analysis.Principal
	order []int32
	row   map[graph.Ref]int32
	table *table
}

func (v *View) allPrincipals(ctx context.Context) (*principals, error) {
	return v.principals.get(ctx, v.life, func(ctx context.Context) (*principals, error) {
		list, err := v.Result.Principals(ctx)
		if err != nil {
			return nil, err
		}
		p := &principals{list: list, row: make(map[graph.Ref]int32, len(list)), table: newTable("principals", "kind", "account", "administrator", "escalates")}
		rank := map[string]int{"yes": 0, "conditional": 2, "unknown": 3, "no": 4}
		ranks := make([]int, len(list))
		for i := range list {
			x := &list[i]
			n := v.snap().Node(x.Node)
			p.row[x.Node] = int32(i)
			status, escalates := x.Administration.Status.String(), "false"
			ranks[i] = rank[status]
			if x.Escalates {
				escalates = "true"
				ranks[i] = min(ranks[i], 1)
			}
			p.table.add(n.ID, strings.Join([]string{n.Name, n.ID, v.accountTitle(n.Account)}, "\n"), []string{n.Kind.String()}, []string{n.Account}, []string{status}, []string{escalates})
		}
		p.table.titled("kind", kindTitle)
		p.table.titled("account", v.accountTitle)
		rows := make([]int32, len(list))
		for i := range rows {
			rows[i] = int32(i)
		}
		p.order = sorted(rows, func(a, b int32) int {
			return cmp.Or(cmp.Compare(ranks[a], ranks[b]), cmp.Compare(list[a].Hops, list[b].Hops))
		})
		return p, nil
	})
}

// Principals lists users and roles under a filter.
func (v *View) Principals(ctx context.Context, first *int, after *string, f *model.PrincipalFilter) (*PrincipalConnection, error) {
	if f == nil {
		f = &model.PrincipalFilter{}
	}
	p, err := v.allPrincipals(ctx)
	if err != nil {
		return nil, err
	}
	want := map[string][]string{"kind": f.Kind, "account": f.Account, "administrator": f.Administrator}
	if f.Escalates != nil {
		want["escalates"] = []string{map[bool]string{true: "true", false: "false"}[*f.Escalates]}
	}
	r, err := v.rows(p.table.find(filter{text: deref(f.Text), want: want}, p.order), first, after)
	if err != nil {
		return nil, err
	}
	return &PrincipalConnection{r, v, p}, nil
}

func (v *View) principalOf(ctx context.Context, ref graph.Ref) (*Principal, error) {
	p, err := v.allPrincipals(ctx)
	if err != nil {
		return nil, err
	}
	row, ok := p.row[ref]
	if !ok {
		return nil, nil
	}
	return v.principal(p, row), nil
}

func (v *View) principal(p *principals, row int32) *Principal {
	return &Principal{report.PrincipalOf(v.snap(), v.docs, p.list[row]), v}
}

// PrincipalConnection is a page of principals.
type PrincipalConnection struct {
	rows
	v *View
	p *principals
}

// PrincipalEdge is a principal with its cursor.
type PrincipalEdge struct {
	Cursor string
	Node   *Principal
}

// Nodes are the principals of the page.
func (c *PrincipalConnection) Nodes() []*Principal {
	return pageOf(&c.rows, func(row int32) *Principal { return c.v.principal(c.p, row) })
}

// Edges are the principals of the page with cursors.
func (c *PrincipalConnection) Edges() []*PrincipalEdge {
	return edgesOf(&c.rows, func(cursor string, row int32) *PrincipalEdge {
		return &PrincipalEdge{cursor, c.v.principal(c.p, row)}
	})
}

// ID is that of its node.
func (p *Principal) ID() string { return p.Principal.Node.ID }

// Node is its node.
func (p *Principal) Node() *EstateNode { return p.v.of(p.Principal.Node) }

// ResidualDenies are denies that leave administration intact.
func (p *Principal) ResidualDenies() []*Evidence { return p.v.evidences(p.Principal.ResidualDenies) }

// Because is what makes it an administrator.
func (p *Principal) Because() []*Evidence { return p.v.evidences(p.Principal.Because) }

// Conditions are what is left to hold.
func (p *Principal) Conditions() [][]attack.Condition { return p.Principal.Conditions }

// Escalation is the way to administration, nil when there is none.
func (p *Principal) Escalation() *Escalation {
	e := p.Principal.Escalation
	if e == nil {
		return nil
	}
	return &Escalation{p.v.settled(e.Status), e.Hops}
}

// Escalation is a way to administration.
type Escalation struct {
	certainty
	Hops int
}
