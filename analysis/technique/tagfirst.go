package technique

import (
	"bytes"
	"cmp"
	"encoding/json"
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
	graph.KindFunction: "lambda:TagResource",
}

// tagPair is a tag that some policy asks a resource to have.
type tagPair struct{ key, value string }

// taggers are those who may perform an action on a thing once they have put a tag
// on it: a condition on tags is no limit to who sets them. Those of actors, who
// need no tag, are left out. Cost: a decision for each principal whose policies
// have such conditions, and each tag they ask for.
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
		for _, p := range asks.pairs {
			d, ok := e.allowed(a, action, permission.OnNode(on), map[string]string{"aws:ResourceTag/" + p.key: p.value, service + ":ResourceTag/" + p.key: p.value})
			if !ok {
				continue
			}
			if put, ok := e.allowed(a, tag, permission.OnNode(on), map[string]string{"aws:RequestTag/" + p.key: p.value, "aws:TagKeys": p.key}); ok {
				a.decision = attack.And(put, d)
				list = append(list, a)
				break
			}
		}
	}
	return list
}

// tagAsker is a principal whose policies ask resources for tags.
type tagAsker struct {
	who   graph.Ref
	pairs []tagPair // sorted
}

// tagsAsked lists them in node order.
func (e *Estate) tagsAsked() []tagAsker {
	if e.asked != nil {
		return e.asked
	}
	e.asked = []tagAsker{}
	by := map[graph.Ref][]tagPair{}
	for ref := range e.Snap.Refs() {
		kind := e.Snap.Kind(ref)
		if kind != graph.KindUser && kind != graph.KindRole && kind != graph.KindGroup && kind != graph.KindPolicy {
			continue
		}
		for _, p := range e.Snap.Props(ref) {
			if p.Key != graph.PropDocument && !strings.HasPrefix(p.Key, graph.PropInlinePrefix) {
				continue
			}
			if pairs := tagsIn(p.Value); len(pairs) > 0 {
				for _, who := range e.holdersOf(ref) {
					by[who] = append(by[who], pairs...)
				}
			}
		}
	}
	for _, who := range slices.Sorted(maps.Keys(by)) {
		pairs := by[who]
		slices.SortFunc(pairs, func(a, b tagPair) int {
			return cmp.Or(strings.Compare(a.key, b.key), strings.Compare(a.value, b.value))
		})
		e.asked = append(e.asked, tagAsker{who, slices.Compact(pairs)})
	}
	return e.asked
}

// holdersOf are the users and roles that a document at a node is about.
func (e *Estate) holdersOf(ref graph.Ref) []graph.Ref {
	switch e.Snap.Kind(ref) {
	case graph.KindPolicy:
		return e.attachedTo(ref)
	case graph.KindGroup:
		return slices.Collect(e.Snap.InKind(ref, graph.EdgeMemberOf))
	}
	return []graph.Ref{ref}
}

// tagsIn reads the tag conditions of a policy document.
func tagsIn(doc json.RawMessage) []tagPair {
	const name = "resourcetag/"
	if !bytes.Contains(bytes.ToLower(doc), []byte(name)) {
		return nil
	}
	var policy struct {
		Statement []struct {
			Effect    string
			Condition map[string]map[string]json.RawMessage
		}
	}
	if json.Unmarshal(doc, &policy) != nil {
		return nil // a single statement, or none that can be read: the engine says so
	}
	var list []tagPair
	for _, s := range policy.Statement {
		for operator, keys := range s.Condition {
			if s.Effect != "Allow" || strings.Contains(strings.ToLower(operator), "not") || !strings.HasPrefix(strings.ToLower(operator), "string") {
				continue
			}
			for key, raw := range keys {
				at := strings.Index(strings.ToLower(key), name)
				if at < 0 {
					continue
				}
				var values []string
				if json.Unmarshal(raw, &values) != nil {
					values = make([]string, 1)
					if json.Unmarshal(raw, &values[0]) != nil {
						continue
					}
				}
				for _, v := range values {
					list = append(list, tagPair{key[at+len(name):], strings.NewReplacer("*", "x", "?", "x").Replace(v)})
				}
			}
		}
	}
	return list
}
