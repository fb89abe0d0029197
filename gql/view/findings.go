package view

import (
	"strings"

	"github.com/cairn-security/cairn/analysis/posture"
	"github.com/cairn-security/cairn/gql/model"
	"github.com/cairn-security/cairn/graph"
)

// Finding is one posture rule applied to one node.
type Finding struct {
	v *View
	f *posture.Finding
}

// findings are all findings, passes included, most urgent first.
type findings struct {
	list  []*Finding
	byID  map[string]*Finding
	open  int // fail or unknown
	table *table
}

// openStatuses are what is shown unless asked otherwise.
var openStatuses = []string{string(posture.Fail), string(posture.Unknown)}

func isOpen(f *posture.Finding) bool { return f.Status == posture.Fail || f.Status == posture.Unknown }

func (v *View) newFindings() *findings {
	all := &findings{byID: map[string]*Finding{}, table: newTable("findings", "rule", "severity", "status", "account", "framework")}
	for i := range v.Result.Findings {
		f := &v.Result.Findings[i]
		one := &Finding{v, f}
		all.list = append(all.list, one)
		all.byID[f.ID] = one
		if isOpen(f) {
			all.open++
		}
		var frameworks []string
		for _, c := range f.Controls {
			frameworks = append(frameworks, c.Framework)
		}
		n := v.node(f.Node)
		all.table.add(f.ID, strings.Join([]string{f.Title, f.Rule, f.ID, n.Name, n.ID}, "\n"),
			[]string{f.Rule}, []string{string(f.Severity)}, []string{string(f.Status)}, []string{deref(n.Account)}, frameworks)
	}
	all.table.titled("account", v.accountTitle)
	return all
}

// Findings lists findings under a filter, by priority.
func (v *View) Findings(first *int, after *string, f *model.FindingFilter) (*FindingConnection, error) {
	if f == nil {
		f = &model.FindingFilter{}
	}
	all := v.findings()
	status := f.Status
	if status == nil {
		status = openStatuses
	}
	var keep func(int32) bool
	if f.Node != nil {
		ref, ok := v.snap().Lookup(*f.Node)
		keep = func(row int32) bool { return ok && ref != graph.NoRef && all.list[row].f.Node == ref }
	}
	found := all.table.find(filter{
		text: deref(f.Text),
		want: map[string][]string{"rule": f.Rule, "severity": f.Severity, "status": status, "account": f.Account, "framework": f.Framework},
		keep: keep,
	}, nil)
	r, err := v.rows(found, first, after)
	if err != nil {
		return nil, err
	}
	if f.Status == nil {
		r.unfiltered = all.open
	}
	return &FindingConnection{r, v}, nil
}

// FindingConnection is a page of findings.
type FindingConnection struct {
	rows
	v *View
}

// FindingEdge is a finding with its cursor.
type FindingEdge struct {
	Cursor string
	Node   *Finding
}

// Nodes are the findings of the page.
func (c *FindingConnection) Nodes() []*Finding {
	return pageOf(&c.rows, func(row int32) *Finding { return c.v.findings().list[row] })
}

// Edges are the findings of the page with cursors.
func (c *FindingConnection) Edges() []*FindingEdge {
	return edgesOf(&c.rows, func(cursor string, row int32) *FindingEdge { return &FindingEdge{cursor, c.v.findings().list[row]} })
}

// IsNode marks it as a Node of the schema.
func (f *Finding) IsNode() {}

// ID is a hash of rule and node.
func (f *Finding) ID() string { return f.f.ID }

// Rule is the posture rule.
func (f *Finding) Rule() string { return f.f.Rule }

// Severity is that of the rule.
func (f *Finding) Severity() string { return string(f.f.Severity) }

// Priority is 0 to 100.
func (f *Finding) Priority() int { return f.f.Priority }

// Status is pass, fail or unknown.
func (f *Finding) Status() string { return string(f.f.Status) }

// Label is that of the data.
func (f *Finding) Label() *Label { return f.v.label(f.f.Label) }

// Node is what it is about.
func (f *Finding) Node() *EstateNode { return f.v.node(f.f.Node) }

// Title is one sentence.
func (f *Finding) Title() string { return f.f.Title }

// Evidence is what decided it.
func (f *Finding) Evidence() []*Evidence { return f.v.evidences(f.v.docs.Reasons(f.f.Reasons)) }

// Controls are what it touches in frameworks.
func (f *Finding) Controls() []posture.Control { return f.f.Controls }

// OnPaths counts the families that use the fact.
func (f *Finding) OnPaths() int { return f.f.OnPaths }
