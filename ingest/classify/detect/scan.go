package detect

import (
	"bytes"

	"github.com/cairn-security/cairn/graph/sit"
)

// Hit is one span of text that looks like a type.
type Hit struct {
	Start, End int
	// SecretStart and SecretEnd bound the secret part of a credential; equal to
	// Start and End elsewhere.
	SecretStart, SecretEnd int
	Kind                   Kind
	Score                  uint8
}

// ID is the type's id.
func (d *Detector) ID(k Kind) sit.ID { return d.kinds[k].ID }

// Category is the type's category.
func (d *Detector) Category(k Kind) sit.Category { return d.kinds[k].Category }

// PassRate is the share of random candidates that pass the type's checks.
func (d *Detector) PassRate(k Kind) float64 { return d.kinds[k].PassRate }

// Limits of what a detector looks at around a position. Text may be given in
// parts as long as each part carries that much before and after.
const (
	LookBehind = 512
	LookAhead  = 16 << 10
)

// floor is the least score that is worth keeping at all.
const floor = 30

// Scanner finds hits in text. It is not safe for use by several goroutines;
// each makes its own with Detector.Scanner.
type Scanner struct {
	detector *Detector
	text     []byte
	field    *Field
	hits     []Hit // candidates not settled yet
	settled  []Hit
	digits   digits
	norm     []byte // scratch: a candidate without separators

	lines      int     // where the next line for custom types starts
	recent     []seen  // keywords met, in order
	after      kindSet // keywords close behind afterEnd
	afterEnd   int
	addressEnd int // set by address when it finds one
}

// Scan finds the hits in a complete text; field may be nil. Hits are sorted
// and do not overlap: of two candidates for a place the likelier one stays.
// The result is valid until the next call. Cost: 4 to 10 ns per byte.
func (s *Scanner) Scan(text []byte, field *Field) []Hit {
	if len(text) <= quiet && nothing(text) && (field == nil || !field.speaks) {
		return nil
	}
	s.Begin()
	s.Part(text, field, 0, len(text))
	return s.Settled(len(text))
}

// quiet is the length up to which a text without digits and marks can hold
// nothing: tokens of letters only are longer.
const quiet = minLettersToken - 1

// shortestHit is the least length of anything that is found by its form.
const shortestHit = 6

// nothing reports a short text that no detector can find anything in.
func nothing(text []byte) bool {
	if len(text) < shortestHit {
		return !bytes.Contains(text, []byte("::"))
	}
	mask := uint8(0)
	for _, c := range text {
		mask |= class[c]
	}
	return mask&(digit|mark) == 0
}

// Begin forgets the hits of the text before.
func (s *Scanner) Begin() { s.hits, s.recent, s.lines = s.hits[:0], s.recent[:0], 0 }

// Part looks for candidates that start in [from,to) and returns where to go
// on, which is to or a little beyond. A caller that gives text in parts must
// keep LookBehind bytes before from and give LookAhead bytes after to, unless
// the text ends there.
func (s *Scanner) Part(text []byte, field *Field, from, to int) int {
	s.text, s.field, s.afterEnd = text, field, -1
	if field != nil && from == 0 {
		s.wholeField()
	}
	i := from
	for i < to {
		switch cl := class[text[i]]; {
		case cl&word != 0:
			i = s.word(i)
		case cl&mark != 0:
			i = s.mark(i)
		default:
			i++
		}
	}
	if s.detector.custom != nil {
		s.customTypes(to)
	}
	s.text, s.field = nil, nil
	return i
}

// add notes a candidate.
func (s *Scanner) add(start, end int, k Kind, score uint8) {
	s.addSecret(start, end, start, end, k, score)
}

// addSecret notes a credential whose secret part is [secretStart,secretEnd).
func (s *Scanner) addSecret(start, end, secretStart, secretEnd int, k Kind, score uint8) {
	if score >= floor && end > start && !s.detector.off.has(k) {
		s.hits = append(s.hits, Hit{start, end, secretStart, secretEnd, k, score})
	}
}
