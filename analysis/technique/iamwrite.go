package technique

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/permission"
	"github.com/cairn-security/cairn/graph"
)

const (
	createAccessKey attack.TechniqueID = "create-access-key"
	setPassword     attack.TechniqueID = "set-password"
	changeTrust     attack.TechniqueID = "change-trust"
	grantPolicy     attack.TechniqueID = "grant-policy"

	credentialPrior = "credential-for-principal"
	selfPrior       = "self-escalation"
)

// deriveCredentials: make a key or a password for another user.
func deriveCredentials(e *Estate, emit func(attack.Step)) {
	for _, user := range e.Snap.ByKind(graph.KindUser) {
		e.takeOver(user, createAccessKey, []string{"iam:CreateAccessKey"}, credentialPrior, "makes an access key for", emit)
		e.takeOver(user, setPassword, []string{"iam:CreateLoginProfile", "iam:UpdateLoginProfile"}, credentialPrior, "sets the password of", emit)
	}
}

// deriveChangeTrust: rewrite the trust of a role, then assume it.
func deriveChangeTrust(e *Estate, emit func(attack.Step)) {
	for _, role := range e.Snap.ByKind(graph.KindRole) {
		e.takeOver(role, changeTrust, []string{"iam:UpdateAssumeRolePolicy"}, selfPrior, "rewrites the trust of", emit)
	}
}

// takeOver emits one step per principal that may do any of the actions on an
// identity, and so becomes it.
func (e *Estate) takeOver(target graph.Ref, id attack.TechniqueID, actions []string, prior, verb string, emit func(attack.Step)) {
	if e.serviceLinked(target) {
		return
	}
	seen := map[graph.Ref]bool{target: true}
	for _, action := range actions {
		for _, a := range e.actors(action, permission.OnNode(target), e.Snap.Node(target).Account, nil) {
			if seen[a.ref] {
				continue
			}
			seen[a.ref] = true
			s := attack.Step{
				Technique: id, Premises: []attack.State{a.state}, Decisions: []*attack.Decision{a.decision}, Conclusion: e.controls(target),
				Factors: []attack.Factor{e.factor(id, prior, target)}, Title: e.name(a.ref) + " " + verb + " " + e.name(target),
			}
			e.addResidue(&s, a.decision, a.ref)
			emit(s)
		}
	}
}

// serviceLinked roles cannot be changed by anybody but their service.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html
func (e *Estate) serviceLinked(ref graph.Ref) bool {
	const path = ":role/aws-service-role/"
	id := e.Snap.Node(ref).ID
	return e.Snap.Kind(ref) == graph.KindRole && len(id) > len(path) && containsPath(id, path)
}

// grant is a write that gives an identity more.
type grant struct {
	actor   actor
	target  graph.Ref // user or role that gains
	through graph.Ref // what is written: the identity, a group of it, a policy of it
	action  string
}

// deriveGrantPolicy: give a principal that is held every permission, then use
// it. Whether that makes it an administrator is decided by asking the
// permission engine about the estate with the grant in place, so boundaries,
// organization policies and denies count.
func deriveGrantPolicy(e *Estate, emit func(attack.Step)) {
	grants := e.grants()
	if len(grants) == 0 {
		return
	}
	granted := e.withGrants(grants)
	if granted == nil {
		return
	}
	type pair struct{ actor, target graph.Ref }
	seen := map[pair]bool{}
	for _, g := range grants {
		if seen[pair{g.actor.ref, g.target}] {
			continue
		}
		after := granted.Administrator(g.target, e.given())
		if after.Status == permission.NotAdministrator {
			continue
		}
		account := e.Snap.AccountOf(g.target)
		held, ok := e.principalState(g.target)
		if !ok || account == graph.NoRef {
			continue
		}
		seen[pair{g.actor.ref, g.target}] = true
		premises := []attack.State{g.actor.state}
		if held != g.actor.state {
			premises = append(premises, held)
		}
		result := e.withoutGrant(after.Decision)
		s := attack.Step{
			Technique: grantPolicy, Premises: premises, Decisions: []*attack.Decision{g.actor.decision, result},
			Conclusion: attack.State{Kind: attack.Administers, Node: account},
			Factors:    []attack.Factor{e.factor(grantPolicy, selfPrior, g.target)},
			Title:      e.name(g.actor.ref) + " gives " + e.name(g.target) + " every permission (" + g.action + ")",
		}
		e.addResidue(&s, attack.And(s.Decisions...), g.actor.ref)
		emit(s)
	}
}

// withoutGrant drops from a decision about the changed estate what only the
// change put there: it is what the step does, not what it rests on.
func (e *Estate) withoutGrant(d *attack.Decision) *attack.Decision {
	return e.without(d, func(f attack.Fact) bool { return f.Property == graph.PropInlinePrefix+grantedName })
}

// without drops groups and reasons that rest on facts of a kind.
func (e *Estate) without(d *attack.Decision, drop func(attack.Fact) bool) *attack.Decision {
	out := *d
	out.Support = nil
	for _, g := range d.Support {
		if !slices.ContainsFunc(g, drop) {
			out.Support = append(out.Support, g)
		}
	}
	out.Reasons = slices.DeleteFunc(slices.Clone(d.Reasons), func(r attack.Reason) bool { return drop(r.Fact) })
	return &out
}

const grantedName = "cairn-granted"

var grantedDocument = json.RawMessage(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`)

// withGrants is the permission engine of the estate in which every target of a
// grant has been given everything.
func (e *Estate) withGrants(grants []grant) *permission.Engine {
	var patch graph.Patch
	done := map[graph.Ref]bool{}
	for _, g := range grants {
		if !done[g.target] {
			done[g.target] = true
			patch.Set = append(patch.Set, graph.PropChange{Node: g.target, Key: graph.PropInlinePrefix + grantedName, Value: grantedDocument})
		}
	}
	engine, err := permission.New(context.Background(), e.Snap.With(patch), permission.Options{})
	if err != nil {
		return nil // only cancellation, which the caller checks between stages
	}
	return engine
}

// grants lists who may write which identity's policies.
func (e *Estate) grants() []grant {
	var list []grant
	add := func(target, through graph.Ref, actions ...string) {
		for _, action := range actions {
			for _, a := range e.actors(action, permission.OnNode(through), e.Snap.Node(through).Account, nil) {
				list = append(list, grant{a, target, through, action})
			}
		}
	}
	for _, ref := range e.identities() {
		if e.serviceLinked(ref) || e.isAdministrator(ref) {
			continue
		}
		add(ref, ref, writesOf(e.Snap.Kind(ref))...)
		for group := range e.Snap.OutKind(ref, graph.EdgeMemberOf) {
			add(ref, group, "iam:PutGroupPolicy", "iam:AttachGroupPolicy")
			for policy := range e.Snap.OutKind(group, graph.EdgeHasPolicy) {
				e.addVersion(add, ref, policy)
			}
		}
		for policy := range e.Snap.OutKind(ref, graph.EdgeHasPolicy) {
			e.addVersion(add, ref, policy)
		}
	}
	return list
}

// addVersion: a new default version of a customer's managed policy changes
// everybody it is attached to; AWS's own cannot be changed.
func (e *Estate) addVersion(add func(graph.Ref, graph.Ref, ...string), target, policy graph.Ref) {
	if e.Snap.Node(policy).Account != "" && e.Snap.Node(policy).Account != "aws" {
		add(target, policy, "iam:CreatePolicyVersion")
	}
}
