package detect

// Germany.

var germanNumbers = []numberSpec{
	{"de_tax_id", "11|2,3,3,3", " ", steuerID, scores{60, 90, 95}},
}

var germanWords = []wordSpec{
	{"de_id_card", "AXXXXXXXX|AXXXXXXXXX", ausweis, scores{40, 86, 92}},
	{"eu_passport", "AXXXXXXXX|AXXXXXXXXX", reisepass, scores{40, 84, 92}},
	{"de_social_security", "99999999A999", rvnr, plausible},
	{"eu_vat_number", "DE:999999999", func(s []byte) bool { return mod1110(s[2:]) }, plausible},
}

// steuerID: eleven digits, of the first ten exactly one digit occurs twice or
// three times and the others at most once, ISO 7064 MOD 11,10 at the end
// (Bundeszentralamt für Steuern).
func steuerID(d []byte) bool {
	if d[0] == '0' {
		return false
	}
	var count [10]int
	for _, c := range d[:10] {
		count[c-'0']++
	}
	repeated := 0
	for _, n := range count {
		if n > 3 {
			return false
		}
		if n > 1 {
			repeated++
		}
	}
	return repeated == 1 && mod1110(d)
}

// documentLetters: consonants that cannot form words, as on German documents.
func documentLetters(s []byte) bool {
	for _, c := range s {
		switch c {
		case 'A', 'B', 'D', 'E', 'I', 'O', 'Q', 'S', 'U':
			return false
		}
	}
	return true
}

func someDigits(s []byte, least int) bool {
	n := 0
	for _, c := range s {
		if isDigit(c) {
			n++
		}
	}
	return n >= least
}

// ausweis: old cards start with T and eight digits, newer ones with L, M, N,
// P, R, T, V, W, X, Y; a tenth character is the ICAO check digit.
func ausweis(s []byte) bool {
	return someDigits(s, 4) && documentLetters(s) && (len(s) == 9 || icao(s)) && s[0] != 'C' && s[0] != 'F' && s[0] != 'G' && s[0] != 'H' && s[0] != 'J' && s[0] != 'K'
}

// reisepass: C, F, G, H, J, K start passports; others name their country in
// the field only.
func reisepass(s []byte) bool {
	if !someDigits(s, 4) || len(s) == 10 && !icao(s) {
		return false
	}
	switch s[0] {
	case 'C', 'F', 'G', 'H', 'J', 'K':
		return documentLetters(s)
	}
	return someDigits(s[1:], 6)
}

// rvnr: the pension insurance number of Germany: area, birth date, initial,
// serial and a check digit over digit sums.
func rvnr(s []byte) bool {
	month := two(s[4:])
	day := two(s[2:])
	if month < 1 || month > 12 || day < 1 || day > 31 && (day < 51 || day > 81) {
		return false
	}
	v := int(s[8]-'A') + 1
	d := [12]int{0, 0, 0, 0, 0, 0, 0, 0, v / 10, v % 10, int(s[9] - '0'), int(s[10] - '0')}
	for i := range 8 {
		d[i] = int(s[i] - '0')
	}
	sum := 0
	for i, w := range [12]int{2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1} {
		x := d[i] * w
		sum += x/10 + x%10
	}
	return sum%10 == int(s[11]-'0')
}
