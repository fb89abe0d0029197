package detect

// Asia.

var asiaNumbers = []numberSpec{
	{"in_aadhaar", "4,4,4", " -", aadhaar, plausible},
	{"in_aadhaar", "12", "", aadhaar, weak},
	{"kr_rrn", "6,7", "-", rrn, scores{80, 92, 96}},
	{"kr_rrn", "13", "", rrn, scores{60, 88, 94}},
	{"th_national_id", "13|1,4,5,2,1", "- ", thai, scores{60, 90, 95}},
	{"jp_my_number", "12|4,4,4", " -", myNumber, scores{45, 88, 94}},
	{"cn_resident_id", "18", "", chinese, strong},
	{"ae_emirates_id", "15|3,4,7,1", "-", func(d []byte) bool { return string(d[:3]) == "784" && luhn(d) }, strong},
	{"il_id", "9", "", luhn, scores{45, 86, 92}},
}

var asiaWords = []wordSpec{
	{"in_pan", "AAAAA9999A", indianPAN, plausible},
	{"in_gstin", "99AAAAA9999AXZX", gstin, plausible},
	{"in_voter_passport", "AAA9999999|A9999999", alwaysWord, scores{0, 80, 88}},
	{"sg_nric_fin", "A9999999A", nric, plausible},
	{"cn_resident_id", "99999999999999999X", chinese, strong},
	{"tw_id", "A999999999", taiwan, plausible},
	{"hk_id", "A999999X|AA999999X", hongKong, scores{45, 86, 92}},
}

func aadhaar(d []byte) bool { return d[0] >= '2' && verhoeff(d) && !palindrome(d) }

func palindrome(d []byte) bool {
	for i := range len(d) / 2 {
		if d[i] != d[len(d)-1-i] {
			return false
		}
	}
	return true
}

// rrn: birth date and the sign of sex, century and origin; the check digit of
// older numbers is no longer assigned, so the date decides.
func rrn(d []byte) bool {
	return d[6] >= '1' && d[6] <= '8' && dayMonth(two(d[4:]), two(d[2:]))
}

// thai: weights 13 to 2, modulo 11 and 10; 0 and 9 do not start a number.
func thai(d []byte) bool {
	if d[0] == '0' || d[0] == '9' || d[1] == '0' {
		return false
	}
	return (11-weighted(d, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2)%11)%10 == int(d[12]-'0')
}

// myNumber: weights 6,5,4,3,2,7,6,5,4,3,2 modulo 11.
func myNumber(d []byte) bool {
	rest := weighted(d, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2) % 11
	check := 0
	if rest > 1 {
		check = 11 - rest
	}
	return check == int(d[11]-'0')
}

// chinese: region, birth date, order, ISO 7064 MOD 11-2 (GB 11643).
func chinese(s []byte) bool {
	for _, c := range s[:17] {
		if !isDigit(c) {
			return false
		}
	}
	century := two(s[6:])
	if s[0] < '1' || s[0] > '8' || century != 19 && century != 20 || !dayMonth(two(s[12:]), two(s[10:])) {
		return false
	}
	sum := weighted(s, 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
	return "10X98765432"[sum%11] == s[17]
}

// indianPAN: the fourth letter is the kind of holder.
func indianPAN(s []byte) bool {
	switch s[3] {
	case 'A', 'B', 'C', 'E', 'F', 'G', 'H', 'J', 'L', 'P', 'T':
		return true
	}
	return false
}

func gstin(s []byte) bool {
	state := two(s)
	return state >= 1 && state <= 37 && s[12] != '0'
}

// nric: weights 2,7,6,5,4,3,2 with an offset and a letter table by prefix.
func nric(s []byte) bool {
	sum := weighted(s[1:], 2, 7, 6, 5, 4, 3, 2)
	table := ""
	switch s[0] {
	case 'S':
		table = "JZIHGFEDCBA"
	case 'T':
		table, sum = "JZIHGFEDCBA", sum+4
	case 'F':
		table = "XWUTRQPNMLK"
	case 'G':
		table, sum = "XWUTRQPNMLK", sum+4
	case 'M':
		table, sum = "KLJNPQRTUWX", sum+3
		return table[10-sum%11] == s[8] || table[sum%11] == s[8]
	default:
		return false
	}
	return table[sum%11] == s[8]
}

// taiwan: the letter as two digits, weights 1,9,8…1,1 modulo 10.
func taiwan(s []byte) bool {
	if s[1] != '1' && s[1] != '2' && s[1] != '8' && s[1] != '9' {
		return false
	}
	codes := [26]int{10, 11, 12, 13, 14, 15, 16, 17, 34, 18, 19, 20, 21, 22, 35, 23, 24, 25, 26, 27, 28, 29, 32, 30, 31, 33}
	v := codes[s[0]-'A']
	return (v/10+v%10*9+weighted(s[1:], 8, 7, 6, 5, 4, 3, 2, 1, 1))%10 == 0
}

// hongKong: letters as numbers, weights 9 to 1 modulo 11, A for ten; a missing
// first letter counts as 36.
func hongKong(s []byte) bool {
	sum, rest := 36*9, s
	if len(s) == 9 {
		sum, rest = (int(s[0]-'A')+10)*9, s[1:]
	}
	sum += (int(rest[0]-'A') + 10) * 8
	sum += weighted(rest[1:], 7, 6, 5, 4, 3, 2)
	check := 10
	switch c := rest[7]; {
	case isDigit(c):
		check = int(c - '0')
	case c != 'A':
		return false
	}
	return (sum+check)%11 == 0
}
