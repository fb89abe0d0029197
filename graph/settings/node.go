package settings

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
)

// reader turns YAML nodes into values and notes what does not fit, going on
// with the zero value.
type reader struct{ faults }

func lineOf(n ast.Node) int {
	if n == nil || n.GetToken() == nil || n.GetToken().Position == nil {
		return 0
	}
	return n.GetToken().Position.Line
}

// entry is one key of a mapping.
type entry struct {
	key   string
	line  int
	value ast.Node
}

// entries reads a mapping; keys must be plain, and each may stand once.
func (r *reader) entries(n ast.Node, what string) []entry {
	var pairs []*ast.MappingValueNode
	switch n := n.(type) {
	case nil, *ast.NullNode:
		return nil
	case *ast.MappingNode:
		pairs = n.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{n}
	default:
		r.add(lineOf(n), "%s: want a mapping, found %s", what, kindOf(n))
		return nil
	}
	list := make([]entry, 0, len(pairs))
	seen := make(map[string]int, len(pairs))
	for _, pair := range pairs {
		key, ok := scalar(pair.Key)
		if !ok {
			r.add(lineOf(pair.Key), "%s: a key must be plain text", what)
			continue
		}
		line := lineOf(pair.Key)
		if first, ok := seen[key]; ok {
			r.add(line, "%s: key %q stands twice (first in line %d)", what, key, first)
			continue
		}
		seen[key] = line
		list = append(list, entry{key, line, pair.Value})
	}
	return list
}

// fields reads a mapping with known keys; any other key is a fault.
func (r *reader) fields(n ast.Node, what string, known map[string]func(entry)) {
	for _, e := range r.entries(n, what) {
		if read, ok := known[e.key]; ok {
			read(e)
			continue
		}
		r.add(e.line, "%s: unknown key %q%s", what, e.key, suggestion(e.key, known))
	}
}

// list reads a sequence.
func (r *reader) list(n ast.Node, what string) []ast.Node {
	switch n := n.(type) {
	case nil, *ast.NullNode:
		return nil
	case *ast.SequenceNode:
		return n.Values
	default:
		r.add(lineOf(n), "%s: want a list, found %s", what, kindOf(n))
		return nil
	}
}

// text reads one scalar as text.
func (r *reader) text(n ast.Node, what string) string {
	s, ok := scalar(n)
	if !ok {
		r.add(lineOf(n), "%s: want text, found %s", what, kindOf(n))
	}
	return s
}

// texts reads a list of scalars.
func (r *reader) texts(n ast.Node, what string) []string {
	out := []string{}
	for _, item := range r.list(n, what) {
		s := r.text(item, what)
		if s == "" {
			r.add(lineOf(item), "%s: an entry is empty", what)
			continue
		}
		out = append(out, s)
	}
	return out
}

// number reads a finite number in [lo, hi].
func (r *reader) number(n ast.Node, what string, lo, hi float64) float64 {
	s, ok := scalar(n)
	v, err := strconv.ParseFloat(s, 64)
	if !ok || err != nil || !(v >= lo && v <= hi) {
		r.add(lineOf(n), "%s: want a number from %g to %g, found %s", what, lo, hi, found(n))
		return lo
	}
	return v
}

// whole reads a whole number of lo or more.
func (r *reader) whole(n ast.Node, what string, lo int) int {
	s, ok := scalar(n)
	v, err := strconv.Atoi(s)
	if !ok || err != nil || v < lo {
		r.add(lineOf(n), "%s: want a whole number of %d or more, found %s", what, lo, found(n))
		return lo
	}
	return v
}

// onOff reads on/off and true/false.
func (r *reader) onOff(n ast.Node, what string) bool {
	s, _ := scalar(n)
	switch strings.ToLower(s) {
	case "on", "true", "yes":
		return true
	case "off", "false", "no":
		return false
	}
	r.add(lineOf(n), "%s: want on or off, found %s", what, found(n))
	return false
}

// bytes reads a size such as 1GiB or 500MB.
func (r *reader) bytes(n ast.Node, what string) int64 {
	s, _ := scalar(n)
	size, err := ParseBytes(s)
	if err != nil {
		r.add(lineOf(n), "%s: %v", what, err)
	}
	return size
}

// duration reads 30m, 2h.
func (r *reader) duration(n ast.Node, what string) time.Duration {
	s, _ := scalar(n)
	if s == "0" {
		return 0
	}
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 {
		r.add(lineOf(n), "%s: want a time such as 30m, found %s", what, found(n))
		return 0
	}
	return d
}

// ParseBytes reads a size: a whole number with an optional unit of B, KB, MB,
// GB, TB (powers of 1000) or KiB, MiB, GiB, TiB (powers of 1024).
func ParseBytes(s string) (int64, error) {
	units := []struct {
		name string
		size int64
	}{
		{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"TiB", 1 << 40},
		{"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12}, {"B", 1}, {"", 1},
	}
	for _, unit := range units {
		digits, ok := strings.CutSuffix(s, unit.name)
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(strings.TrimSpace(digits), 10, 64)
		if err != nil || n < 0 || n > (1<<62)/unit.size {
			break
		}
		return n * unit.size, nil
	}
	return 0, fmt.Errorf("want a size such as 1GiB or 500MB, found %q", s)
}

// scalar is the text of a plain value as it stands in the file.
func scalar(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return n.GetToken().Value, true
	case *ast.MappingKeyNode:
		return scalar(n.Value)
	}
	return "", false
}

func kindOf(n ast.Node) string {
	switch n.(type) {
	case nil, *ast.NullNode:
		return "nothing"
	case *ast.MappingNode, *ast.MappingValueNode:
		return "a mapping"
	case *ast.SequenceNode:
		return "a list"
	case *ast.AnchorNode, *ast.AliasNode, *ast.MergeKeyNode:
		return "an anchor or alias (not supported here)"
	case *ast.TagNode:
		return "a YAML tag (not supported here)"
	default:
		return "a plain value"
	}
}

func found(n ast.Node) string {
	if s, ok := scalar(n); ok {
		return strconv.Quote(s)
	}
	return kindOf(n)
}

// suggestion names the known key that is at most two edits away.
func suggestion(key string, known map[string]func(entry)) string {
	best, least := "", 3
	for name := range known {
		if d := edits(key, name); d < least || d == least && name < best {
			best, least = name, d
		}
	}
	if best == "" || least > 2 {
		return ""
	}
	return fmt.Sprintf(", did you mean %q?", best)
}

// edits is the Levenshtein distance in bytes.
func edits(a, b string) int {
	if len(a) > 64 || len(b) > 64 {
		return 64
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
