package technique

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/permission"
	"github.com/cairn-security/cairn/graph"
)

const changePolicies attack.TechniqueID = "change-policies"

// mutation is one write to IAM that changes what principals may do, short of
// giving them everything (see deriveGrantPolicy): joining a group, bringing back
// an old version of a policy, dropping a boundary or a deny.
type mutation struct {
	action  string
	on      graph.Ref   // what the action is asked on
	targets []graph.Ref // principals that may gain
	patch   graph.Patch
	what    string
	// frees: the change takes a limit away, so that a write which was limited
	// before may follow it.
	frees bool
}

// deriveChangePolicies: make the change, then act as who gained by it. Whether
// that administers the account is decided by asking the permission engine about
// the estate with the change in place. Cost: one engine per change that
// somebody may make.
func deriveChangePolicies(e *Estate, emit func(attack.Step)) {
	for _, m := range e.mutations() {
		actors := e.actors(m.action, permission.OnNode(m.on), e.Snap.Node(m.on).Account, nil)
		if len(actors) == 0 {
			continue
		}
		changed, err := permission.New(context.Background(), e.Snap.With(m.patch), permission.Options{})
		if err != nil {
			return // only cancellation, which the caller looks for
		}
		for _, target := range m.targets {
			after := changed.Administrator(target, e.given())
			if after.Status != permission.NotAdministrator {
				for _, a := range actors {
					e.emitChange(m, a, target, emit, after.Decision)
				}
			} else if m.frees {
				e.changeThenGrant(m, changed, actors, target, emit)
			}
		}
	}
}

// changeThenGrant: with the limit gone, the same actor gives the target
// everything.
func (e *Estate) changeThenGrant(m mutation, changed *permission.Engine, actors []actor, target graph.Ref, emit func(attack.Step)) {
	patch := m.patch
	patch.Set = append(slices.Clone(patch.Set), graph.PropChange{Node: target, Key: graph.PropInlinePrefix + grantedName, Value: grantedDocument})
	granted, err := permission.New(context.Background(), e.Snap.With(patch), permission.Options{})
	if err != nil {
		return
	}
	after := granted.Administrator(target, e.given())
	if after.Status == permission.NotAdministrator {
		return
	}
	m.patch = patch
	for _, a := range actors {
		for _, action := range writesOf(e.Snap.Kind(target)) {
			if d := changed.Can(a.ref, action, permission.OnNode(target), e.given()); d.Allowed {
				e.emitChange(m, a, target, emit, e.observedOnly(m, d), after.Decision)
				break
			}
		}
	}
}

// writesOf are the actions that give an identity a policy.
func writesOf(k graph.Kind) []string {
	if k == graph.KindRole {
		return []string{"iam:PutRolePolicy", "iam:AttachRolePolicy"}
	}
	return []string{"iam:PutUserPolicy", "iam:AttachUserPolicy"}
}

// emitChange emits the step; results are what the change leads to.
func (e *Estate) emitChange(m mutation, a actor, target graph.Ref, emit func(attack.Step), results ...*attack.Decision) {
	account := e.Snap.AccountOf(target)
	held, ok := e.principalState(target)
	if !ok || account == graph.NoRef {
		return
	}
	premises := []attack.State{a.state}
	if held != a.state {
		premises = append(premises, held)
	}
	decisions := []*attack.Decision{a.decision}
	for _, d := range results {
		decisions = append(decisions, e.observedOnly(m, d))
	}
	s := attack.Step{
		Technique: changePolicies, Premises: premises, Decisions: decisions, Conclusion: administers(account),
		Factors: []attack.Factor{e.factor(changePolicies, selfPrior, target)},
		Title:   e.name(a.ref) + " " + m.what + ", which makes " + e.name(target) + " administrator",
	}
	e.addResidue(&s, attack.And(s.Decisions...), a.ref)
	emit(s)
}

// observedOnly drops facts of documents that the change wrote.
func (e *Estate) observedOnly(m mutation, d *attack.Decision) *attack.Decision {
	written := map[graph.Ref]map[string]bool{}
	for _, c := range m.patch.Set {
		if written[c.Node] == nil {
			written[c.Node] = map[string]bool{}
		}
		written[c.Node][c.Key] = true
	}
	return e.without(d, func(f attack.Fact) bool { return written[f.Node][f.Property] })
}

func (e *Estate) mutations() []mutation {
	var list []mutation
	list = append(list, e.joinGroups()...)
	list = append(list, e.oldVersions()...)
	for _, ref := range e.identities() {
		if !e.serviceLinked(ref) && !e.isAdministrator(ref) {
			list = append(list, e.dropBoundary(ref)...)
			list = append(list, e.dropPolicies(ref)...)
		}
	}
	return list
}

