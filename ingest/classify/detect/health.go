package detect

var (
	kRecord = kind("medical_record_number")
	kICD    = kind("icd10_code")
)

var healthNumbers = []numberSpec{
	{"us_npi", "10|4,3,3", " -", npi, scores{50, 88, 94}},
	{"uk_nhs_number", "10|3,3,4", " -", nhs, scores{50, 90, 95}},
	{"au_medicare", "10|4,5,1", " -", auMedicare, scores{50, 88, 94}},
}

var healthWords = []wordSpec{
	{"us_mbi", "9AX9~AX9~AA99", mbi, plausible},
	{"us_dea", "AX9999999", dea, weak},
	{"de_health_insurance", "A999999999", kvnr, plausible},
}

// npi: Luhn over the digits with the prefix 80840 (45 CFR 162.406).
func npi(d []byte) bool {
	return (d[0] == '1' || d[0] == '2') && luhnSum(d, 24)%10 == 0
}

// nhs: weights 10 to 2, modulo 11; a remainder of 10 is not issued.
func nhs(d []byte) bool {
	check := 11 - weighted(d, 10, 9, 8, 7, 6, 5, 4, 3, 2)%11
	if check == 11 {
		check = 0
	}
	return check == int(d[9]-'0') && !sequence(d)
}

// auMedicare: first digit 2 to 6, weights 1,3,7,9,1,3,7,9 modulo 10.
func auMedicare(d []byte) bool {
	return d[0] >= '2' && d[0] <= '6' && weighted(d, 1, 3, 7, 9, 1, 3, 7, 9)%10 == int(d[8]-'0')
}

// mbi: a class for every position; the letters S, L, O, I, B, Z never occur
// (CMS, "Understanding the Medicare Beneficiary Identifier").
func mbi(s []byte) bool {
	if s[0] == '0' {
		return false
	}
	for i, c := range s {
		switch c {
		case 'S', 'L', 'O', 'I', 'B', 'Z':
			return false
		}
		_ = i
	}
	return true
}

// dea: a registrant type, a letter or 9, and a check digit over six digits.
func dea(s []byte) bool {
	switch s[0] {
	case 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J', 'K', 'L', 'M', 'P', 'R', 'S', 'T', 'U', 'X':
	default:
		return false
	}
	if isDigit(s[1]) && s[1] != '9' {
		return false
	}
	d := s[2:]
	return weighted(d, 1, 2, 1, 2, 1, 2)%10 == int(d[6]-'0')
}

// kvnr: the letter as two digits, weights 1 and 2 in turn with digit sums.
func kvnr(s []byte) bool {
	v := int(s[0]-'A') + 1
	digitsOf := [10]int{v / 10, v % 10}
	for i := 1; i < 9; i++ {
		digitsOf[i+1] = int(s[i] - '0')
	}
	sum := 0
	for i, x := range digitsOf {
		if i%2 == 1 {
			x *= 2
		}
		sum += x/10 + x%10
	}
	return sum%10 == int(s[9]-'0')
}

// anyWord looks at words of letters and digits that mean something only
// through the name of their field: ICD-10 codes and record numbers.
func (s *Scanner) anyWord(i, j int) {
	if j-i > 14 || j-i < 3 {
		return
	}
	s.swift(i, j)
	b := s.text[i:j]
	if isAlpha(b[0]) && isDigit(b[1]) && (s.field != nil && s.field.kinds.has(kICD) || s.field == nil && j-i == 3) {
		end := j
		if j-i == 3 && end < len(s.text) && s.text[end] == '.' {
			for end++; end < len(s.text) && isAlnum(s.text[end]) && end-j < 5; {
				end++
			}
		}
		if end != j+1 && (end == len(s.text) || !isWord(s.text[end])) && upperByte(b[0]) != 'U' {
			s.named(i, end, kICD, 80, 90)
		}
	}
	if j-i >= 5 && s.speaks(i, kRecord) && s.startsFree(i) && (j == len(s.text) || !glued(s.text, j)) {
		n := 0
		for _, c := range b {
			if isDigit(c) {
				n++
			}
		}
		if n >= 3 && n*2 >= len(b) {
			s.named(i, j, kRecord, 78, 90)
		}
	}
}
