package permission

import (
	"github.com/cairn-security/cairn/analysis/policy"
)

// Attached is a compiled document with what the caller needs to find its
// statements again.
type Attached struct {
	*policy.Policy
	Name string // how reasons call the document
	ID   int32  // the caller's own number for it
}

// Set is the policies of one type that apply together: their allows add up,
// any deny counts. It is immutable.
type Set struct {
	Kind  PolicyType
	Label string // for reasons, such as the level of an SCP; may be empty
	// Unread are gaps that hide documents of the set: it may allow and deny
	// more than its statements say.
	Unread []string

	// allowOnly: what was not read cannot deny.
	allowOnly bool
	id        uint32 // within an engine, from 1

	byService map[string]*statements
	general   statements
	docs      []*Attached
}

// statements are the candidates for one service, allows and denies apart.
type statements struct {
	allow, deny []statement
}

type statement struct {
	*policy.Compiled
	doc *Attached
}

// NewSet builds a set. A document that lost statements makes the set unread
// under the name of the document.
func NewSet(kind PolicyType, docs ...*Attached) *Set {
	s := &Set{Kind: kind, docs: docs, byService: map[string]*statements{}}
	services := map[string]bool{}
	for _, d := range docs {
		if d.Doc.Incomplete() {
			s.Unread = append(s.Unread, "malformed:"+d.Name)
		}
		for i := range d.Statements {
			if v := d.Statements[i].Service(); v != "" {
				services[v] = true
			}
		}
	}
	s.general = s.collect("")
	for v := range services {
		c := s.collect(v)
		s.byService[v] = &c
	}
	return s
}

func (s *Set) collect(service string) statements {
	var out statements
	for _, d := range s.docs {
		for i := range d.Statements {
			c := &d.Statements[i]
			if v := c.Service(); v != "" && v != service {
				continue
			}
			if c.Effect == policy.Deny {
				out.deny = append(out.deny, statement{c, d})
			} else {
				out.allow = append(out.allow, statement{c, d})
			}
		}
	}
	return out
}

func (s *Set) of(service string) *statements {
	if c, ok := s.byService[service]; ok {
		return c
	}
	return &s.general
}

// allows evaluates the allows of an identity-side set.
func (s *Set) allows(r *policy.Request) policy.Truth {
	got := policy.False
	list := s.of(r.Service).allow
	for i := range list {
		if got = max(got, list[i].Applies(r)); got == policy.True {
			return got
		}
	}
	if s.Unread != nil {
		got = max(got, policy.Maybe)
	}
	return got
}

// denies evaluates the denies of an identity-side set.
func (s *Set) denies(r *policy.Request) policy.Truth {
	got := policy.False
	list := s.of(r.Service).deny
	for i := range list {
		if got = max(got, list[i].Applies(r)); got == policy.True {
			return got
		}
	}
	if s.Unread != nil && !s.allowOnly {
		got = max(got, policy.Maybe)
	}
	return got
}