// joinGroups: a user that joins a group has what the group has.
func (e *Estate) joinGroups() []mutation {
	var list []mutation
	for _, group := range e.Snap.ByKind(graph.KindGroup) {
		docs := e.policiesOf(group)
		if len(docs) == 0 {
			continue
		}
		m := mutation{action: "iam:AddUserToGroup", on: group, what: "adds it to the group " + e.name(group)}
		for _, user := range e.Snap.ByKind(graph.KindUser) {
			if e.isAdministrator(user) || !e.sameAccount(user, group) {
				continue
			}
			m.targets = append(m.targets, user)
			for i, doc := range docs {
				m.patch.Set = append(m.patch.Set, graph.PropChange{Node: user, Key: graph.PropInlinePrefix + grantedName + string(rune('a'+i%26)), Value: doc})
			}
		}
		if len(m.targets) > 0 {
			list = append(list, m)
		}
	}
	return list
}

// policiesOf are the documents of a group, inline and attached.
func (e *Estate) policiesOf(identity graph.Ref) []json.RawMessage {
	var docs []json.RawMessage
	for _, p := range e.Snap.Props(identity) {
		if strings.HasPrefix(p.Key, graph.PropInlinePrefix) {
			docs = append(docs, p.Value)
		}
	}
	for policy := range e.Snap.OutKind(identity, graph.EdgeHasPolicy) {
		if doc := e.Snap.Prop(policy, graph.PropDocument); doc != nil {
			docs = append(docs, doc)
		}
	}
	return docs
}

// oldVersions: a managed policy keeps up to five versions; making another one
// the default brings back what it said.
func (e *Estate) oldVersions() []mutation {
	var list []mutation
	for _, policy := range e.Snap.ByKind(graph.KindPolicy) {
		var doc struct {
			PolicyVersionList []struct {
				VersionID        string `json:"VersionId"`
				IsDefaultVersion bool
				Document         json.RawMessage
			}
		}
		if ok, err := e.Snap.Decode(policy, graph.PropResource, &doc); !ok || err != nil || len(doc.PolicyVersionList) < 2 {
			continue
		}
		targets := e.attachedTo(policy)
		for _, v := range doc.PolicyVersionList {
			if v.IsDefaultVersion || len(v.Document) == 0 || v.Document[0] != '{' || len(targets) == 0 {
				continue
			}
			list = append(list, mutation{action: "iam:SetDefaultPolicyVersion", on: policy, targets: targets, what: "brings back " + v.VersionID + " of " + e.name(policy),
				patch: graph.Patch{Set: []graph.PropChange{{Node: policy, Key: graph.PropDocument, Value: v.Document}}}})
		}
	}
	return list
}

// attachedTo are the users and roles that have a policy, groups expanded.
func (e *Estate) attachedTo(policy graph.Ref) []graph.Ref {
	var list []graph.Ref
	for holder := range e.Snap.InKind(policy, graph.EdgeHasPolicy) {
		if e.Snap.Kind(holder) != graph.KindGroup {
			list = append(list, holder)
			continue
		}
		for user := range e.Snap.InKind(holder, graph.EdgeMemberOf) {
			list = append(list, user)
		}
	}
	return list
}

// dropBoundary: without its boundary a principal has all that its policies say.
func (e *Estate) dropBoundary(ref graph.Ref) []mutation {
	var list []mutation
	for limit := range e.Snap.OutKind(ref, graph.EdgeBoundary) {
		patch := graph.Patch{Unlink: []graph.EdgeChange{{From: ref, To: limit, Kind: graph.EdgeBoundary}}}
		for _, verb := range []string{"Delete", "Put"} {
			kind := "User"
			if e.Snap.Kind(ref) == graph.KindRole {
				kind = "Role"
			}
			list = append(list, mutation{action: "iam:" + verb + kind + "PermissionsBoundary", on: ref, targets: []graph.Ref{ref}, patch: patch, frees: true, what: "takes the boundary from it"})
		}
	}
	return list
}

// dropPolicies: a policy that denies can be deleted or detached.
func (e *Estate) dropPolicies(ref graph.Ref) []mutation {
	kind := "User"
	if e.Snap.Kind(ref) == graph.KindRole {
		kind = "Role"
	}
	var list []mutation
	for _, p := range e.Snap.Props(ref) {
		if strings.HasPrefix(p.Key, graph.PropInlinePrefix) && denies(p.Value) {
			list = append(list, mutation{action: "iam:Delete" + kind + "Policy", on: ref, targets: []graph.Ref{ref}, frees: true, what: "deletes the inline policy " + strings.TrimPrefix(p.Key, graph.PropInlinePrefix),
				patch: graph.Patch{Set: []graph.PropChange{{Node: ref, Key: p.Key}}}})
		}
	}
	for policy := range e.Snap.OutKind(ref, graph.EdgeHasPolicy) {
		if denies(e.Snap.Prop(policy, graph.PropDocument)) {
			list = append(list, mutation{action: "iam:Detach" + kind + "Policy", on: ref, targets: []graph.Ref{ref}, frees: true, what: "detaches " + e.name(policy),
				patch: graph.Patch{Unlink: []graph.EdgeChange{{From: ref, To: policy, Kind: graph.EdgeHasPolicy}}}})
		}
	}
	return list
}

// denies is a cheap look: a document without the word denies nothing.
func denies(doc json.RawMessage) bool { return strings.Contains(string(doc), `"Deny"`) }
