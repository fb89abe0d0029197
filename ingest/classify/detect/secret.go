package detect

import "bytes"

// secret weighs a value by what its name promises.
func (s *Scanner) secret(what assignment, from, end int, quoted bool) {
	text := s.text
	switch what {
	case authHeader:
		s.authorization(from, end)
		return
	case userAndPassword:
		v := text[from:end]
		if c := bytes.IndexByte(v, ':'); c == 8 && len(v) == 17 && setHexa.span(v, 0, 8) == 8 && setHexa.span(v, 9, 8) == 17 {
			s.addSecret(from, end, from+9, end, kPassword, 85)
		}
		return
	}
	for end > from && (text[end-1] == ' ' || text[end-1] == '.' && !quoted) {
		end--
	}
	v := text[from:end]
	if len(v) < 4 || templated(v) || weakWord(v) {
		return
	}
	if what == password {
		if plainPassword(v, quoted) {
			s.password(from, end)
		}
		return
	}
	// "Bearer …" as a value of some token.
	if at := bytes.IndexByte(v, ' '); at > 0 {
		if at > 8 || bytes.IndexByte(v[at+1:], ' ') >= 0 {
			return
		}
		from += at + 1
		v = v[at+1:]
	}
	if placeholder(v) {
		return
	}
	if what == awsSecret {
		if len(v) == 40 && setBase64.span(v, 0, 40) == 40 && entropy(v) > 3.8 && mixed(v) {
			s.add(from, end, kAWS, 93)
			return
		}
		what = secretKey
	}
	if randomKey(v, what) {
		s.add(from, end, kKey, 80)
	}
}

// password notes a password; one that stands in a connection string with a
// server makes the whole string the find.
func (s *Scanner) password(from, end int) {
	text := s.text
	lo, hi := from, end
	for lo > 0 && from-lo < 300 && text[lo-1] != '\n' && text[lo-1] != '"' && text[lo-1] != '\'' {
		lo--
	}
	for hi < len(text) && hi-end < 300 && text[hi] != '\n' && text[hi] != '"' && text[hi] != '\'' {
		hi++
	}
	line := text[lo:hi]
	if bytes.IndexByte(line, ';') >= 0 {
		for _, key := range []string{"server=", "data source=", "host=", "addr="} {
			if containsFold(line, key) {
				for lo < from && isSpace(text[lo]) {
					lo++
				}
				s.addSecret(lo, hi, from, end, kSQL, 92)
				return
			}
		}
	}
	s.add(from, end, kPassword, 80)
}

// plainPassword: 4 to 128 characters that are no code and no documentation.
func plainPassword(v []byte, quoted bool) bool {
	if len(v) > 128 || placeholder(v) || isoDate(v) {
		return false
	}
	letters, others := 0, 0
	for _, c := range v {
		switch {
		case isSpace(c):
			return false
		case !quoted && (c == '(' || c == '[' || c == '{' || c == '}'):
			return false
		case class[c]&alpha != 0:
			letters++
		default:
			others++
		}
	}
	if !quoted {
		// A reference in code, such as var.db_password or request.password.
		if others == 0 && len(v) < 6 || dottedName(v) || bytes.IndexByte(v, '|') >= 0 {
			return false
		}
		if others == 0 && (assignmentOf(v) != noSecret || len(v) < 8) {
			return false
		}
	}
	return !bytes.Contains(v, []byte("://")) && v[0] != '/' && !(letters+others > 0 && others == len(v) && allDigitsShort(v))
}

// isoDate: a time stamp beside a name such as PasswordLastUsed.
func isoDate(v []byte) bool {
	return len(v) >= 10 && v[4] == '-' && v[7] == '-' && setDigits.span(v, 0, 4) == 4 && isDigit(v[5]) && isDigit(v[8])
}

func allDigitsShort(v []byte) bool {
	for _, c := range v {
		if !isDigit(c) {
			return false
		}
	}
	return len(v) < 6
}

// dottedName: words of letters joined by dots or underscores only.
func dottedName(v []byte) bool {
	dots := 0
	for _, c := range v {
		switch {
		case c == '.' || c == '_' || c == '-':
			dots++
		case class[c]&alpha == 0:
			return false
		}
	}
	return dots > 0
}

func mixed(v []byte) bool {
	mask := uint8(0)
	for _, c := range v {
		mask |= class[c]
	}
	return mask&lower != 0 && mask&upper != 0 && mask&digit != 0
}

var setKey = newCharset("A-Za-z0-9_.=+/~:%|-")

