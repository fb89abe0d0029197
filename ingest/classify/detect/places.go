package detect

import "bytes"

// Other places where a name and a value stand together than around '=' or ':'.

// attributeBefore reads the name in key="NAME" value="…" for the operator at
// i, which belongs to "value".
func attributeBefore(text []byte, i int) []byte {
	lo := max(0, i-120)
	before := text[lo:i]
	if at := bytes.LastIndexAny(before, "<\n"); at >= 0 {
		before = before[at:]
	}
	for _, key := range []string{"key=\"", "name=\""} {
		if at := bytes.LastIndex(before, []byte(key)); at >= 0 {
			name, _, _ := bytes.Cut(before[at+len(key):], []byte{'"'})
			return name
		}
	}
	return nil
}

// element looks at '>' behind an opening tag: <name>value</name>.
func (s *Scanner) element(i int) int {
	text := s.text
	start := i
	for start > 0 && i-start < 64 && (isWord(text[start-1]) || text[start-1] == '-' || text[start-1] == '.' || text[start-1] == ':') {
		start--
	}
	if start == i || start == 0 || text[start-1] != '<' {
		return i + 1
	}
	from := i + 1
	for from < len(text) && from-i < 40 && isSpace(text[from]) {
		from++
	}
	end := from
	for end < len(text) && end-from < 600 && text[end] != '<' && text[end] != '\n' {
		end++
	}
	close := end
	for close < len(text) && close-end < 40 && isSpace(text[close]) {
		close++
	}
	for end > from && isSpace(text[end-1]) {
		end--
	}
	if end-from < 4 || !startsWith(text, close, "</") {
		return i + 1
	}
	if what := assignmentOf(text[start:i]); what != noSecret {
		s.secret(what, from, end, true)
	}
	return i + 1
}

// setter looks at a call with a name and a value, such as
// System.setProperty("NAME", "value"); open is the parenthesis.
func (s *Scanner) setter(open int) {
	text := s.text
	i := open + 1
	if i >= len(text) || text[i] != '"' && text[i] != '\'' {
		return
	}
	quote := text[i]
	name, end := quoted(text, i, quote, 80)
	if end < 0 || end+1 >= len(text) || text[end] != ',' {
		return
	}
	for end++; end < len(text) && text[end] == ' '; end++ {
	}
	if end >= len(text) || text[end] != quote {
		return
	}
	from := end + 1
	value, stop := quoted(text, end, quote, 600)
	if stop < 0 {
		return
	}
	if what := assignmentOf(name); what != noSecret {
		s.secret(what, from, from+len(value), true)
	}
}

// quoted reads the text between quotes from i and the offset behind it, or -1.
func quoted(text []byte, i int, quote byte, most int) ([]byte, int) {
	at := bytes.IndexByte(text[i+1:min(len(text), i+1+most)], quote)
	if at < 0 {
		return nil, -1
	}
	return text[i+1 : i+1+at], i + at + 2
}

// setterName reports names of such calls.
func setterName(w []byte) bool {
	switch string(w) {
	case "setProperty", "setenv", "Setenv", "putenv", "SetEnvironmentVariable", "setEnv", "put":
		return true
	}
	return false
}

// entraSecret looks at '~' for a client secret of Entra ID: three characters,
// a digit, "Q~" and 31 to 34 more.
func (s *Scanner) entraSecret(i int) int {
	text := s.text
	start := i - 5
	if start < 0 || text[i-1] != 'Q' || !isDigit(text[i-2]) {
		return i + 1
	}
	for k := start; k < i-2; k++ {
		if !setEntra.has(text[k]) {
			return i + 1
		}
	}
	if start > 0 && (setEntra.has(text[start-1]) && text[start-1] != '=') {
		return i + 1
	}
	end := setEntra.span(text, i+1, 35)
	for end > i && text[end-1] == '.' {
		end--
	}
	if n := end - i - 1; n < 31 || n > 34 || entropy(text[i+1:end]) < 3.5 || placeholder(text[i+1:end]) {
		return i + 1
	}
	s.add(start, end, kAzureAD, 94)
	return end
}

var setEntra = newCharset("A-Za-z0-9_~.-")

// telegram looks for a bot token around ':' (digits, then 35 characters that
// start with A).
func (s *Scanner) telegram(i int) bool {
	text := s.text
	if i+35 >= len(text) || text[i+1] != 'A' || i == 0 || !isDigit(text[i-1]) {
		return false
	}
	end := setDash.span(text, i+1, 40)
	start := i
	for start > 0 && isDigit(text[start-1]) && i-start < 17 {
		start--
	}
	n := end - i - 1
	if n < 34 || n > 35 || i-start < 5 || i-start > 16 || start > 0 && isWord(text[start-1]) && !isEscape(text, start-1) || entropy(text[i+1:end]) < 3 {
		return false
	}
	s.add(start, end, kTelegram, 93)
	s.addressEnd = end
	return true
}

var kTelegram = kind("telegram_token")

func isEscape(text []byte, i int) bool { return i > 0 && text[i-1] == '\\' }
