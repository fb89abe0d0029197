package fields

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// Shape is a set of paths into a JSON value, compiled to a trie so that one
// pass over the text finds all of them. A path is field names separated by
// slashes; "*" stands for every element of an array. Where something else than
// an array stands, "*" is that value itself: many tools print a single object
// where a list belongs. null matches nothing. An empty path is none, "." is the value itself.
type Shape struct {
	fields []field
	each   *Shape
	hits   []int // indices of the paths that end here
}

type field struct {
	name string
	next *Shape
}

// New compiles paths. A path that stands twice is visited twice.
func New(paths ...string) *Shape {
	root := &Shape{}
	for i, path := range paths {
		if path == "" {
			continue
		}
		if path == "." {
			root.hits = append(root.hits, i)
			continue
		}
		at := root
		for name := range strings.SplitSeq(path, "/") {
			at = at.step(name)
		}
		at.hits = append(at.hits, i)
	}
	return root
}

func (s *Shape) step(name string) *Shape {
	if name == "*" {
		if s.each == nil {
			s.each = &Shape{}
		}
		return s.each
	}
	if next := s.field([]byte(name)); next != nil {
		return next
	}
	next := &Shape{}
	s.fields = append(s.fields, field{name, next})
	return next
}

func (s *Shape) field(name []byte) *Shape {
	for i := range s.fields {
		if s.fields[i].name == string(name) {
			return s.fields[i].next
		}
	}
	return nil
}

// Scan visits what the paths name, in the order of the text. raw should be
// valid JSON; a scan of anything else ends where it stops making sense. The
// value is a part of raw. Cost: O(len(raw)), no allocation.
func (s *Shape) Scan(raw []byte, visit func(path int, value []byte)) {
	s.value(raw, skipSpace(raw, 0), visit, 0)
}

const maxDepth = 1000

// value reads the value at i and returns the index behind it, negative when
// there is no value.
func (s *Shape) value(raw []byte, i int, visit func(int, []byte), depth int) int {
	if i >= len(raw) || depth > maxDepth {
		return -1
	}
	end := -1
	if len(s.hits) > 0 || (s.each != nil && raw[i] != '[') {
		if end = skipValue(raw, i); end < 0 {
			return -1
		}
		if string(raw[i:end]) == "null" {
			return end
		}
		for _, path := range s.hits {
			visit(path, raw[i:end])
		}
		if s.each != nil && raw[i] != '[' {
			s.each.value(raw, i, visit, depth+1)
		}
	}
	switch {
	case raw[i] == '{' && len(s.fields) > 0:
		return s.object(raw, i, visit, depth)
	case raw[i] == '[' && s.each != nil:
		return s.array(raw, i, visit, depth)
	case end >= 0:
		return end
	}
	return skipValue(raw, i)
}

func (s *Shape) object(raw []byte, i int, visit func(int, []byte), depth int) int {
	for i = skipSpace(raw, i+1); i < len(raw) && raw[i] != '}'; {
		end := skipValue(raw, i)
		if end < 0 || raw[i] != '"' {
			return -1
		}
		name := raw[i+1 : end-1]
		if bytes.IndexByte(name, '\\') >= 0 {
			name = []byte(Text(raw[i:end]))
		}
		next := s.field(name)
		if i = skipSpace(raw, end); i >= len(raw) || raw[i] != ':' {
			return -1
		}
		i = skipSpace(raw, i+1)
		if next != nil {
			end = next.value(raw, i, visit, depth+1)
		} else {
			end = skipValue(raw, i)
		}
		if end < 0 {
			return -1
		}
		if i = skipSpace(raw, end); i < len(raw) && raw[i] == ',' {
			i = skipSpace(raw, i+1)
		}
	}
	return i + 1
}

func (s *Shape) array(raw []byte, i int, visit func(int, []byte), depth int) int {
	for i = skipSpace(raw, i+1); i < len(raw) && raw[i] != ']'; {
		end := s.each.value(raw, i, visit, depth+1)
		if end < 0 {
			return -1
		}
		if i = skipSpace(raw, end); i < len(raw) && raw[i] == ',' {
			i = skipSpace(raw, i+1)
		}
	}
	return i + 1
}

// Offset is where a value that [Shape.Scan] found in raw begins.
func Offset(raw, value []byte) int {
	return cap(raw) - cap(value) // a part of a slice keeps the capacity behind it
}

func skipSpace(raw []byte, i int) int {
	for i < len(raw) && (raw[i] == ' ' || raw[i] == '\n' || raw[i] == '\t' || raw[i] == '\r') {
		i++
	}
	return i
}

// skipValue returns the index behind the value at i, negative when there is none.
func skipValue(raw []byte, i int) int {
	if i >= len(raw) {
		return -1
	}
	switch raw[i] {
	case '"':
		return skipString(raw, i)
	case '{', '[':
		for depth := 0; i < len(raw); {
			switch raw[i] {
			case '"':
				if i = skipString(raw, i); i < 0 {
					return -1
				}
				continue
			case '{', '[':
				depth++
			case '}', ']':
				if depth--; depth == 0 {
					return i + 1
				}
			}
			i++
		}
		return -1
	}
	end := i
	for end < len(raw) && strings.IndexByte(" \n\t\r,:]}", raw[end]) < 0 {
		end++
	}
	if end == i {
		return -1
	}
	return end
}

func skipString(raw []byte, i int) int {
	for i++; i < len(raw); i++ {
		switch raw[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return -1
}

// Text is a JSON string's content, another scalar as it is written, and empty
// for null, objects and arrays.
func Text(value []byte) string {
	if len(value) == 0 {
		return ""
	}
	switch value[0] {
	case '"':
		inner := value[1:max(1, len(value)-1)]
		if bytes.IndexByte(inner, '\\') < 0 && utf8.Valid(inner) {
			return string(inner)
		}
		var s string
		if json.Unmarshal(value, &s) != nil {
			return ""
		}
		return s
	case '{', '[', 'n':
		return ""
	}
	return string(value)
}
