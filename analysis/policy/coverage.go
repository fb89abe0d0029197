package policy

import (
	"strconv"
	"strings"
)

// PatternKind says how an entry of a Resource element can be looked up in an
// index of names.
type PatternKind uint8

const (
	// PatternAll covers every name.
	PatternAll PatternKind = iota
	// PatternExact covers one name, Text.
	PatternExact
	// PatternPrefix covers every name that begins with Text.
	PatternPrefix
	// PatternGlob must be matched; names it covers begin with Text.
	PatternGlob
	// PatternDynamic depends on the request through variables.
	PatternDynamic
	// PatternNone covers nothing.
	PatternNone
)

// ResourcePattern is one entry of a Resource or NotResource element.
type ResourcePattern struct {
	Kind PatternKind
	Text string
	p    *resourcePattern
}

// ResourcePatterns returns the entries of the Resource or NotResource element
// for an index.
func (s *Compiled) ResourcePatterns() []ResourcePattern {
	out := make([]ResourcePattern, len(s.resources))
	for i := range s.resources {
		r := &s.resources[i]
		out[i].p = r
		switch r.kind {
		case matchAll:
			out[i].Kind = PatternAll
		case matchExact:
			out[i].Kind, out[i].Text = PatternExact, r.text
		case matchPrefix:
			out[i].Kind, out[i].Text = PatternPrefix, r.text
		case matchGlob:
			out[i].Kind, out[i].Text = PatternGlob, decode(r.text[:indexWild(r.text)])
		case matchDynamic:
			out[i].Kind = PatternDynamic
		default:
			out[i].Kind = PatternNone
		}
	}
	return out
}

// Match tests a name; false for dynamic patterns.
func (r *ResourcePattern) Match(name string) bool {
	return r.Kind != PatternDynamic && r.p.test(name, nil) == True
}

// Overlaps reports whether the pattern and another one cover a common name;
// true for dynamic patterns.
func (r *ResourcePattern) Overlaps(class string) bool {
	switch r.Kind {
	case PatternAll, PatternDynamic:
		return true
	case PatternNone:
		return false
	}
	_, ok := overlap(r.p.encodedGlob(), encoded(class))
	return ok
}

// Dynamic reports whether some Resource entry contains variables.
func (s *Compiled) Dynamic() bool {
	for i := range s.resources {
		if s.resources[i].kind == matchDynamic {
			return true
		}
	}
	return false
}

// ConditionBlock is the Condition element in a canonical form: equal blocks
// hold in equal contexts. Empty without conditions.
func (s *Compiled) ConditionBlock() string {
	if len(s.conditions) == 0 {
		return ""
	}
	var b strings.Builder
	for i := range s.conditions {
		c := s.conditions[i].src
		b.WriteString(strings.ToLower(c.Operator) + "\x00" + strings.ToLower(c.Key))
		for j, v := range c.Values {
			b.WriteString("\x00" + v)
			if p := &s.conditions[i].values[j].pattern; p.kind == matchDynamic {
				b.WriteString("\x01")
			}
		}
		b.WriteString("\x02" + strconv.Itoa(len(c.Values)))
	}
	return b.String()
}

// Mentions reports whether the statement depends on a context key that pred
// accepts (keys are in lower case), by a condition or a variable.
func (s *Compiled) Mentions(pred func(key string) bool) bool {
	for i := range s.conditions {
		c := &s.conditions[i]
		if pred(c.key) {
			return true
		}
		for j := range c.values {
			if c.values[j].pattern.mentions(pred) {
				return true
			}
		}
	}
	for i := range s.resources {
		if s.resources[i].mentions(pred) {
			return true
		}
	}
	return false
}

func (p *Pattern) mentions(pred func(string) bool) bool {
	for i := range p.parts {
		if p.parts[i].key != "" && pred(p.parts[i].key) {
			return true
		}
	}
	return false
}
