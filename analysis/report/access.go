package report

import (
	"context"

	"github.com/cairn-security/cairn/analysis"
	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/permission"
	"github.com/cairn-security/cairn/graph"
)

// Decision is the document cairn.decision/v1.
type Decision struct {
	Schema      string               `json:"schema,omitempty"`
	Snapshot    string               `json:"snapshot,omitempty"`
	Principal   Node                 `json:"principal"`
	Action      string               `json:"action"`
	Resource    string               `json:"resource"`
	Decision    string               `json:"decision"` // allow, deny, conditional, unknown
	Explicit    bool                 `json:"explicit"`
	Conditions  [][]attack.Condition `json:"conditions"`
	Reasons     []Evidence           `json:"reasons"`
	Missing     []string             `json:"missing"`
	Gaps        []string             `json:"gaps"`
	Assumptions []string             `json:"assumptions"`
	// Door is the access point by which it works, null: the resource itself.
	Door *Node `json:"door"`
}

// Verdict is a decision in one word.
func Verdict(d *attack.Decision) string {
	switch {
	case d.Status == attack.Unknown:
		return "unknown"
	case !d.Allowed:
		return "deny"
	case d.Status == attack.Conditional:
		return "conditional"
	}
	return "allow"
}

// DecisionOf builds the document about one question; door is the access point
// the answer is about, or graph.NoRef.
func DecisionOf(snap *graph.Snapshot, docs *Documents, who Node, action, resource string, d *attack.Decision, door graph.Ref) *Decision {
	return &Decision{Schema: "cairn.decision/v1", Snapshot: snap.ID(), Principal: who, Action: action, Resource: resource,
		Decision: Verdict(d), Explicit: d.Explicit, Conditions: conditions(d.Conditions), Reasons: docs.Reasons(d.Reasons), Missing: list(d.Missing),
		Gaps: list(d.Gaps), Assumptions: list(d.Assumptions), Door: doorOf(snap, door)}
}

// WhoCan is the document cairn.whocan/v1.
type WhoCan struct {
	Schema     string   `json:"schema"`
	Snapshot   string   `json:"snapshot"`
	Action     string   `json:"action"`
	Resource   string   `json:"resource"`
	Everyone   bool     `json:"everyone"`
	Principals []Holder `json:"principals"`
}

// Holder is one principal that may act.
type Holder struct {
	Node       Node                 `json:"node"`
	Decision   string               `json:"decision"`
	Conditions [][]attack.Condition `json:"conditions"`
	Reasons    []Evidence           `json:"reasons"`
	Gaps       []string             `json:"gaps"`
	// Door is the access point by which it works, null: the resource itself.
	Door *Node `json:"door"`
}

// doorOf is an access point as a document names it, nil where there is none.
func doorOf(snap *graph.Snapshot, door graph.Ref) *Node {
	if door == graph.NoRef {
		return nil
	}
	n := NodeOf(snap, door)
	return &n
}

// WhoCanOf builds the document.
func WhoCanOf(snap *graph.Snapshot, docs *Documents, action, resource string, who []permission.Who, everyone bool) *WhoCan {
	doc := &WhoCan{Schema: "cairn.whocan/v1", Snapshot: snap.ID(), Action: action, Resource: resource, Everyone: everyone, Principals: []Holder{}}
	for _, w := range who {
		doc.Principals = append(doc.Principals, Holder{NodeOf(snap, w.Node), Verdict(w.Decision), conditions(w.Decision.Conditions), docs.Reasons(w.Decision.Reasons), list(w.Decision.Gaps), doorOf(snap, w.Door)})
	}
	return doc
}

// Principals is the document cairn.principals/v1.
type Principals struct {
	Schema     string      `json:"schema"`
	Snapshot   string      `json:"snapshot"`
	Principals []Principal `json:"principals"`
}

// Principal says whether somebody administers, and whether they get there.
type Principal struct {
	Node                Node                 `json:"node"`
	Administrator       bool                 `json:"administrator"`
	AdministratorStatus string               `json:"administratorStatus"`
	ResidualDenies      []Evidence           `json:"residualDenies"`
	Escalates           bool                 `json:"escalates"`
	Escalation          *Escalation          `json:"escalation"`
	Because             []Evidence           `json:"because"`
	Conditions          [][]attack.Condition `json:"conditions"`
}

// Escalation is the way to administration.
type Escalation struct {
	Status
	Hops int      `json:"hops"`
	Via  []string `json:"via"`
}

// PrincipalsOf builds the document.
func PrincipalsOf(ctx context.Context, r *analysis.Result) (*Principals, error) {
	all, err := r.Principals(ctx)
	if err != nil {
		return nil, err
	}
	docs := NewDocuments(r.Snap)
	doc := &Principals{Schema: "cairn.principals/v1", Snapshot: r.Snap.ID(), Principals: make([]Principal, 0, len(all))}
	for _, p := range all {
		doc.Principals = append(doc.Principals, PrincipalOf(r.Snap, docs, p))
	}
	return doc, nil
}

// PrincipalOf describes one principal.
func PrincipalOf(snap *graph.Snapshot, docs *Documents, p analysis.Principal) Principal {
	a := p.Administration
	out := Principal{Node: NodeOf(snap, p.Node), Administrator: a.Status == permission.IsAdministrator, AdministratorStatus: a.Status.String(),
		ResidualDenies: docs.Reasons(a.ResidualDenies), Escalates: p.Escalates, Because: []Evidence{}, Conditions: [][]attack.Condition{}}
	if a.Decision != nil && a.Status != permission.NotAdministrator {
		out.Because, out.Conditions = docs.Reasons(a.Decision.Reasons), conditions(a.Decision.Conditions)
	}
	if p.Escalates {
		via := make([]string, 0, len(p.Via))
		for _, v := range p.Via {
			via = append(via, string(v))
		}
		out.Escalation = &Escalation{Status: StatusOf(p.Way), Hops: p.Hops, Via: via}
	}
	return out
}
