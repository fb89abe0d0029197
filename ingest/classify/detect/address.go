package detect

import "net/netip"

var (
	kIP  = kind("ip_address")
	kMAC = kind("mac_address")
)

// dotted looks at four groups with dots: an IPv4 address. It returns the end,
// or 0.
func (s *Scanner) dotted(n *digits) int {
	if n.g < 4 || n.seps[1] != '.' || n.seps[2] != '.' || n.seps[3] != '.' || n.g > 4 && n.seps[4] == '.' {
		return 0
	}
	for g, from := 0, 0; g < 4; g++ {
		l := int(n.lens[g])
		if l > 3 || l > 1 && n.d[from] == '0' || modRest(n.d[from:from+l], 1000) > 255 {
			return 0
		}
		from += l
	}
	text, start, end := s.text, n.start, n.ends[3]
	if end < len(text) {
		switch c := text[end]; {
		case c == '.', c == '-', c == '@':
			if end+1 < len(text) && isWord(text[end+1]) {
				return 0
			}
		case c == '/':
			end = prefixLength(text, end, 32)
		case isWord(c):
			return 0
		}
	}
	if end < 0 || version(text, start) {
		return max(n.ends[3], 0)
	}
	score := uint8(82)
	// 1.2.3.4 and the like are as often versions or section numbers.
	if n.lens[0] == 1 && n.lens[1] == 1 && n.lens[2] == 1 && n.lens[3] == 1 {
		score = s.weigh(start, end, kIP, scores{55, 85, 92})
	}
	s.add(start, end, kIP, score)
	return end
}

// prefixLength includes "/24"; -1 where what follows is no prefix length.
func prefixLength(text []byte, slash, most int) int {
	i, v := slash+1, 0
	for i < len(text) && isDigit(text[i]) && i-slash <= 4 {
		v = v*10 + int(text[i]-'0')
		i++
	}
	if i == slash+1 {
		return slash
	}
	if v > most || i < len(text) && isWord(text[i]) {
		return -1
	}
	return i
}

// version reports a word before i that makes dotted numbers a version.
func version(text []byte, i int) bool {
	for _, w := range []string{"version ", "version: ", "version\":\"", "version=", "release ", " v", " v.", "agent/"} {
		if startsWithFold(text, i-len(w), w) {
			return true
		}
	}
	return false
}

// address looks for an IPv6 or MAC address at i; [i,j) is the first word, or
// empty where "::" starts. On success addressEnd is set.
func (s *Scanner) address(i, j int) bool {
	text := s.text
	if j-i > 4 || j >= len(text) || text[j] != ':' && text[j] != '-' && text[j] != '.' {
		return false
	}
	if i > 0 {
		if c := text[i-1]; isWord(c) || c == ':' || c == '.' && i > 1 && isWord(text[i-2]) {
			return false
		}
	}
	if j-i == 2 && (text[j] == ':' || text[j] == '-') && s.mac(i, text[j]) {
		return true
	}
	if j-i == 4 && text[j] == '.' {
		return s.dottedMAC(i)
	}
	if text[j] != ':' {
		return false
	}
	end, colons := i, 0
	for end < len(text) && end-i < 46 && (isHex(text[end]) || text[end] == ':' || text[end] == '.') {
		if text[end] == ':' {
			colons++
		}
		end++
	}
	if colons < 2 {
		return false
	}
	for end > i && text[end-1] == '.' {
		end--
	}
	if end-i > 2 && text[end-1] == ':' && text[end-2] != ':' {
		end--
	}
	if end < len(text) && (isWord(text[end]) || text[end] == '@') {
		return false
	}
	ip, err := netip.ParseAddr(string(text[i:end]))
	if err != nil || !ip.Is6() {
		return false
	}
	if end < len(text) && text[end] == '/' {
		if end = prefixLength(text, end, 128); end < 0 {
			return false
		}
	}
	score := uint8(90)
	if end-i <= 3 { // "::" and "::1" in code mean other things
		score = s.weigh(i, end, kIP, scores{55, 85, 92})
	}
	s.add(i, end, kIP, score)
	s.addressEnd = end
	return true
}

// mac looks for six pairs of hexadecimal digits with one separator.
func (s *Scanner) mac(i int, sep byte) bool {
	text := s.text
	end := i + 17
	if end > len(text) {
		return false
	}
	zero, digits := true, false
	for k := range 17 {
		c := text[i+k]
		if k%3 == 2 {
			if c != sep {
				return false
			}
			continue
		}
		if !isHex(c) {
			return false
		}
		zero = zero && (c == '0' || c|0x20 == 'f')
		digits = digits || isDigit(c)
	}
	if end < len(text) && (isWord(text[end]) || text[end] == sep) || zero {
		return false
	}
	s.add(i, end, kMAC, 88)
	s.addressEnd = end
	return true
}

// dottedMAC looks for three groups of four hexadecimal digits.
func (s *Scanner) dottedMAC(i int) bool {
	text := s.text
	end := i + 14
	if end > len(text) || text[i+9] != '.' || end < len(text) && (isWord(text[end]) || glued(text, end)) {
		return false
	}
	mask := uint8(0)
	for k := range 14 {
		c := text[i+k]
		if k == 4 || k == 9 {
			continue
		}
		if !isHex(c) {
			return false
		}
		mask |= class[c]
	}
	if mask&hexa == 0 {
		return false
	}
	s.add(i, end, kMAC, s.weigh(i, end, kMAC, scores{60, 88, 93}))
	s.addressEnd = end
	return true
}
