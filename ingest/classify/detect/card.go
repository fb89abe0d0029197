package detect

// Payment cards: ISO/IEC 7812 numbers with an issuer range and the Luhn digit.

var cardNumbers = []numberSpec{
	// Major schemes, undivided: with the range, one random number of 16 digits
	// in twenty passes.
	{"credit_card_number", "13|14|15|16|19", "", majorCard, plausible},
	{"credit_card_number", "4,4,4,4|4,6,5|4,6,4|4,4,4,4,3", " -", majorCard, strong},
	// Debit and retired ranges need a word that speaks for them.
	{"credit_card_number", "12|13|14|15|16|17|18|19|4,4,4|4,4,4,4|4,6,5", " -", minorCard, weak},
}

// majorCard: Visa, Mastercard (both series), American Express, Discover,
// Diners, JCB, UnionPay with the lengths they issue.
func majorCard(d []byte) bool {
	n := len(d)
	p2, p4 := two(d), two(d)*100+two(d[2:])
	ok := false
	switch {
	case d[0] == '4':
		ok = n == 13 || n == 16 || n == 19
	case p2 >= 51 && p2 <= 55, p4 >= 2221 && p4 <= 2720:
		ok = n == 16
	case p2 == 34 || p2 == 37:
		ok = n == 15
	case p4 == 6011, p2 == 65, p4 >= 6440 && p4 <= 6499, p4 >= 3528 && p4 <= 3589:
		ok = n == 16 || n == 19
	case p4 >= 3000 && p4 <= 3059, p4 >= 3095 && p4 <= 3099, p2 == 36, p2 == 38 || p2 == 39:
		ok = n == 14
	case p2 == 62:
		ok = n == 16 || n == 19
	}
	return ok && luhn(d) && !testCard(d)
}

// minorCard: Maestro, the old JCB ranges and private ranges of 2 and 6.
func minorCard(d []byte) bool {
	n := len(d)
	p2, p4 := two(d), two(d)*100+two(d[2:])
	ok := false
	switch {
	case p2 == 50, p2 >= 56 && p2 <= 69:
		ok = n >= 12
	case p4 == 2131, p4 == 1800:
		ok = n == 15
	case d[0] == '2', d[0] == '3':
		ok = n == 16
	case d[0] == '4', d[0] == '5':
		ok = n >= 13
	}
	return ok && luhn(d) && !testCard(d) && !majorCard(d)
}

// testCard knows numbers that hold almost no information, such as
// 4242424242424242: nobody's card, printed in every payment manual.
func testCard(d []byte) bool {
	pairs := true
	zeros := 0
	for i := range d {
		if d[i] != d[i%2] {
			pairs = false
		}
		if d[i] == '0' {
			zeros++
		}
	}
	return pairs || zeros >= len(d)-4
}

// track looks at a mark that may start magnetic stripe data: "%B" number "^"
// for track 1, ";" number "=" for track 2 (ISO/IEC 7813).
func (s *Scanner) track(i int) int {
	text := s.text
	from, sep := i+1, byte('=')
	if text[i] == '%' {
		if !startsWith(text, i, "%B") {
			return i + 1
		}
		from, sep = i+2, '^'
	}
	end := from
	for end < len(text) && isDigit(text[end]) && end-from < 20 {
		end++
	}
	if end-from < 13 || end >= len(text) || text[end] != sep || !luhn(text[from:end]) {
		return i + 1
	}
	stop := end + 1
	for stop < len(text) && stop-i < 120 && text[stop] != '?' && text[stop] != '\n' {
		stop++
	}
	if stop >= len(text) || text[stop] != '?' {
		return i + 1
	}
	s.add(i, stop+1, kTrack, 97)
	return stop + 1
}

var kTrack = kind("credit_card_track_data")
