package permission

import (
	"slices"
	"strings"
	"sync"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/permission/actions"
	"github.com/cairn-security/cairn/analysis/policy"
	"github.com/cairn-security/cairn/graph"
)

// AdministratorStatus says whether a principal administers its account.
type AdministratorStatus uint8

// Statuses.
const (
	NotAdministrator AdministratorStatus = iota
	IsAdministrator
	ConditionalAdministrator // under context conditions
	UnknownAdministrator     // depends on something that was not read
)

func (s AdministratorStatus) String() string {
	return [...]string{"no", "yes", "conditional", "unknown"}[s]
}

// Administration is the answer to [Engine.Administrator].
type Administration struct {
	Status AdministratorStatus
	// Decision is the AND of those of all control actions, and of the least
	// certain of the others; its support and reasons are why. For a no, it is
	// that of the first action that is not allowed.
	Decision *attack.Decision
	// ResidualDenies are deny statements that leave an administrator an
	// administrator: none of them takes an action of controlActions away.
	ResidualDenies []attack.Reason
}

// controlActions are the actions with which an administrator can give himself
// everything else: all writes of IAM, and passing roles. A deny, a boundary or
// an SCP that takes one of them away ends the administration.
//
// The actions of the service authorization reference with an IAM write level,
// without those that concern certificates, tags and providers of identity.
var controlActions = []string{
	"iam:AddUserToGroup", "iam:AttachGroupPolicy", "iam:AttachRolePolicy", "iam:AttachUserPolicy",
	"iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:CreatePolicy", "iam:CreatePolicyVersion", "iam:CreateRole", "iam:CreateUser",
	"iam:DeleteRolePermissionsBoundary", "iam:DeleteUserPermissionsBoundary", "iam:DetachRolePolicy", "iam:DetachUserPolicy",
	"iam:DeleteRolePolicy", "iam:DeleteUserPolicy", "iam:PassRole", "iam:PutGroupPolicy", "iam:PutRolePermissionsBoundary",
	"iam:PutRolePolicy", "iam:PutUserPermissionsBoundary", "iam:PutUserPolicy", "iam:SetDefaultPolicyVersion",
	"iam:UpdateAssumeRolePolicy", "iam:UpdateLoginProfile",
}

// ControlActions returns the actions no deny may take from an administrator.
func ControlActions() []string { return slices.Clone(controlActions) }

// Administrator decides whether a principal administers its account: every
// action on every resource is allowed before any attack, apart from residual
// denies that leave the control actions intact. Policies of all types count
// together, so an administrator whose power is spread over several policies is
// one. The root user always is.
//
// Cost: a handful of fast decisions for most principals; one per action of the
// reference for those that pass them.
func (e *Engine) Administrator(who graph.Ref, g Given) Administration {
	p, ok := e.principal(who)
	if !ok || p.outside || p.account.id == "" {
		return Administration{Decision: &attack.Decision{Missing: []string{"no principal of an account of the estate"}}}
	}
	a := administrators{e: e, p: p, g: &g}
	if d, denied := a.control(); denied {
		return Administration{Decision: d}
	}
	if d, denied := a.sweep(); denied {
		return Administration{Decision: d}
	}
	out := Administration{Status: IsAdministrator, Decision: a.all(), ResidualDenies: a.residual()}
	switch out.Decision.Status {
	case attack.Conditional:
		out.Status = ConditionalAdministrator
	case attack.Unknown:
		out.Status = UnknownAdministrator
	}
	return out
}

type administrators struct {
	e     *Engine
	p     *principal
	g     *Given
	asked []*attack.Decision // of the control actions
	worst *attack.Decision
}

// all unites the decisions: each fact, group and reason once.
func (a *administrators) all() *attack.Decision {
	out := &attack.Decision{Allowed: true, Status: a.worst.Status, Conditions: a.worst.Conditions, Gaps: a.worst.Gaps}
	groups, reasons := map[string]bool{}, map[attack.FactKey]bool{}
	for _, d := range append(a.asked, a.worst) {
		for _, g := range d.Support {
			if g[0].Absent {
				continue // one absence per action: what denies one of them ends it, which the present facts do not need
			}
			if key := groupKey(g); !groups[key] {
				groups[key] = true
				out.Support = append(out.Support, g)
			}
		}
		for _, r := range d.Reasons {
			if !reasons[r.Fact.Key()] {
				reasons[r.Fact.Key()] = true
				out.Reasons = append(out.Reasons, r)
			}
		}
		for _, text := range d.Assumptions {
			if !slices.Contains(out.Assumptions, text) && !strings.Contains(text, anyName) {
				out.Assumptions = append(out.Assumptions, text)
			}
		}
	}
	for _, r := range a.further() {
		if !reasons[r.Fact.Key()] {
			out.Reasons = append(out.Reasons, r)
		}
	}
	out.Support = append(out.Support, attack.Group{{Node: a.p.ref, Property: graph.PropInlinePrefix, Anchor: noDeny + "iam:*", Absent: true}})
	if a.p.boundary == nil && hasIdentity(&a.p.caller) {
		out.Support = append(out.Support, attack.Group{{Node: a.p.ref, Property: graph.PropInlinePrefix, Anchor: NoBoundary, Absent: true}})
	}
	return out
}

