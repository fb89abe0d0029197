package policy

import "fmt"

// Effect of a statement.
type Effect uint8

// The two effects.
const (
	Allow Effect = iota
	Deny
)

func (e Effect) String() string {
	if e == Deny {
		return "Deny"
	}
	return "Allow"
}

// Language versions. Policy variables exist only from Version2012 on; a
// document without Version is Version2008.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
const (
	Version2008 = "2008-10-17"
	Version2012 = "2012-10-17"
)

// Document is one parsed policy document.
type Document struct {
	Name       string // what the caller calls it; only used in messages
	Version    string // Version2008 when the document says nothing
	ID         string
	Statements []Statement
	// Problems are the parts that could not be understood. A statement with a
	// problem in its structure is not among Statements; one with an unknown
	// condition operator is, and that condition never resolves.
	Problems []*ParseError
}

// Incomplete reports whether some statement was lost, so that the document may
// allow or deny more than Statements say.
func (d *Document) Incomplete() bool {
	for _, p := range d.Problems {
		if !p.harmless {
			return true
		}
	}
	return false
}

// Statement is one statement with everything it says, values in the order
// written.
type Statement struct {
	Sid    string
	Effect Effect

	// Principals is nil when the statement has neither Principal nor
	// NotPrincipal (identity policies).
	Principals   []Principal
	HasPrincipal bool
	NotPrincipal bool

	Actions   []string
	NotAction bool

	Resources   []string
	HasResource bool
	NotResource bool

	Conditions []Condition

	Pointer    string // JSON pointer inside the document: /Statement/3, or /Statement for a single object
	Start, End int    // byte range in the document
	Line       int    // 1-based line of Start
	// Anchor identifies the statement by content: the hash of its canonical
	// JSON. It survives reordering and reformatting of the document.
	Anchor string
}

// Principal is one entry of a Principal or NotPrincipal element.
type Principal struct {
	Type  string // AWS, Service, Federated, CanonicalUser, or * for the bare form
	Value string
}

// Condition is one operator/key pair of a Condition element; values are its
// alternatives.
type Condition struct {
	Operator string // as written, set qualifier and IfExists included
	Key      string // as written
	Values   []string
	Pointer  string
}

// ParseError names one part of a document that is not valid policy language.
type ParseError struct {
	Document     string
	Pointer      string // JSON pointer of the offending element; empty for syntax errors
	Offset       int    // byte offset
	Line, Column int    // 1-based; Column counts bytes
	Reason       string

	harmless bool // nothing that could change a decision was lost
}

func (e *ParseError) Error() string {
	where := e.Document
	if where == "" {
		where = "policy"
	}
	if e.Pointer == "" {
		return fmt.Sprintf("%s:%d:%d: %s", where, e.Line, e.Column, e.Reason)
	}
	return fmt.Sprintf("%s:%d:%d: %s: %s", where, e.Line, e.Column, e.Pointer, e.Reason)
}
