package permission

import (
	"strings"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/permission/actions"
	"github.com/cairn-security/cairn/analysis/policy"
	"github.com/cairn-security/cairn/graph"
)

// OnNew asks about resources that do not exist yet, of every type the action
// needs, in an account: may the caller create some function, start some
// instance. Region and names are the caller's to choose, so a grant on a
// pattern of names is enough. An action that needs several types at once
// (ec2:RunInstances) must be allowed on each of them.
func OnNew(account string) Resource { return Resource{Node: graph.NoRef, fresh: account} }

// decideNew answers for new resources.
func (e *Engine) decideNew(p *principal, action, account string, g *Given) *attack.Decision {
	known, ok := actions.Lookup(action)
	if !ok || len(known.Types) == 0 {
		return e.ask(p, action, OnAccount(), g).decide()
	}
	var needed []*attack.Decision
	var best *attack.Decision
	for _, t := range known.Types {
		if len(known.Types) > 1 && ownedByAWS(t.ARN) {
			continue // AWS's own instance of the type: nobody makes one
		}
		d := e.newQuestion(p, action, account, t.ResourceType, g).decide()
		if t.Required {
			needed = append(needed, d)
		}
		if best == nil || betterDecision(d, best) {
			best = d
		}
	}
	if needed != nil {
		return attack.And(needed...)
	}
	return best
}

// ownedByAWS reports whether an ARN format names things in AWS's account.
func ownedByAWS(format string) bool {
	parts := strings.SplitN(format, ":", 6)
	return len(parts) == 6 && parts[4] == "aws"
}

// newQuestion is a question about any resource of one type.
func (e *Engine) newQuestion(p *principal, action, account string, t *actions.ResourceType, g *Given) *question {
	name := strings.NewReplacer("${Partition}", "aws", "${Account}", account).Replace(t.ARN)
	on := OnARN(strings.Replace(instanceOf(name), ":"+anyName+":", ":"+account+":", 1))
	on.fresh = account
	q := e.ask(p, action, on, g)
	q.class, q.fresh = classOf(name), true
	anywhere := policy.NewContext(policy.Unknown).SetPresence("aws:RequestedRegion", policy.PresentUnknown)
	q.req.Context = anywhere.Over(q.req.Context)
	if q.refusal != "" && p.outside {
		return q
	}
	q.refusal = ""
	return q
}

// classOf turns an ARN format into the pattern of all its resources.
func classOf(format string) string {
	for {
		head, tail, ok := strings.Cut(format, "${")
		if !ok {
			return format
		}
		_, tail, _ = strings.Cut(tail, "}")
		format = head + "*" + tail
	}
}
