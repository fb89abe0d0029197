package detect

// Australia, New Zealand, South Africa, Latin America, vehicles.

var worldNumbers = []numberSpec{
	{"au_tfn", "9|3,3,3", " ", tfn, scores{50, 88, 94}},
	{"au_abn_acn", "2,3,3,3", " ", abn, strong},
	{"au_abn_acn", "11", "", abn, plausible},
	{"au_abn_acn", "9|3,3,3", " ", acn, scores{50, 85, 92}},
	{"nz_ird", "9|8|3,3,3|2,3,3", "-", ird, scores{40, 85, 92}},
	{"za_id", "13", "", southAfrican, strong},
	{"br_cpf", "11", "", cpf, plausible},
	{"br_cnpj", "14", "", cnpj, plausible},
}

var worldWords = []wordSpec{
	{"br_cpf", "999.999.999-99", cpf, strong},
	{"br_cnpj", "99.999.999/9999-99", cnpj, strong},
	{"cl_rut", "99.999.999-X|99999999-X|9999999-X|9.999.999-X", rut, plausible},
	{"mx_curp", "AAAA999999AAAAAAX9", curp, strong},
	{"vin", "XXXXXXXXXXXXXXXXX", vin, plausible},
}

func tfn(d []byte) bool { return weighted(d, 1, 4, 3, 7, 5, 8, 6, 9, 10)%11 == 0 }

func abn(d []byte) bool {
	return d[0] != '0' && (weighted(d, 10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19)-10)%89 == 0
}

func acn(d []byte) bool {
	return (10-weighted(d, 8, 7, 6, 5, 4, 3, 2, 1)%10)%10 == int(d[8]-'0')
}

// ird: two rounds of weights modulo 11 on eight digits filled with a zero.
func ird(d []byte) bool {
	body, check := d[:len(d)-1], int(d[len(d)-1]-'0')
	var b [8]byte
	b[0] = '0'
	copy(b[8-len(body):], body)
	if v := modRest(b[:], 1<<30); v < 1000000 || v > 15000000 {
		return false
	}
	rest := (11 - weighted(b[:], 3, 2, 7, 6, 5, 4, 3, 2)%11) % 11
	if rest == 10 {
		rest = (11 - weighted(b[:], 7, 4, 3, 2, 5, 2, 7, 6)%11) % 11
	}
	return rest == check
}

// southAfrican: birth date, citizenship 0 to 2, Luhn.
func southAfrican(d []byte) bool {
	return dayMonth(two(d[4:]), two(d[2:])) && d[10] <= '2' && luhn(d)
}

func elevens(d []byte, weights ...int) int {
	rest := weighted(d, weights...) % 11
	if rest < 2 {
		return 0
	}
	return 11 - rest
}

func cpf(d []byte) bool {
	return !same(d) && elevens(d, 10, 9, 8, 7, 6, 5, 4, 3, 2) == int(d[9]-'0') &&
		elevens(d, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2) == int(d[10]-'0')
}

func cnpj(d []byte) bool {
	return !same(d) && elevens(d, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2) == int(d[12]-'0') &&
		elevens(d, 6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2) == int(d[13]-'0')
}

// rut: weights 2 to 7 from the right, modulo 11, K for ten.
func rut(s []byte) bool {
	n := len(s) - 1
	sum := 0
	for i := range n {
		sum += int(s[n-1-i]-'0') * (2 + i%6)
	}
	return "0K987654321"[sum%11] == s[n] && !same(s[:n])
}

// curp: birth date, sex, state letters and a check digit over base 37.
func curp(s []byte) bool {
	if !dayMonth(two(s[8:]), two(s[6:])) || s[10] != 'H' && s[10] != 'M' && s[10] != 'X' {
		return false
	}
	sum := 0
	for i, c := range s[:17] {
		v := 0
		switch {
		case isDigit(c):
			v = int(c - '0')
		case c <= 'N':
			v = int(c-'A') + 10
		default:
			v = int(c-'A') + 11
		}
		sum += v * (18 - i)
	}
	return (10-sum%10)%10 == int(s[17]-'0')
}

// vin: no I, O, Q; the ninth character checks the others (49 CFR 565.15).
func vin(s []byte) bool {
	values := "0123456789.ABCDEFGH..JKLMN.P.R..STUVWXYZ"
	weights := [17]int{8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2}
	sum, letters := 0, 0
	for i, c := range s {
		at := -1
		for k := range len(values) {
			if values[k] == c {
				at = k
			}
		}
		if at < 0 {
			return false
		}
		if isAlpha(c) {
			letters++
		}
		sum += at % 10 * weights[i]
	}
	return letters >= 3 && letters <= 13 && "0123456789X"[sum%11] == s[8]
}
