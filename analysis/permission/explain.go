package permission

import (
	"slices"

	"github.com/cairn-security/cairn/analysis/policy"
)

// explain fills reasons, missing allows and support.
func explain(d *Decision, r *Request, p *Policies) {
	e := explainer{d: d, r: r}
	if d.Verdict == Denied && d.Explicit {
		e.allDenies(p)
		if len(d.Reasons) > 0 {
			return
		}
	}
	if d.Verdict != Denied {
		e.allDenies(p) // denies that apply only under conditions
	}
	e.allows(p)
}

type explainer struct {
	d *Decision
	r *Request
}

func (e *explainer) reason(s *Set, st *statement, t policy.Truth) {
	e.d.Reasons = append(e.d.Reasons, Reason{Policy: s.Kind, Label: s.Label, Effect: st.Effect,
		Statement: StatementRef{st.doc, st.Statement}, Certain: t == policy.True})
}

func (e *explainer) allDenies(p *Policies) {
	if hasIdentity(&e.r.Caller) {
		for _, s := range [...]*Set{p.Identity, p.Boundary, p.Session} {
			e.denies(s, false)
		}
	}
	if scpBinds(e.r) {
		for _, s := range p.SCPs {
			e.denies(s, false)
		}
	}
	if rcpBinds(e.r) {
		for _, s := range p.RCPs {
			e.denies(s, true)
		}
	}
	for _, s := range p.Resource {
		e.denies(s, true)
	}
	for _, s := range p.Endpoint {
		e.denies(s, true)
	}
}

func (e *explainer) denies(s *Set, byCaller bool) {
	if s == nil {
		return
	}
	list := s.of(e.r.Service).deny
	for i := range list {
		st := &list[i]
		if t := e.applies(st, byCaller, anyNaming); t != policy.False && (t == policy.True || !e.d.Explicit) {
			e.reason(s, st, t)
		}
	}
}

func (e *explainer) applies(st *statement, byCaller bool, how policy.Naming) policy.Truth {
	t := st.Applies(&e.r.Request)
	if !byCaller || t == policy.False {
		return t
	}
	switch n := st.Names(&e.r.Caller) & how; n {
	case 0:
		return policy.False
	case policy.NamesSession:
		return min(t, policy.Maybe)
	}
	return t
}

// part is the allows of one policy type that bear on the request.
type part struct {
	kind  PolicyType
	label string
	refs  []StatementRef
	open  bool // satisfied, certainly or possibly
}

func (e *explainer) part(s *Set, byCaller bool, how policy.Naming) part {
	if s == nil {
		return part{}
	}
	out := part{kind: s.Kind, label: s.Label, open: s.Unread != nil}
	list := s.of(e.r.Service).allow
	for i := range list {
		st := &list[i]
		if t := e.applies(st, byCaller, how); t != policy.False {
			out.refs = append(out.refs, StatementRef{st.doc, st.Statement})
			out.open = true
			if !slices.ContainsFunc(e.d.Reasons, func(x Reason) bool {
				return x.Statement.Statement == st.Statement && x.Policy == s.Kind
			}) {
				e.reason(s, st, t)
			}
		}
	}
	return out
}

func (e *explainer) miss(p part) {
	if !p.open {
		e.d.Missing = append(e.d.Missing, Missing{p.kind, p.label})
	}
}

func (e *explainer) resource(p *Policies, how policy.Naming) part {
	out := part{kind: e.resourceKind(p)}
	for _, s := range p.Resource {
		x := e.part(s, true, how)
		out.refs = append(out.refs, x.refs...)
		out.open = out.open || x.open
	}
	return out
}

func (e *explainer) resourceKind(p *Policies) PolicyType {
	for _, s := range p.Resource {
		if s.Kind != KeyGrant && s.Kind != AccessControlList {
			return s.Kind
		}
	}
	switch {
	case e.r.mode == modeOwnPolicy && e.r.Service == "sts":
		return TrustPolicy
	case e.r.mode == modeOwnPolicy:
		return KeyPolicy
	}
	return ResourcePolicy
}

