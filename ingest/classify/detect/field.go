package detect

import "bytes"

var (
	kCVV = kind("card_verification_code")
)

// wholeField looks at a short value as a whole where only the name of its
// field says what it is.
func (s *Scanner) wholeField() {
	text, f := s.text, s.field
	if f.kinds.has(kCVV) && len(text) >= 3 && len(text) <= 4 && setDigits.span(text, 0, 4) == len(text) {
		s.add(0, len(text), kCVV, 85)
	}
	switch f.assign {
	case noSecret, weakKey:
		if f.assign == noSecret {
			return
		}
	}
	if len(text) < 4 || len(text) > 600 || bytes.IndexByte(text, '\n') >= 0 {
		return
	}
	s.secret(f.assign, 0, len(text), true)
}

var setDigits = newCharset("0-9")
