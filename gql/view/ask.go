package view

import (
	"cmp"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/permission"
	"github.com/cairn-security/cairn/analysis/report"
	"github.com/cairn-security/cairn/graph"
)

// Decision is the answer to whether a principal may act.
type Decision struct {
	Principal        *EstateNode
	Action, Resource string
	Decision         string
	Explicit         bool
	Conditions       [][]attack.Condition
	Reasons          []*Reason
	Missing          []string
	Gaps             []*Gap
	Assumptions      []string
	Door             *EstateNode // the access point it works through, nil: the resource itself
}

// Can answers whether a principal may take an action on a resource.
func (v *View) Can(principal, action, resource string) (*Decision, error) {
	if err := checkAction(action); err != nil {
		return nil, err
	}
	on, err := v.on(resource)
	if err != nil {
		return nil, err
	}
	asker, d, door, err := v.ask(principal, action, on)
	if err != nil {
		return nil, err
	}
	doc := report.DecisionOf(v.snap(), v.docs, asker.Node, action, resource, d, door)
	return &Decision{Principal: asker, Action: action, Resource: resource, Decision: doc.Decision, Explicit: doc.Explicit, Conditions: doc.Conditions,
		Reasons: v.reasons(doc.Reasons), Missing: doc.Missing, Gaps: v.gapsOf(doc.Gaps), Assumptions: doc.Assumptions, Door: v.door(doc.Door)}, nil
}

// ask finds who is asked about, a node or a caller that is none, and asks.
func (v *View) ask(principal, action string, on permission.Resource) (asker *EstateNode, d *attack.Decision, door graph.Ref, err error) {
	who, err := v.snap().ResolveAs(principal, asks)
	if err == nil && !asks(v.snap().Kind(who)) {
		err = Errorf(BadInput, "%s is no principal but this: %s", principal, v.snap().Kind(who).Title())
	}
	if err == nil {
		d, door = v.Result.Perm.CanByAnyDoor(who, action, on, permission.Given{})
		return v.node(who), d, door, nil
	}
	stranger, ok := v.Result.Perm.Stranger(principal)
	if !ok {
		return nil, nil, graph.NoRef, named(err)
	}
	d, door = v.Result.Perm.StrangerCan(stranger, action, on, permission.Given{})
	return &EstateNode{Node: report.Described(stranger.Node), v: v, ref: graph.NoRef}, d, door, nil
}

// asks reports whether nodes of a kind can be the principal of a question.
func asks(k graph.Kind) bool {
	return k.Principal() || k == graph.KindAccount || k == graph.KindIdentityProvider
}

func checkAction(action string) error {
	service, name, ok := strings.Cut(action, ":")
	if !ok || service == "" || name == "" || strings.ContainsAny(action, "*? ") {
		return Errorf(BadInput, "action %.80q: want one action such as s3:GetObject", action)
	}
	return nil
}

// on is what a person names: *, an ARN of anything, or a node.
func (v *View) on(resource string) (permission.Resource, error) {
	if resource == "*" {
		return permission.OnAccount(), nil
	}
	ref, err := v.snap().Resolve(resource)
	switch {
	case err == nil:
		return permission.OnNode(ref), nil
	case strings.HasPrefix(resource, "arn:"):
		return permission.OnARN(resource), nil
	}
	return permission.Resource{}, named(err)
}

// Command is the same question for the command line.
func (d *Decision) Command() string {
	return command("can", d.Principal.ID, d.Action, d.Resource)
}

// command writes a command line with what needs quotes in quotes.
func command(words ...string) string {
	line := "cairn"
	for _, w := range words {
		if w == "" || strings.ContainsAny(w, " *?$&|;<>()'\"\\`!{}[]~#\t\n") {
			w = "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
		}
		line += " " + w
	}
	return line
}

// WhoCan lists who may act.
type WhoCan struct {
	Action, Resource string
	Everyone         bool
	Principals       []*WhoCanPrincipal
	TotalCount       int
	PageInfo         *PageInfo
	Gaps             []*Gap
}

// Command is the same question for the command line.
func (w *WhoCan) Command() string { return command("who-can", w.Action, w.Resource) }

// WhoCanPrincipal is one that may act, or may not be excluded.
type WhoCanPrincipal struct {
	Node       *EstateNode
	Decision   string
	Conditions [][]attack.Condition
	Reasons    []*Reason
	Door       *EstateNode // as of Decision
}

func (v *View) door(n *report.Node) *EstateNode {
	if n == nil {
		return nil
	}
	return v.of(*n)
}

// WhoCan answers who may take an action on a resource, decided answers first.
func (v *View) WhoCan(action, resource string, first *int, after *string) (*WhoCan, error) {
	if err := checkAction(action); err != nil {
		return nil, err
	}
	on, err := v.on(resource)
	if err != nil {
		return nil, err
	}
	who, everyone := v.Result.Perm.WhoCanByAnyDoor(action, on, permission.Given{}, nil)
	rank := func(w permission.Who) attack.Status { return w.Decision.Status }
	slices.SortStableFunc(who, func(a, b permission.Who) int { return cmp.Compare(rank(a), rank(b)) })
	list := "whoCan " + action + " " + resource
	at := func(i int) string { return v.snap().Node(who[i].Node).ID }
	from, to, info, err := slice(v.Info.ID, list, len(who), at, first, after)
	if err != nil {
		return nil, err
	}
	out := &WhoCan{Action: action, Resource: resource, Everyone: everyone, Principals: []*WhoCanPrincipal{}, TotalCount: len(who), PageInfo: info}
	var gaps []string
	for _, w := range who {
		for _, id := range w.Decision.Gaps {
			if !slices.Contains(gaps, id) {
				gaps = append(gaps, id)
			}
		}
	}
	out.Gaps = v.gapsOf(gaps)
	for _, p := range report.WhoCanOf(v.snap(), v.docs, action, resource, who[from:to], everyone).Principals {
		out.Principals = append(out.Principals, &WhoCanPrincipal{v.of(p.Node), p.Decision, p.Conditions, v.reasons(p.Reasons), v.door(p.Door)})
	}
	return out, nil
}
