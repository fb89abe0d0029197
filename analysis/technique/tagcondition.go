package technique

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/graph"
)

// document is a policy document of the estate.
type document struct {
	text json.RawMessage
	// holders are the users and roles that it is about; nil for policies of
	// resources and trusts, which are about everybody.
	holders []graph.Ref
}

// documents lists the policies of identities and resources in node order, those
// of identities that nobody has left out.
func (e *Estate) documents() []document {
	var list []document
	for ref := range e.Snap.Refs() {
		for _, p := range e.Snap.Props(ref) {
			switch {
			case p.Key == graph.PropTrust || p.Key == graph.PropPolicy:
				list = append(list, document{text: p.Value})
			case p.Key == graph.PropDocument || strings.HasPrefix(p.Key, graph.PropInlinePrefix):
				if holders := e.holdersOf(ref); len(holders) > 0 {
					list = append(list, document{p.Value, holders})
				}
			}
		}
	}
	return list
}

// holdersOf are the users and roles that a document at a node is about.
func (e *Estate) holdersOf(ref graph.Ref) []graph.Ref {
	switch e.Snap.Kind(ref) {
	case graph.KindPolicy:
		return e.attachedTo(ref)
	case graph.KindGroup:
		return slices.Collect(e.Snap.InKind(ref, graph.EdgeMemberOf))
	case graph.KindUser, graph.KindRole:
		return []graph.Ref{ref}
	}
	return nil
}

// tagStatement is what a statement asks of tags, by tag: of the resource and of
// the principal. Wildcards of patterns are filled in.
type tagStatement struct {
	resource, principal map[string][]string
}

// statementsAbout reads the tag conditions of a document that has a word in it:
// those that must hold for an allow, and those that must for a deny not to.
func statementsAbout(doc json.RawMessage, word string) []tagStatement {
	if !bytes.Contains(bytes.ToLower(doc), []byte(word)) {
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
	var list []tagStatement
	for _, s := range policy.Statement {
		t := tagStatement{map[string][]string{}, map[string][]string{}}
		for operator, keys := range s.Condition {
			operator = strings.ToLower(operator)
			if !strings.Contains(operator, "string") || strings.Contains(operator, "not") != (s.Effect == "Deny") {
				continue
			}
			for key, raw := range keys {
				t.read(key, raw)
			}
		}
		if len(t.resource)+len(t.principal) > 0 {
			list = append(list, t)
		}
	}
	return list
}

func (t *tagStatement) read(key string, raw json.RawMessage) {
	var values []string
	if json.Unmarshal(raw, &values) != nil {
		values = make([]string, 1)
		if json.Unmarshal(raw, &values[0]) != nil {
			return
		}
	}
	into, name := t.resource, "resourcetag/"
	if strings.HasPrefix(strings.ToLower(key), "aws:principaltag/") {
		into, name = t.principal, "principaltag/"
	}
	at := strings.Index(strings.ToLower(key), name)
	if at < 0 {
		return
	}
	for i, v := range values {
		values[i] = strings.NewReplacer("*", "x", "?", "x").Replace(v)
	}
	into[key[at+len(name):]] = values
}

// resourceSets are the sets of tags of a resource that fulfil the statement: each
// value once, beside the first of the other tags.
func (t *tagStatement) resourceSets() []tagSet { return setsOf(t.resource) }

func setsOf(asked map[string][]string) []tagSet {
	first := tagSet{}
	for k, values := range asked {
		if len(values) > 0 {
			first[k] = values[0]
		}
	}
	list := []tagSet{first}
	for _, k := range slices.Sorted(maps.Keys(asked)) {
		for _, v := range asked[k][min(1, len(asked[k])):] {
			set := maps.Clone(first)
			set[k] = v
			list = append(list, set)
		}
	}
	return list
}

// principalTag takes the name from a policy variable that stands for a tag of the
// principal and nothing else.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
func principalTag(value string) (name string, ok bool) {
	const prefix = "${aws:principaltag/"
	if len(value) <= len(prefix) || !strings.EqualFold(value[:len(prefix)], prefix) || !strings.HasSuffix(value, "}") {
		return "", false
	}
	name = value[len(prefix) : len(value)-1]
	return name, !strings.ContainsAny(name, "{},")
}
