package technique

import (
	"maps"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/permission"
	"github.com/cairn-security/cairn/graph"
)

// tagActions put a tag on things of a kind.
var tagActions = map[graph.Kind]string{
	graph.KindUser: "iam:TagUser", graph.KindRole: "iam:TagRole", graph.KindInstance: "ec2:CreateTags",
	graph.KindFunction: "lambda:TagResource", graph.KindSecret: "secretsmanager:TagResource", graph.KindParameter: "ssm:AddTagsToResource",
	graph.KindTable: "dynamodb:TagResource", graph.KindQueue: "sqs:TagQueue", graph.KindTopic: "sns:TagResource", graph.KindStream: "kinesis:AddTagsToStream",
}

// tagSet are the tags that one statement asks a resource to have.
type tagSet map[string]string

// keys are the tags as a condition sees them on a resource of a service.
func (t tagSet) keys(service string) map[string]string {
	keys := map[string]string{}
	for k, v := range t {
		keys["aws:ResourceTag/"+k], keys[service+":ResourceTag/"+k] = v, v
	}
	return keys
}

// puts decides whether an actor may give a thing all tags of a set.
func (e *Estate) puts(a actor, tag string, on graph.Ref, set tagSet) (all []*attack.Decision, ok bool) {
	for _, k := range slices.Sorted(maps.Keys(set)) {
		d, ok := e.allowed(a, tag, permission.OnNode(on), map[string]string{"aws:RequestTag/" + k: set[k], "aws:TagKeys": k})
		if !ok {
			return nil, false
		}
		all = append(all, d)
	}
	return all, true
}

// taggers are those who may perform an action on a thing once they have put tags
// on it: a condition on tags is no limit to who sets them. Those of actors, who
// need no tag, are left out. Cost: a decision for each principal whose policies
// have such conditions, and each set of tags they ask for.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html
func (e *Estate) taggers(action string, on graph.Ref, actors []actor) []actor {
	tag := tagActions[e.Snap.Kind(on)]
	if tag == "" || e.only != graph.NoRef {
		return nil
	}
	var list []actor
	service, _, _ := strings.Cut(action, ":")
	for _, asks := range e.tagsAsked() {
		state, ok := e.principalState(asks.who)
		if !ok || !e.sameAccount(asks.who, on) || e.isAdministrator(asks.who) ||
			slices.ContainsFunc(actors, func(b actor) bool { return b.ref == asks.who && b.decision.Certain() }) {
			continue
		}
		a := actor{ref: asks.who, state: state}
		for _, set := range asks.sets {
			d, ok := e.allowed(a, action, permission.OnNode(on), set.keys(service))
			if !ok {
				continue
			}
			if put, ok := e.puts(a, tag, on, set); ok {
				a.decision = attack.And(append(put, d)...)
				list = append(list, a)
				break
			}
		}
	}
	return list
}

// tagAsker is a principal whose policies ask resources for tags.
type tagAsker struct {
	who  graph.Ref
	sets []tagSet
}

// tagsAsked lists them in node order. A tag that must equal one of the principal
// is what the principal has.
func (e *Estate) tagsAsked() []tagAsker {
	if e.asked != nil {
		return e.asked
	}
	e.asked = []tagAsker{}
	by := map[graph.Ref][]tagSet{}
	for _, d := range e.documents() {
		if d.holders == nil {
			continue
		}
		for _, s := range statementsAbout(d.text, "resourcetag/") {
			for _, who := range d.holders {
				by[who] = append(by[who], e.resolved(who, s.resourceSets())...)
			}
		}
	}
	for _, who := range slices.Sorted(maps.Keys(by)) {
		e.asked = append(e.asked, tagAsker{who, distinct(by[who])})
	}
	return e.asked
}

// resolved puts a principal's own tags where sets refer to them; sets that refer
// to tags it does not have are dropped.
func (e *Estate) resolved(who graph.Ref, sets []tagSet) []tagSet {
	var own map[string]string
	if _, err := e.Snap.Decode(who, graph.PropTags, &own); err != nil {
		own = nil
	}
	var list []tagSet
next:
	for _, set := range sets {
		out := tagSet{}
		for k, v := range set {
			if name, ok := principalTag(v); ok {
				if v = own[name]; v == "" {
					continue next
				}
			}
			out[k] = v
		}
		list = append(list, out)
	}
	return list
}

// distinct sorts sets and drops those that stand twice.
func distinct(sets []tagSet) []tagSet {
	by := map[string]tagSet{}
	for _, s := range sets {
		var b strings.Builder
		for _, k := range slices.Sorted(maps.Keys(s)) {
			b.WriteString(k + "=" + s[k] + "\n")
		}
		by[b.String()] = s
	}
	var list []tagSet
	for _, key := range slices.Sorted(maps.Keys(by)) {
		if key != "" {
			list = append(list, by[key])
		}
	}
	return list
}
