package detect

// United States: SSN, ITIN, passports and driver licences; Canada: SIN.

var (
	kLicence = kind("us_drivers_license")
)

var usNumbers = []numberSpec{
	{"us_ssn", "3,2,4", "-.", ssn, scores{78, 92, 97}},
	{"us_ssn", "3,2,4", " ", ssn, scores{60, 90, 96}},
	{"us_ssn", "9", "", ssn, scores{0, 82, 92}},
	{"us_itin", "3,2,4", "-", itin, scores{78, 92, 97}},
	{"us_itin", "3,6|5,4", "-", itin, scores{60, 90, 95}},
	{"us_itin", "3,2,4", " ", itin, scores{55, 90, 96}},
	{"us_itin", "9", "", itin, scores{50, 85, 92}},
	{"us_passport", "9", "", always, scores{0, 78, 88}},
	{"ca_sin", "3,3,3", "-", sin, plausible},
	{"ca_sin", "3,3,3", " ", sin, weak},
	{"ca_sin", "9", "", sin, weak},
}

var usWords = []wordSpec{
	{"us_passport", "A99999999", alwaysWord, scores{0, 86, 90}},
	{"us_drivers_license", "A9999999|A99999999|A999999999999|A99999999999999|AA999999A|A9999999999999|AA999999|AA9999999", alwaysWord, scores{0, 80, 88}},
}

func alwaysWord([]byte) bool { return true }

// ssn: no check digit; area 000, 666 and from 900, group 00 and serial 0000
// were never issued (SSA), and some numbers were printed as samples.
func ssn(d []byte) bool {
	area := string(d[:3])
	if area == "000" || area == "666" || d[0] == '9' || string(d[3:5]) == "00" || string(d[5:]) == "0000" {
		return false
	}
	switch string(d) {
	case "078051120", "219099999", "123456789", "457555462", "111223333":
		return false
	}
	return !sequence(d)
}

// itin: 9, then middle pairs that the IRS assigns.
func itin(d []byte) bool {
	m := two(d[3:])
	return d[0] == '9' && (m >= 50 && m <= 65 || m >= 70 && m <= 88 || m >= 90 && m <= 92 || m >= 94 && m <= 99)
}

// sin: Luhn; 0 and 8 do not start a number.
func sin(d []byte) bool { return d[0] != '0' && d[0] != '8' && luhn(d) }

// anyNumber looks for numbers without any form of their own: with a speaking
// name or keyword a number of the right length is what it is called.
func (s *Scanner) anyNumber(n *digits) {
	if n.g > 3 || n.n < 7 || n.n > 14 || !n.ended(n.g) {
		return
	}
	sep := n.separator(n.g)
	if sep != 0 && sep != '-' || same(n.d[:n.n]) {
		return
	}
	start, end := n.start, n.ends[n.g-1]
	s.named(start, end, kLicence, 79, 88)
	if n.g == 1 {
		s.named(start, end, kRecord, 79, 90)
	}
}
