package permission

import (
	"iter"
	"slices"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/policy"
	"github.com/cairn-security/cairn/graph"
)

// Assumption is one way to become a role.
type Assumption struct {
	From   graph.Ref // user, role, service, identity provider, external account, any-aws-principal
	Role   graph.Ref
	Action string // sts:AssumeRole, sts:AssumeRoleWithSAML, sts:AssumeRoleWithWebIdentity
	// Decision is never a decided no.
	Decision *attack.Decision
}

var assumeActions = [...]string{"sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"}

// Assumptions iterates over who may assume which role, by role and then
// principal. Candidates come from the trust policies, so the cost follows what
// they name, not principals × roles; a trust that names a whole account brings
// all its principals in, each at the price of a fast decision.
func (e *Engine) Assumptions(g Given) iter.Seq[Assumption] {
	return func(yield func(Assumption) bool) {
		for _, role := range e.snap.ByKind(graph.KindRole) {
			for a := range e.AssumptionsOf(role, g) {
				if !yield(a) {
					return
				}
			}
		}
	}
}

// AssumptionsOf iterates over who may assume one role.
func (e *Engine) AssumptionsOf(role graph.Ref, g Given) iter.Seq[Assumption] {
	return func(yield func(Assumption) bool) {
		for _, p := range e.trusted(role) {
			for _, action := range assumeActions {
				if (p.caller.Kind == policy.CallerFederated) != (action != assumeActions[0]) {
					continue
				}
				q := e.ask(p, action, OnNode(role), &g)
				if q.truth() == policy.False {
					continue
				}
				if d := q.decide(); d.Allowed && !yield(Assumption{p.ref, role, action, d}) {
					return
				}
			}
		}
	}
}

// AssumeRole decides whether a principal may call sts:AssumeRole on a role.
// An identity of a provider calls the variant for it.
func (e *Engine) AssumeRole(from, role graph.Ref, g Given) *attack.Decision {
	action := assumeActions[0]
	if e.snap.Kind(from) == graph.KindIdentityProvider {
		action = assumeActions[2]
		if p, ok := e.principal(from); ok && isSAML(p.caller.ARN) {
			action = assumeActions[1]
		}
	}
	return e.Can(from, action, OnNode(role), g)
}

// trusted are the principals a role's trust policy names, in any way, in
// snapshot order.
func (e *Engine) trusted(role graph.Ref) []*principal {
	r := e.resources[role]
	if r == nil {
		return nil
	}
	seen := map[graph.Ref]bool{}
	var out []*principal
	add := func(p *principal) {
		if !seen[p.ref] {
			seen[p.ref] = true
			out = append(out, p)
		}
	}
	for _, s := range r.sets {
		list := s.of("sts").allow
		for i := range list {
			e.namedBy(list[i].Compiled, r, add)
		}
		if s.Unread != nil { // somebody of the account may be trusted
			c := e.callers()
			for _, n := range c.byAccount[r.node.Account] {
				add(c.list[n])
			}
		}
	}
	slices.SortFunc(out, func(a, b *principal) int { return int(a.ref) - int(b.ref) })
	return out
}

func (e *Engine) namedBy(s *policy.Compiled, r *resource, add func(*principal)) {
	for _, t := range s.Principals {
		if s.NotPrincipal || t.Value == "*" && t.Type != "Federated" {
			for _, p := range e.callers().list {
				add(p)
			}
			return
		}
		if ref, ok := e.snap.Lookup(principalID(t)); ok {
			if p, ok := e.principal(ref); ok {
				if e.snap.Kind(ref) != graph.KindAccount {
					add(p)
				}
			}
		}
		if acc := accountNamed(t); acc != "" {
			c := e.callers()
			for _, n := range c.byAccount[acc] {
				if c.list[n].mayAssume {
					add(c.list[n])
				}
			}
			if ref, ok := e.snap.Lookup(graph.AccountID(acc)); ok && e.snap.Kind(ref) == graph.KindExternalAccount {
				if p, ok := e.principal(ref); ok {
					add(p)
				}
			}
		} else if c := CallerFromARN(t.Value); c.Kind == policy.CallerRole && c.SessionUnknown == false {
			if p := e.byName(c.Account, c.RoleARN); p != nil { // one session of a role
				add(p)
			}
		}
	}
}

// byName finds a role of an account by the name in an ARN without path.
func (e *Engine) byName(account, arn string) *principal {
	c := e.callers()
	for _, n := range c.byName[account+"/"+lastSegment(arn)] {
		if c.list[n].caller.Kind == policy.CallerRole {
			return c.list[n]
		}
	}
	return nil
}
