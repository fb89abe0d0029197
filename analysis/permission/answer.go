package permission

import (
	"slices"
	"strings"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/permission/actions"
	"github.com/cairn-security/cairn/analysis/policy"
	"github.com/cairn-security/cairn/graph"
)

// Can decides whether a principal may perform an action on a resource, with
// what is given about the request. Principals are users, roles, accounts (their
// root user), anonymous, any-aws-principal, services, identity providers and
// external accounts; any other node may do nothing. A question about a node
// that contains resources (objects of a bucket) is about any one of them.
func (e *Engine) Can(who graph.Ref, action string, on Resource, g Given) *attack.Decision {
	p, ok := e.principal(who)
	if !ok {
		return &attack.Decision{Missing: []string{e.snap.Node(who).ID + " is no principal"}}
	}
	if on.fresh != "" {
		return e.decideNew(p, action, on.fresh, &g)
	}
	return e.ask(p, action, on, &g).whole(&g)
}

// whole is decide with what lies behind the resource: the bucket of an access
// point.
func (q *question) whole(g *Given) *attack.Decision {
	d := q.decide()
	if d.Allowed && q.resource != nil && q.resource.point != nil && q.reachesBucket() {
		return attack.And(d, q.behind(g))
	}
	return d
}

// refused answers a question that no request can be.
func (q *question) refused() *attack.Decision {
	d := &attack.Decision{Missing: []string{q.refusal}}
	if q.resource != nil && q.resource.restricted && q.fromOutside() {
		f := attack.Fact{Node: q.resource.restrictedBy.node, Property: q.resource.restrictedBy.prop, Pointer: "",
			Anchor: graph.Anchor(q.e.snap.Prop(q.resource.restrictedBy.node, q.resource.restrictedBy.prop))}
		d.Support = []attack.Group{{f}}
		d.Reasons = []attack.Reason{{Fact: f, Policy: PublicAccessBlock.String(), Effect: "Deny", Text: q.refusal}}
	}
	return d
}

// convert puts a decision into the words all parts of the analysis share.
func (q *question) convert(d *Decision) *attack.Decision {
	out := &attack.Decision{Allowed: d.Verdict != Denied, Explicit: d.Explicit, Gaps: d.Gaps}
	switch d.Verdict {
	case Conditional:
		out.Status = attack.Conditional
	case Unknown:
		out.Status = attack.Unknown
	}
	for _, alt := range d.Alternatives {
		list := make([]attack.Condition, len(alt))
		for i, l := range alt {
			list[i] = attack.Condition{Key: l.Test.Name, Operator: l.Test.Operator, Values: l.Test.Values, Negated: l.Not}
		}
		out.Conditions = append(out.Conditions, list)
	}
	for _, r := range d.Reasons {
		out.Reasons = append(out.Reasons, q.reason(&r))
	}
	for _, m := range d.Missing {
		out.Missing = append(out.Missing, m.String())
	}
	if q.foreign && out.Status == attack.Unknown {
		out.Missing = append(out.Missing, "the policy of "+q.generic+", which is in no account that was read")
	}
	q.support(out, d)
	q.assume(out)
	return out
}

func (q *question) reason(r *Reason) attack.Reason {
	name := r.Policy.String()
	if r.Label != "" {
		name += " of " + r.Label
	}
	text := name + " "
	if r.Effect == policy.Deny {
		text += "denies"
	} else {
		text += "allows"
	}
	text += " " + actionName(q.action)
	if !r.Certain {
		text += ", if its conditions hold"
	}
	return attack.Reason{Fact: q.e.fact(r.Statement), Policy: name, Effect: r.Effect.String(), Text: text}
}

// actionName is an action as AWS writes it.
func actionName(action string) string {
	if known, ok := actions.Lookup(action); ok {
		return known.String()
	}
	return action
}

// fact is the statement as an element of a node's property.
func (e *Engine) fact(s StatementRef) attack.Fact {
	d := &e.docs[s.Doc.ID]
	return attack.Fact{Node: d.node, Property: d.prop, Anchor: s.Statement.Anchor, Pointer: d.prefix + s.Statement.Pointer}
}

// support lists what the answer rests on: for a yes the groups of statements
// and the absences that nothing denies, for a no what denies.
func (q *question) support(out *attack.Decision, d *Decision) {
	if d.Verdict == Denied {
		for _, r := range d.Reasons {
			if r.Effect == policy.Deny {
				out.Support = append(out.Support, attack.Group{q.e.fact(r.Statement)})
			}
		}
		return
	}
	for _, g := range d.Groups {
		group := make(attack.Group, 0, len(g))
		for _, s := range g {
			group = append(group, q.e.fact(s))
		}
		out.Support = append(out.Support, group)
	}
	out.Support = append(out.Support, q.absences()...)
}

// Anchors of absent facts: what, if it were added, would change the answer.
const (
	NoBoundary = "permissions boundary"
	noDeny     = "deny "
)

// absences are the places where a deny or a limit could stand and does not.
func (q *question) absences() []attack.Group {
	var out []attack.Group
	add := func(node graph.Ref, prop, anchor string) {
		if node != graph.NoRef {
			out = append(out, attack.Group{{Node: node, Property: prop, Anchor: anchor, Absent: true}})
		}
	}
	p := q.principal
	if hasIdentity(&p.caller) && !p.outside {
		add(p.ref, graph.PropInlinePrefix, noDeny+q.action)
		if p.boundary == nil {
			add(p.ref, graph.PropInlinePrefix, NoBoundary)
		}
		if p.account.ref != graph.NoRef && !p.account.management && !q.req.ServiceLinked {
			add(p.account.ref, graph.PropDocument, noDeny+q.action)
		}
	}
	if q.resource != nil {
		_, prop := ownKind(q.resource.node.Kind)
		switch q.resource.node.Kind {
		case graph.KindBucket, graph.KindKey, graph.KindRole, graph.KindQueue, graph.KindTopic, graph.KindFunction, graph.KindSecret,
			graph.KindRepository, graph.KindTable, graph.KindStream, graph.KindFileSystem, graph.KindSearchDomain, graph.KindBackupVault:
			add(q.resource.ref, prop, noDeny+q.action)
		}
		if q.resource.node.Kind == graph.KindBucket && q.fromOutside() {
			add(q.resource.ref, graph.PropPublicAccessBlock, "RestrictPublicBuckets")
		}
	}
	return out
}

// assume names the defaults the answer rests on.
func (q *question) assume(out *attack.Decision) {
	add := func(text string) {
		if !slices.Contains(out.Assumptions, text) {
			out.Assumptions = append(out.Assumptions, text)
		}
	}
	if scpBinds(&q.req) {
		for _, a := range q.principal.account.assumptions {
			add(a)
		}
	}
	if q.principal.outside {
		add(outsideAssumption)
	}
	if q.resource != nil {
		for _, a := range q.resource.assumptions {
			add(a)
		}
	}
	if q.resource == nil && !q.own && !q.fresh {
		add(q.generic + " is not in the snapshot: it is taken to have no policy of its own")
	}
	if q.class != "" && out.Allowed && !q.fresh && q.req.Resource != q.generic && !q.known() {
		add("there is something of the name " + q.req.Resource)
	}
}

// known reports whether the name asked about is one of an object that was seen.
func (q *question) known() bool {
	key, ok := strings.CutPrefix(q.req.Resource, q.resource.node.ID+"/")
	return ok && q.resource.ref != graph.NoRef && q.e.snap.Prop(q.resource.ref, graph.PropObjectACL+key) != nil
}
