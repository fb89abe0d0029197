package report

import (
	"context"

	"github.com/cairn-security/cairn/analysis"
)

// Plan is the document cairn.plan/v1. Until plans of several changes exist it
// holds single changes, each proved by deriving the paths again.
type Plan struct {
	Schema     string            `json:"schema"`
	Snapshot   string            `json:"snapshot"`
	Fixes      []Fix             `json:"fixes"`
	Unclosable []Unclosable      `json:"unclosable"`
	Why        map[string]string `json:"why"`
	// Certificate and Curve belong to plans of several changes.
	Certificate *struct{} `json:"certificate"`
	Curve       *struct{} `json:"curve"`
}

// Fix is one change.
type Fix struct {
	ID           string            `json:"id"`
	Title        string            `json:"title"`
	Kind         string            `json:"kind"`
	Node         Node              `json:"node"`
	Effort       int               `json:"effort"`
	RiskRemoved  [3]float64        `json:"riskRemoved"`
	Closes       int               `json:"closes"`
	Families     []string          `json:"families"`
	Opens        int               `json:"opens"`
	ReachedAfter int               `json:"reachedAfter"`
	Breaks       *[]struct{}       `json:"breaks"`
	Artefacts    Artefacts         `json:"artefacts"`
	Evidence     Evidence          `json:"evidence"`
	Why          map[string]string `json:"why"`
}

// Artefacts are what a person needs to make the change.
type Artefacts struct {
	PolicyDiff *PolicyDiff `json:"policyDiff"`
	CLI        []string    `json:"cli"`
	Terraform  *string     `json:"terraform"`
	Markdown   string      `json:"markdown"`
}

// PolicyDiff is a document before and after the change.
type PolicyDiff struct {
	Before string `json:"before"`
	After  string `json:"after"`
}

// Unclosable is a path that no known single change closes.
type Unclosable struct {
	Path string `json:"path"`
	Why  string `json:"why"`
}

// PlanOf builds the document. keep limits it to fixes that close a family it
// accepts; nil keeps all. budget, above 0, leaves out fixes of more effort.
func PlanOf(ctx context.Context, r *analysis.Result, keep func(*analysis.Family) bool, budget int) (*Plan, error) {
	all, err := r.Fixes(ctx)
	if err != nil {
		return nil, err
	}
	docs := NewDocuments(r.Snap)
	doc := &Plan{Schema: "cairn.plan/v1", Snapshot: r.Snap.ID(), Fixes: []Fix{}, Unclosable: []Unclosable{}, Why: map[string]string{
		"certificate": "single changes only: plans of several changes are not computed", "curve": "single changes only: plans of several changes are not computed"}}
	closed := map[string]bool{}
	for _, f := range all {
		wanted := keep == nil
		for _, family := range f.Closes {
			closed[family.ID] = true
			wanted = wanted || keep(family)
		}
		if wanted && (budget <= 0 || f.Effort <= budget) {
			doc.Fixes = append(doc.Fixes, FixOf(r, docs, f))
		}
	}
	for _, family := range r.Families {
		if closed[family.ID] || (keep != nil && !keep(family)) || family.Status.String() == "unknown" {
			continue
		}
		doc.Unclosable = append(doc.Unclosable, Unclosable{family.ID, "no single change known to cairn closes every path of it"})
	}
	return doc, nil
}

// FixOf describes one fix.
func FixOf(r *analysis.Result, docs *Documents, f *analysis.Fix) Fix {
	out := Fix{ID: f.ID, Title: f.Title, Kind: f.Kind, Node: NodeOf(r.Snap, f.Node), Effort: f.Effort,
		RiskRemoved: [3]float64{f.RiskRemoved.Lower, f.RiskRemoved.Value, f.RiskRemoved.Upper}, Closes: len(f.Closes), Families: []string{}, Opens: f.Opened,
		ReachedAfter: f.ReachedAfter, Evidence: docs.Fact(f.Fact), Artefacts: Artefacts{CLI: list(f.Commands), Markdown: markdown(f)},
		Why: map[string]string{"breaks": "who used the access was not read", "terraform": "no Terraform source was read"}}
	for _, family := range f.Closes {
		out.Families = append(out.Families, family.ID)
	}
	if f.After != "" || f.Before != "" {
		out.Artefacts.PolicyDiff = &PolicyDiff{f.Before, f.After}
	} else {
		out.Why["policyDiff"] = "the change is no document"
	}
	return out
}

func markdown(f *analysis.Fix) string {
	text := "## " + f.Title + "\n\nCloses:\n"
	for _, family := range f.Closes {
		text += "- " + family.Title + "\n"
	}
	for _, c := range f.Commands {
		text += "\n```sh\n" + c + "\n```\n"
	}
	return text
}
