package detect

// Check digits. Every function takes ASCII digits (letters where it says so)
// of a length its caller has made sure of.

// luhn is ISO/IEC 7812-1 annex B: every second digit from the right doubled.
func luhn(d []byte) bool { return luhnSum(d, 0)%10 == 0 }

func luhnSum(d []byte, start int) int {
	sum := start
	for i, odd := len(d)-1, false; i >= 0; i, odd = i-1, !odd {
		v := int(d[i] - '0')
		if odd {
			if v *= 2; v > 9 {
				v -= 9
			}
		}
		sum += v
	}
	return sum
}

// weighted is the sum of the digits times their weights.
func weighted(d []byte, weights ...int) int {
	sum := 0
	for i, w := range weights {
		sum += int(d[i]-'0') * w
	}
	return sum
}

// mod97 is ISO 7064 MOD 97-10 over digits and letters (A = 10): the remainder.
func mod97(s []byte) int {
	r := 0
	for _, c := range s {
		if isDigit(c) {
			r = (r*10 + int(c-'0')) % 97
		} else {
			r = (r*100 + int(upperByte(c)-'A') + 10) % 97
		}
	}
	return r
}

// modRest is the remainder of a decimal number.
func modRest(d []byte, m int) int {
	r := 0
	for _, c := range d {
		r = (r*10 + int(c-'0')) % m
	}
	return r
}

// mod1110 is ISO 7064 MOD 11,10, check digit last.
func mod1110(d []byte) bool {
	p := 10
	for _, c := range d[:len(d)-1] {
		s := (int(c-'0') + p) % 10
		if s == 0 {
			s = 10
		}
		p = s * 2 % 11
	}
	return (p+int(d[len(d)-1]-'0'))%10 == 1
}

// Verhoeff's tables (J. Verhoeff, "Error detecting decimal codes", 1969):
// multiplication in the dihedral group D5 and the position permutation.
var (
	d5 = [10][10]byte{
		{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 2, 3, 4, 0, 6, 7, 8, 9, 5},
		{2, 3, 4, 0, 1, 7, 8, 9, 5, 6}, {3, 4, 0, 1, 2, 8, 9, 5, 6, 7},
		{4, 0, 1, 2, 3, 9, 5, 6, 7, 8}, {5, 9, 8, 7, 6, 0, 4, 3, 2, 1},
		{6, 5, 9, 8, 7, 1, 0, 4, 3, 2}, {7, 6, 5, 9, 8, 2, 1, 0, 4, 3},
		{8, 7, 6, 5, 9, 3, 2, 1, 0, 4}, {9, 8, 7, 6, 5, 4, 3, 2, 1, 0},
	}
	d5perm = func() (p [8][10]byte) {
		p[0] = [10]byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}
		p[1] = [10]byte{1, 5, 7, 6, 2, 8, 3, 0, 9, 4}
		for i := 2; i < 8; i++ {
			for j := range p[i] {
				p[i][j] = p[i-1][p[1][j]]
			}
		}
		return p
	}()
)

func verhoeff(d []byte) bool {
	c := byte(0)
	for i := range d {
		c = d5[c][d5perm[i%8][d[len(d)-1-i]-'0']]
	}
	return c == 0
}

// icao is the check digit of ICAO 9303 part 3: weights 7,3,1, letters from
// A = 10; the last character is the check digit.
func icao(s []byte) bool {
	sum := 0
	for i, c := range s[:len(s)-1] {
		v := 0
		switch {
		case isDigit(c):
			v = int(c - '0')
		case isAlpha(c):
			v = int(upperByte(c)-'A') + 10
		}
		sum += v * [3]int{7, 3, 1}[i%3]
	}
	return isDigit(s[len(s)-1]) && sum%10 == int(s[len(s)-1]-'0')
}

// same reports whether all bytes are equal; such numbers are placeholders.
func same(d []byte) bool {
	for _, c := range d[1:] {
		if c != d[0] {
			return false
		}
	}
	return true
}

// sequence reports 123456789… and its reverse.
func sequence(d []byte) bool {
	up, down := true, true
	for i := 1; i < len(d); i++ {
		up = up && (d[i-1]-'0'+1)%10 == d[i]-'0'
		down = down && (d[i]-'0'+1)%10 == d[i-1]-'0'
	}
	return up || down
}

func two(d []byte) int { return int(d[0]-'0')*10 + int(d[1]-'0') }

// dayMonth reports whether day and month exist (29 February always does).
func dayMonth(day, month int) bool {
	if month < 1 || month > 12 || day < 1 {
		return false
	}
	return day <= [12]int{31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[month-1]
}
