package detect

import "bytes"

var (
	kPEM     = kind("private_key_pem")
	kOpenSSH = kind("private_key_openssh")
	kPGP     = kind("private_key_pgp")
	kPutty   = kind("private_key_putty")
	kHash    = kind("password_hash")
)

// minKeyBody is the least base64 that a private key takes; shorter blocks are
// examples.
const minKeyBody = 64

// pem looks at "-----BEGIN ": a private key block as far as its end or
// LookAhead. A block cut off at the end of the text counts too.
func (s *Scanner) pem(i int) int {
	text := s.text
	header := text[i+len("-----BEGIN ") : min(len(text), i+80)]
	name, _, ok := bytes.Cut(header, []byte("-----"))
	if !ok {
		return i + 11
	}
	k := kPEM
	switch {
	case bytes.Equal(name, []byte("OPENSSH PRIVATE KEY")):
		k = kOpenSSH
	case bytes.Equal(name, []byte("PGP PRIVATE KEY BLOCK")):
		k = kPGP
	case !bytes.HasSuffix(name, []byte("PRIVATE KEY")):
		return i + 11
	}
	from := i + 11 + len(name) + 5
	limit := min(len(text), i+LookAhead-1024)
	end := limit
	if at := bytes.Index(text[from:limit], []byte("-----END ")); at >= 0 {
		end = from + at
	} else {
		// Cut off: as far as it still looks like a key.
		for end = from; end < limit && (setBase64.has(text[end]) || isSpace(text[end]) || text[end] == '\\' || text[end] == ':' || text[end] == '-' || text[end] == ','); end++ {
		}
	}
	body := 0
	for _, c := range text[from:end] {
		if setBase64.has(c) {
			body++
		}
	}
	if body < minKeyBody {
		return end
	}
	if startsWith(text, end, "-----END ") {
		if at := bytes.Index(text[end+9:min(len(text), end+80)], []byte("-----")); at >= 0 {
			end += 9 + at + 5
		}
	}
	s.add(i, end, k, 98)
	return end
}

// passwordHash looks at '$': bcrypt, SHA-crypt, argon2 and scrypt in modular
// crypt format.
func (s *Scanner) passwordHash(i int) int {
	text := s.text
	if i > 0 && isWord(text[i-1]) {
		return i + 1
	}
	for _, f := range hashFormats {
		if !startsWith(text, i, f.prefix) {
			continue
		}
		from := i + len(f.prefix)
		end := setCrypt.span(text, from, 200)
		for end > from && text[end-1] == '.' && end-from > f.max {
			end--
		}
		if end-from >= f.min && end-from <= f.max {
			s.add(i, end, kHash, 93)
			return end
		}
	}
	return i + 1
}

var setCrypt = newCharset("A-Za-z0-9./$+=,")

var hashFormats = []struct {
	prefix   string
	min, max int
}{
	{"$2a$", 56, 56}, {"$2b$", 56, 56}, {"$2y$", 56, 56}, {"$argon2i$", 40, 180}, {"$argon2id$", 40, 180},
	{"$5$", 44, 90}, {"$6$", 88, 130}, {"$y$", 40, 130}, {"$scrypt$", 60, 180}, {"$1$", 23, 40},
}
