package detect

var kPhone = kind("phone_number")

// internationalPhone looks at '+': country code and 7 to 15 digits in groups
// (ITU-T E.164), with an optional "(0)".
func (s *Scanner) internationalPhone(i int) int {
	text := s.text
	if i > 0 && (isWord(text[i-1]) && class[text[i-1]]&high == 0 || text[i-1] == '+') {
		return i + 1
	}
	n, end := s.phoneRun(i+1, 17)
	if n < 8 || n > 15 || text[i+1] == '0' || !phoneEnds(text, end) {
		return i + 1
	}
	end = extension(text, end)
	s.add(i, end, kPhone, 90)
	return end
}

// phoneRun reads digits with single separators and parentheses from i; it
// returns the count of digits and the end behind the last digit.
func (s *Scanner) phoneRun(i, limit int) (n, end int) {
	text := s.text
	end = i
	gap := 0
	for ; i < len(text) && n < limit; i++ {
		switch c := text[i]; {
		case isDigit(c):
			n, end, gap = n+1, i+1, 0
		case c == ' ' || c == '-' || c == '.' || c == '(' || c == ')':
			if gap++; gap > 2 {
				return n, end
			}
		default:
			return n, end
		}
	}
	return n, end
}

// phoneEnds: no letter, and no mark that joins a digit.
func phoneEnds(text []byte, end int) bool {
	if end >= len(text) {
		return true
	}
	c := text[end]
	if isDigit(c) || c == '_' || c == '@' {
		return false
	}
	if isAlpha(c) {
		return extension(text, end) > end
	}
	return !(c == '-' || c == '.' || c == '/' || c == ':') || end+1 >= len(text) || !isDigit(text[end+1])
}

// extension includes "x123" and " ext. 123".
func extension(text []byte, end int) int {
	i := end
	if i < len(text) && text[i] == ' ' {
		i++
	}
	if i >= len(text) || text[i]|0x20 != 'x' && text[i]|0x20 != 'e' {
		return end
	}
	switch {
	case startsWithFold(text, i, "ext. "):
		i += 5
	case startsWithFold(text, i, "ext."), startsWithFold(text, i, "ext "):
		i += 4
	case startsWithFold(text, i, "ext"):
		i += 3
	case startsWithFold(text, i, "x"):
		i++
	default:
		return end
	}
	from := i
	for i < len(text) && isDigit(text[i]) && i-from < 6 {
		i++
	}
	if i == from || i < len(text) && isWord(text[i]) {
		return end
	}
	return i
}

// areaPhone looks at "(": an area code in parentheses and 5 to 9 digits.
func (s *Scanner) areaPhone(i int) int {
	text := s.text
	if i > 0 && isWord(text[i-1]) {
		return i + 1
	}
	close := i + 1
	for close < len(text) && isDigit(text[close]) && close-i <= 6 {
		close++
	}
	area := close - i - 1
	if close >= len(text) || text[close] != ')' || area < 2 || area > 5 {
		return i + 1
	}
	n, end := s.phoneRun(close+1, 12)
	// Something must divide the rest too, or it must be long, lest "(12) 3456"
	// of a bibliography counts.
	if n < 5 || n > 9 || n+area < 8 || !phoneEnds(text, end) {
		return i + 1
	}
	end = extension(text, end)
	score := s.weigh(i, end, kPhone, scores{78, 90, 95})
	if area == 3 && n == 7 {
		score = max(score, 86)
	}
	s.add(i, end, kPhone, score)
	return end
}

// nationalPhone weighs the groups of a number as a national phone number: the
// North American form counts by itself, any other with context only. It
// returns the end where it counts, else 0.
func (s *Scanner) nationalPhone(n *digits) int {
	// Most groups first, as long as the number stays short enough.
	for g := min(n.g, 6); g > 0; g-- {
		d := n.upTo(g)
		if len(d) < 7 || len(d) > 13 {
			continue
		}
		end := n.ends[g-1]
		ends := n.ended(g)
		if g == n.g && !ends && phoneEnds(s.text, end) {
			ends = true
		}
		if !ends || same(d) {
			continue
		}
		sep := n.separator(g)
		if sep == '/' || sep == '.' && g == 2 {
			continue
		}
		sc := scores{0, 80, 92}
		switch n.layout(g) {
		case 3<<10 | 3<<5 | 4: // 541-714-1388
			if sep == '-' || sep == '.' {
				sc = scores{80, 90, 95}
			} else if sep == ' ' && (d[0] == '0' || d[0] >= '2' && d[3] >= '2') {
				sc = scores{76, 90, 95}
			}
		case 1<<15 | 3<<10 | 3<<5 | 4: // 1-541-714-1388
			if d[0] == '1' && sep != 0xFF {
				sc = scores{86, 92, 95}
			}
		case 3<<15 | 3<<10 | 3<<5 | 4: // 001-541-714-1388
			if string(d[:3]) == "001" && sep != 0xFF {
				sc = scores{90, 92, 95}
			}
		case 1<<20 | 3<<15 | 3<<10 | 2<<5 | 2: // 0 532 123 45 67
			if d[0] == '0' && sep != 0xFF {
				sc = scores{78, 90, 95}
			}
		case 11:
			if d[0] == '0' && d[1] >= '5' {
				sc = scores{60, 86, 92}
			}
		case 2<<20 | 2<<15 | 2<<10 | 2<<5 | 2: // 03.93.92.16.85
			if d[0] == '0' && sep != 0xFF {
				sc = scores{78, 90, 95}
			}
		case 5<<10 | 3<<5 | 3, 4<<10 | 3<<5 | 4, 4<<15 | 2<<10 | 2<<5 | 2, 4<<15 | 3<<10 | 2<<5 | 2, 3<<15 | 3<<10 | 2<<5 | 2, 3<<10 | 4<<5 | 4:
			if d[0] == '0' && (sep == ' ' || sep == '-') {
				sc = scores{76, 90, 95}
			}
		case 3<<5 | 8, 4<<5 | 7, 2<<5 | 8: // 0910-5877671
			if d[0] == '0' {
				sc = scores{60, 85, 92}
			}
		}
		if isDate(n, g) {
			continue
		}
		end = extension(s.text, end)
		score := s.weigh(n.start, end, kPhone, sc)
		s.add(n.start, end, kPhone, score)
		if score >= settles {
			return end
		}
	}
	return 0
}
