package detect

import (
	"math"

	"github.com/cairn-security/cairn/graph/sit"
)

func sitID(s string) sit.ID { return sit.ID(s) }

// Alphabets of tokens.
var (
	setAlnum   = newCharset("A-Za-z0-9")
	setWord    = newCharset("A-Za-z0-9_")
	setDash    = newCharset("A-Za-z0-9_-")
	setDashEq  = newCharset("A-Za-z0-9_=-")
	setDotDash = newCharset("A-Za-z0-9_.=-")
	setHexa    = newCharset("0-9a-fA-F")
	setLowHex  = newCharset("0-9a-f")
	setBase64  = newCharset("A-Za-z0-9+/=")
	setUpper   = newCharset("A-Z0-9")
	setBase32  = newCharset("A-Z2-7")
	setHexDash = newCharset("0-9a-fA-F-")
)

// tokenRule is a credential that starts with a fixed prefix.
type tokenRule struct {
	kind     Kind
	prefix   string
	set      *charset
	min, max int // length behind the prefix
	entropy  float64
	check    func(body []byte) bool
}

// minLettersToken is the least length of a token without any digit or mark;
// shorter words of letters are words.
const minLettersToken = 20

// twoBytes is a set of the first two bytes of something.
type twoBytes [1 << 16 / 64]uint64

func (t *twoBytes) add(a, b byte) {
	k := int(a)<<8 | int(b)
	t[k>>6] |= 1 << (k & 63)
}

func (t *twoBytes) has(text []byte, i int) bool {
	if i+1 >= len(text) {
		return false
	}
	k := int(text[i])<<8 | int(text[i+1])
	return t[k>>6]&(1<<(k&63)) != 0
}

var tokenStart, tokenRules = func() (*twoBytes, map[[2]byte][]tokenRule) {
	start, rules := &twoBytes{}, map[[2]byte][]tokenRule{}
	for _, spec := range tokenSpecs {
		rule := tokenRule{kind(spec.id), spec.prefix, spec.set, spec.min, spec.max, spec.entropy, spec.check}
		start.add(spec.prefix[0], spec.prefix[1])
		key := [2]byte{spec.prefix[0], spec.prefix[1]}
		rules[key] = append(rules[key], rule)
	}
	return start, rules
}()

// token tries the prefixes at i; [i,j) is the first word. It returns the end
// of the token, or 0.
func (s *Scanner) token(i, j int) int {
	text := s.text
	if i > 1 && (text[i-1] == '-' || text[i-1] == '+') && isAlnum(text[i-2]) {
		return 0
	}
	for _, rule := range tokenRules[[2]byte{text[i], text[i+1]}] {
		if !startsWith(text, i, rule.prefix) {
			continue
		}
		from := i + len(rule.prefix)
		end := rule.set.span(text, from, rule.max)
		for end > from && (text[end-1] == '.' || text[end-1] == '-' && end-from > rule.min) {
			end--
		}
		body := text[from:end]
		if len(body) < rule.min || end < len(text) && isWord(text[end]) && class[text[end]]&high == 0 {
			continue
		}
		if rule.check != nil && !rule.check(body) || entropy(body) < rule.entropy || placeholder(body) {
			continue
		}
		score := uint8(96)
		if rule.prefix == "00" { // no prefix worth the name: the provider's must stand nearby
			score = s.weigh(i, end, rule.kind, scores{50, 92, 95})
		}
		s.add(i, end, rule.kind, score)
		return end
	}
	return 0
}

// Entropy is Shannon's, in bits per byte, of at most the first 256 bytes.
func Entropy(b []byte) float64 { return entropy(b) }

func entropy(b []byte) float64 {
	if len(b) > 256 {
		b = b[:256]
	}
	var count [256]uint16
	for _, c := range b {
		count[c]++
	}
	n, h := float64(len(b)), 0.0
	for _, c := range b {
		// Each byte adds its own share, so that no second loop over all counts
		// is needed.
		h -= log2(int(count[c]))
	}
	if n == 0 {
		return 0
	}
	return log2(len(b)) + h/n
}

var log2Table = func() (t [257]float64) {
	for i := 1; i < len(t); i++ {
		t[i] = math.Log2(float64(i))
	}
	return t
}()

func log2(n int) float64 { return log2Table[n] }

// placeholder reports text that stands for a secret and is none.
func placeholder(b []byte) bool {
	if len(b) == 0 {
		return true
	}
	run, last := 0, byte(0)
	for _, c := range b {
		if c == last {
			if run++; run >= 5 && (c == 'x' || c == 'X' || c == '*' || c == '.' || c == '0' || c == '#') {
				return true
			}
		} else {
			run, last = 0, c
		}
	}
	for _, w := range placeholderWords {
		if containsFold(b, w) {
			return true
		}
	}
	return false
}

var placeholderWords = []string{"example", "placeholder", "changeme", "change-me", "change_me", "redacted", "your_", "your-", "yourtoken", "yourkey", "insert", "dummy", "abcdefghijklmnopqrst", "_here", "0123456789abcdef"}

// containsFold looks for an ASCII lower case word without regard to case.
func containsFold(b []byte, w string) bool {
	first := w[0]
	for i := 0; i+len(w) <= len(b); i++ {
		if lowerByte(b[i]) == first && startsWithFold(b, i, w) {
			return true
		}
	}
	return false
}
