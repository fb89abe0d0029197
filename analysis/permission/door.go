package permission

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/permission/actions"
	"github.com/cairn-security/cairn/graph"
)

// CanByAnyDoor is [Engine.Can] by whichever way is surest: the resource itself
// or, of a bucket and its objects, an access point, which is then returned;
// NoRef stands for the resource itself.
func (e *Engine) CanByAnyDoor(who graph.Ref, action string, on Resource, g Given) (*attack.Decision, graph.Ref) {
	return e.byAnyDoor(action, on, func(on Resource) *attack.Decision { return e.Can(who, action, on, g) })
}

func (e *Engine) byAnyDoor(action string, on Resource, ask func(Resource) *attack.Decision) (*attack.Decision, graph.Ref) {
	best, by := ask(on), graph.NoRef
	for door, through := range e.doors(action, on) {
		if best.Certain() {
			break
		}
		if d := ask(through); betterDecision(d, best) {
			best, by = d, door
		}
	}
	return best, by
}

// WhoCanByAnyDoor is [Engine.WhoCan] with those who get to a bucket and its
// objects through its access points: each principal by the surest way, which
// its Door names.
func (e *Engine) WhoCanByAnyDoor(action string, on Resource, g Given, but func(graph.Ref) bool) (who []Who, everyone bool) {
	who, everyone = e.WhoCan(action, on, g, but)
	at := make(map[graph.Ref]int, len(who))
	for i := range who {
		at[who[i].Node] = i
	}
	direct := len(who)
	for door, through := range e.doors(action, on) {
		list, open := e.WhoCan(action, through, g, func(p graph.Ref) bool {
			i, seen := at[p]
			return but != nil && but(p) || seen && who[i].Decision.Certain()
		})
		everyone = everyone || open
		for _, w := range list {
			w.Door = door
			if i, seen := at[w.Node]; !seen {
				at[w.Node] = len(who)
				who = append(who, w)
			} else if betterDecision(w.Decision, who[i].Decision) {
				who[i] = w
			}
		}
	}
	if len(who) > direct {
		order := make(map[graph.Ref]int, len(who))
		for i, p := range e.callers().list {
			order[p.ref] = i
		}
		slices.SortFunc(who, func(a, b Who) int { return cmp.Compare(order[a.Node], order[b.Node]) })
	}
	return who, everyone
}

// doors iterates over the access points of a bucket that take an action, each
// with what the action is asked on there.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html
func (e *Engine) doors(action string, on Resource) iter.Seq2[graph.Ref, Resource] {
	bucket, object := on.Node, ""
	if bucket == graph.NoRef && on.fresh == "" && on.ARN != "" && on.ARN != "*" {
		bucket = e.nodeOf(on.ARN)
		if bucket != graph.NoRef {
			_, object, _ = strings.Cut(on.ARN, e.snap.Node(bucket).ID+"/")
		}
	}
	return func(yield func(graph.Ref, Resource) bool) {
		known, ok := actions.Lookup(action)
		if !ok || bucket == graph.NoRef || e.snap.Kind(bucket) != graph.KindBucket {
			return
		}
		for point := range e.snap.InKind(bucket, graph.EdgeUses) {
			r := e.resources[point]
			if r == nil || r.point == nil || r.point.bucket != bucket {
				continue
			}
			through, objects := OnNode(point), r.node.ID+containedIn(graph.KindAccessPoint)
			if object != "" {
				through = OnARN(objects + object)
			}
			if !known.ActsOn(r.node.ID) && !known.ActsOn(objects+anyName) {
				continue
			}
			if !yield(point, through) {
				return
			}
		}
	}
}
