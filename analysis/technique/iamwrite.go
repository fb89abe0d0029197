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

// deriveChangeTrust: rewrite the trust of a role, then assume it: as oneself or,
// where that is denied, from an AWS account of one's own, which policies of the
// estate's principals do not bind.
func deriveChangeTrust(e *Estate, emit func(attack.Step)) {
	var steps []attack.Step
	for _, role := range e.Snap.ByKind(graph.KindRole) {
		e.takeOver(role, changeTrust, []string{"iam:UpdateAssumeRolePolicy"}, selfPrior, "rewrites the trust of", func(s attack.Step) { steps = append(steps, s) })
	}
	if len(steps) == 0 {
		return
	}
	var patch graph.Patch
	done := map[graph.Ref]bool{}
	for _, s := range steps {
		if role := s.Conclusion.Node; !done[role] {
			done[role] = true
			patch.Set = append(patch.Set, graph.PropChange{Node: role, Key: graph.PropTrust, Value: openTrust})
		}
	}
	after := e.with(patch)
	if after == nil {
		return
	}
	for _, s := range steps {
		role := s.Conclusion.Node
		d := after.Perm.AssumeRole(s.Premises[0].Node, role, e.given())
		if anyone := e.special("any-aws-principal"); anyone != graph.NoRef && !d.Certain() {
			if outside := after.Perm.AssumeRole(anyone, role, e.given()); outside.Allowed && (!d.Allowed || outside.Status < d.Status) {
				d = outside
			}
		}
		if !d.Allowed {
			continue
		}
		s.Decisions = append(s.Decisions, e.without(d, func(f attack.Fact) bool { return f.Node == role && f.Property == graph.PropTrust }))
		e.addResidue(&s, d, role)
		emit(s)
	}
}

var openTrust = json.RawMessage(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]}`)

// takeOver emits one step per principal that may do any of the actions on an
// identity, and so becomes it.
func (e *Estate) takeOver(target graph.Ref, id attack.TechniqueID, actions []string, prior, verb string, emit func(attack.Step)) {
	if e.serviceLinked(target) {
		return
	}
	seen := map[graph.Ref]bool{target: true}
	for _, action := range actions {
		actors := e.actors(action, permission.OnNode(target), e.Snap.Node(target).Account, nil)
		for _, a := range slices.Concat(e.taggers(action, target, actors), actors) {
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
	best := map[pair]attack.Step{}
	var order []pair
	for _, g := range grants {
		after := granted.Administrator(g.target, e.given())
		account := e.Snap.AccountOf(g.target)
		held, ok := e.principalState(g.target)
		if after.Status == permission.NotAdministrator || !ok || account == graph.NoRef {
			continue
		}
		premises := []attack.State{g.actor.state}
		if held != g.actor.state {
			premises = append(premises, held)
		}
		s := attack.Step{
			Technique: grantPolicy, Premises: premises, Decisions: []*attack.Decision{g.actor.decision, e.withoutGrant(after.Decision)},
			Conclusion: administers(account), Factors: []attack.Factor{e.factor(grantPolicy, selfPrior, g.target)},
			Title: e.name(g.actor.ref) + " gives " + e.name(g.target) + " every permission (" + g.action + ")",
		}
		e.addResidue(&s, attack.And(s.Decisions...), g.actor.ref)
		p := pair{g.actor.ref, g.target}
		old, seen := best[p]
		if !seen {
			order = append(order, p)
		}
		if !seen || s.Status() < old.Status() {
			best[p] = s
		}
	}
	for _, p := range order {
		emit(best[p])
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
			for _, a := range e.givers(action, through) {
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
				if e.customers(policy) {
					add(ref, policy, "iam:CreatePolicyVersion")
				}
			}
		}
		for policy := range e.Snap.OutKind(ref, graph.EdgeHasPolicy) {
			if e.customers(policy) {
				add(ref, policy, "iam:CreatePolicyVersion")
			}
		}
	}
	return list
}

// givers are who may use a write to give everything: put a document or make a
// version, or attach some policy that says everything.
func (e *Estate) givers(action string, on graph.Ref) []actor {
	account := e.Snap.Node(on).Account
	if !strings.HasPrefix(action, "iam:Attach") {
		return e.actors(action, permission.OnNode(on), account, nil)
	}
	var list []actor
	for _, policy := range e.everything(account) {
		list = append(list, e.actors(action, permission.OnNode(on), account, map[string]string{"iam:PolicyARN": policy})...)
	}
	return list
}

// mayGive asks the same of one actor.
func (e *Estate) mayGive(a actor, action string, on graph.Ref) (*attack.Decision, bool) {
	if !strings.HasPrefix(action, "iam:Attach") {
		return e.allowed(a, action, permission.OnNode(on), nil)
	}
	for _, policy := range e.everything(e.Snap.Node(on).Account) {
		if d, ok := e.allowed(a, action, permission.OnNode(on), map[string]string{"iam:PolicyARN": policy}); ok {
			return d, true
		}
	}
	return nil, false
}

// everything lists managed policies that allow everything: AWS's own and those
// an account has.
func (e *Estate) everything(account string) []string {
	if e.allowAll == nil {
		e.allowAll = map[string][]string{}
		for _, policy := range e.Snap.ByKind(graph.KindPolicy) {
			if e.customers(policy) && allowsEverything(e.Snap.Prop(policy, graph.PropDocument)) {
				n := e.Snap.Node(policy)
				e.allowAll[n.Account] = append(e.allowAll[n.Account], n.ID)
			}
		}
	}
	return append([]string{allowsAll}, e.allowAll[account]...)
}

// allowsAll is AWS's own policy that allows everything.
const allowsAll = "arn:aws:iam::aws:policy/AdministratorAccess"

// allowsEverything looks for the one statement that needs no evaluation.
func allowsEverything(doc json.RawMessage) bool {
	var d struct {
		Statement []struct{ Effect, Action, Resource, Condition json.RawMessage }
	}
	if json.Unmarshal(doc, &d) != nil {
		return false
	}
	star := func(raw json.RawMessage) bool { return string(raw) == `"*"` || string(raw) == `["*"]` }
	return slices.ContainsFunc(d.Statement, func(s struct{ Effect, Action, Resource, Condition json.RawMessage }) bool {
		return string(s.Effect) == `"Allow"` && star(s.Action) && star(s.Resource) && s.Condition == nil
	})
}

// customers reports whether a managed policy is the account's own: AWS's cannot
// be changed.
func (e *Estate) customers(policy graph.Ref) bool {
	n := e.Snap.Node(policy)
	return n.Account != "" && n.Account != "aws"
}
