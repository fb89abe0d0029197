package permission

import (
	"slices"
	"strings"

	"github.com/cairn-security/cairn/analysis/policy"
	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/arn"
)

// principal is a node that makes requests, with what binds it.
type principal struct {
	ref      graph.Ref
	node     graph.Node
	caller   policy.Caller
	account  *account
	identity *Set
	boundary *Set
	tags     map[string]string
	tagsRead bool
	// sessionTags: the trust policy lets whoever assumes the role add tags.
	sessionTags bool
	// outside: the principal belongs to an account that was not read; its own
	// side is taken to allow everything.
	outside bool
	// mayAssume: some identity policy may allow sts:AssumeRole on something.
	mayAssume bool
	ctx       [4]*policy.Context // by attack.Qualifier
}

const outsideAssumption = "the caller's account is not part of the estate: its own policies are taken to allow the request"

// principal returns the principal behind a node.
func (e *Engine) principal(ref graph.Ref) (*principal, bool) {
	p, ok := e.principals[ref]
	return p, ok
}

// otherKinds are the kinds of principals other than users and roles, the
// public ones first.
var otherKinds = [...]graph.Kind{graph.KindAnonymous, graph.KindAnyPrincipal, graph.KindService, graph.KindIdentityProvider,
	graph.KindExternalAccount, graph.KindAccount}

// readOther makes the principal of a node that has no policies of its own.
func (e *Engine) readOther(ref graph.Ref) *principal {
	n := e.snap.Node(ref)
	p := &principal{ref: ref, node: n, account: e.account(n.Account)}
	switch n.Kind {
	case graph.KindAnonymous:
		p.caller = policy.Caller{Kind: policy.CallerAnonymous}
	case graph.KindAnyPrincipal:
		p.caller, p.outside = policy.Caller{Kind: policy.CallerAnyAWS, Account: unknownAccount}, true
	case graph.KindService:
		p.caller = policy.Caller{Kind: policy.CallerService, ARN: strings.TrimPrefix(n.ID, "service:")}
	case graph.KindIdentityProvider:
		p.caller = policy.Caller{Kind: policy.CallerFederated, ARN: n.ID, Account: n.Account}
	case graph.KindAccount:
		p.caller = policy.Caller{Kind: policy.CallerRoot, ARN: n.ID, Account: n.Account}
	case graph.KindExternalAccount:
		p.caller, p.outside = policy.Caller{Kind: policy.CallerRoot, ARN: n.ID, Account: accountOf(n)}, true
	}
	p.contexts(e)
	return p
}

// unknownAccount stands for an account that is none of those anybody names.
const unknownAccount = "000000000000"

func accountOf(n graph.Node) string {
	if n.Account != "" {
		return n.Account
	}
	if a, ok := arn.Parse(n.ID); ok {
		return a.Account
	}
	return n.ID
}

const userPath = ":user/"

// foreignIdentity reports whether a node that nothing describes is a user or role
// of an account that was not read: some policy names it.
func (e *Engine) foreignIdentity(n graph.Node) bool {
	a, ok := arn.Parse(n.ID)
	return ok && a.Service == "iam" && a.Account != "" && (a.Type() == "user" || a.Type() == "role") && !e.account(a.Account).read
}

// ForeignIdentities are the users and roles of accounts that were not read, in
// node order: policies of the estate name them, nothing describes them.
func (e *Engine) ForeignIdentities() []graph.Ref {
	var list []graph.Ref
	for _, p := range e.order {
		if p.outside {
			list = append(list, p.ref)
		}
	}
	slices.Sort(list)
	return list
}

