package permission

import (
	"strings"
	"sync"

	"github.com/cairn-security/cairn/analysis/policy"
	"github.com/cairn-security/cairn/graph"
)

// Withheld reports whether the organization's policies certainly keep every user
// and role of a datastore's account from an access to it. An administrator of
// the account changes all other policies, but not these.
//
// Cost: a fast decision, or one for each identity of the account where they are
// kept from it.
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
func (e *Engine) Withheld(store graph.Ref, a Access, g Given) bool {
	owner := e.account(e.snap.Node(store).Account)
	list := operations(e.snap.Kind(store), a)
	if len(owner.scps)+len(owner.rcps) == 0 || len(list) == 0 {
		return false
	}
	c := e.callers()
	for _, n := range c.byAccount[owner.id] {
		if strings.Contains(c.list[n].node.ID, ":role/aws-service-role/") {
			continue // nobody but its service acts as one
		}
		p := *c.list[n]
		p.identity, p.boundary = everything(), nil
		for _, op := range list {
			q := e.ask(&p, op.action, OnNode(store), &g)
			q.pol.Resource = nil
			if q.truth() != policy.False {
				return false
			}
		}
	}
	return len(c.byAccount[owner.id]) > 0
}

// everything is an identity policy that allows everything.
var everything = sync.OnceValue(func() *Set {
	all := policy.Statement{Effect: policy.Allow, Actions: []string{"*"}, Resources: []string{"*"}, HasResource: true}
	return NewSet(IdentityPolicy, &Attached{Policy: policy.Compile(&policy.Document{Version: policy.Version2012, Statements: []policy.Statement{all}})})
})
