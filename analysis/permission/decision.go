package permission

import "github.com/cairn-security/cairn/analysis/policy"

// Verdict is the outcome of a request.
type Verdict uint8

// Verdicts.
const (
	Denied Verdict = iota
	Allowed
	Conditional // allowed under one of the alternatives
	Unknown     // depends on something that was not read
)

func (v Verdict) String() string {
	return [...]string{"deny", "allow", "conditional", "unknown"}[v]
}

// Decision is the answer to a [Request].
type Decision struct {
	Verdict Verdict
	// Explicit: a deny statement decides a Denied verdict.
	Explicit bool
	// Alternatives are the minimal sets of tests, each an AND, any of which
	// makes the request allowed. Set for Conditional, and for Unknown where
	// conditions come on top of what was not read.
	Alternatives [][]Literal
	// Truncated: there are more alternatives than listed.
	Truncated bool
	// Gaps are the ids of what was not read and decides.
	Gaps []string
	// Reasons are the statements that decide: the denies for an explicit deny,
	// else every allow of every policy type, and denies that may apply.
	Reasons []Reason
	// Missing are the policy types that would have to allow and do not.
	Missing []Missing
	// Groups support an allow: an AND of groups, in each any one statement is
	// enough. A group without statements is an unread set.
	Groups [][]StatementRef
}

// Literal is a test or its opposite.
type Literal struct {
	Test policy.Test
	Not  bool
}

// Reason is one deciding statement.
type Reason struct {
	Policy    PolicyType
	Label     string
	Statement StatementRef
	Effect    policy.Effect
	// Certain is false when the statement applies only under conditions.
	Certain bool
}

// StatementRef is a statement in its document.
type StatementRef struct {
	Doc       *Attached
	Statement *policy.Statement
}

// Missing names a policy type without an applicable allow.
type Missing struct {
	Policy PolicyType
	Label  string
}

func (m Missing) String() string {
	if m.Policy == OwnedByAWS {
		return m.Label + " is AWS's own: nobody else changes it"
	}
	if m.Label != "" {
		return "allow in " + m.Policy.String() + " " + m.Label
	}
	return "allow in " + m.Policy.String()
}
