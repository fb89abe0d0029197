package detect

var (
	kEmail   = kind("email_address")
	setLocal = newCharset("A-Za-z0-9._%+'-")
	setHost  = newCharset("A-Za-z0-9.-")
)

// email looks around an '@' (RFC 5321 without quoted local parts).
func (s *Scanner) email(i int) int {
	text := s.text
	start := i
	for start > 0 && i-start < 64 && (setLocal.has(text[start-1]) || class[text[start-1]]&high != 0) {
		start--
	}
	for start < i && (text[start] == '.' || text[start] == '-' || text[start] == '\'' || text[start] == '%') {
		start++
	}
	end := i + 1
	for end < len(text) && end-i < 254 && (setHost.has(text[end]) || class[text[end]]&high != 0) {
		end++
	}
	for end > i+1 && !isWord(text[end-1]) {
		end--
	}
	if start == i || text[i-1] == '.' || end-i < 5 {
		return i + 1
	}
	if start > 0 {
		switch text[start-1] {
		case '/', ':':
			// user@host of a URL, or user:password@host.
			if start >= 3 && startsWith(text, start-3, "://") || text[start-1] == ':' && insideURL(text, start) {
				return i + 1
			}
		case '@', '=':
			if text[start-1] == '@' {
				return i + 1
			}
		}
	}
	if end < len(text) && (text[end] == '@' || text[end] == ':' && string(text[start:i]) == "git") {
		return i + 1
	}
	dot := end - 1
	letters := true
	for dot > i && text[dot] != '.' {
		letters = letters && class[text[dot]]&(alpha|high) != 0
		dot--
	}
	tld := text[dot+1 : end]
	if !letters && !startsWithFold(tld, 0, "xn--") {
		return i + 1
	}
	if dot <= i+1 || len(tld) < 2 || len(tld) > 18 || text[dot-1] == '.' || text[i+1] == '-' || notDomain(tld) {
		return i + 1
	}
	s.add(start, end, kEmail, 95)
	return end
}

// insideURL reports whether "://" stands before i in the same word.
func insideURL(text []byte, i int) bool {
	for k := i - 1; k > 1 && i-k < 100 && !isSpace(text[k]); k-- {
		if text[k] == '/' && startsWith(text, k-2, "://") {
			return true
		}
	}
	return false
}

// notDomain knows endings of file names that look like top-level domains:
// "icon@2x.png", "main@4f2a.js".
func notDomain(tld []byte) bool {
	switch string(tld) {
	case "png", "jpg", "jpeg", "gif", "svg", "webp", "css", "js", "ts", "html", "htm", "json", "xml", "yaml", "yml", "txt", "log", "tar", "zip", "gz", "exe", "dll", "map", "local", "internal", "localdomain", "localhost", "service", "socket", "target", "timer", "lock":
		return true
	}
	return false
}
