package detect

import "bytes"

// Field is where a value stands: a column, a JSON path, a variable. Its name
// is context, worked out once.
type Field struct {
	Name   string
	kinds  kindSet // types the name speaks of
	assign assignment
	speaks bool // any of these says something
}

// maxFieldName bounds how much of a name is looked at, from its end.
const maxFieldName = 96

// NewField prepares a name. Dots separate the parts of a path; the last parts
// weigh.
func NewField(name string) *Field {
	f := &Field{Name: name}
	short := []byte(name)
	if len(short) > maxFieldName {
		short = short[len(short)-maxFieldName:]
	}
	for i := 0; i < len(short); {
		if !isWord(short[i]) {
			i++
			continue
		}
		j := i
		for j < len(short) && isWord(short[j]) {
			j++
		}
		eachKeyword(short, i, j, func(_, _ int, kinds *kindSet) { f.kinds.addAll(kinds) })
		i = j
	}
	f.assign = assignmentOf(short)
	f.speaks = f.assign >= secretKey || !f.kinds.empty()
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

// seen is a keyword met on the way.
type seen struct {
	start, end int
	kinds      *kindSet
}

// remember notes the keywords of the word [i,j).
func (s *Scanner) remember(i, j int) {
	eachKeyword(s.text, i, j, func(start, end int, kinds *kindSet) {
		if len(s.recent) == cap(s.recent) && len(s.recent) > 0 {
			// Only the last few can be near anything to come.
			s.recent = s.recent[:copy(s.recent, s.recent[len(s.recent)/2:])]
		}
		s.recent = append(s.recent, seen{start, end, kinds})
	})
}

// near reports whether a keyword of k stands close to [start,end).
func (s *Scanner) near(start, end int, k Kind) bool {
	if s.before(start, k) {
		return true
	}
	if s.afterEnd != end {
		s.afterEnd, s.after = end, kindSet{}
		s.lookAfter(end)
	}
	return s.after.has(k)
}

// before reports whether a keyword of k stands close before start.
func (s *Scanner) before(start int, k Kind) bool {
	for i := len(s.recent) - 1; i >= 0 && s.recent[i].start >= start-keywordBefore; i-- {
		if s.recent[i].end <= start && s.recent[i].kinds.has(k) {
			return true
		}
	}
	return false
}

// lookAfter collects the keywords close behind end.
func (s *Scanner) lookAfter(end int) {
	text := s.text
	limit := min(len(text), end+keywordAfter)
	for i := end; i < limit; {
		if !isWord(text[i]) {
			i++
			continue
		}
		j := i
		for j < len(text) && j-i < keywordAfter && isWord(text[j]) {
			j++
		}
		if i > end && keywordStart.may(text, i) || class[text[i]]&high != 0 {
			eachKeyword(text, i, j, func(_, stop int, kinds *kindSet) {
				if stop <= end+keywordAfter {
					s.after.addAll(kinds)
				}
			})
		}
		i = j
	}
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

// speaks reports whether the field or a word before start names k.
func (s *Scanner) speaks(start int, k Kind) bool {
	return s.field != nil && s.field.kinds.has(k) || s.before(start, k)
}

// named is weigh for what has no form of its own: only a name or a keyword
// before it can make it anything.
func (s *Scanner) named(start, end int, k Kind, near, field uint8) {
	switch {
	case s.field != nil && s.field.kinds.has(k):
		s.add(start, end, k, field)
	case s.before(start, k):
		s.add(start, end, k, near)
	}
}

// Secret reports whether the name promises a secret: password, token, API key.
func (f *Field) Secret() bool { return f.assign >= secretKey }