// further are the allow statements that give the rest, where no single one gives
// everything.
func (a *administrators) further() []attack.Reason {
	if a.unlimited() {
		return nil
	}
	var out []attack.Reason
	q := a.e.ask(a.p, "*", OnARN("*"), a.g)
	for _, d := range a.p.identity.docs {
		for i := range d.Statements {
			if st := &d.Statements[i]; st.Effect == policy.Allow && st.Holds(q.req.Context) != policy.False {
				out = append(out, attack.Reason{Fact: a.e.fact(StatementRef{d, st.Statement}), Policy: IdentityPolicy.String(), Effect: "Allow",
					Text: IdentityPolicy.String() + " allows a part of everything"})
			}
		}
	}
	return out
}

// control asks every control action on anything of its kind.
func (a *administrators) control() (*attack.Decision, bool) {
	for _, action := range controlActions {
		act, _ := actions.Lookup(action)
		for _, on := range anything(act) {
			on = strings.Replace(on, "::"+anyName+":", "::"+a.p.account.id+":", 1)
			q := a.e.ask(a.p, action, OnARN(on), a.g)
			if q.truth() == policy.False {
				return q.decide(), true
			}
			d := q.decide()
			if !d.Allowed {
				return d, true
			}
			a.asked = append(a.asked, d)
			if a.worst == nil || d.Status > a.worst.Status {
				a.worst = d
			}
		}
	}
	return nil, false
}

// sweep asks every other action: one that nothing allows ends it, one that a
// statement denies does not.
func (a *administrators) sweep() (*attack.Decision, bool) {
	if a.unlimited() {
		return nil, false
	}
	q := a.e.ask(a.p, "*", OnARN("*"), a.g)
	// The question is what the identity may do to whatever its account owns.
	q.req.ResourceAccount = a.p.account.id
	for _, act := range allActions() {
		for _, on := range act.on {
			q.action, q.generic = act.name, on
			q.req.Action, q.req.Service, q.req.Resource = act.name, act.service, on
			if Decide(&q.req, &q.pol) == policy.True || denied(truthAlgebra{}, &q.req, &q.pol) != policy.False {
				continue
			}
			if d := q.decide(); !d.Allowed {
				return d, true
			} else if d.Status > a.worst.Status {
				a.worst = d
			}
		}
	}
	return nil, false
}

// unlimited reports whether one statement per policy type allows everything,
// so that no action needs to be asked.
func (a *administrators) unlimited() bool {
	if a.p.caller.Kind == policy.CallerRoot {
		return len(a.p.account.scps) == 0
	}
	if !a.p.identity.everything() || a.p.boundary != nil && !a.p.boundary.everything() {
		return false
	}
	for _, level := range a.p.account.scps {
		if !level.everything() {
			return false
		}
	}
	return true
}

func (s *Set) everything() bool {
	return slices.ContainsFunc(s.general.allow, func(st statement) bool { return st.Everything() })
}

// actionOn is an action with names of resources, one per type it acts on, that
// only patterns match.
type actionOn struct {
	name, service string
	on            []string
}

// allActions are the actions of the reference that are no control actions,
// made once.
var allActions = sync.OnceValue(func() []actionOn {
	var out []actionOn
	for act := range actions.All() {
		if slices.Contains(controlActions, act.String()) || strings.HasPrefix(act.String(), "sts:AssumeRoleWith") {
			continue // the latter are called by other identities
		}
		out = append(out, actionOn{strings.ToLower(act.String()), act.Service, anything(act)})
	}
	return out
})

func anything(act *actions.Action) []string {
	if len(act.Types) == 0 {
		return []string{"*"}
	}
	out := make([]string, 0, len(act.Types))
	for _, t := range act.Types {
		if on := instanceOf(t.ARN); !slices.Contains(out, on) {
			out = append(out, on)
		}
	}
	return out
}

var anywhere = strings.NewReplacer("${Partition}", "aws", "${Region}", "us-east-1")

// instanceOf fills in an ARN format; what varies becomes anyName, the account
// included, which only patterns over all accounts then match.
func instanceOf(format string) string {
	s := anywhere.Replace(format)
	for {
		head, tail, ok := strings.Cut(s, "${")
		if !ok {
			return s
		}
		_, tail, _ = strings.Cut(tail, "}")
		s = head + anyName + tail
	}
}

// residual lists the denies that apply to the administrator in some request.
func (a *administrators) residual() []attack.Reason {
	var out []attack.Reason
	q := a.e.ask(a.p, "iam:createpolicy", OnARN("*"), a.g)
	sets := []*Set{a.p.identity, a.p.boundary}
	if !q.req.ServiceLinked {
		sets = append(sets, a.p.account.scps...)
	}
	for _, s := range sets {
		if s == nil {
			continue
		}
		for _, d := range s.docs {
			for i := range d.Statements {
				st := &d.Statements[i]
				if st.Effect != policy.Deny || st.Holds(q.req.Context) == policy.False {
					continue
				}
				out = append(out, attack.Reason{Fact: a.e.fact(StatementRef{d, st.Statement}), Policy: s.Kind.String(), Effect: "Deny",
					Text: s.Kind.String() + " denies " + strings.Join(st.Actions, ", ")})
			}
		}
	}
	return out
}
