package detect

// digits is a run of digit groups with single separators between them.
type digits struct {
	d     [maxDigits]byte
	n     int
	start int
	g     int
	lens  [maxGroups]uint8
	ends  [maxGroups]int  // offset after each group
	seps  [maxGroups]byte // separator before each group but the first
	after byte            // what follows the last group, 0 at the end
	more  bool            // a letter, digit or '_' follows that byte
	ext   bool            // an extension such as x123 follows: a phone number if anything
}

// settles is the score from which a number is taken for what it is, so that
// its groups are not tried again as numbers of their own.
const settles = 75

const (
	maxDigits = 32
	maxGroups = 8
)

// upTo gives the digits of the first g groups.
func (n *digits) upTo(g int) []byte {
	total := 0
	for i := range g {
		total += int(n.lens[i])
	}
	return n.d[:total]
}

// ended reports whether the number may end after g groups: what follows must
// not glue it to more digits or letters.
func (n *digits) ended(g int) bool {
	if g < n.g {
		return n.seps[g] == ' '
	}
	if n.ext {
		return false
	}
	switch n.after {
	case '-', '.', '/', ':', '@', ',', '#', '\'':
		return !n.more || n.after == ','
	case '_', '%':
		return false
	}
	return true
}

// separator returns the separator shared by the first g groups: 0 where there
// is only one group, 0xFF where they differ.
func (n *digits) separator(g int) byte {
	if g < 2 {
		return 0
	}
	sep := n.seps[1]
	for i := 2; i < g; i++ {
		if n.seps[i] != sep {
			return 0xFF
		}
	}
	return sep
}

// layout encodes group lengths, 5 bits each.
func (n *digits) layout(g int) uint64 {
	key := uint64(0)
	for i := range g {
		key = key<<5 | uint64(n.lens[i])
	}
	return key
}

// parseDigits reads the groups from i, where a digit word of length first
// starts.
func (s *Scanner) parseDigits(i, first int) *digits {
	n, text := &s.digits, s.text
	n.n, n.start, n.g, n.ext = 0, i, 0, false
	length := first
	for {
		if n.n+length > maxDigits {
			break
		}
		if n.ext = extension(text, i+length) > i+length; n.ext && n.g == 0 {
			n.ext = false
		}
		for k := range length {
			n.d[n.n+k] = text[i+k]
		}
		n.n += length
		n.lens[n.g] = uint8(length)
		i += length
		n.ends[n.g] = i
		n.g++
		if n.ext || n.g == maxGroups || i+1 >= len(text) || !isSeparator(text[i]) || !isDigit(text[i+1]) {
			break
		}
		j := i + 1
		for j < len(text) && isDigit(text[j]) {
			j++
		}
		if j < len(text) && isWord(text[j]) && class[text[j]]&high == 0 && extension(text, j) == j {
			break // the group runs into letters: no part of the number
		}
		n.seps[n.g] = text[i]
		length = j - i - 1
		i++
	}
	end := n.ends[n.g-1]
	n.after, n.more = 0, false
	if end < len(text) {
		n.after = text[end]
		n.more = end+1 < len(text) && isWord(text[end+1])
	}
	return n
}

func isSeparator(c byte) bool { return c == ' ' || c == '-' || c == '.' || c == '/' }

// number looks at the word [i,j) of digits only and returns where to go on.
func (s *Scanner) number(i, j int) int {
	if !s.startsFree(i) {
		return j
	}
	first := j - i
	if first > 19 {
		return j
	}
	n := s.parseDigits(i, first)
	if next := s.dotted(n); next > 0 {
		return next
	}
	if n.n < 6 {
		return j
	}
	best := 0
	for g := n.g; g > 0; g-- {
		if !n.ended(g) {
			continue
		}
		key := n.layout(g)
		if h := layoutHash(key); layoutFilter[h>>6]&(1<<(h&63)) == 0 {
			continue
		}
		rules := numberRules[key]
		if rules == nil {
			continue
		}
		d, sep := n.upTo(g), n.separator(g)
		if same(d) {
			continue
		}
		for r := range rules {
			rule := &rules[r]
			if sep != 0 && !rule.separators(sep) || !rule.check(d) {
				continue
			}
			score := s.weigh(i, n.ends[g-1], rule.kind, rule.scores)
			s.add(i, n.ends[g-1], rule.kind, score)
			if score >= settles {
				best = max(best, n.ends[g-1])
			}
		}
	}
	if end := s.nationalPhone(n); end > best {
		best = end
	}
	s.date(n)
	s.anyNumber(n)
	return max(j, best)
}

// startsFree reports whether a word at i is not glued to one before it by a
// separator that joins.
func (s *Scanner) startsFree(i int) bool {
	if i == 0 {
		return true
	}
	c := s.text[i-1]
	if i == 1 {
		return c != '.' && c != '-'
	}
	switch c {
	case '-', '.', '/', '\'', '@', '#', '%':
		return !isWord(s.text[i-2]) && s.text[i-2] != '/' && s.text[i-2] != '.'
	}
	return true
}
