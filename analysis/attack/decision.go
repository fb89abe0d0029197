package attack

import (
	"slices"

	"github.com/cairn-security/cairn/graph"
)

// Fact is one observed piece of configuration: an element of a node's property,
// present or absent. Equal elements are one fact: identity is
// (Node, Property, Anchor, Absent); Pointer is for display.
type Fact struct {
	Node     graph.Ref
	Property string // property key of package graph
	Anchor   string // graph.Anchor of the element; for absences what is absent, in words
	Pointer  string // JSON pointer of the element in the property
	Absent   bool
}

// Same reports whether two facts are the same fact.
func (f Fact) Same(g Fact) bool {
	return f.Node == g.Node && f.Absent == g.Absent && f.Property == g.Property && f.Anchor == g.Anchor
}

// Key is the identity of a fact in comparable form.
func (f Fact) Key() FactKey {
	return FactKey{f.Node, f.Property, f.Anchor, f.Absent}
}

// FactKey is the comparable identity of a [Fact].
type FactKey struct {
	Node     graph.Ref
	Property string
	Anchor   string
	Absent   bool
}

// Group is an OR of facts: any one of them suffices.
type Group []Fact

// Status says how certain a decision, a step or a path is.
type Status uint8

// Statuses in order of certainty, best first.
const (
	Decided     Status = iota
	Conditional        // holds under a residue of context conditions
	Unknown            // something it needs was not read
)

func (s Status) String() string {
	switch s {
	case Decided:
		return "decided"
	case Conditional:
		return "conditional"
	default:
		return "unknown"
	}
}

// Condition is one test on the request context that is left over.
type Condition struct {
	Key      string   `json:"key"`
	Operator string   `json:"operator"`
	Values   []string `json:"values"`
	Negated  bool     `json:"negated"`
}

// Decision answers one question about the estate. The zero value is a decided no.
type Decision struct {
	Allowed bool // with Status Unknown: allowed if what was not read is permissive
	Status  Status
	// Explicit is true when a statement denies.
	Explicit bool
	// Support is an AND of groups, each an OR of facts. For a no, it is what denies.
	Support []Group
	// Conditions are alternatives, each an AND; set when Status is Conditional.
	Conditions [][]Condition
	// Gaps are the ids of the coverage gaps it rests on; set when Status is Unknown.
	Gaps []string
	// Assumptions are defaults taken because something is no part of the source.
	Assumptions []string
	// Reasons say in order what decided, per policy type or network element.
	Reasons []Reason
	// Missing says, for a no without explicit deny, what would have to allow.
	Missing []string
}

// Reason is one deciding fact in words.
type Reason struct {
	Fact   Fact
	Policy string // policy type ("identity policy", "bucket policy") or network element
	Effect string // "Allow", "Deny", "open", "blocked" ...
	Text   string // one sentence
}

// Certain reports whether the answer is a decided yes.
func (d *Decision) Certain() bool { return d.Allowed && d.Status == Decided }

// Always reports whether each way to meet the conditions left over has a
// condition that is as asked; a decision without conditions has none.
func (d *Decision) Always(as func(Condition) bool) bool {
	return len(d.Conditions) > 0 && !slices.ContainsFunc(d.Conditions, func(all []Condition) bool { return !slices.ContainsFunc(all, as) })
}

// And combines decisions that are all needed. The result is as certain as the
// least certain of them; a decided no wins.
func And(all ...*Decision) *Decision {
	out := &Decision{Allowed: true}
	for _, d := range all {
		if d == nil {
			continue
		}
		out.Reasons = append(out.Reasons, d.Reasons...)
		out.Missing = append(out.Missing, d.Missing...)
		out.Explicit = out.Explicit || d.Explicit
		if !d.Allowed {
			return &Decision{Status: d.Status, Explicit: d.Explicit, Support: d.Support, Conditions: d.Conditions,
				Gaps: d.Gaps, Assumptions: d.Assumptions, Reasons: d.Reasons, Missing: d.Missing}
		}
		out.Status = max(out.Status, d.Status)
		out.Support = append(out.Support, d.Support...)
		out.Conditions = crossConditions(out.Conditions, d.Conditions)
		out.Gaps = union(out.Gaps, d.Gaps)
		out.Assumptions = union(out.Assumptions, d.Assumptions)
	}
	return out
}

// crossConditions multiplies two disjunctions of conjunctions.
func crossConditions(a, b [][]Condition) [][]Condition {
	if len(a) == 0 {
		return b
	}
	if len(b) == 0 {
		return a
	}
	var out [][]Condition
	for _, x := range a {
		for _, y := range b {
			out = append(out, append(slices.Clone(x), y...))
		}
	}
	return out
}

func union(a, b []string) []string {
	for _, s := range b {
		if !slices.Contains(a, s) {
			a = append(a, s)
		}
	}
	return a
}
