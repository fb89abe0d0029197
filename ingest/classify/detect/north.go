package detect

import "bytes"

// Nordic and Baltic countries.

var northNumbers = []numberSpec{
	{"se_personnummer", "12|8,4", "-", swedish, plausible},
	{"se_personnummer", "6,4", "-", swedish, plausible},
	{"se_personnummer", "10", "", swedish, scores{60, 90, 95}},
	{"dk_cpr", "10|6,4", "-", func(d []byte) bool { return dayMonth(two(d), two(d[2:])) }, scores{0, 85, 92}},
	{"no_fodselsnummer", "11|6,5", " ", norwegian, plausible},
	{"ee_lt_personal_code", "11", "", baltic, plausible},
}

var northWords = []wordSpec{
	{"fi_hetu", "999999S999X", hetu, strong},
}

// swedish: birth date (day plus 60 for coordination numbers) and Luhn over the
// last ten digits.
func swedish(d []byte) bool {
	if len(d) == 12 {
		if string(d[:2]) != "19" && string(d[:2]) != "20" && string(d[:2]) != "18" {
			return false
		}
		d = d[2:]
	}
	day := two(d[4:])
	if day > 60 {
		day -= 60
	}
	return dayMonth(day, two(d[2:])) && luhn(d)
}

// norwegian: birth date and two check digits modulo 11.
func norwegian(d []byte) bool {
	day, month := two(d), two(d[2:])
	if day > 40 {
		day -= 40
	}
	if month > 40 {
		month -= 40
	}
	first := (11 - weighted(d, 3, 7, 6, 1, 8, 9, 4, 5, 2)%11) % 11
	second := (11 - weighted(d, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)%11) % 11
	return dayMonth(day, month) && first == int(d[9]-'0') && second == int(d[10]-'0')
}

// baltic: Estonia and Lithuania: century and sex, birth date, two rounds of
// weights modulo 11.
func baltic(d []byte) bool {
	if d[0] < '1' || d[0] > '8' || !dayMonth(two(d[5:]), two(d[3:])) {
		return false
	}
	rest := weighted(d, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1) % 11
	if rest == 10 {
		rest = weighted(d, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3) % 11 % 10
	}
	return rest == int(d[10]-'0')
}

// centurySign: the sign between date and serial of a Finnish identity code;
// letters from 2023 on too.
func centurySign(c byte) bool {
	switch upperByte(c) {
	case '-', '+', 'A', 'B', 'C', 'D', 'E', 'F', 'Y', 'X', 'W', 'V', 'U':
		return true
	}
	return false
}

// hetu: birth date, sign, serial from 002, check character modulo 31.
func hetu(s []byte) bool {
	if !dayMonth(two(s), two(s[2:])) {
		return false
	}
	number := append(bytes.Clone(s[:6]), s[7:10]...)
	return string(s[7:10]) >= "002" && "0123456789ABCDEFHJKLMNPRSTUVWXY"[modRest(number, 31)] == s[10]
}
