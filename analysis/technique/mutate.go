package technique

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/analysis/attack"
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
	actors  []actor     // who may make it
	patch   graph.Patch
	what    string
	// frees: the change takes a limit away, so that a write which was limited
	// before may follow it.
	frees bool
}

func (e *Estate) mutations() []mutation {
	var list []mutation
	list = append(list, e.joinGroups()...)
	list = append(list, e.oldVersions()...)
	list = append(list, e.newVersions()...)
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

// newVersions: a new version of a customer's policy lifts what the old one held
// back, as a boundary or by a deny. What a new version gives is deriveGrantPolicy.
func (e *Estate) newVersions() []mutation {
	var list []mutation
	for _, policy := range e.Snap.ByKind(graph.KindPolicy) {
		if !e.customers(policy) {
			continue
		}
		targets := slices.DeleteFunc(slices.Collect(e.Snap.InKind(policy, graph.EdgeBoundary)), e.isAdministrator)
		if denies(e.Snap.Prop(policy, graph.PropDocument)) {
			targets = append(targets, slices.DeleteFunc(e.attachedTo(policy), e.isAdministrator)...)
		}
		slices.Sort(targets)
		if targets = slices.Compact(targets); len(targets) > 0 {
			list = append(list, mutation{action: "iam:CreatePolicyVersion", on: policy, targets: targets, frees: true, what: "rewrites " + e.name(policy),
				patch: graph.Patch{Set: []graph.PropChange{{Node: policy, Key: graph.PropDocument, Value: grantedDocument}}}})
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