// readPrincipal reads a user or role.
func (e *Engine) readPrincipal(ref graph.Ref) *principal {
	n := e.snap.Node(ref)
	p := &principal{ref: ref, node: n, account: e.account(accountOf(n))}
	var detail struct{ Arn, UserId, RoleId string }
	described, err := e.snap.Decode(ref, graph.PropResource, &detail)
	described = described && err == nil
	if n.Kind == graph.KindUser || n.Kind == graph.KindUnknown && strings.Contains(n.ID, userPath) {
		p.caller = policy.Caller{Kind: policy.CallerUser, ARN: n.ID, UniqueID: detail.UserId}
	} else {
		p.caller = policy.Caller{Kind: policy.CallerRole, RoleARN: n.ID, RolePathKnown: true, SessionUnknown: true, UniqueID: detail.RoleId}
	}
	p.caller.Account = p.account.id
	p.outside = !described && !p.account.read
	e.readTags(ref, p, described)
	e.readPolicies(ref, p, described)
	p.contexts(e)
	return p
}

func (e *Engine) readTags(ref graph.Ref, p *principal, described bool) {
	ok, err := e.snap.Decode(ref, graph.PropTags, &p.tags)
	p.tagsRead = err == nil && (ok || described)
}

// readPolicies collects inline policies, managed policies, those of groups,
// and the permissions boundary.
func (e *Engine) readPolicies(ref graph.Ref, p *principal, described bool) {
	var docs []*Attached
	var unread []string
	e.identityDocs(ref, &docs, &unread)
	for g := range e.snap.OutKind(ref, graph.EdgeMemberOf) {
		e.identityDocs(g, &docs, &unread)
	}
	if g := e.snap.Gap(ref, "iam", "GetAccountAuthorizationDetails"); g != nil && len(docs) == 0 {
		unread = append(unread, g.ID) // known by name only
	}
	if !described && p.account.read {
		for _, g := range e.snap.GapsOf(ref) {
			if g.Refused() && g.Service == "iam" {
				unread = append(unread, g.ID)
			}
		}
	}
	p.identity = e.shared(IdentityPolicy, "", docs, unread)
	p.mayAssume = p.outside || unread != nil || slices.ContainsFunc(p.identity.of("sts").allow, func(st statement) bool {
		return st.CoversAction("sts", "sts:assumerole")
	})
	for b := range e.snap.OutKind(ref, graph.EdgeBoundary) {
		p.caller.HasBoundary = true
		if d := e.attached(b, graph.PropDocument); d != nil {
			p.boundary = e.shared(PermissionsBoundary, "", []*Attached{d}, nil)
		} else {
			p.boundary = e.shared(PermissionsBoundary, "", nil, []string{e.missing(b)})
		}
	}
	if p.node.Kind == graph.KindRole {
		if trust := e.attached(ref, graph.PropTrust); trust != nil {
			for i := range trust.Statements {
				s := &trust.Statements[i]
				p.sessionTags = p.sessionTags || s.Effect == policy.Allow && s.CoversAction("sts", "sts:tagsession")
			}
		}
	}
}

func (e *Engine) identityDocs(ref graph.Ref, docs *[]*Attached, unread *[]string) {
	for _, prop := range e.snap.Props(ref) {
		if strings.HasPrefix(prop.Key, graph.PropInlinePrefix) {
			if d := e.attached(ref, prop.Key); d != nil {
				*docs = append(*docs, d)
			}
		}
	}
	for pol := range e.snap.OutKind(ref, graph.EdgeHasPolicy) {
		if d := e.attached(pol, graph.PropDocument); d != nil {
			*docs = append(*docs, d)
		} else {
			*unread = append(*unread, e.missing(pol))
		}
	}
	for _, op := range [...]string{"GetAccountAuthorizationDetails", "ListAttachedUserPolicies", "ListAttachedRolePolicies", "ListAttachedGroupPolicies",
		"ListUserPolicies", "ListRolePolicies", "ListGroupPolicies", "GetUserPolicy", "GetRolePolicy", "GetGroupPolicy", "ListGroupsForUser"} {
		for _, g := range e.snap.GapsOf(ref) {
			if g.Refused() && g.Service == "iam" && g.Operation == op {
				*unread = append(*unread, g.ID)
			}
		}
	}
}
