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
	fieldOrigins       = "origins"        // origin of each property, in the order of keys
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

var (
	ownFields = []string{
		"snapshot", "ref", "id", "kind", "name", "account", "region", fieldOrigins, fieldInlineNames, fieldInline,
		fieldOtherKeys, fieldOther, fieldTags, fieldSensitivity, fieldCritical, fieldSource, fieldTypes,
	}
	goodField = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)
)

// fieldName returns the field a property is stored under; ok is false for keys
// that belong into a list. The policy named "policy" and the field "kind" keep
// apart: a key that is one of our own fields gets a suffix.
func fieldName(key string) (field string, ok bool) {
	if !goodField.MatchString(key) {
		return "", false
	}
	if slices.Contains(ownFields, key) || strings.HasSuffix(key, suffixOfTakenNames) {
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

// row is a node as a list of values: the fixed fields and then the columns
// that its kind has in this snapshot.
func (c *columns) row(s *graph.Snapshot, ref graph.Ref) []any {
	n := s.Node(ref)
	props := s.Props(ref)
	origins := make([]int64, len(props))
	row := make([]any, fixedFields+len(c.fields))
	var names, inline, keys, other []string
	for i, p := range props {
		origins[i] = int64(p.Origin)
		if name, ok := strings.CutPrefix(p.Key, graph.PropInlinePrefix); ok {
			names, inline = append(names, name), append(inline, string(p.Value))
		} else if at, ok := c.at[p.Key]; ok {
			row[fixedFields+at] = string(p.Value)
		} else {
			keys, other = append(keys, p.Key), append(other, string(p.Value))
		}
	}
	copy(row, []any{
		int64(ref), n.ID, orNull(n.Name), orNull(n.Account), orNull(n.Region),
		list(origins), list(names), list(inline), list(keys), list(other), list(tags(s.Prop(ref, graph.PropTags))),
	})
	return row
}

// Order of the fixed fields in a row.
var fixedNames = []string{"ref", "id", "name", "account", "region", fieldOrigins, fieldInlineNames, fieldInline, fieldOtherKeys, fieldOther, fieldTags}

const fixedFields = 11

// orNull leaves empty fields out of the database.
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func list[T any](values []T) any {
	if len(values) == 0 {
		return nil
	}
	return values
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

// columns are the fields that properties of one kind of node are stored under:
// one statement then serves all of its nodes.
type columns struct {
	fields []string
	at     map[string]int // key -> index in fields
}

func columnsOf(s *graph.Snapshot, refs []graph.Ref) *columns {
	c := &columns{at: map[string]int{}}
	for _, ref := range refs {
		for _, p := range s.Props(ref) {
			if _, seen := c.at[p.Key]; seen {
				continue
			}
			if field, ok := fieldName(p.Key); ok {
				c.at[p.Key] = len(c.fields)
				c.fields = append(c.fields, field)
			}
		}
	}
	return c
}

// restore rebuilds a node from its fields and gives it to the builder.
func restore(b *graph.Builder, fields map[string]any, origins []graph.OriginID) error {
	id, _ := fields["id"].(string)
	if id == "" {
		return fmt.Errorf("%w: a node has no id", graph.ErrFormat)
	}
	kindName, _ := fields["kind"].(string)
	kind, ok := graph.ParseKind(kindName)
	if !ok {
		return fmt.Errorf("%w: %s has kind %q, which this build does not know", graph.ErrFormat, id, kindName)
	}
	n := graph.Node{ID: id, Kind: kind, Name: text(fields["name"]), Account: text(fields["account"]), Region: text(fields["region"])}
	h, _ := b.Add(n)
	props, err := properties(fields)
	if err != nil {
		return fmt.Errorf("%w: %s: %v", graph.ErrFormat, id, err)
	}
	numbers, _ := fields[fieldOrigins].([]any)
	if len(numbers) != len(props) {
		return fmt.Errorf("%w: %s has %d properties and %d origins", graph.ErrFormat, id, len(props), len(numbers))
	}
	for i, p := range props {
		origin, ok := numbers[i].(int64)
		if !ok || origin < 0 || origin >= int64(len(origins)) {
			return fmt.Errorf("%w: %s: origin %v of %d", graph.ErrFormat, id, numbers[i], len(origins))
		}
		if err := b.Set(h, p.key, p.value, origins[origin]); err != nil {
			return fmt.Errorf("%w: %v", graph.ErrFormat, err)
		}
	}
	return nil
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
		if slices.Contains(ownFields, field) {
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
