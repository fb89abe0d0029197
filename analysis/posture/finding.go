package posture

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/permission"
	"github.com/cairn-security/cairn/analysis/reach"
	"github.com/cairn-security/cairn/analysis/sensitivity"
	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/settings"
)

// Status is the outcome of a rule on a node.
type Status string

// Statuses.
const (
	Pass    Status = "pass"
	Fail    Status = "fail"
	Unknown Status = "unknown"
)

// Severity of a rule before data and paths lift it.
type Severity string

// Severities and the priority each starts from.
const (
	Critical Severity = "critical"
	High     Severity = "high"
	Medium   Severity = "medium"
	Low      Severity = "low"
)

var basePriority = map[Severity]int{Critical: 60, High: 45, Medium: 25, Low: 10}

// Control is a requirement of a framework.
type Control struct {
	Framework string `json:"framework"`
	ID        string `json:"id"`
}

// Finding is one rule applied to one node.
type Finding struct {
	ID       string // hash of rule and node: survives rescans
	Rule     string
	Severity Severity
	// Priority is 0 to 100: the severity's base, lifted by the label of the data
	// and by the paths that rest on the same facts.
	Priority int
	Status   Status
	Label    string
	Node     graph.Ref
	Title    string
	Reasons  []attack.Reason
	Controls []Control
	OnPaths  int // families that rest on the facts of the finding
}

// Estate is what rules may ask.
type Estate struct {
	Snap     *graph.Snapshot
	Settings *settings.Settings
	Data     *sensitivity.Index
	Perm     *permission.Engine
	Reach    *reach.Estate
	// PathFacts counts the families that rest on a fact.
	PathFacts map[attack.FactKey]int

	exposed map[graph.Ref]*reach.Endpoint
}

// Evaluate applies every rule and returns all findings, passes included, most
// urgent first.
func Evaluate(e *Estate) []Finding {
	var all []Finding
	for i := range rules {
		r := &rules[i]
		r.check(e, func(node graph.Ref, status Status, title string, reasons ...attack.Reason) {
			all = append(all, e.finding(r, node, status, title, reasons))
		})
	}
	slices.SortStableFunc(all, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(rankOf(a.Status), rankOf(b.Status)), cmp.Compare(b.Priority, a.Priority), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Node, b.Node))
	})
	return all
}

func rankOf(s Status) int { return slices.Index([]Status{Fail, Unknown, Pass}, s) }

func (e *Estate) finding(r *rule, node graph.Ref, status Status, title string, reasons []attack.Reason) Finding {
	sum := sha256.Sum256([]byte(r.id + "\x00" + e.Snap.Node(node).ID))
	f := Finding{ID: "fd-" + hex.EncodeToString(sum[:6]), Rule: r.id, Severity: r.severity, Status: status, Node: node, Title: title, Reasons: reasons, Controls: r.controls}
	if d := e.Data.Of(node); d != nil {
		f.Label = d.Label
	}
	for _, reason := range reasons {
		f.OnPaths = max(f.OnPaths, e.PathFacts[reason.Fact.Key()])
	}
	f.Priority = e.priority(&f)
	return f
}

// priority lifts the base by up to 25 for the data's label and by 15 for paths.
// An unknown answer weighs less than a failure of the same rule.
func (e *Estate) priority(f *Finding) int {
	p := basePriority[f.Severity]
	if f.Label != "" && e.Settings.Sensitive(f.Label) {
		p += int(25 * e.Settings.Priors.LabelWeight(f.Label))
	}
	if f.OnPaths > 0 {
		p += 15
	}
	switch f.Status {
	case Unknown:
		p /= 2
	case Pass:
		p = 0
	}
	return min(p, 100)
}

// described reports whether anything was read of a node. What something only
// refers to promises nothing, and no rule says anything of it.
func (e *Estate) described(ref graph.Ref) bool { return len(e.Snap.Props(ref)) > 0 }

func (e *Estate) name(ref graph.Ref) string {
	n := e.Snap.Node(ref)
	return cmp.Or(n.Name, n.ID)
}
