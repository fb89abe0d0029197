package policy

import "strings"

// Policy is a compiled document. It is immutable and safe for concurrent use.
type Policy struct {
	Doc        *Document
	Statements []Compiled
}

// Compiled is one statement, ready to be tested against requests.
type Compiled struct {
	*Statement
	actions    []Pattern
	resources  []resourcePattern
	principals []compiledPrincipal
	conditions []compiledCondition
	// service is the one service all action patterns belong to, empty if there
	// are several, a wildcard, or NotAction.
	service string
}

// Compile prepares a document. Cost is linear in its size.
func Compile(doc *Document) *Policy {
	p := &Policy{Doc: doc, Statements: make([]Compiled, len(doc.Statements))}
	variables := doc.Version == Version2012
	for i := range doc.Statements {
		p.Statements[i] = compileStatement(&doc.Statements[i], variables)
	}
	return p
}

func compileStatement(s *Statement, variables bool) Compiled {
	c := Compiled{Statement: s}
	c.actions = make([]Pattern, len(s.Actions))
	for i, a := range s.Actions {
		c.actions[i] = compileAction(a)
	}
	c.service = commonService(s)
	c.resources = make([]resourcePattern, len(s.Resources))
	for i, r := range s.Resources {
		c.resources[i] = compileResource(r, variables)
	}
	c.principals = make([]compiledPrincipal, len(s.Principals))
	for i, p := range s.Principals {
		c.principals[i] = compilePrincipal(p)
	}
	c.conditions = make([]compiledCondition, len(s.Conditions))
	for i := range s.Conditions {
		c.conditions[i] = compileCondition(&s.Conditions[i], variables)
	}
	return c
}

func commonService(s *Statement) string {
	if s.NotAction {
		return ""
	}
	common := ""
	for _, a := range s.Actions {
		service, _, ok := strings.Cut(strings.ToLower(a), ":")
		if !ok || strings.ContainsAny(service, "*?") || common != "" && common != service {
			return ""
		}
		common = service
	}
	return common
}

// Request is what a statement is tested against.
type Request struct {
	Action   string // lower case; see NewRequest
	Service  string // the part of Action before the colon
	Resource string // an ARN, or * for an action without resource
	Context  *Context
}

// NewRequest normalises the action.
func NewRequest(action, resource string, ctx *Context) Request {
	action = strings.ToLower(action)
	service, _, _ := strings.Cut(action, ":")
	return Request{Action: action, Service: service, Resource: resource, Context: ctx}
}

// CoversAction reports whether the Action or NotAction element covers an
// action given in lower case.
func (s *Compiled) CoversAction(service, action string) bool {
	if s.service != "" && s.service != service {
		return false
	}
	for i := range s.actions {
		if s.actions[i].match(action, nil) == True {
			return !s.NotAction
		}
	}
	return s.NotAction
}

// CoversResource tests the Resource or NotResource element. A statement
// without one stands in a resource policy and means the resource it is
// attached to. A variable without a value makes the statement invalid: it
// covers nothing, with NotResource too.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
func (s *Compiled) CoversResource(resource string, ctx *Context) Truth {
	if !s.HasResource {
		return truth(s.HasPrincipal)
	}
	got := False
	for i := range s.resources {
		if got = max(got, s.resources[i].names(resource, ctx, s.NotResource)); got == True {
			break
		}
	}
	if s.NotResource {
		return got.Not()
	}
	return got
}

// Holds tests the Condition element: all conditions must hold.
func (s *Compiled) Holds(ctx *Context) Truth {
	got := True
	for i := range s.conditions {
		if got = min(got, s.conditions[i].test(ctx)); got == False {
			return False
		}
	}
	return got
}

// Applies tests action, resource and conditions; principals are apart.
func (s *Compiled) Applies(r *Request) Truth {
	if !s.CoversAction(r.Service, r.Action) {
		return False
	}
	got := s.CoversResource(r.Resource, r.Context)
	if got == False {
		return False
	}
	return min(got, s.Holds(r.Context))
}

// Names says how the statement names a caller; with NotPrincipal, a caller
// that is not spared counts as named by everyone.
func (s *Compiled) Names(who *Caller) Naming {
	if !s.NotPrincipal {
		return s.naming(who)
	}
	if s.exempts(who) {
		return 0
	}
	return NamesEveryone
}

// Conditional reports whether the answer can depend on the request context,
// through conditions or variables.
func (s *Compiled) Conditional() bool {
	if len(s.conditions) > 0 {
		return true
	}
	for i := range s.resources {
		if s.resources[i].kind == matchDynamic {
			return true
		}
	}
	return false
}

// Service is the one service that all actions of the statement belong to, ""
// if there is no such service.
func (s *Compiled) Service() string { return s.service }

// Instances appends names that match both the class pattern and one of the
// statement's Resource (or NotResource) patterns, one per pattern, up to limit
// names in all.
func (s *Compiled) Instances(class string, ctx *Context, names []string, limit int) []string {
	for i := range s.resources {
		r := &s.resources[i]
		glob := ""
		switch r.kind {
		case matchAll, matchNever:
			continue
		case matchDynamic:
			enc, ok := r.resolve(ctx)
			if ok != True {
				continue
			}
			glob = enc
		default:
			glob = r.encodedGlob()
		}
		if name, ok := arnOverlap(glob, encoded(class)); ok && len(names) < limit {
			names = append(names, name)
		}
	}
	return names
}

// Everything reports whether the statement covers every action on every
// resource without conditions.
func (s *Compiled) Everything() bool {
	all := func(p *Pattern) bool { return p.kind == matchAll }
	if s.NotAction || s.NotResource || len(s.conditions) > 0 {
		return false
	}
	for i := range s.actions {
		if all(&s.actions[i]) {
			for j := range s.resources {
				if all(&s.resources[j].Pattern) {
					return true
				}
			}
		}
	}
	return false
}
