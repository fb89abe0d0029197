package technique

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/permission"
	"github.com/cairn-security/cairn/graph"
)

const createIdentity attack.TechniqueID = "create-identity"

// boundaryKey says which boundary an identity has that is made or changed.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
const boundaryKey = "iam:PermissionsBoundary"

// creation is one way to make an identity of one's own: the call that makes it,
// alternatives that give it a policy, alternatives that give its credentials, and
// those that take its boundary away.
type creation struct {
	name, create    string
	give, use, free []string
}

// A role needs nothing to be used: who makes it writes its trust, and names
// itself or an account of its own there.
var creations = []creation{
	{"a role", "iam:CreateRole", []string{"iam:PutRolePolicy", "iam:AttachRolePolicy"}, nil, []string{"iam:DeleteRolePermissionsBoundary"}},
	{"a user", "iam:CreateUser", []string{"iam:PutUserPolicy", "iam:AttachUserPolicy"}, []string{"iam:CreateAccessKey", "iam:CreateLoginProfile"}, []string{"iam:DeleteUserPermissionsBoundary"}},
}

// made is an identity that somebody may make: what decides that, and the document
// that says what it may do at most.
type made struct {
	by        actor
	how       creation
	boundary  string // ARN, "" for none
	decisions []*attack.Decision
	document  json.RawMessage
}

// deriveCreateIdentity: make a user or role, give it every permission, be it. It
// is bound by the boundary that the maker must give it, and by the organization,
// not by what binds the maker. What it may do is decided by asking the permission
// engine about the maker with the new identity's policies in place of its own.
func deriveCreateIdentity(e *Estate, emit func(attack.Step)) {
	for _, batch := range inBatches(e.makes()) {
		var patch graph.Patch
		for _, m := range batch {
			patch.Set = append(patch.Set, e.stripped(m.by.ref)...)
			patch.Set = append(patch.Set, graph.PropChange{Node: m.by.ref, Key: graph.PropInlinePrefix + grantedName, Value: m.document})
			patch.Unlink = append(patch.Unlink, e.unbound(m.by.ref)...)
		}
		after := e.with(patch)
		if after == nil {
			return
		}
		for _, m := range batch {
			e.useMade(m, after, emit)
		}
	}
}

// inBatches puts makes into lists in which nobody makes twice.
func inBatches(all []made) [][]made {
	var batches [][]made
	nth := map[graph.Ref]int{}
	for _, m := range all {
		i := nth[m.by.ref]
		nth[m.by.ref]++
		if i == len(batches) {
			batches = append(batches, nil)
		}
		batches[i] = append(batches[i], m)
	}
	return batches
}

// makes lists who may make what, each with the least bound identity first.
func (e *Estate) makes() []made {
	var list []made
	for _, account := range e.Snap.ByKind(graph.KindAccount) {
		id := e.Snap.Node(account).Account
		for _, how := range creations {
			for _, a := range e.actors(how.create, permission.OnNew(id), id, nil) {
				if !e.identity(a.ref) || e.Snap.Node(a.ref).Account != id || e.isAdministrator(a.ref) || e.serviceLinked(a.ref) {
					continue
				}
				list = append(list, e.madeBy(a, how)...)
			}
		}
	}
	return list
}

// madeBy are the identities that a principal may make in one way: one without a
// boundary or, where it must give one, one for each that is asked for.
func (e *Estate) madeBy(a actor, how creation) []made {
	if m, ok := e.make(a, how, ""); ok {
		return []made{m}
	}
	var list []made
	for _, boundary := range e.boundariesAsked(a.decision) {
		if m, ok := e.make(a, how, boundary); ok {
			list = append(list, m)
		}
	}
	return list
}

