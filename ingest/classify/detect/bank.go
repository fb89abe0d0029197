package detect

import (
	"crypto/sha256"
	"math/big"
)

var (
	kIBAN   = kind("iban")
	kSwift  = kind("swift_bic")
	kWallet = kind("crypto_wallet_btc")
	kEther  = kind("crypto_wallet_eth")
)

// ibanLength by country (ISO 13616 registry).
var ibanLength = map[string]int{
	"AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BI": 27, "BR": 29,
	"BY": 28, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DJ": 27, "DK": 18, "DO": 28, "EE": 20, "EG": 29,
	"ES": 24, "FI": 18, "FK": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28,
	"HN": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20,
	"LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19,
	"MN": 20, "MR": 27, "MT": 31, "MU": 30, "NI": 28, "NL": 18, "NO": 15, "OM": 23, "PK": 24, "PL": 28, "PS": 29,
	"PT": 25, "QA": 29, "RO": 24, "RS": 22, "RU": 33, "SA": 24, "SC": 31, "SD": 18, "SE": 24, "SI": 19, "SK": 24,
	"SM": 27, "SO": 23, "ST": 25, "SV": 28, "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20,
	"YE": 30,
}

// ibanDigits: countries whose account part is digits only.
var ibanDigits = map[string]bool{
	"AT": true, "BA": true, "BE": true, "CR": true, "CZ": true, "DE": true, "DK": true, "EE": true, "ES": true,
	"FI": true, "FO": true, "GL": true, "HR": true, "HU": true, "IL": true, "IS": true, "LT": true, "ME": true,
	"MR": true, "NO": true, "PL": true, "PT": true, "RS": true, "SE": true, "SI": true, "SK": true, "TN": true,
	"VA": true, "XK": true,
}

// iban looks at a word that starts with two letters and two digits; groups may
// be divided by single spaces or hyphens. It returns the end, or 0.
func (s *Scanner) iban(i, j int) int {
	text := s.text
	if i+4 > len(text) || !isAlpha(text[i+1]) {
		return 0
	}
	country := string([]byte{upperByte(text[i]), upperByte(text[i+1])})
	length := ibanLength[country]
	if length == 0 || !s.startsFree(i) {
		return 0
	}
	s.norm = s.norm[:0]
	at := i
	for at < len(text) && len(s.norm) < length {
		c := text[at]
		if (c == ' ' || c == '-') && at > i {
			at++
			if at < len(text) && class[text[at]]&alnum == 0 {
				return 0
			}
			continue
		}
		if class[c]&alnum == 0 {
			return 0
		}
		s.norm = append(s.norm, upperByte(c))
		at++
	}
	b := s.norm
	if len(b) < length || !isDigit(b[2]) || !isDigit(b[3]) || at < len(text) && (isAlnum(text[at]) || glued(text, at)) {
		return 0
	}
	digitsOnly := ibanDigits[country]
	for _, c := range b[4:] {
		if digitsOnly && !isDigit(c) {
			return 0
		}
	}
	// The first four characters count last.
	var turned [40]byte
	n := copy(turned[:], b[4:])
	n += copy(turned[n:], b[:4])
	if mod97(turned[:n]) != 1 {
		return 0
	}
	s.add(i, at, kIBAN, 96)
	return at
}

var bankNumbers = []numberSpec{
	{"us_aba_routing", "9|4,4,1", "-", aba, scores{45, 85, 92}},
	{"us_bank_account", "8|9|10|11|12|13|14|15|16|17", "", always, scores{0, 80, 88}},
}

// aba: Federal Reserve prefix and weights 3, 7, 1.
func aba(d []byte) bool {
	p := two(d)
	if !(p <= 12 || p >= 21 && p <= 32 || p >= 61 && p <= 72 || p == 80) {
		return false
	}
	return weighted(d, 3, 7, 1, 3, 7, 1, 3, 7, 1)%10 == 0
}

// swift: 4 letters, an ISO country, 2 and optionally 3 more characters; words
// of 8 letters are common, so the name of the field or a keyword must speak.
func (s *Scanner) swift(i, j int) {
	n := j - i
	if n != 8 && n != 11 {
		return
	}
	b := s.text[i:j]
	for k, c := range b {
		if class[c]&(upper|digit) == 0 || k < 6 && class[c]&upper == 0 {
			return
		}
	}
	if _, ok := ibanLength[string(b[4:6])]; !ok && string(b[4:6]) != "US" && string(b[4:6]) != "JP" && string(b[4:6]) != "CA" && string(b[4:6]) != "AU" && string(b[4:6]) != "CN" && string(b[4:6]) != "IN" {
		return
	}
	s.add(i, j, kSwift, s.weigh(i, j, kSwift, scores{40, 85, 92}))
}

var (
	setBase58 = newCharset("1-9A-HJ-NP-Za-km-z")
	setBech32 = newCharset("ac-hj-np-z02-9")
)

// wallet looks at a long word: a Bitcoin address in base58check or bech32, or
// an Ethereum address.
func (s *Scanner) wallet(i, j int) int {
	b := s.text[i:j]
	k, ok := Kind(0), false
	switch {
	case (b[0] == '1' || b[0] == '3') && len(b) >= 26 && len(b) <= 35:
		k, ok = kWallet, setBase58.span(b, 0, 40) == len(b) && base58check(b)
	case len(b) >= 42 && len(b) <= 62 && startsWithFold(b, 0, "bc1"):
		k, ok = kWallet, bech32(b)
	case len(b) == 42 && b[0] == '0' && b[1] == 'x':
		if setHexa.span(b, 2, 40) == 42 {
			s.add(i, j, kEther, s.weigh(i, j, kEther, plausible))
			return j
		}
	}
	if !ok {
		return 0
	}
	s.add(i, j, k, 95)
	return j
}

// base58check: the last four bytes are the start of a double SHA-256.
func base58check(b []byte) bool {
	const alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
	v, base := new(big.Int), big.NewInt(58)
	for _, c := range b {
		at := 0
		for at < len(alphabet) && alphabet[at] != c {
			at++
		}
		v.Mul(v, base).Add(v, big.NewInt(int64(at)))
	}
	if v.BitLen() > 25*8 {
		return false
	}
	var raw [25]byte
	v.FillBytes(raw[:])
	once := sha256.Sum256(raw[:21])
	twice := sha256.Sum256(once[:])
	return string(twice[:4]) == string(raw[21:])
}

// bech32 checks BIP 173 and BIP 350 (constants 1 and 0x2bc830a3).
func bech32(b []byte) bool {
	const alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
	generator := [5]uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3}
	sum := uint32(1)
	step := func(v byte) {
		top := sum >> 25
		sum = sum&0x1ffffff<<5 ^ uint32(v)
		for i, g := range generator {
			if top>>i&1 == 1 {
				sum ^= g
			}
		}
	}
	for _, v := range []byte{'b' >> 5, 'c' >> 5, 0, 'b' & 31, 'c' & 31} {
		step(v)
	}
	for _, c := range b[3:] {
		c = lowerByte(c)
		if !setBech32.has(c) {
			return false
		}
		at := byte(0)
		for alphabet[at] != c {
			at++
		}
		step(at)
	}
	return sum == 1 || sum == 0x2bc830a3
}
