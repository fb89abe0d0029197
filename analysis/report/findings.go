package report

import (
	"github.com/cairn-security/cairn/analysis"
	"github.com/cairn-security/cairn/analysis/posture"
	"github.com/cairn-security/cairn/graph"
)

// Findings is the document cairn.findings/v1.
type Findings struct {
	Schema   string    `json:"schema"`
	Snapshot string    `json:"snapshot"`
	Findings []Finding `json:"findings"`
}

// Finding is one rule applied to one node.
type Finding struct {
	ID       string            `json:"id"`
	Rule     string            `json:"rule"`
	Severity string            `json:"severity"`
	Priority int               `json:"priority"`
	Status   string            `json:"status"`
	Label    *string           `json:"label"`
	Node     Node              `json:"node"`
	Title    string            `json:"title"`
	Evidence []Evidence        `json:"evidence"`
	Controls []posture.Control `json:"controls"`
	OnPaths  int               `json:"onPaths"`
	Why      map[string]string `json:"why,omitempty"`
}

// FindingsOf builds the document; passes are left out unless all is set.
func FindingsOf(r *analysis.Result, all bool) *Findings {
	docs := NewDocuments(r.Snap)
	doc := &Findings{Schema: "cairn.findings/v1", Snapshot: r.Snap.ID(), Findings: []Finding{}}
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Status == posture.Pass && !all {
			continue
		}
		doc.Findings = append(doc.Findings, FindingOf(r.Snap, docs, f))
	}
	return doc
}

// FindingOf describes one finding.
func FindingOf(snap *graph.Snapshot, docs *Documents, f *posture.Finding) Finding {
	return Finding{ID: f.ID, Rule: f.Rule, Severity: string(f.Severity), Priority: f.Priority, Status: string(f.Status), Label: textOrNull(f.Label),
		Node: NodeOf(snap, f.Node), Title: f.Title, Evidence: docs.Reasons(f.Reasons), Controls: list(f.Controls), OnPaths: f.OnPaths, Why: nulls(null{"label", "the resource carries no label", f.Label == ""})}
}

// Coverage is the document cairn.coverage/v1.
type Coverage struct {
	Schema   string                `json:"schema"`
	Snapshot string                `json:"snapshot"`
	Tasks    map[graph.Outcome]int `json:"tasks"`
	Gaps     []graph.Gap           `json:"gaps"`
}

// CoverageOf builds the document. Gaps that the engines found while reading
// documents come on top of the snapshot's own.
func CoverageOf(r *analysis.Result) *Coverage {
	doc := &Coverage{Schema: "cairn.coverage/v1", Snapshot: r.Snap.ID(), Tasks: map[graph.Outcome]int{}, Gaps: Gaps(r)}
	for outcome, n := range r.Snap.Meta().Tasks {
		doc.Tasks[outcome] = n
	}
	return doc
}

// Gaps are all coverage gaps: those of the snapshot, then those in documents.
func Gaps(r *analysis.Result) []graph.Gap {
	gaps := append([]graph.Gap{}, r.Snap.Gaps()...)
	for _, g := range r.Perm.Gaps() {
		gaps = append(gaps, g)
	}
	for i := range gaps {
		gaps[i].Affects = list(gaps[i].Affects)
	}
	return gaps
}