// boundariesAsked are the policies that conditions left over name as boundary.
func (e *Estate) boundariesAsked(d *attack.Decision) []string {
	asked := map[string]bool{}
	for _, alternative := range d.Conditions {
		for _, c := range alternative {
			if strings.EqualFold(c.Key, boundaryKey) && !c.Negated && !strings.Contains(c.Operator, "Not") {
				for _, v := range c.Values {
					asked[v] = true
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(asked))
}

// make asks whether a principal may make an identity with a boundary and use it.
func (e *Estate) make(a actor, how creation, boundary string) (m made, ok bool) {
	m = made{by: a, how: how, boundary: boundary, document: grantedDocument}
	if boundary != "" {
		policy, known := e.Snap.Lookup(boundary)
		if !known {
			return m, false
		}
		if m.document = e.Snap.Prop(policy, graph.PropDocument); m.document == nil {
			return m, false
		}
	}
	for _, alternatives := range [][]string{{how.create}, how.give, how.use} {
		if len(alternatives) == 0 {
			continue
		}
		d := e.firstOnNew(a, alternatives, boundary)
		if d == nil {
			return m, false
		}
		m.decisions = append(m.decisions, d)
	}
	if boundary != "" {
		if d := e.firstOnNew(a, how.free, boundary); d != nil {
			m.decisions, m.document = append(m.decisions, d), grantedDocument
		}
	}
	return m, true
}

// firstOnNew asks for the surest of some actions on a new identity.
func (e *Estate) firstOnNew(a actor, alternatives []string, boundary string) (best *attack.Decision) {
	account := e.Snap.Node(a.ref).Account
	for _, action := range alternatives {
		policies := []string{""}
		if strings.HasPrefix(action, "iam:Attach") {
			policies = e.everything(account)
		}
		for _, policy := range policies {
			g := e.given()
			g.Keys = map[string]string{}
			if boundary == "" {
				g.Absent = []string{boundaryKey}
			} else {
				g.Keys[boundaryKey] = boundary
			}
			if policy != "" {
				g.Keys["iam:PolicyARN"] = policy
			}
			if d := e.Perm.Can(a.ref, action, permission.OnNew(account), g); d.Allowed && (best == nil || d.Status < best.Status) {
				best = d
			}
		}
	}
	return best
}

// stripped takes a principal's own policies from it.
func (e *Estate) stripped(p graph.Ref) []graph.PropChange {
	var list []graph.PropChange
	for _, prop := range e.Snap.Props(p) {
		if strings.HasPrefix(prop.Key, graph.PropInlinePrefix) || prop.Key == graph.PropTags {
			list = append(list, graph.PropChange{Node: p, Key: prop.Key})
		}
	}
	return list
}

// unbound takes a principal out of its groups and from its managed policies.
func (e *Estate) unbound(p graph.Ref) []graph.EdgeChange {
	var list []graph.EdgeChange
	for _, kind := range []graph.EdgeKind{graph.EdgeHasPolicy, graph.EdgeMemberOf, graph.EdgeBoundary} {
		for to := range e.Snap.OutKind(p, kind) {
			list = append(list, graph.EdgeChange{From: p, To: to, Kind: kind})
		}
	}
	return list
}

// useMade emits what a new identity gives that its maker does not have.
func (e *Estate) useMade(m made, after *Estate, emit func(attack.Step)) {
	p := m.by.ref
	step := func(to attack.State, then string, result *attack.Decision) {
		decisions := append(slices.Clone(m.decisions), e.without(result, func(f attack.Fact) bool { return f.Node == p }))
		s := attack.Step{
			Technique: createIdentity, Premises: []attack.State{m.by.state}, Decisions: decisions, Conclusion: to,
			Factors: []attack.Factor{e.factor(createIdentity, selfPrior, p)},
			Title:   e.name(p) + " makes " + m.how.name + " of its own" + e.underBoundary(m) + " " + then,
		}
		e.addResidue(&s, attack.And(decisions...), p)
		emit(s)
	}
	if got := after.administration(p); got.Status != permission.NotAdministrator {
		if account := e.Snap.AccountOf(p); account != graph.NoRef {
			step(administers(account), "with every permission", got.Decision)
		}
		return
	}
	for _, store := range e.Data.Critical() {
		for _, o := range outcomes {
			d := after.Perm.CanAccess(p, store, o.access, e.given())
			if !d.Allowed || !e.sameAccount(p, store) {
				continue
			}
			if own := e.Perm.CanAccess(p, store, o.access, e.given()); !own.Allowed || own.Status > d.Status {
				step(attack.State{Kind: o.state, Node: store}, "that "+o.verb+" "+e.name(store), d)
			}
		}
	}
}

func (e *Estate) underBoundary(m made) string {
	if m.boundary == "" {
		return ""
	}
	_, name, _ := strings.Cut(m.boundary, ":policy/")
	return " within " + name
}
