package detect

import (
	"bytes"
	"regexp"
	"slices"

	"github.com/cairn-security/cairn/graph/sit"
)

// Custom is a type of the tenant's own: an expression in RE2 syntax, matched
// line by line, with words of which one must stand nearby where any are given.
type Custom struct {
	Type     sit.Type
	Pattern  *regexp.Regexp
	Keywords []string
}

type customRule struct {
	kind    Kind
	pattern *regexp.Regexp
	words   []string
	score   uint8
}

// Detector is a choice of types; it is immutable and may be shared.
type Detector struct {
	kinds  []sit.Type
	off    *kindSet
	custom []customRule
}

// New makes a detector of the catalogue types for which enabled says yes, and
// of custom types.
func New(enabled func(sit.ID) bool, custom []Custom) *Detector {
	d := &Detector{kinds: slices.Clone(kinds), off: &kindSet{}}
	for k, t := range kinds {
		if enabled != nil && !enabled(t.ID) {
			d.off.add(Kind(k))
		}
	}
	for _, c := range custom {
		if len(d.kinds) == maxKinds || enabled != nil && !enabled(c.Type.ID) {
			continue
		}
		rule := customRule{kind: Kind(len(d.kinds)), pattern: c.Pattern}
		for _, w := range c.Keywords {
			words := normalise(nil, []byte(w))
			if len(words) > 2 {
				rule.words = append(rule.words, string(words[1:len(words)-1]))
			}
		}
		rule.score = map[sit.Confidence]uint8{sit.Low: 60, sit.Medium: 78, sit.High: 92}[c.Type.Confidence]
		d.kinds = append(d.kinds, c.Type)
		d.custom = append(d.custom, rule)
	}
	return d
}

// Scanner makes a scanner for one goroutine.
func (d *Detector) Scanner() *Scanner {
	return &Scanner{detector: d, recent: make([]seen, 0, 64)}
}

// customTypes runs the tenant's expressions over the lines that start before
// to. This is the only place where a general regular expression runs. Lines of
// more than 4 KiB are taken in pieces.
func (s *Scanner) customTypes(to int) {
	const longest = 4 << 10
	i := s.lines
	for i < to {
		end := min(len(s.text), i+longest)
		next := end
		if at := bytes.IndexByte(s.text[i:end], '\n'); at >= 0 {
			end, next = i+at, i+at+1
		}
		line := s.text[i:end]
		for _, rule := range s.detector.custom {
			for _, m := range rule.pattern.FindAllIndex(line, 64) {
				start, stop := i+m[0], i+m[1]
				if len(rule.words) == 0 || s.nearWords(start, stop, rule.words) {
					s.add(start, stop, rule.kind, rule.score)
				}
			}
		}
		i = next
	}
	s.lines = i
}

// nearWords is near for words that are no part of the catalogue; the field's
// name counts as near.
func (s *Scanner) nearWords(start, end int, words []string) bool {
	if s.field != nil && anyKeyword(normalise(nil, []byte(s.field.Name)), words) {
		return true
	}
	window := normalise(nil, s.text[max(0, start-keywordBefore):start])
	window = normalise(window, s.text[end:min(len(s.text), end+keywordAfter)])
	return anyKeyword(window, words)
}
