package policy

import (
	"cmp"
	"math/big"
	"strconv"
	"strings"
)

// number is a value of the numeric operators: an integer or a decimal. float64
// tells decimals of up to 15 digits apart; longer ones compare by their text.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Numeric
type number struct {
	value float64
	text  string // set where value is not enough
}

// Bounds on a number that is worth an exact comparison: what is longer is
// taken for no number.
const (
	exactDigits = 15
	maxDigits   = 1000
)

// parseNumber reads digits with an optional sign, fraction and exponent;
// hexadecimal numbers, infinities and the like are none.
func parseNumber(s string) (number, bool) {
	s = strings.TrimSpace(s)
	digits, ok := countDigits(s)
	if !ok || digits > maxDigits {
		return number{}, false
	}
	value, err := strconv.ParseFloat(s, 64)
	if err == nil && digits <= exactDigits && (value != 0 || strings.Trim(s, "+-.0") == "") {
		return number{value: value}, true
	}
	if _, exponent, has := strings.Cut(strings.ToLower(s), "e"); has {
		if n, err := strconv.Atoi(exponent); err != nil || n > maxDigits || n < -maxDigits {
			return number{}, false
		}
	}
	return number{value: value, text: s}, true
}

// countDigits counts the digits of a decimal number before its exponent.
func countDigits(s string) (digits int, ok bool) {
	mantissa, exponent, has := strings.Cut(strings.ToLower(s), "e")
	if exponent = unsigned(exponent); has && (exponent == "" || !onlyDigits(exponent)) {
		return 0, false
	}
	whole, fraction, _ := strings.Cut(unsigned(mantissa), ".")
	digits = len(whole) + len(fraction)
	return digits, digits > 0 && onlyDigits(whole) && onlyDigits(fraction)
}

// unsigned drops one sign.
func unsigned(s string) string {
	if s != "" && (s[0] == '+' || s[0] == '-') {
		return s[1:]
	}
	return s
}

func onlyDigits(s string) bool { return strings.Trim(s, "0123456789") == "" }

func (n number) compare(o number) int {
	if n.text == "" && o.text == "" {
		return cmp.Compare(n.value, o.value)
	}
	return n.rational().Cmp(o.rational())
}

func (n number) rational() *big.Rat {
	r := new(big.Rat)
	if n.text == "" {
		r.SetString(strconv.FormatFloat(n.value, 'f', -1, 64)) // the shortest text is the one that was read
	} else {
		r.SetString(n.text)
	}
	return r
}

// around are numbers on both sides of n, and n.
func (n number) around() []string {
	if n.text == "" {
		return []string{decimal(n.value - 1), decimal(n.value), decimal(n.value + 1)}
	}
	r, one := n.rational(), big.NewRat(1, 1)
	return []string{new(big.Rat).Sub(r, one).FloatString(0), n.text, new(big.Rat).Add(r, one).FloatString(0)}
}

func decimal(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
