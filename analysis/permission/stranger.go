package permission

import (
	"strings"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/policy"
	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/arn"
)

// Stranger is a caller that is no node of the snapshot and can be told all the
// same: a service that no policy names, a principal of an account that was not
// read, one session of a role.
type Stranger struct {
	Node graph.Node
	p    *principal
}

// Stranger reads a caller from service:HOST, the number of an account, or the
// ARN of a principal or session. ok is false for what is no caller, and for
// users and roles of an account that was read: they would be nodes.
func (e *Engine) Stranger(id string) (s Stranger, ok bool) {
	host, service := strings.CutPrefix(id, "service:")
	caller := CallerFromARN(host)
	account := e.account(caller.Account)
	p := &principal{ref: graph.NoRef, caller: caller, account: account, node: graph.Node{ID: id, Name: lastSegment(host), Account: caller.Account}}
	switch {
	case service != (caller.Kind == policy.CallerService):
		return s, false
	case service:
		p.node.Kind = graph.KindService
	case !callsFor(id, &caller):
		return s, false
	case caller.Kind == policy.CallerRole && !caller.SessionUnknown:
		if role := e.byName(caller.Account, caller.RoleARN); role != nil {
			copied := *role
			copied.caller.ARN, copied.caller.SessionUnknown, copied.node = caller.ARN, false, graph.Node{ID: id, Kind: graph.KindRole,
				Name: role.node.Name + "/" + lastSegment(id), Account: role.node.Account}
			return Stranger{copied.node, &copied}, true
		}
		fallthrough
	default:
		if account.read {
			return s, false
		}
		p.outside, p.node.Kind = true, strangerKinds[caller.Kind]
	}
	p.contexts(e)
	return Stranger{p.node, p}, true
}

// callsFor reports whether an id names somebody of an account who makes requests.
func callsFor(id string, c *policy.Caller) bool {
	if id != "" && id == c.Account {
		return true
	}
	name, ok := arn.Parse(id)
	if !ok || !arn.IsAccount(name.Account) {
		return false
	}
	switch name.Service + ":" + name.Type() {
	case "iam:user", "iam:role", "sts:assumed-role", "sts:federated-user":
		return true
	}
	return name.Service == "iam" && name.Resource == "root"
}

var strangerKinds = map[policy.CallerKind]graph.Kind{policy.CallerUser: graph.KindUser, policy.CallerRole: graph.KindRole,
	policy.CallerRoot: graph.KindExternalAccount, policy.CallerFederatedUser: graph.KindUser}

// StrangerCan is [Engine.CanByAnyDoor] for a stranger.
func (e *Engine) StrangerCan(s Stranger, action string, on Resource, g Given) (*attack.Decision, graph.Ref) {
	return e.byAnyDoor(action, on, func(on Resource) *attack.Decision {
		if on.fresh != "" {
			return e.decideNew(s.p, action, on.fresh, &g)
		}
		return e.ask(s.p, action, on, &g).whole(&g)
	})
}
