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
	// Door is the access point the decision is about, NoRef where it is about
	// the resource itself. See [Engine.WhoCanByAnyDoor].
	Door graph.Ref
}

// WhoCan lists everyone who may perform an action on a resource, certainly,
// under conditions, or depending on what was not read, in snapshot order.
// Principals that but holds for are left out; nil leaves out nobody. everyone
// is true when a request without credentials, or one of any AWS account, is
// allowed for certain. Cost: one fast decision per principal that some policy
// gives the action or the resource to, a full one per principal that is not
// denied; the first question about an action looks at every distinct set of
// identity policies.
func (e *Engine) WhoCan(action string, on Resource, g Given, but func(graph.Ref) bool) (who []Who, everyone bool) {
	t := e.target(action, on)
	for p := range e.candidates(t, on) {
		if but != nil && but(p.ref) {
			continue
		}
		var d *attack.Decision
		if on.fresh != "" {
			d = e.decideNew(p, action, on.fresh, &g)
		} else {
			q := t.ask(p, &g)
			if q.truth() == policy.False {
				continue
			}
			d = q.whole(&g)
		}
		if !d.Allowed {
			continue
		}
		who = append(who, Who{Node: p.ref, Decision: d, Door: graph.NoRef})
		if d.Certain() && (p.caller.Kind == policy.CallerAnonymous || p.caller.Kind == policy.CallerAnyAWS) {
			everyone = true
		}
	}
	return who, everyone
}
