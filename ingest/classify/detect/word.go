package detect

// maxWord bounds one step over a run without a word end, such as a line of
// base64.
const maxWord = 4096

// word looks at the word that starts at i and returns where to go on.
func (s *Scanner) word(i int) int {
	text := s.text
	// In source text the letter of an escape such as \n is no part of a word.
	if i > 0 && text[i-1] == '\\' && (text[i] == 'n' || text[i] == 't' || text[i] == 'r') {
		return i + 1
	}
	j, mask := i, uint8(0)
	for limit := min(len(text), i+maxWord); j < limit; j++ {
		cl := class[text[j]]
		if cl&word == 0 {
			break
		}
		mask |= cl
	}
	var after byte
	if j < len(text) {
		after = text[j]
	}
	if mask&^hexa == digit {
		return s.digitWord(i, j, after)
	}
	if keywordStart.may(text, i) || mask&(under|high) != 0 || mask&(lower|upper) == lower|upper {
		s.remember(i, j)
	}
	if mask&digit == 0 {
		return s.letters(i, j, mask, after)
	}
	if tokenStart.has(text, i) {
		if end := s.token(i, j); end > 0 {
			return end
		}
	}
	if j-i <= 4 && s.address(i, j) {
		return s.addressEnd
	}
	if j-i >= 4 && class[text[i+2]]&class[text[i+3]]&digit != 0 && class[text[i]]&alpha != 0 {
		if end := s.iban(i, j); end > 0 {
			return end
		}
	}
	if j-i <= longestWordRule {
		if end := s.shaped(i, j); end > 0 {
			return end
		}
		s.anyWord(i, j)
	} else if end := s.wallet(i, j); end > 0 {
		return end
	}
	return j
}

// letters looks at a word without digits: it can only be the first part of
// something longer.
func (s *Scanner) letters(i, j int, mask, after byte) int {
	if j-i >= minLettersToken && tokenStart.has(s.text, i) {
		if end := s.token(i, j); end > 0 {
			return end
		}
	}
	switch after {
	case '(':
		if j-i >= 3 && setterName(s.text[i:j]) {
			s.setter(j)
		}
	case '-', '.', '_', '~', '/', '%':
		if (j-i == 2 || j-i == 4) && after != '_' && mask&^(hexa|alpha) == 0 && isHex(s.text[i]) && s.address(i, j) {
			return s.addressEnd
		}
		if tokenStart.has(s.text, i) {
			if end := s.token(i, j); end > 0 {
				return end
			}
		}
		if after == '-' && j-i <= 4 {
			if end := s.shaped(i, j); end > 0 {
				return end
			}
		}
	case ' ':
		// "AB 12 34 56 C": two or more letters and then a digit.
		if j-i <= 5 && j+1 < len(s.text) && isDigit(s.text[j+1]) {
			if end := s.shaped(i, j); end > 0 {
				return end
			}
			if end := s.iban(i, j); end > 0 {
				return end
			}
		}
	case ':':
		if mask&^(hexa|alpha) == 0 && j-i <= 4 && s.address(i, j) {
			return s.addressEnd
		}
	}
	return j
}

// shortestNumber is the least count of digits that any type has.
const shortestNumber = 6

// digitWord looks at a word of digits only.
func (s *Scanner) digitWord(i, j int, after byte) int {
	text := s.text
	joined := false // a separator and another digit follow
	switch after {
	case ' ', '-', '.', '/', '+', ':', 'x':
		joined = j+1 < len(text) && isAlnum(text[j+1])
		if after == ':' && !joined {
			joined = j+1 < len(text) && text[j+1] == ':'
		}
	}
	if !joined {
		if j-i < shortestNumber {
			return j
		}
		return s.number(i, j)
	}
	if next := s.numberThenLetters(i, j); next > 0 {
		return next
	}
	if j-i <= 4 && s.address(i, j) {
		return s.addressEnd
	}
	if after == ':' && j-i < shortestNumber {
		return j
	}
	return s.number(i, j)
}

// numberThenLetters tries the word rules on a candidate whose first word is
// digits only and goes on behind a sign: "010594-903P", "55555555-K".
func (s *Scanner) numberThenLetters(i, j int) int {
	if j >= len(s.text) || j-i > 8 || j-i < 2 {
		return 0
	}
	switch s.text[j] {
	case '-', '+', ' ', '.':
		if len(wordRules[j-i]) == 0 || j+1 >= len(s.text) || !isAlnum(s.text[j+1]) {
			return 0
		}
		return s.shaped(i, j)
	}
	return 0
}
