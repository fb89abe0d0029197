package detect

import "bytes"

// Field is where a value stands: a column, a JSON path, a variable. Its name
// is context, worked out once.
type Field struct {
	Name   string
	kinds  kindSet // types the name speaks of
	assign assignment
}

// maxFieldName bounds how much of a name is looked at, from its end.
const maxFieldName = 96

// NewField prepares a name. Dots separate the parts of a path; the last parts
// weigh.
func NewField(name string) *Field {
	f := &Field{Name: name}
	short := name
	if len(short) > maxFieldName {
		short = short[len(short)-maxFieldName:]
	}
	words := normalise(nil, []byte(short))
	for k, list := range keywords {
		if anyKeyword(words, list) {
			f.kinds.add(Kind(k))
		}
	}
	f.assign = assignmentOf([]byte(short))
	return f
}

// normalise appends name in lower case with camel case split, separators
// turned into single spaces, and a space at both ends.
func normalise(to, name []byte) []byte {
	to = append(to, ' ')
	for i, c := range name {
		cl := class[c]
		switch {
		case cl&upper != 0:
			if i > 0 && class[name[i-1]]&(lower|digit) != 0 {
				to = append(to, ' ')
			}
			to = append(to, c|0x20)
		case cl&(alnum|high) != 0:
			to = append(to, c)
		default:
			if to[len(to)-1] != ' ' {
				to = append(to, ' ')
			}
		}
	}
	if to[len(to)-1] != ' ' {
		to = append(to, ' ')
	}
	return to
}

// shortKeyword: keywords up to this length must be whole words, longer ones
// may go on ("passport" in "passports").
const shortKeyword = 4

// anyKeyword looks for any of the keywords at a word start.
func anyKeyword(words []byte, list []string) bool {
	for _, k := range list {
		for from := 0; ; {
			at := bytes.Index(words[from:], []byte(k))
			if at < 0 {
				break
			}
			start := from + at
			end := start + len(k)
			if (start == 0 || words[start-1] == ' ') && (len(k) > shortKeyword || end == len(words) || words[end] == ' ') {
				return true
			}
			from = start + 1
		}
	}
	return false
}

// Distances within which a keyword counts, in bytes.
const (
	keywordBefore = 64
	keywordAfter  = 24
)

// near reports whether a keyword of k stands close to [start,end).
func (s *Scanner) near(start, end int, k Kind) bool {
	list := keywords[k]
	if len(list) == 0 {
		return false
	}
	if s.nearStart != start || s.nearEnd != end {
		s.nearStart, s.nearEnd = start, end
		from := max(0, start-keywordBefore)
		s.window = normalise(s.window[:0], s.text[from:start])
		s.window = normalise(s.window, s.text[end:min(len(s.text), end+keywordAfter)])
	}
	return anyKeyword(s.window, list)
}

// weigh picks the score of a candidate by its context.
func (s *Scanner) weigh(start, end int, k Kind, sc scores) uint8 {
	switch {
	case s.field != nil && s.field.kinds.has(k):
		return sc.field
	case sc.near > sc.bare && s.near(start, end, k):
		return sc.near
	default:
		return sc.bare
	}
}
