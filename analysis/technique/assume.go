package technique

import (
	"strings"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/permission"
	"github.com/cairn-security/cairn/graph"
)

const assumeRole attack.TechniqueID = "assume-role"

// deriveAssumeRole: a principal exchanges its credentials for a role's.
func deriveAssumeRole(e *Estate, emit func(attack.Step)) {
	all := e.assumptions()
	if e.only != graph.NoRef {
		all = e.assumptionsOf(e.only)
	} else {
		e.guests(emit)
	}
	for _, a := range all {
		premise, ok := e.principalState(a.From)
		if !ok || a.From == a.Role || (e.isAdministrator(a.From) && e.sameAccount(a.From, a.Role)) {
			continue
		}
		s := attack.Step{
			Technique: assumeRole, Premises: []attack.State{premise}, Decisions: []*attack.Decision{a.Decision},
			Conclusion: e.controls(a.Role), Factors: []attack.Factor{e.factor(assumeRole, string(assumeRole), a.Role)},
			Title: e.name(a.From) + " assumes " + e.name(a.Role),
		}
		e.addResidue(&s, a.Decision, a.From)
		emit(s)
	}
}

// assumptions are asked once.
func (e *Estate) assumptions() []permission.Assumption {
	if e.assumed != nil {
		return e.assumed
	}
	e.assumed = []permission.Assumption{}
	for a := range e.Perm.Assumptions(e.given()) {
		e.assumed = append(e.assumed, a)
	}
	return e.assumed
}

// assumptionsOf are those of one principal.
func (e *Estate) assumptionsOf(p graph.Ref) []permission.Assumption {
	var list []permission.Assumption
	for _, role := range e.Snap.ByKind(graph.KindRole) {
		if d := e.Perm.AssumeRole(p, role, e.given()); d.Allowed {
			list = append(list, permission.Assumption{From: p, Role: role, Action: "sts:AssumeRole", Decision: d})
		}
	}
	return list
}

func (e *Estate) sameAccount(a, b graph.Ref) bool {
	return e.Snap.Node(a).Account == e.Snap.Node(b).Account
}

// withoutExternalID reports whether some role trusts the account with no
// condition on an external id.
func (e *Estate) withoutExternalID(account graph.Ref) bool {
	for _, a := range e.assumptions() {
		if a.From == account && !requires(a.Decision, "sts:externalid") {
			return true
		}
	}
	return false
}

// requires reports whether every way to meet the conditions left over has one on
// a key.
func requires(d *attack.Decision, key string) bool {
	return d.Always(func(c attack.Condition) bool { return strings.EqualFold(c.Key, key) })
}

// trustsService yields the roles a service may run as.
func (e *Estate) trustsService(host string) []permission.Assumption {
	var list []permission.Assumption
	for _, a := range e.assumptions() {
		if e.Snap.Node(a.From).ID == "service:"+host {
			list = append(list, a)
		}
	}
	return list
}
