package neo4jstore

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/graph"
)

// Names of the fields that a node has beside the properties of the graph.
const (
	fieldOrigins       = "origins"        // origin of each property in the order of keys, or of all
	fieldInlineNames   = "inlineNames"    // names and
	fieldInline        = "inlinePolicies" // texts of properties inline/NAME
	fieldOtherKeys     = "otherKeys"      // keys and
	fieldOther         = "otherValues"    // texts of properties whose key makes no good field
	fieldTags          = "tagList"
	fieldSensitivity   = "sensitivity"
	fieldCritical      = "critical"
	fieldSource        = "sensitivitySource"
	fieldTypes         = "sensitivityTypes"
	suffixOfTakenNames = "Json"
)

// isOwn holds the names that fields of ours have.
var isOwn = map[string]bool{
	"snapshot": true, "id": true, "kind": true, "name": true, "account": true, "region": true,
	fieldOrigins: true, fieldInlineNames: true, fieldInline: true, fieldOtherKeys: true, fieldOther: true, fieldTags: true,
	fieldSensitivity: true, fieldCritical: true, fieldSource: true, fieldTypes: true,
}

var goodField = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)

// fieldName returns the field a property is stored under; ok is false for keys
// that belong into a list. The policy named "policy" and the field "kind" keep
// apart: a key that is one of our own fields gets a suffix.
func fieldName(key string) (field string, ok bool) {
	if !goodField.MatchString(key) {
		return "", false
	}
	if isOwn[key] || strings.HasSuffix(key, suffixOfTakenNames) {
		return key + suffixOfTakenNames, true
	}
	return key, true
}

// keyOf is the inverse of fieldName.
func keyOf(field string) string { return strings.TrimSuffix(field, suffixOfTakenNames) }

// label is a kind in camel case: DbInstance for db-instance.
func label(k graph.Kind) string {
	var b strings.Builder
	for word := range strings.SplitSeq(k.String(), "-") {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}

// fieldsOf is a node as the database keeps it. Empty fields are left out.
func fieldsOf(s *graph.Snapshot, ref graph.Ref) params {
	n := s.Node(ref)
	props := s.Props(ref)
	fields := make(params, len(props)+8)
	fields["snapshot"], fields["id"], fields["kind"] = s.ID(), n.ID, n.Kind.String()
	for name, value := range map[string]string{"name": n.Name, "account": n.Account, "region": n.Region} {
		if value != "" {
			fields[name] = value
		}
	}
	origins := make([]int64, len(props))
	var names, inline, keys, other []string
	for i, p := range props {
		origins[i] = int64(p.Origin)
		if name, ok := strings.CutPrefix(p.Key, graph.PropInlinePrefix); ok {
			names, inline = append(names, name), append(inline, string(p.Value))
		} else if field, ok := fieldName(p.Key); ok {
			fields[field] = string(p.Value)
		} else {
			keys, other = append(keys, p.Key), append(other, string(p.Value))
		}
	}
	if len(slices.Compact(slices.Clone(origins))) == 1 {
		fields[fieldOrigins] = origins[0] // one number is cheaper to keep than a list
	} else if len(origins) > 0 {
		fields[fieldOrigins] = origins
	}
	for name, list := range map[string][]string{
		fieldInlineNames: names, fieldInline: inline, fieldOtherKeys: keys, fieldOther: other,
		fieldTags: tags(s.Prop(ref, graph.PropTags)),
	} {
		if len(list) > 0 {
			fields[name] = list
		}
	}
	return fields
}

// tags turns an object of tags into "key=value" words, which are easy to ask for.
func tags(raw json.RawMessage) []string {
	var object map[string]string
	if len(raw) == 0 || json.Unmarshal(raw, &object) != nil {
		return nil
	}
	words := make([]string, 0, len(object))
	for k, v := range object {
		words = append(words, k+"="+v)
	}
	slices.Sort(words)
	return words
}

// storedNode is a node and its properties as they come back.
type storedNode struct {
	node    graph.Node
	props   []property
	origins []any // number of the origin of each property
}

// parseNode is the inverse of fieldsOf.
func parseNode(fields params) (n storedNode, err error) {
	id := text(fields["id"])
	if id == "" {
		return n, fmt.Errorf("%w: a node has no id", graph.ErrFormat)
	}
	kind, ok := graph.ParseKind(text(fields["kind"]))
	if !ok {
		return n, fmt.Errorf("%w: %s has kind %q, which this build does not know", graph.ErrFormat, id, fields["kind"])
	}
	n.node = graph.Node{ID: id, Kind: kind, Name: text(fields["name"]), Account: text(fields["account"]), Region: text(fields["region"])}
	if n.props, err = properties(fields); err != nil {
		return n, fmt.Errorf("%w: %s: %v", graph.ErrFormat, id, err)
	}
	switch o := fields[fieldOrigins].(type) {
	case []any:
		n.origins = o
	case int64:
		n.origins = slices.Repeat([]any{o}, len(n.props))
	}
	if len(n.origins) != len(n.props) {
		return n, fmt.Errorf("%w: %s has %d properties and %d origins", graph.ErrFormat, id, len(n.props), len(n.origins))
	}
	return n, nil
}

// addTo gives the node to a builder; origins are the builder's, by stored number.
func (n *storedNode) addTo(b *graph.Builder, origins []graph.OriginID) (graph.Handle, error) {
	h, created := b.Add(n.node)
	if !created {
		return h, fmt.Errorf("%w: %s stands in the snapshot twice", graph.ErrFormat, n.node.ID)
	}
	for i, p := range n.props {
		origin, ok := n.origins[i].(int64)
		if !ok || origin < 0 || origin >= int64(len(origins)) {
			return h, fmt.Errorf("%w: %s: origin %v of %d", graph.ErrFormat, n.node.ID, n.origins[i], len(origins))
		}
		if err := b.Set(h, p.key, p.value, origins[origin]); err != nil {
			return h, fmt.Errorf("%w: %v", graph.ErrFormat, err)
		}
	}
	return h, nil
}

type property struct {
	key   string
	value json.RawMessage
}

// properties gathers the properties of the graph from a node's fields, sorted
// by key, which is the order of the list of origins.
func properties(fields map[string]any) ([]property, error) {
	props := make([]property, 0, len(fields))
	for field, value := range fields {
		if isOwn[field] {
			continue
		}
		text, ok := value.(string)
		if !ok {
			continue // added by someone else: ours are all text
		}
		props = append(props, property{keyOf(field), json.RawMessage(text)})
	}
	for _, pair := range [2]struct{ names, values, prefix string }{
		{fieldInlineNames, fieldInline, graph.PropInlinePrefix},
		{fieldOtherKeys, fieldOther, ""},
	} {
		names, _ := fields[pair.names].([]any)
		values, _ := fields[pair.values].([]any)
		if len(names) != len(values) {
			return nil, fmt.Errorf("%d %s and %d %s", len(names), pair.names, len(values), pair.values)
		}
		for i := range names {
			props = append(props, property{pair.prefix + text(names[i]), json.RawMessage(text(values[i]))})
		}
	}
	slices.SortFunc(props, func(a, b property) int { return strings.Compare(a.key, b.key) })
	return props, nil
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

// chunks cuts data into pieces of a size, at least one.
func chunks(data []byte, size int) [][]byte {
	if len(data) == 0 {
		return [][]byte{{}}
	}
	return slices.Collect(slices.Chunk(data, size))
}
