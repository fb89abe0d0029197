package policy

import (
	"net/netip"
	"slices"
	"strings"
)

// Witnesses returns values of one context key such that every combination of
// outcomes that the tests can have together is produced by one of them: the
// literals the policy values name, instances of their patterns and of the
// pairwise intersections of patterns, both sides of every boundary, a value
// that none of them names, and the absent key if it can be absent. Tests must
// be about that key and not opaque.
//
// Exact for scalar operators as long as no combination needs three patterns to
// overlap; lists are tried up to two elements.
func Witnesses(tests []*Test, canBeAbsent bool) []Values {
	w := witnesses{seen: map[string]bool{}}
	multi := false
	for _, t := range tests {
		if t.cond == nil {
			for _, v := range t.Values {
				w.add(v)
			}
			continue
		}
		multi = multi || t.cond.op.set != scalar
		w.condition(t.cond)
	}
	w.overlaps()
	w.numbers()
	w.add("\u2060other")
	out := make([]Values, 0, len(w.list)+1)
	if canBeAbsent {
		out = append(out, Values{Presence: Absent})
	}
	for _, s := range w.list {
		out = append(out, Values{Presence: Present, One: s})
	}
	if multi {
		out = append(out, Values{Presence: Present, Multi: true})
		for i, s := range w.list {
			out = append(out, Values{Presence: Present, Multi: true, Many: []string{s}})
			for _, o := range w.list[i+1 : min(len(w.list), i+1+maxPairs)] {
				out = append(out, Values{Presence: Present, Multi: true, Many: []string{s, o}})
			}
		}
	}
	return out
}

// maxPairs bounds how many pairs per value are tried.
const maxPairs = 32

type witnesses struct {
	list  []string
	seen  map[string]bool
	globs []string
	nums  []number
}

func (w *witnesses) add(s string) {
	if !w.seen[s] {
		w.seen[s] = true
		w.list = append(w.list, s)
	}
}

func (w *witnesses) condition(c *compiledCondition) {
	for i := range c.values {
		v := &c.values[i]
		switch c.op.base {
		case opString, opStringIgnoreCase:
			w.add(v.pattern.text)
			if c.op.base == opStringIgnoreCase {
				w.add(strings.ToUpper(v.pattern.text))
				w.add(strings.ToLower(v.pattern.text))
			}
		case opLike:
			w.glob(v.pattern.encodedGlob())
		case opArn:
			if v.valid {
				w.glob(strings.Join(v.arn.parts[:], ":"))
			}
		case opBool:
			w.add("true")
			w.add("false")
		case opIP:
			w.prefix(v)
		case opBinary, opNull:
			w.add(c.src.Values[i])
		default:
			if v.valid {
				w.nums = append(w.nums, v.number)
			}
			w.add(c.src.Values[i])
		}
	}
}

// encodedGlob is the pattern as a glob again.
func (p *Pattern) encodedGlob() string {
	if p.kind == matchGlob {
		return p.text
	}
	enc := make([]byte, 0, len(p.text)+1)
	for i := 0; i < len(p.text); i++ {
		enc = appendEncoded(enc, p.text[i], false)
	}
	if p.kind == matchPrefix || p.kind == matchAll {
		enc = append(enc, '*')
	}
	return string(enc)
}

func (w *witnesses) glob(enc string) {
	w.globs = append(w.globs, enc)
	w.add(instance(enc, ""))
	w.add(instance(enc, "x"))
}

// instance replaces every * by run and every ? by x.
func instance(enc, run string) string {
	var b strings.Builder
	for i := 0; i < len(enc); i++ {
		switch enc[i] {
		case escapeByte:
			if i+1 < len(enc) {
				i++
				b.WriteByte(enc[i])
			}
		case '*':
			b.WriteString(run)
		case '?':
			b.WriteByte('x')
		default:
			b.WriteByte(enc[i])
		}
	}
	return b.String()
}

func (w *witnesses) overlaps() {
	if len(w.globs) > maxPairs {
		return
	}
	for i, p := range w.globs {
		for _, q := range w.globs[i+1:] {
			if s, ok := overlap(p, q); ok {
				w.add(s)
			}
		}
	}
}

func (w *witnesses) numbers() {
	slices.SortFunc(w.nums, number.compare)
	for i, n := range w.nums {
		for _, s := range n.around() {
			w.add(s)
		}
		if i > 0 {
			w.add(decimal((n.value + w.nums[i-1].value) / 2))
		}
	}
}

func (w *witnesses) prefix(v *conditionValue) {
	if !v.valid {
		return
	}
	first := v.prefix.Addr()
	raw := first.AsSlice()
	for bit := v.prefix.Bits(); bit < first.BitLen(); bit++ {
		raw[bit/8] |= 1 << (7 - bit%8)
	}
	last, _ := netip.AddrFromSlice(raw)
	for _, a := range [...]netip.Addr{first, last, first.Prev(), last.Next()} {
		if a.IsValid() {
			w.add(a.String())
		}
	}
}

// overlap finds a string that both globs match: a walk over pairs of positions,
// O(len(p)·len(q)).
func overlap(p, q string) (string, bool) {
	const limit = 512
	if len(p) > limit || len(q) > limit {
		return "", false
	}
	seen := make([]bool, (len(p)+1)*(len(q)+1))
	var out []byte
	var walk func(i, j int) bool
	walk = func(i, j int) bool {
		at := i*(len(q)+1) + j
		if seen[at] {
			return false
		}
		seen[at] = true
		if i == len(p) && j == len(q) {
			return true
		}
		if i < len(p) && p[i] == '*' && walk(i+1, j) || j < len(q) && q[j] == '*' && walk(i, j+1) {
			return true
		}
		if i == len(p) || j == len(q) {
			return false
		}
		c, ok := p[i], p[i] != '*' && p[i] != '?'
		ni, nj := i+1, j+1
		if c == escapeByte && i+1 < len(p) {
			c, ni = p[i+1], i+2
		}
		d, okq := q[j], q[j] != '*' && q[j] != '?'
		if d == escapeByte && j+1 < len(q) {
			d, nj = q[j+1], j+2
		}
		switch {
		case ok && okq && c != d:
			return false
		case !ok && okq:
			c = d
		case !ok && !okq:
			c = 'x'
		}
		if p[i] == '*' {
			ni = i
		}
		if q[j] == '*' {
			nj = j
		}
		if ni == i && nj == j {
			return false
		}
		out = append(out, c)
		if walk(ni, nj) {
			return true
		}
		out = out[:len(out)-1]
		return false
	}
	if walk(0, 0) {
		return string(out), true
	}
	return "", false
}

// arnOverlap is overlap for ARN patterns: segment by segment where both have
// all six, so that wildcards do not reach over colons.
func arnOverlap(p, q string) (string, bool) {
	a, okA := newArnPattern(p)
	b, okB := newArnPattern(q)
	if !okA || !okB {
		return overlap(p, q)
	}
	var parts [6]string
	for i := range parts {
		s, ok := overlap(a.parts[i], b.parts[i])
		if !ok {
			return "", false
		}
		parts[i] = s
	}
	return strings.Join(parts[:], ":"), true
}
