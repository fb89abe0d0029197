package detect

// United Kingdom and Ireland.

var ukNumbers = []numberSpec{
	{"uk_passport", "9", "", always, scores{0, 78, 88}},
	{"uk_utr", "10", "", utr, scores{40, 85, 92}},
}

var ukWords = []wordSpec{
	{"uk_nino", "AA:99:99:99:A", nino, plausible},
	{"uk_passport", "AA9999999", alwaysWord, scores{40, 82, 90}},
	{"uk_driving_licence", "XXXXX999999XXXAA", drivingLicence, strong},
	{"ie_pps", "9999999A|9999999AA", pps, weak},
}

// nino: letters that HMRC uses, prefixes that it never issues (NIM39110).
func nino(s []byte) bool {
	for i, c := range s[:2] {
		switch c {
		case 'D', 'F', 'I', 'Q', 'U', 'V':
			return false
		case 'O':
			if i == 1 {
				return false
			}
		}
	}
	switch string(s[:2]) {
	case "BG", "GB", "KN", "NK", "NT", "TN", "ZZ":
		return false
	}
	return s[8] >= 'A' && s[8] <= 'D'
}

// utr: the first digit checks the other nine.
func utr(d []byte) bool {
	rest := weighted(d[1:], 6, 7, 8, 9, 10, 5, 4, 3, 2) % 11
	return "21987654321"[rest] == d[0]
}

// drivingLicence: five characters of the surname filled with 9, decade, month
// (plus 50 for women), day, year, initials, a digit and two letters.
func drivingLicence(s []byte) bool {
	filled := false
	for _, c := range s[:5] {
		switch {
		case c == '9':
			filled = true
		case isDigit(c) || filled:
			return false
		}
	}
	if !isAlpha(s[0]) {
		return false
	}
	month := two(s[6:]) % 50
	if s[6] > '6' || !dayMonth(two(s[8:]), month) {
		return false
	}
	return (isAlpha(s[11]) || s[11] == '9') && (isAlpha(s[12]) || s[12] == '9')
}

// pps: weights 8 to 2 plus 9 for the second letter, modulo 23.
func pps(s []byte) bool {
	sum := weighted(s, 8, 7, 6, 5, 4, 3, 2)
	if len(s) == 9 {
		if s[8] < 'A' || s[8] > 'I' {
			return false
		}
		sum += int(s[8]-'A'+1) * 9
	}
	return "WABCDEFGHIJKLMNOPQRSTUV"[sum%23] == s[7]
}
