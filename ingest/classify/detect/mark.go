package detect

// mark looks at a byte that starts a detector of its own and returns where to
// go on.
func (s *Scanner) mark(i int) int {
	text := s.text
	switch text[i] {
	case '@':
		return s.email(i)
	case '=', ':':
		if i+1 < len(text) {
			switch text[i+1] {
			case '/':
				if startsWith(text, i, "://") {
					return s.url(i)
				}
			case ':':
				if s.address(i, i) {
					return s.addressEnd
				}
				return i + 1
			case '=':
				return i + 1
			}
		}
		return s.assigned(i)
	case '-':
		if i+1 < len(text) {
			switch text[i+1] {
			case '-':
				if startsWith(text, i, "-----BEGIN ") {
					return s.pem(i)
				}
				return s.curlUser(i)
			case 'u':
				return s.curlUser(i)
			}
		}
	case '+':
		if i+1 < len(text) && (isDigit(text[i+1]) || text[i+1] == '(') {
			return s.internationalPhone(i)
		}
	case '(':
		if i+2 < len(text) && isDigit(text[i+1]) && isDigit(text[i+2]) {
			return s.areaPhone(i)
		}
	case '$':
		return s.passwordHash(i)
	case '%', ';':
		return s.track(i)
	case '>':
		return s.element(i)
	case '~':
		return s.entraSecret(i)
	}
	return i + 1
}