// allows collects the allows along the ways a request can be granted (see
// granted) and turns the open ways into an AND of groups.
func (e *explainer) allows(p *Policies) {
	var ways [][]part
	direct := e.resource(p, policy.NamesDirectly|policy.NamesEveryone|policy.NamesSession)
	var always []part
	switch {
	case !hasAccount(&e.r.Caller):
		e.miss(direct)
		ways = append(ways, []part{direct})
	default:
		own := e.own(p)
		limits := e.limits(p)
		toRole := e.resource(p, policy.NamesRole)
		toAccount := e.resource(p, policy.NamesAccount)
		if !e.r.sameAccount() {
			any := part{kind: direct.kind, open: direct.open || toRole.open || toAccount.open,
				refs: slices.Concat(direct.refs, toRole.refs, toAccount.refs)}
			e.miss(any)
			ways = append(ways, append(append(own, limits...), any))
		} else {
			if e.r.mode == modeOwnPolicy {
				e.missOwnPolicy(direct, toRole, toAccount)
				own = append(own, toAccount)
			}
			ways = append(ways, append(own, limits...), []part{direct}, append(slices.Clone(limits), toRole))
		}
	}
	if scpBinds(e.r) {
		for _, s := range p.SCPs {
			x := e.part(s, false, 0)
			e.miss(x)
			always = append(always, x)
		}
	}
	for _, s := range p.Endpoint {
		x := e.part(s, true, anyNaming)
		e.miss(x)
		always = append(always, x)
	}
	if e.d.Verdict != Denied {
		e.d.Missing = nil
		e.d.Groups = groups(ways, always)
	}
}

func (e *explainer) missOwnPolicy(direct, toRole, toAccount part) {
	if !direct.open && !toRole.open {
		e.miss(toAccount)
	}
}

func (e *explainer) own(p *Policies) []part {
	if e.r.unlimited() {
		return nil
	}
	x := e.part(p.Identity, false, 0)
	x.kind = IdentityPolicy
	e.miss(x)
	return []part{x}
}

func (e *explainer) limits(p *Policies) []part {
	var out []part
	for _, s := range [...]*Set{p.Boundary, p.Session} {
		if s != nil && hasIdentity(&e.r.Caller) {
			x := e.part(s, false, 0)
			e.miss(x)
			out = append(out, x)
		}
	}
	return out
}

// groups distributes an OR of ANDs into an AND of ORs: a group takes one part
// of each open way.
func groups(ways [][]part, always []part) [][]StatementRef {
	acc := [][]StatementRef{nil}
	any := false
	for _, way := range ways {
		if slices.ContainsFunc(way, func(p part) bool { return !p.open }) {
			continue
		}
		any = true
		if len(way) == 0 {
			acc = nil // granted without a statement: the root user
			break
		}
		var next [][]StatementRef
		for _, g := range acc {
			for _, p := range way {
				next = append(next, union(g, p.refs))
			}
		}
		acc = next
	}
	if !any {
		acc = nil
	}
	for _, p := range always {
		acc = append(acc, p.refs)
	}
	return absorb(acc)
}

func union(a, b []StatementRef) []StatementRef {
	out := slices.Clone(a)
	for _, x := range b {
		if !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	return out
}

// absorb drops empty groups and groups that contain another one.
func absorb(list [][]StatementRef) [][]StatementRef {
	var out [][]StatementRef
	for i, g := range list {
		if len(g) == 0 {
			continue
		}
		covered := slices.ContainsFunc(list, func(o []StatementRef) bool {
			return len(o) > 0 && len(o) < len(g) && subset(o, g)
		}) || slices.ContainsFunc(list[:i], func(o []StatementRef) bool { return len(o) == len(g) && subset(o, g) })
		if !covered {
			out = append(out, g)
		}
	}
	return out
}

func subset(a, b []StatementRef) bool {
	for _, x := range a {
		if !slices.Contains(b, x) {
			return false
		}
	}
	return true
}
