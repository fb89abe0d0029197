package permission

import (
	"cmp"
	"strings"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/permission/actions"
	"github.com/cairn-security/cairn/analysis/policy"
	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/arn"
)

// The keys that a request through an access point carries, and no other.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html
const (
	keyPointARN     = "s3:DataAccessPointArn"
	keyPointAccount = "s3:DataAccessPointAccount"
	keyPointOrigin  = "s3:AccessPointNetworkOrigin"
)

// accessPoint is a door of its own to the objects of a bucket. A request
// through it must be allowed on the access point and, with the keys that tell
// where it came through, on the bucket.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html
type accessPoint struct {
	ref    graph.Ref
	bucket graph.Ref // NoRef where it is not in the snapshot
	name   string    // ARN of the bucket
	keys   *policy.Context
	vpc    string // the only network it takes requests from, "" for any
}

// readAccessPoint reads which bucket an access point belongs to.
func (e *Engine) readAccessPoint(ref graph.Ref) *accessPoint {
	n := e.snap.Node(ref)
	p := &accessPoint{ref: ref, bucket: graph.NoRef}
	for to := range e.snap.OutKind(ref, graph.EdgeUses) {
		if e.snap.Kind(to) == graph.KindBucket {
			p.bucket, p.name = to, e.snap.Node(to).ID
		}
	}
	var doc struct {
		Bucket, NetworkOrigin string
		VpcConfiguration      struct {
			VpcID string `json:"VpcId"`
		}
	}
	if _, err := e.snap.Decode(ref, graph.PropResource, &doc); err == nil {
		p.vpc = doc.VpcConfiguration.VpcID
		if p.name == "" && doc.Bucket != "" {
			p.name = arn.Bucket(doc.Bucket)
		}
	}
	origin := "Internet"
	if p.vpc != "" {
		origin = "VPC"
	}
	p.keys = policy.NewContext(policy.Unknown)
	p.keys.Set(keyPointARN, n.ID).Set(keyPointAccount, n.Account).Set(keyPointOrigin, cmp.Or(doc.NetworkOrigin, origin))
	return p
}

// reachesBucket reports whether a request to an access point goes on to its
// bucket: it is about an object, or is one that buckets take too.
func (q *question) reachesBucket() bool {
	if strings.Contains(q.req.Resource, "/object/") {
		return true
	}
	known, ok := actions.Lookup(q.action)
	return ok && q.resource.point.name != "" && known.ActsOn(q.resource.point.name)
}

// behind asks the bucket of an access point the same as the access point was
// asked: about the object of the same name, or any.
func (q *question) behind(g *Given) *attack.Decision {
	p := q.resource.point
	if p.name == "" {
		return &attack.Decision{Missing: []string{"the bucket of " + q.resource.node.ID}}
	}
	on := OnARN(p.name + "/" + anyName)
	_, object, ofObject := strings.Cut(q.req.Resource, "/object/")
	switch {
	case ofObject && object != anyName:
		on = OnARN(p.name + "/" + object)
	case p.bucket != graph.NoRef:
		on = OnNode(p.bucket)
	case !ofObject:
		on = OnARN(p.name)
	}
	t := q.e.target(q.action, on)
	t.ctx = p.keys.Over(t.ctx)
	d := t.ask(q.principal, g).decide()
	if p.vpc == "" || g.VPC == p.vpc || !d.Allowed {
		return d
	}
	if g.Internet || g.VPC != "" {
		return &attack.Decision{Missing: []string{q.resource.node.ID + " takes requests from " + p.vpc + " only"}}
	}
	const pointer = "/VpcConfiguration/VpcId"
	return attack.And(d, &attack.Decision{Allowed: true, Status: attack.Conditional,
		Conditions: [][]attack.Condition{{{Key: "aws:SourceVpc", Operator: "StringEquals", Values: []string{p.vpc}}}},
		Reasons: []attack.Reason{{Fact: attack.Fact{Node: p.ref, Property: graph.PropResource, Pointer: pointer, Anchor: graph.Anchor([]byte(`"` + p.vpc + `"`))},
			Policy: "access point", Effect: "Allow", Text: "the access point takes requests from " + p.vpc}}})
}

// ByAnyDoor is [Engine.CanAccess] by whichever way is surest: the datastore
// itself or, of a bucket, one of its access points.
func (e *Engine) ByAnyDoor(who, store graph.Ref, a Access, g Given) *attack.Decision {
	best := e.CanAccess(who, store, a, g)
	if best.Certain() || e.snap.Kind(store) != graph.KindBucket {
		return best
	}
	others := func(p graph.Ref) bool { return p != who }
	for point := range e.snap.InKind(store, graph.EdgeUses) {
		for _, w := range e.Through(point, a, g, others) {
			if betterDecision(w.Decision, best) {
				best = w.Decision
			}
		}
	}
	return best
}

// Through lists who has an access to a bucket through one of its access points,
// like [Engine.WhoCan], with the key of the bucket where that is needed.
func (e *Engine) Through(point graph.Ref, a Access, g Given, but func(graph.Ref) bool) []Who {
	r := e.resources[point]
	if r == nil || r.point == nil || r.point.bucket == graph.NoRef {
		return nil
	}
	var list []Who
	at := map[graph.Ref]int{}
	for _, op := range operations(graph.KindBucket, a) {
		who, _ := e.WhoCan(op.action, OnNode(point), g, but)
		for _, w := range who {
			w.Decision = e.withKeys(w.Decision, e.principals[w.Node], r.point.bucket, op, &g)
			i, seen := at[w.Node]
			switch {
			case !w.Decision.Allowed:
			case !seen:
				at[w.Node] = len(list)
				list = append(list, w)
			case betterDecision(w.Decision, list[i].Decision):
				list[i] = w
			}
		}
	}
	return list
}
