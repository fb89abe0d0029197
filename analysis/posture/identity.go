package posture

import (
	"cmp"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/permission"
	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/arn"
)

func roleTrustsEveryone(e *Estate, out emit) {
	anyone, ok := e.Snap.Lookup("any-aws-principal")
	if !ok {
		return
	}
	for _, role := range e.Snap.ByKind(graph.KindRole) {
		if !e.described(role) {
			continue
		}
		if e.Snap.Prop(role, graph.PropTrust) == nil { // every role has one
			out(role, Unknown, "Who may assume "+e.name(role)+" was not read")
			continue
		}
		d := e.Perm.AssumeRole(anyone, role, permission.Given{Qualifier: attack.BySession})
		if limitsCallers(d) {
			out(role, Pass, e.name(role)+" lets in only whom the conditions of its trust name", d.Reasons...)
			continue
		}
		e.verdict(d, role, out, "Anyone with an AWS account may assume "+e.name(role), e.name(role)+" names who may assume it")
	}
}

// foreignTrustWithoutExternalID: an account outside the estate that is trusted
// acts for others too, and is told apart by an external id only.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
func foreignTrustWithoutExternalID(e *Estate, out emit) {
	trusted := map[graph.Ref][]permission.Assumption{}
	for a := range e.Perm.Assumptions(permission.Given{}) {
		if k := e.Snap.Kind(a.From); k == graph.KindExternalAccount || k == graph.KindUnknown {
			trusted[a.Role] = append(trusted[a.Role], a)
		}
	}
	for _, role := range e.Snap.ByKind(graph.KindRole) {
		if list := trusted[role]; len(list) > 0 {
			e.judgeForeign(role, list, out)
		}
	}
}

func (e *Estate) judgeForeign(role graph.Ref, trusted []permission.Assumption, out emit) {
	var asked, open []string
	var reasons []attack.Reason
	status := Pass
	for _, a := range trusted {
		who := e.accountBehind(a.From)
		if a.Decision.Always(func(c attack.Condition) bool { return asksExternalID(c) || permission.NamesCallers(c) }) {
			asked = append(asked, who)
			continue
		}
		open, reasons = append(open, who), append(reasons, a.Decision.Reasons...)
		switch {
		case a.Decision.Status != attack.Unknown:
			status = Fail
		case status == Pass:
			status = Unknown
		}
	}
	switch status {
	case Pass:
		out(role, Pass, e.name(role)+" asks "+accounts(asked)+" for an external id, or for who they are")
	case Unknown:
		out(role, Unknown, accounts(open)+" may assume "+e.name(role)+" without an external id, as far as was read", reasons...)
	default:
		out(role, Fail, accounts(open)+" may assume "+e.name(role)+" without an external id", reasons...)
	}
}

// accountBehind is the number of the account a principal belongs to.
func (e *Estate) accountBehind(p graph.Ref) string {
	n := e.Snap.Node(p)
	if a, ok := arn.Parse(n.ID); ok && n.Account == "" {
		return a.Account
	}
	return cmp.Or(n.Account, e.name(p))
}

func accounts(ids []string) string {
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if len(ids) == 1 {
		return "account " + ids[0]
	}
	return "accounts " + strings.Join(ids, ", ")
}
