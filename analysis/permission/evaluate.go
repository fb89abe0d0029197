package permission

import (
	"github.com/cairn-security/cairn/analysis/policy"
)

// algebra is what an evaluation computes in: [policy.Truth] for the fast
// answer, formulas for the answer with residue.
type algebra[T any] interface {
	constant(bool) T
	and(a, b T) T
	or(a, b T) T
	not(a T) T
	allows(s *Set, r *Request) T
	denies(s *Set, r *Request) T
	// grants evaluates the allows of a resource-side set that name the caller
	// in one of the given ways; deniesCaller its denies that name him at all.
	grants(s *Set, r *Request, how policy.Naming) T
	deniesCaller(s *Set, r *Request) T
}

// evaluate combines all policy types.
//
// An explicit deny anywhere wins. In one account an identity policy or a
// resource policy suffices, except where the resource's own policy must allow
// (role trust, KMS keys); boundary and session policy limit what identity
// policies and grants to a role give, not grants to a user, to a session or to
// everyone. Across accounts both sides must allow, each by a complete
// evaluation.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
func evaluate[T any, A algebra[T]](a A, r *Request, p *Policies) T {
	out := a.not(denied(a, r, p))
	if scpBinds(r) {
		for _, level := range p.SCPs {
			out = a.and(out, a.allows(level, r))
		}
	}
	for _, e := range p.Endpoint {
		out = a.and(out, a.grants(e, r, anyNaming))
	}
	return a.and(out, granted(a, r, p))
}

const anyNaming = policy.NamesAccount | policy.NamesRole | policy.NamesDirectly | policy.NamesEveryone | policy.NamesSession

func denied[T any, A algebra[T]](a A, r *Request, p *Policies) T {
	out := a.constant(false)
	if hasIdentity(&r.Caller) {
		for _, s := range [...]*Set{p.Identity, p.Boundary, p.Session} {
			if s != nil {
				out = a.or(out, a.denies(s, r))
			}
		}
	}
	if scpBinds(r) {
		for _, level := range p.SCPs {
			out = a.or(out, a.denies(level, r))
		}
	}
	if len(p.RCPs) > 0 && rcpBinds(r) {
		for _, level := range p.RCPs {
			out = a.or(out, a.deniesCaller(level, r))
		}
	}
	for _, s := range p.Resource {
		out = a.or(out, a.deniesCaller(s, r))
	}
	for _, s := range p.Endpoint {
		out = a.or(out, a.deniesCaller(s, r))
	}
	return out
}

func granted[T any, A algebra[T]](a A, r *Request, p *Policies) T {
	direct := resourceGrants(a, r, p, policy.NamesDirectly|policy.NamesEveryone|policy.NamesSession)
	if !hasAccount(&r.Caller) {
		return direct
	}
	limits := a.constant(true)
	if p.Boundary != nil && hasIdentity(&r.Caller) {
		limits = a.and(limits, a.allows(p.Boundary, r))
	}
	if p.Session != nil && hasIdentity(&r.Caller) {
		limits = a.and(limits, a.allows(p.Session, r))
	}
	own := identityAllows(a, r, p)
	own = a.and(own, limits)
	toRole := resourceGrants(a, r, p, policy.NamesRole)
	toAccount := resourceGrants(a, r, p, policy.NamesAccount)
	if !r.sameAccount() {
		return a.and(own, a.or(direct, a.or(toRole, toAccount)))
	}
	if r.mode == modeOwnPolicy {
		own = a.and(own, toAccount)
	}
	return a.or(own, a.or(direct, a.and(toRole, limits)))
}

func identityAllows[T any, A algebra[T]](a A, r *Request, p *Policies) T {
	switch {
	case r.unlimited():
		return a.constant(true)
	case p.Identity == nil:
		return a.constant(false)
	}
	return a.allows(p.Identity, r)
}

// unlimited reports whether the caller needs no identity policy: the root user
// does not, and an unknown principal's own account may give it any.
func (r *Request) unlimited() bool {
	return r.outside || r.Caller.Kind == policy.CallerRoot || r.Caller.Kind == policy.CallerAnyAWS
}

func resourceGrants[T any, A algebra[T]](a A, r *Request, p *Policies, how policy.Naming) T {
	out := a.constant(false)
	for _, s := range p.Resource {
		out = a.or(out, a.grants(s, r, how))
	}
	return out
}

// hasAccount reports whether the caller's account takes part in the decision.
func hasAccount(c *policy.Caller) bool {
	switch c.Kind {
	case policy.CallerService, policy.CallerFederated, policy.CallerAnonymous:
		return false
	}
	return true
}

// hasIdentity reports whether the caller can have identity policies.
func hasIdentity(c *policy.Caller) bool {
	switch c.Kind {
	case policy.CallerUser, policy.CallerRole, policy.CallerFederatedUser:
		return true
	}
	return false
}

// scpBinds reports whether the caller's SCPs apply: to principals of accounts,
// root included, not to service-linked roles. That the management account is
// exempt is for the caller to know: it passes no SCPs.
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
func scpBinds(r *Request) bool {
	switch r.Caller.Kind {
	case policy.CallerUser, policy.CallerRole, policy.CallerRoot, policy.CallerFederatedUser:
		return !r.ServiceLinked
	}
	return false
}

// rcpBinds reports whether the resource's RCPs apply, to whoever calls.
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
func rcpBinds(r *Request) bool {
	return !r.ServiceLinked && !r.AWSManagedKey && r.Action != "kms:retiregrant" && rcpSupports(r.Service)
}

// truthAlgebra evaluates in three values without allocation.
type truthAlgebra struct{}

func (truthAlgebra) constant(b bool) policy.Truth {
	if b {
		return policy.True
	}
	return policy.False
}
func (truthAlgebra) and(a, b policy.Truth) policy.Truth { return min(a, b) }
func (truthAlgebra) or(a, b policy.Truth) policy.Truth  { return max(a, b) }
func (truthAlgebra) not(a policy.Truth) policy.Truth    { return a.Not() }

func (truthAlgebra) allows(s *Set, r *Request) policy.Truth { return s.allows(&r.Request) }
func (truthAlgebra) denies(s *Set, r *Request) policy.Truth { return s.denies(&r.Request) }

func (truthAlgebra) grants(s *Set, r *Request, how policy.Naming) policy.Truth {
	got := naming(s.of(r.Service).allow, r, how)
	if s.Unread != nil {
		got = max(got, policy.Maybe)
	}
	return got
}

func (truthAlgebra) deniesCaller(s *Set, r *Request) policy.Truth {
	got := naming(s.of(r.Service).deny, r, anyNaming)
	if s.Unread != nil && !s.allowOnly {
		got = max(got, policy.Maybe)
	}
	return got
}

// naming evaluates statements of resource policies that name the caller in one
// of the given ways. A statement that names one session of a role may apply to
// a session of unknown name.
func naming(list []statement, r *Request, how policy.Naming) policy.Truth {
	got := policy.False
	for i := range list {
		st := &list[i]
		if !st.CoversAction(r.Service, r.Action) {
			continue
		}
		n := st.Names(&r.Caller) & how
		if n == 0 {
			continue
		}
		t := st.Applies(&r.Request)
		if n == policy.NamesSession {
			t = min(t, policy.Maybe)
		}
		got = max(got, t)
	}
	return got
}
