package permission

import (
	"slices"
	"strings"

	"github.com/cairn-security/cairn/graph"
)

// account is what all principals or resources of an account share.
type account struct {
	id         string
	ref        graph.Ref
	read       bool // part of the estate: its principals were read
	management bool
	orgID      string   // o-…, empty if not known
	orgPath    string   // o-…/r-…/ou-…/, empty if not known
	alone      bool     // known to be in no organization
	notOrgs    []string // organizations whose accounts are known, this one not among them
	scps, rcps []*Set   // per level, root first; nil: none in force
	// keys and managedKeys are the key policies AWS gives a key by itself.
	keys, managedKeys *Set
	// assumptions are defaults taken because organization policies are no part
	// of the source.
	assumptions []string
}

const noOrganization = "organization policies are no part of the source: no service or resource control policy is taken to be in force"

func (e *Engine) account(id string) *account {
	if a, ok := e.accounts[id]; ok {
		return a
	}
	return &account{id: id, ref: graph.NoRef, notOrgs: e.listedOrgs}
}

// readOrganization reads every account with the control policies of its levels.
func (e *Engine) readOrganization() {
	read := e.snap.Meta().Accounts
	for _, ref := range e.snap.ByKind(graph.KindAccount) {
		n := e.snap.Node(ref)
		a := &account{id: n.Account, ref: ref, read: slices.Contains(read, n.Account) || len(read) == 0}
		if _, err := e.snap.Decode(ref, graph.PropManagement, &a.management); err != nil {
			a.management = false
		}
		e.levels(a)
		a.keys, a.managedKeys = e.defaultKeyPolicy(ref, n.Account, false), e.defaultKeyPolicy(ref, n.Account, true)
		e.accounts[n.Account] = a
		if a.read {
			e.read = append(e.read, a)
		}
	}
	e.listedOrgs = e.listedOrganizations()
	for _, a := range e.accounts {
		if a.orgID == "" {
			a.alone = e.askedOrganization(a)
			a.notOrgs = e.listedOrgs
		}
	}
}

// listedOrganizations are those whose management account listed all accounts.
func (e *Engine) listedOrganizations() []string {
	var ids []string
	for _, a := range e.accounts {
		if a.management && a.orgID != "" && e.askedOrganization(a) {
			ids = append(ids, a.orgID)
		}
	}
	slices.Sort(ids)
	return ids
}

// askedOrganization reports whether an account answered what its organization is.
func (e *Engine) askedOrganization(a *account) bool {
	return a.read && !slices.ContainsFunc(e.snap.GapsOf(a.ref), func(g *graph.Gap) bool { return g.Service == "organizations" })
}

// levels walks from the account up to the organization root. A level without a
// control policy denies once policies of that type are in use in the
// organization.
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
func (e *Engine) levels(a *account) {
	var chain []graph.Ref
	for at := a.ref; at != graph.NoRef && !slices.Contains(chain, at); at = e.parent(at) {
		chain = append(chain, at)
	}
	slices.Reverse(chain)
	top := e.snap.Node(chain[0])
	refused := e.refusedOrganization(a.ref)
	if len(chain) == 1 && top.Kind == graph.KindAccount && refused == "" && !e.askedOrganization(a) {
		a.assumptions = []string{noOrganization}
	}
	a.orgID, a.orgPath = e.orgPath(chain)
	if a.management {
		return // control policies do not bind the management account
	}
	if refused != "" {
		// What was asked for and refused may deny anything.
		a.scps = []*Set{e.shared(ServiceControlPolicy, "organization", nil, []string{refused})}
		a.rcps = []*Set{e.shared(ResourceControlPolicy, "organization", nil, []string{refused})}
		return
	}
	a.scps = e.levelSets(chain, ServiceControlPolicy, "SERVICE_CONTROL_POLICY")
	a.rcps = e.levelSets(chain, ResourceControlPolicy, "RESOURCE_CONTROL_POLICY")
}

// refusedOrganization is the gap that hides which control policies bind an
// account: a read of the organization that was refused to the account itself or
// to the management account. Empty where there is none.
func (e *Engine) refusedOrganization(ref graph.Ref) string {
	at := []graph.Ref{ref}
	for _, other := range e.snap.ByKind(graph.KindAccount) {
		var management bool
		if _, err := e.snap.Decode(other, graph.PropManagement, &management); err == nil && management {
			at = append(at, other)
		}
	}
	for _, account := range at {
		for _, operation := range []string{"ListPolicies", "ListTargetsForPolicy", "ListPoliciesForTarget", "ListRoots", "ListOrganizationalUnitsForParent", "ListAccountsForParent"} {
			if g := e.snap.Gap(account, "organizations", operation); g != nil {
				return g.ID
			}
		}
	}
	return ""
}

func (e *Engine) parent(ref graph.Ref) graph.Ref {
	for p := range e.snap.InKind(ref, graph.EdgeContains) {
		switch e.snap.Kind(p) {
		case graph.KindOrganization, graph.KindOrgUnit:
			return p
		}
	}
	return graph.NoRef
}

func (e *Engine) orgPath(chain []graph.Ref) (id, path string) {
	var b strings.Builder
	for _, ref := range chain {
		n := e.snap.Node(ref)
		short := n.ID[strings.LastIndexByte(n.ID, '/')+1:]
		switch n.Kind {
		case graph.KindOrganization:
			id = short
		case graph.KindOrgUnit:
		default:
			continue
		}
		b.WriteString(short + "/")
	}
	if id == "" {
		return "", ""
	}
	return id, b.String()
}

func (e *Engine) levelSets(chain []graph.Ref, kind PolicyType, typ string) []*Set {
	out := make([]*Set, 0, len(chain))
	inUse := false
	for _, ref := range chain {
		var docs []*Attached
		var unread []string
		for p := range e.snap.OutKind(ref, graph.EdgeOrgPolicy) {
			if t := e.snap.Text(p, graph.PropOrgPolicyType); t != typ && t != "" {
				continue
			} else if t == "" && kind == ResourceControlPolicy {
				continue // a policy of unknown type is taken for an SCP
			}
			if d := e.attached(p, graph.PropDocument); d != nil {
				docs = append(docs, d)
			} else {
				unread = append(unread, e.missing(p))
			}
		}
		if g := e.snap.Gap(ref, "organizations", "ListPoliciesForTarget"); g != nil && docs == nil {
			unread = append(unread, g.ID)
		}
		if e.snap.Kind(ref) == graph.KindOrganization && docs == nil && unread == nil {
			continue // the organization itself is no level: its root is
		}
		inUse = inUse || docs != nil || unread != nil
		out = append(out, e.shared(kind, e.snap.Node(ref).Name, docs, unread))
	}
	if !inUse {
		return nil
	}
	return out
}

// missing names the gap of a policy that is attached and has no document.
func (e *Engine) missing(pol graph.Ref) string {
	for _, g := range e.snap.GapsOf(pol) {
		if g.Refused() {
			return g.ID
		}
	}
	n := e.snap.Node(pol)
	id := "document:" + n.ID
	e.gap(graph.Gap{ID: id, Account: n.Account, Service: "iam", Operation: "GetPolicyVersion", Outcome: graph.OutcomeTruncated,
		Detail: "the policy is attached and its document is not in the source", Affects: []string{n.ID}})
	return id
}
