package policy

import (
	"slices"
	"strings"
)

// Test is one test on the request context that what is known does not decide.
// Two tests with the same Key are the same question.
type Test struct {
	Operator string   // condition operator as written; ResourceMatches or SessionName for implied tests
	Name     string   // context key as written
	Values   []string // alternatives

	cond *compiledCondition // nil for implied tests
	// patterns and resource of ResourceMatches.
	patterns []*resourcePattern
	resource string
}

// Operators of tests that no Condition element states.
const (
	// ResourceMatches: the variables in a Resource pattern must make it match
	// the resource asked for; Name is the first variable.
	ResourceMatches = "ResourceMatches"
	// SessionName: the session must have the name a policy lists.
	SessionName = "StringEquals"
	sessionKey  = "sts:RoleSessionName"
)

// Key identifies the test: equal keys, equal answers.
func (t *Test) Key() string {
	values := slices.Clone(t.Values)
	slices.Sort(values)
	return strings.ToLower(t.Operator) + "\x00" + strings.ToLower(t.Name) + "\x00" + strings.Join(values, "\x00")
}

// ContextKey is the context key the test is about, in lower case.
func (t *Test) ContextKey() string { return strings.ToLower(t.Name) }

// Opaque reports whether the outcome is not a function of the value of
// ContextKey alone: unknown operators and values with variables.
func (t *Test) Opaque() bool {
	if t.cond == nil || t.cond.op.base == opUnknown {
		return t.Operator != SessionName || t.cond != nil
	}
	for i := range t.cond.values {
		if t.cond.values[i].pattern.kind == matchDynamic {
			return true
		}
	}
	return false
}

// Eval tests one possible value of the key. It must not be called on opaque
// tests.
func (t *Test) Eval(v Values) bool {
	if t.cond == nil {
		return v.Presence == Present && slices.Contains(t.Values, v.One)
	}
	ctx := Context{entries: []contextEntry{{t.cond.key, v}}}
	return t.cond.test(&ctx) == True
}

// In evaluates the test in a context.
func (t *Test) In(ctx *Context) Truth {
	switch {
	case t.cond != nil:
		return t.cond.test(ctx)
	case t.patterns != nil:
		got := False
		for _, p := range t.patterns {
			got = max(got, p.test(t.resource, ctx))
		}
		return got
	}
	v := ctx.lookup(strings.ToLower(t.Name))
	switch v.Presence {
	case Unknown, PresentUnknown:
		return Maybe
	case Absent:
		return False
	}
	return truth(slices.Contains(t.Values, v.One))
}

// Residue appends the tests that must all hold for the statement to apply,
// given that action and principal match and the rest is decided. For a
// NotResource element with an undecided pattern the test is the opposite of
// ResourceMatches; neg says so per test. Its variables must have values, too.
func (s *Compiled) Residue(r *Request, tests []Test, neg []bool) ([]Test, []bool) {
	if s.HasResource && s.CoversResource(r.Resource, r.Context) == Maybe {
		if values, patterns := s.maybeResources(r); patterns != nil {
			tests = append(tests, Test{Operator: ResourceMatches, Name: patterns[0].firstVariable(), Values: values,
				patterns: patterns, resource: r.Resource})
			neg = append(neg, s.NotResource)
		}
		for i := range s.resources {
			if s.NotResource && s.resources[i].names(r.Resource, r.Context, true) == Maybe {
				tests, neg = s.resources[i].needsValues(r.Context, tests, neg)
			}
		}
	}
	for i := range s.conditions {
		c := &s.conditions[i]
		if c.test(r.Context) == Maybe {
			tests = append(tests, Test{Operator: c.src.Operator, Name: c.src.Key, Values: c.src.Values, cond: c})
			neg = append(neg, false)
		}
	}
	return tests, neg
}

// needsValues appends a test for each variable that may be without a value.
func (p *Pattern) needsValues(ctx *Context, tests []Test, neg []bool) ([]Test, []bool) {
	for i := range p.parts {
		v := &p.parts[i]
		if v.key == "" || v.hasDef || ctx.lookup(v.key).Presence != Unknown {
			continue
		}
		src := &Condition{Operator: "Null", Key: v.key, Values: []string{"false"}}
		c := compileCondition(src, false)
		tests, neg = append(tests, Test{Operator: src.Operator, Name: src.Key, Values: src.Values, cond: &c}), append(neg, false)
	}
	return tests, neg
}

func (s *Compiled) maybeResources(r *Request) (raw []string, patterns []*resourcePattern) {
	for i := range s.resources {
		if s.resources[i].test(r.Resource, r.Context) == Maybe {
			raw = append(raw, s.resources[i].raw)
			patterns = append(patterns, &s.resources[i])
		}
	}
	return raw, patterns
}

func (p *Pattern) firstVariable() string {
	for i := range p.parts {
		if p.parts[i].key != "" {
			return p.parts[i].key
		}
	}
	return ""
}

// SessionTest is the test on the session name for a statement that names the
// caller by NamesSession only.
func (s *Compiled) SessionTest(who *Caller) Test {
	t := Test{Operator: SessionName, Name: sessionKey}
	for i := range s.principals {
		if s.principals[i].names(who) == NamesSession {
			t.Values = append(t.Values, s.principals[i].session)
		}
	}
	return t
}
