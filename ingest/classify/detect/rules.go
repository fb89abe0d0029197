package detect

import (
	"slices"
	"strconv"
	"strings"
)

// numberSpec describes a type that is written in digits, in groups of fixed
// lengths.
type numberSpec struct {
	id      string
	layouts string // "9|3,3,3": alternatives of group lengths
	seps    string // separators allowed between groups, the same throughout
	check   func(d []byte) bool
	scores  scores
}

type numberRule struct {
	kind   Kind
	seps   string
	check  func(d []byte) bool
	scores scores
}

func (r *numberRule) separators(sep byte) bool { return strings.IndexByte(r.seps, sep) >= 0 }

// layoutFilter dismisses layouts that no rule has.
var layoutFilter = func() (f [16]uint64) {
	for key := range numberRules {
		h := layoutHash(key)
		f[h>>6] |= 1 << (h & 63)
	}
	return f
}()

func layoutHash(key uint64) uint64 { return key * 0x9E3779B97F4A7C15 >> 54 }

// numberRules by layout key.
var numberRules = func() map[uint64][]numberRule {
	m := map[uint64][]numberRule{}
	for _, spec := range slices.Concat(cardNumbers, bankNumbers, usNumbers, healthNumbers, ukNumbers,
		germanNumbers, westNumbers, northNumbers, eastNumbers, asiaNumbers, worldNumbers) {
		for layout := range strings.SplitSeq(spec.layouts, "|") {
			key := uint64(0)
			for part := range strings.SplitSeq(layout, ",") {
				n, err := strconv.Atoi(part)
				if err != nil || n > 31 {
					panic("detect: layout " + spec.layouts + " of " + spec.id)
				}
				key = key<<5 | uint64(n)
			}
			m[key] = append(m[key], numberRule{kind(sitID(spec.id)), spec.seps, spec.check, spec.scores})
		}
	}
	return m
}()

// wordSpec describes a type that mixes letters and digits. In the pattern A is
// a letter, 9 a digit, X either, S a sign of the Finnish century, '~' an
// optional separator (space or hyphen), ':' an optional space, anything else
// itself.
type wordSpec struct {
	id       string
	patterns string // alternatives with '|'
	check    func(s []byte) bool
	scores   scores
}

type wordRule struct {
	kind    Kind
	pattern string
	check   func(s []byte) bool
	scores  scores
}

const longestWordRule = 24

// wordRules by length of the first word of the candidate.
var wordRules = func() (table [longestWordRule + 1][]wordRule) {
	for _, spec := range slices.Concat(usWords, healthWords, ukWords, germanWords, westWords, northWords, asiaWords, worldWords) {
		for pattern := range strings.SplitSeq(spec.patterns, "|") {
			rule := wordRule{kind(sitID(spec.id)), pattern, spec.check, spec.scores}
			for _, n := range firstLengths(pattern) {
				table[n] = append(table[n], rule)
			}
		}
	}
	return table
}()

// firstLengths lists the lengths that the first word of a candidate can have:
// up to each optional separator, up to a fixed one, or the whole.
func firstLengths(pattern string) []int {
	var out []int
	n := 0
	for _, c := range []byte(pattern) {
		switch c {
		case '~', ':':
			out = append(out, n)
			continue
		case 'S':
			out = append(out, n, n+1)
			// A hyphen or plus ends the word, a letter continues it.
			n++
			continue
		}
		if !isWord(c) {
			return append(out, n)
		}
		n++
	}
	return append(out, n)
}

// matchPattern matches pattern at i and leaves the candidate without
// separators, in upper case, in s.norm. It returns the end, or -1.
func (s *Scanner) matchPattern(pattern string, i int) int {
	text := s.text
	s.norm = s.norm[:0]
	for _, p := range []byte(pattern) {
		if i >= len(text) {
			return -1
		}
		c := text[i]
		switch p {
		case '~', ':':
			if c == ' ' || p == '~' && c == '-' {
				i++
			}
			continue
		case 'A':
			if class[c]&alpha == 0 {
				return -1
			}
		case '9':
			if class[c]&digit == 0 {
				return -1
			}
		case 'X':
			if class[c]&alnum == 0 {
				return -1
			}
		case 'S':
			if !centurySign(c) {
				return -1
			}
		case '-', '.', ' ', '/':
			if c != p {
				return -1
			}
			i++
			continue
		default:
			if upperByte(c) != p {
				return -1
			}
		}
		s.norm = append(s.norm, upperByte(c))
		i++
	}
	if i < len(text) && (isWord(text[i]) && class[text[i]]&high == 0 || glued(text, i)) {
		return -1
	}
	return i
}

// glued reports whether text goes on at i with a joining mark and a word.
func glued(text []byte, i int) bool {
	switch text[i] {
	case '-', '/', '@', '#':
		return i+1 < len(text) && isWord(text[i+1])
	case '.':
		return i+1 < len(text) && isAlnum(text[i+1])
	case '_':
		return true
	}
	return false
}

// shaped tries the word rules at [i,j) and returns the end of the longest
// candidate that counts, or 0.
func (s *Scanner) shaped(i, j int) int {
	if j-i > longestWordRule || !s.startsFree(i) {
		return 0
	}
	best := 0
	rules := wordRules[j-i]
	for r := range rules {
		rule := &rules[r]
		// Most words fail on the kind of their first character.
		if p, c := rule.pattern[0], class[s.text[i]]; p == 'A' && c&alpha == 0 || p == '9' && c&digit == 0 {
			continue
		}
		end := s.matchPattern(rule.pattern, i)
		if end < 0 || end < j || !rule.check(s.norm) {
			continue
		}
		score := s.weigh(i, end, rule.kind, rule.scores)
		s.add(i, end, rule.kind, score)
		if score >= settles {
			best = max(best, end)
		}
	}
	return best
}
