package detect

import "bytes"

var (
	kURL     = kind("db_url_credentials")
	kSlack   = kind("slack_token")
	kSAS     = kind("azure_sas_token")
	kAzureAD = kind("azure_ad_client_secret")
)

// url looks at "://" for user and password, a webhook, or a signed query.
func (s *Scanner) url(i int) int {
	text := s.text
	start := i
	for start > 0 && i-start < 24 && (isAlnum(text[start-1]) || text[start-1] == '+') {
		start--
	}
	if start == i {
		return i + 3
	}
	from, end := i+3, i+3
	at := -1
	web := startsWithFold(text, start, "http") || startsWithFold(text, start, "ws")
	for end < len(text) && end-from < 2000 {
		c := text[end]
		if isSpace(c) || c == '"' || c == '\'' || c == '<' || c == '>' || c == '`' || c == '\\' {
			break
		}
		if c == '@' && end-from < 300 && userPart(text[from:end], web) {
			at = end // the last one: passwords hold '@' too
		}
		end++
	}
	body := text[from:end]
	if startsWith(body, 0, "hooks.slack.com/") && len(body) > 40 && !placeholder(body) {
		s.add(start, end, kSlack, 95)
		return end
	}
	if q := bytes.IndexByte(body, '?'); q > 0 && bytes.Contains(body[q:], []byte("sig=")) && bytes.Contains(body[q:], []byte("sv=")) && bytes.Contains(body[q:], []byte("se=")) {
		s.addSecret(start, end, from+q+1, end, kSAS, 93)
		return end
	}
	if at < 0 {
		return i + 3
	}
	colon := bytes.IndexByte(text[from:at], ':')
	if colon < 0 {
		return at
	}
	secret := text[from+colon+1 : at]
	if len(secret) < 2 || templated(secret) || placeholder(secret) || weakWord(secret) {
		return at
	}
	for end > at && (text[end-1] == '.' || text[end-1] == ',' || text[end-1] == ')' || text[end-1] == ';') {
		end--
	}
	s.addSecret(start, end, from+colon+1, at, kURL, 92)
	return end
}

// userPart reports whether what stands before an '@' can be user and password:
// a slash ends the authority, but outside of the web passwords are often
// written with one.
func userPart(b []byte, web bool) bool {
	slash := bytes.IndexByte(b, '/')
	if slash < 0 {
		return bytes.IndexByte(b, '?') < 0
	}
	colon := bytes.IndexByte(b, ':')
	if web || colon < 0 || colon > slash {
		return false
	}
	// host:5432/db?user=a@b is no password.
	return setDigits.span(b, colon+1, slash) < slash
}

// templated reports a value that is filled in later: $VAR, ${VAR}, {{…}},
// <…>, %(…)s, [VAR], *****.
func templated(v []byte) bool {
	switch v[0] {
	case '$', '<', '{', '[', '%', '*', '#', '.':
		return true
	}
	return bytes.Contains(v, []byte("${")) || bytes.Contains(v, []byte("{{")) || bytes.Contains(v, []byte("***")) || bytes.Contains(v, []byte("$("))
}

// weakWord reports words that stand for a password in documentation.
func weakWord(v []byte) bool {
	if len(v) > 12 {
		return false
	}
	var b [12]byte
	n := 0
	for _, c := range v {
		b[n] = lowerByte(c)
		n++
	}
	switch string(b[:n]) {
	case "password", "passwd", "pass", "pwd", "secret", "token", "test", "user", "null", "none", "true", "false", "nil",
		"undefined", "string", "required", "optional", "default", "env", "vault", "value", "xxx", "xxxx", "yes", "no", "text",
		"hidden", "prompt", "input", "username", "empty", "todo", "apikey", "key", "bool", "boolean", "number", "int", "object", "name", "id", "basic", "bearer", "str":
		return true
	}
	return false
}
