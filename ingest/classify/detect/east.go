package detect

// Central and Eastern Europe, Türkiye.

var eastNumbers = []numberSpec{
	{"pl_pesel", "11", "", pesel, plausible},
	{"ro_cnp", "13", "", cnp, weak},
	{"hr_oib", "11", "", mod1110, scores{45, 88, 94}},
	{"tr_tckn", "11", "", tckn, plausible},
}

// pesel: birth date with the century in the month, weights 1,3,7,9.
func pesel(d []byte) bool {
	return dayMonth(two(d[4:]), two(d[2:])%20) && weighted(d, 1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)%10 == 0
}

// cnp: sex and century, birth date, county, weights 279146358279 modulo 11.
func cnp(d []byte) bool {
	if d[0] == '0' || !dayMonth(two(d[5:]), two(d[3:])) {
		return false
	}
	rest := weighted(d, 2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9) % 11
	if rest == 10 {
		rest = 1
	}
	return rest == int(d[12]-'0')
}

// tckn: two check digits of the Turkish identity number.
func tckn(d []byte) bool {
	if d[0] == '0' {
		return false
	}
	odd := weighted(d, 1, 0, 1, 0, 1, 0, 1, 0, 1)
	even := weighted(d, 0, 1, 0, 1, 0, 1, 0, 1)
	tenth := ((7*odd-even)%10 + 10) % 10
	return tenth == int(d[9]-'0') && (odd+even+tenth)%10 == int(d[10]-'0')
}