// randomKey: token characters with digits among them and entropy; a UUID or
// hash counts only where the name is that of a secret.
func randomKey(v []byte, what assignment) bool {
	if len(v) < 12 && !(what == secretKey && len(v) >= 10 && mixed(v)) || len(v) > 512 || setKey.span(v, 0, len(v)) < len(v) {
		return false
	}
	numbers, letters, marks := 0, 0, 0
	for _, c := range v {
		switch {
		case isDigit(c):
			numbers++
		case isAlpha(c):
			letters++
		default:
			marks++
		}
	}
	switch {
	case numbers == 0 && !(what == secretKey && len(v) >= 20 && mixedCase(v) && marks == 0):
		return false
	case letters == 0 && (what != secretKey || len(v) < 15 || marks > 0):
		return false
	case v[0] == '/' && (what != secretKey || len(v) < 40 || wordy(v)) || bytes.Contains(v, []byte("//")) || bytes.HasPrefix(v, []byte("arn:")) || bytes.HasPrefix(v, []byte("sha256:")) || bytes.HasPrefix(v, []byte("sha512-")) || bytes.HasPrefix(v, []byte("sha1-")):
		return false
	}
	need := 3.0
	if what == weakKey {
		if uuid(v) || len(v) < 16 || wordy(v) {
			return false
		}
		need = 3.5
	} else if letters == 0 || len(v) < 18 {
		need = 2.3
	}
	if setHexa.span(v, 0, len(v)) == len(v) && need > 2.8 {
		need = 2.8
	}
	return entropy(v) >= need && (what == secretKey && numbers >= 2 || !wordy(v))
}

func mixedCase(v []byte) bool {
	flips := 0
	for i := 1; i < len(v); i++ {
		if class[v[i]]&upper != class[v[i-1]]&upper {
			flips++
		}
	}
	return flips*3 >= len(v)
}

func uuid(v []byte) bool {
	return len(v) == 36 && v[8] == '-' && v[13] == '-' && v[18] == '-' && v[23] == '-'
}

// wordy: mostly words with marks between them, such as cmp2-qat-1208358310 or
// DOC_Vector_5_32: runs of one class are long.
func wordy(v []byte) bool {
	runs, last := 0, uint8(0)
	for _, c := range v {
		cl := class[c] & (lower | upper | digit)
		if cl != last {
			runs++
			last = cl
		}
	}
	return runs*4 < len(v)+4
}

// authorization reads the value of an Authorization header: a scheme and a
// token.
func (s *Scanner) authorization(from, end int) {
	text := s.text
	// Unquoted values stop at a space: the token follows the scheme.
	for end < len(text) && end-from < 12 && text[end] == ' ' {
		next := end + 1
		for next < len(text) && !isSpace(text[next]) && text[next] != '"' && text[next] != '\'' && text[next] != '\\' && text[next] != ',' && next-end < 4000 {
			next++
		}
		end = next
	}
	v := text[from:end]
	at := bytes.IndexByte(v, ' ')
	if at > 0 {
		if at > 12 || bytes.IndexByte(v[at+1:], ' ') >= 0 {
			return
		}
		from += at + 1
		v = v[at+1:]
	}
	if len(v) < 8 || templated(v) || placeholder(v) || weakWord(v) || setKey.span(v, 0, len(v)) < len(v) || entropy(v) < 2.5 || !someDigits(v, 1) && !(len(v) >= 16 && mixedCase(v)) {
		return
	}
	s.add(from, end, kAuth, 90)
}

// curlUser looks at "-u user:password" and "--user user:password" of a curl
// command.
func (s *Scanner) curlUser(i int) int {
	text := s.text
	from := i + 2
	if text[i+1] == '-' {
		if !startsWith(text, i, "--user") {
			return i + 1
		}
		from = i + 6
	}
	if i == 0 || !isSpace(text[i-1]) || from >= len(text) {
		return i + 1
	}
	line := max(0, i-300)
	if at := bytes.LastIndexByte(text[line:i], '\n'); at >= 0 && (at == 0 || text[line+at-1] != '\\') {
		line += at
	}
	if !bytes.Contains(text[line:i], []byte("curl")) {
		return i + 1
	}
	for from < len(text) && (text[from] == ' ' || text[from] == '=') {
		from++
	}
	quote := byte(0)
	if from < len(text) && (text[from] == '"' || text[from] == '\'') {
		quote = text[from]
		from++
	}
	end := from
	for end < len(text) && end-from < 200 && text[end] != '\n' && (quote != 0 && text[end] != quote || quote == 0 && !isSpace(text[end])) {
		end++
	}
	v := text[from:end]
	colon := bytes.IndexByte(v, ':')
	if colon < 0 || len(v)-colon < 4 || colon == 0 && len(v) < 9 {
		return i + 1
	}
	secret := v[colon+1:]
	if templated(v) || templated(secret) || weakWord(secret) || placeholder(secret) || bytes.ContainsAny(v, "<>{} ") {
		return i + 1
	}
	s.addSecret(from, end, from+colon+1, end, kAuth, 90)
	return end
}
