package permission

import (
	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/policy"
	"github.com/cairn-security/cairn/graph"
)

// Who is one principal that may do something, or may not be excluded.
type Who struct {
	Node     graph.Ref
	Decision *attack.Decision
}

// WhoCan lists everyone who may perform an action on a resource, certainly,
// under conditions, or depending on what was not read, in snapshot order.
// everyone is true when a request without credentials, or one of any AWS
// account, is allowed for certain. Cost: one fast decision per principal, a
// full one per principal that is not denied.
func (e *Engine) WhoCan(action string, on Resource, g Given) (who []Who, everyone bool) {
	for _, p := range e.callers() {
		var d *attack.Decision
		if on.fresh != "" {
			d = e.decideNew(p, action, on.fresh, &g)
		} else {
			q := e.ask(p, action, on, &g)
			if q.truth() == policy.False {
				continue
			}
			d = q.decide()
		}
		if !d.Allowed {
			continue
		}
		who = append(who, Who{p.ref, d})
		if d.Certain() && (p.caller.Kind == policy.CallerAnonymous || p.caller.Kind == policy.CallerAnyAWS) {
			everyone = true
		}
	}
	return who, everyone
}

// callers are all principals questions are asked for: the public ones, users
// and roles, identities of other accounts and services that appear in the
// snapshot. Root users are left out: they may do everything in their account.
func (e *Engine) callers() []*principal {
	var out []*principal
	for _, kind := range [...]graph.Kind{graph.KindAnonymous, graph.KindAnyPrincipal, graph.KindService, graph.KindIdentityProvider, graph.KindExternalAccount} {
		for _, ref := range e.snap.ByKind(kind) {
			if p, ok := e.principal(ref); ok {
				out = append(out, p)
			}
		}
	}
	return append(out, e.order...)
}
