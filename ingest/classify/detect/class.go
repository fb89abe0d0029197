package detect

// Byte classes; a word is a run of lower, upper, digit, under and high bytes.
const (
	lower uint8 = 1 << iota
	upper
	digit
	under // '_'
	high  // bytes of multi-byte characters
	mark  // starts a detector of its own: @ = : - + ( $ % ; > ~
	hexa  // hexadecimal letter (with lower or upper)

	alpha = lower | upper
	alnum = alpha | digit
	word  = alnum | under | high
)

var class = func() (t [256]uint8) {
	for c := range t {
		b := byte(c)
		switch {
		case b >= 'a' && b <= 'z':
			t[c] = lower
		case b >= 'A' && b <= 'Z':
			t[c] = upper
		case b >= '0' && b <= '9':
			t[c] = digit
		case b == '_':
			t[c] = under
		case b >= 0x80:
			t[c] = high
		}
		if b|0x20 >= 'a' && b|0x20 <= 'f' && t[c]&alpha != 0 {
			t[c] |= hexa
		}
	}
	for _, b := range []byte("@=:-+($%;>~") {
		t[b] |= mark
	}
	return t
}()

func isDigit(c byte) bool { return c-'0' < 10 }
func isAlpha(c byte) bool { return c|0x20-'a' < 26 && c|0x20 >= 'a' }
func isAlnum(c byte) bool { return class[c]&alnum != 0 }
func isWord(c byte) bool  { return class[c]&word != 0 }
func isHex(c byte) bool   { return class[c]&(digit|hexa) != 0 }
func isSpace(c byte) bool { return c == ' ' || c-'\t' < 5 }

func lowerByte(c byte) byte {
	if class[c]&upper != 0 {
		return c | 0x20
	}
	return c
}

func upperByte(c byte) byte {
	if class[c]&lower != 0 {
		return c &^ 0x20
	}
	return c
}

// charset is a set of bytes.
type charset [4]uint64

func newCharset(ranges string) (s charset) {
	for i := 0; i < len(ranges); i++ {
		lo, hi := ranges[i], ranges[i]
		if i+2 < len(ranges) && ranges[i+1] == '-' {
			hi = ranges[i+2]
			i += 2
		}
		for c := int(lo); c <= int(hi); c++ {
			s[c>>6] |= 1 << (c & 63)
		}
	}
	return s
}

func (s *charset) has(c byte) bool { return s[c>>6]&(1<<(c&63)) != 0 }

// span returns the end of the run of set bytes from i, at most limit bytes.
func (s *charset) span(text []byte, i, limit int) int {
	end := min(len(text), i+limit)
	for i < end && s.has(text[i]) {
		i++
	}
	return i
}

// startsWith reports whether text has prefix at i.
func startsWith(text []byte, i int, prefix string) bool {
	return i >= 0 && i+len(prefix) <= len(text) && string(text[i:i+len(prefix)]) == prefix
}

// startsWithFold is startsWith without regard to ASCII case; prefix is lower
// case.
func startsWithFold(text []byte, i int, prefix string) bool {
	if i < 0 || i+len(prefix) > len(text) {
		return false
	}
	for k := range len(prefix) {
		if lowerByte(text[i+k]) != prefix[k] {
			return false
		}
	}
	return true
}
