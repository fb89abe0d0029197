package permission

import (
	"cmp"
	"strings"

	"github.com/cairn-security/cairn/analysis/permission/actions"
	"github.com/cairn-security/cairn/analysis/policy"
	"github.com/cairn-security/cairn/graph"
)

// Resource is what an action is asked on: a node, an ARN, or both. The zero
// value of ARN means the node's own, or, for actions on what a node contains
// (the objects of a bucket), any of it.
type Resource struct {
	Node  graph.Ref
	ARN   string
	fresh string // account of a new resource, see OnNew
}

// OnNode asks about a node.
func OnNode(ref graph.Ref) Resource { return Resource{Node: ref} }

// OnARN asks about a resource by name, whether or not it is a node: an object,
// a table's index, a role that does not exist yet.
func OnARN(arn string) Resource { return Resource{Node: graph.NoRef, ARN: arn} }

// OnAccount asks an action that takes no resource, or "on anything" (*), in
// the caller's account.
func OnAccount() Resource { return Resource{Node: graph.NoRef, ARN: "*"} }

// target is what a question is about, whoever asks.
type target struct {
	e        *Engine
	action   string // lower case
	asked    graph.Ref
	own      bool // the action takes no resource: it works in the caller's own account
	resource *resource
	owner    string // account, empty when not known or the caller's own
	generic  string // the name asked about
	class    string // pattern of everything the node contains, "" for a single resource
	foreign  bool   // the resource is in no account that was read, see elsewhere
	ctx      *policy.Context
}

// target finds the node, the name to ask about, the owner, and what is known of
// a request about them.
func (e *Engine) target(action string, on Resource) *target {
	t := &target{e: e, action: strings.ToLower(action), asked: on.Node}
	t.ctx = e.base(t.action)
	known, inTable := actions.Lookup(t.action)
	if inTable && len(known.Types) == 0 || on.ARN == "*" || on.Node == graph.NoRef && on.ARN == "" {
		t.generic, t.own = "*", true
		return t
	}
	if on.Node == graph.NoRef {
		on.Node = e.nodeOf(on.ARN)
	}
	if on.Node != graph.NoRef && e.snap.Kind(on.Node) == graph.KindUnknown {
		// Something refers to it and nothing describes it.
		on.ARN, on.Node = cmp.Or(on.ARN, e.snap.Node(on.Node).ID), graph.NoRef
	}
	t.locate(on)
	if t.resource == nil && on.fresh == "" {
		t.elsewhere()
	}
	if t.resource != nil {
		t.ctx = t.resource.ctx.Over(t.ctx)
	} else {
		t.ctx = e.resourceContext(graph.Node{ID: t.generic, Account: t.owner, Region: regionOf(t.generic)}, graph.NoRef).Over(t.ctx)
	}
	return t
}

func (t *target) locate(on Resource) {
	var node graph.Node
	if on.Node != graph.NoRef {
		node = t.e.snap.Node(on.Node)
		t.owner = node.Account
		if t.resource = t.e.resources[on.Node]; t.resource == nil {
			t.resource = &resource{ref: on.Node, node: node, account: t.e.account(node.Account), ctx: t.e.resourceContext(node, on.Node)}
		}
	} else if parts := strings.SplitN(on.ARN, ":", 6); len(parts) == 6 {
		t.owner = parts[4]
	}
	if t.generic = on.ARN; t.generic != "" {
		return
	}
	if name := invokeName(node, t.action); name != "" {
		t.generic, t.class = name+strings.Repeat("/"+anyName, 3), name+"/*" // stage, method, path
		return
	}
	t.generic = policyName(node)
	if aboutContents(node, t.action) {
		within := containedIn(node.Kind)
		t.generic, t.class = node.ID+within+anyName, node.ID+within+"*"
	}
}

// nodeOf finds the node an ARN belongs to: its own, or that of what contains it.
func (e *Engine) nodeOf(arn string) graph.Ref {
	if ref, ok := e.snap.Lookup(arn); ok {
		return ref
	}
	if parts := strings.SplitN(arn, ":", 6); len(parts) == 6 && parts[2] == "ec2" && parts[4] == "" {
		if ref, err := e.snap.Resolve(parts[5]); err == nil {
			return ref
		}
	}
	for cut := strings.LastIndexByte(arn, '/'); cut > 0; cut = strings.LastIndexByte(arn[:cut], '/') {
		if ref, ok := e.snap.Lookup(arn[:cut]); ok {
			return ref
		}
	}
	return graph.NoRef
}

func regionOf(arn string) string {
	if parts := strings.SplitN(arn, ":", 5); len(parts) == 5 {
		return parts[3]
	}
	return ""
}
