package detect

import "bytes"

// France, Spain, Italy, Portugal, the Low Countries, Switzerland.

var westNumbers = []numberSpec{
	{"fr_nir", "15|1,2,2,2,3,3,2|13,2", " ", nirNumber, strong},
	{"nl_bsn", "9|8", "", bsn, scores{45, 88, 94}},
	{"be_national_number", "11|6,3,2", " -", belgian, plausible},
	{"be_national_number", "2,2,2,3,2", "", belgian, strong},
	{"pt_nif_cc", "9|3,3,3", " ", portuguese, scores{45, 88, 94}},
	{"ch_ahv", "13|3,4,4,2", ".", ahv, strong},
	{"eu_vat_number", "11", "", italianVAT, scores{45, 85, 92}},
}

var westWords = []wordSpec{
	{"fr_nir", "9999929999999|99999:2A:999:999:99|99999:2B:999:999:99", func(s []byte) bool { return len(s) == 15 && nirNumber(s) }, strong},
	{"es_dni_nie", "99999999~A", dni, plausible},
	{"es_dni_nie", "A~9999999~A", nie, plausible},
	{"it_fiscal_code", "AAAAAA99A99A999A", codiceFiscale, strong},
	{"eu_passport", "AAA999999|AA9999999|AAA999999A", alwaysWord, scores{0, 82, 90}},
	{"eu_vat_number", "IT:99999999999", func(s []byte) bool { return italianVAT(s[2:]) }, plausible},
}

// nirNumber: sex, year, month, department, commune, order, and 97 minus the
// rest by 97; Corsica's 2A and 2B count as 19 and 18 (INSEE).
func nirNumber(d []byte) bool {
	if d[0] != '1' && d[0] != '2' || !isDigit(d[3]) {
		return false
	}
	month := two(d[3:])
	if month == 0 || month > 12 && month < 20 || month > 42 && month < 50 {
		return false
	}
	b := bytes.Clone(d)
	switch d[6] {
	case 'A':
		b[5], b[6] = '1', '9'
	case 'B':
		b[5], b[6] = '1', '8'
	}
	return 97-modRest(b[:13], 97) == two(b[13:])
}

// bsn: weights 9 to 2 and -1 for the last digit, divisible by 11.
func bsn(d []byte) bool {
	if len(d) == 8 {
		return weighted(d, 8, 7, 6, 5, 4, 3, 2, -1)%11 == 0
	}
	return weighted(d, 9, 8, 7, 6, 5, 4, 3, 2, -1)%11 == 0
}

// belgian: birth date, serial, 97 minus the rest by 97; a 2 goes before for
// people born from 2000.
func belgian(d []byte) bool {
	month, day := two(d[2:])%20, two(d[4:])
	if month > 12 || day > 31 {
		return false
	}
	check := two(d[9:])
	return 97-modRest(d[:9], 97) == check || 97-(modRest(d[:9], 97)+modRest([]byte("2000000000"), 97))%97 == check
}

// portuguese: weights 9 to 2, modulo 11.
func portuguese(d []byte) bool {
	if d[0] == '0' || d[0] == '4' {
		return false
	}
	rest := weighted(d, 9, 8, 7, 6, 5, 4, 3, 2) % 11
	check := 0
	if rest > 1 {
		check = 11 - rest
	}
	return check == int(d[8]-'0')
}

// ahv: country code 756 and EAN-13.
func ahv(d []byte) bool {
	return string(d[:3]) == "756" && weighted(d, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1)%10 == 0
}

// italianVAT: Luhn over eleven digits, office 001 to 121 or special.
func italianVAT(d []byte) bool {
	office := modRest(d[7:10], 1000)
	return luhn(d) && (office >= 1 && office <= 121 || office == 888 || office == 999) && string(d[:7]) != "0000000"
}

const dniLetters = "TRWAGMYFPDXBNJZSQVHLCKE"

func dni(s []byte) bool { return dniLetters[modRest(s[:8], 23)] == s[8] }

func nie(s []byte) bool {
	if s[0] < 'X' || s[0] > 'Z' {
		return false
	}
	b := bytes.Clone(s[:8])
	b[0] = '0' + s[0] - 'X'
	return dniLetters[modRest(b, 23)] == s[8]
}

// codiceFiscale: form, month letter, day (plus 40 for women) and the check
// letter (DM 23/12/1976).
func codiceFiscale(s []byte) bool {
	day := two(s[9:])
	if bytes.IndexByte([]byte("ABCDEHLMPRST"), s[8]) < 0 || day < 1 || day > 31 && day < 41 || day > 71 {
		return false
	}
	odd := [26]int{1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23}
	sum := 0
	for i, c := range s[:15] {
		v := int(c - 'A')
		if isDigit(c) {
			v = int(c - '0')
		}
		if i%2 == 0 {
			v = odd[v]
		}
		sum += v
	}
	return byte('A'+sum%26) == s[15]
}
