package technique

import (
	"bytes"
	"encoding/json"
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
// need no tag, are left out.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html
func (e *Estate) taggers(action string, on graph.Ref, actors []actor) []actor {
	tag := tagActions[e.Snap.Kind(on)]
	pairs := e.tagsAsked()
	if tag == "" || len(pairs) == 0 || e.only != graph.NoRef {
		return nil
	}
	var list []actor
	service, _, _ := strings.Cut(action, ":")
	for _, a := range e.actors(tag, permission.OnNode(on), e.Snap.Node(on).Account, nil) {
		if slices.ContainsFunc(actors, func(b actor) bool { return b.ref == a.ref && b.decision.Certain() }) {
			continue
		}
		for _, p := range pairs {
			put, may := e.allowed(a, tag, permission.OnNode(on), map[string]string{"aws:RequestTag/" + p.key: p.value, "aws:TagKeys": p.key})
			d, ok := e.allowed(a, action, permission.OnNode(on), map[string]string{"aws:ResourceTag/" + p.key: p.value, service + ":ResourceTag/" + p.key: p.value})
			if may && ok {
				list = append(list, actor{a.ref, a.state, attack.And(put, d)})
				break
			}
		}
	}
	return list
}

// tagsAsked are the tags of resources that policies of the estate ask for.
func (e *Estate) tagsAsked() []tagPair {
	if e.asked != nil {
		return e.asked
	}
	e.asked = []tagPair{}
	for ref := range e.Snap.Refs() {
		switch e.Snap.Kind(ref) {
		case graph.KindUser, graph.KindRole, graph.KindGroup, graph.KindPolicy:
			if e.Snap.Kind(ref) == graph.KindPolicy && !e.customers(ref) {
				continue
			}
			for _, p := range e.Snap.Props(ref) {
				if p.Key == graph.PropDocument || strings.HasPrefix(p.Key, graph.PropInlinePrefix) {
					e.asked = append(e.asked, tagsIn(p.Value)...)
				}
			}
		}
	}
	slices.SortFunc(e.asked, func(a, b tagPair) int { return strings.Compare(a.key+"\x00"+a.value, b.key+"\x00"+b.value) })
	e.asked = slices.Compact(e.asked)
	return e.asked
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
