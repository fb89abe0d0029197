package detect

var kBirth = kind("date_of_birth")

// isDate reports whether the first g groups are a calendar date, or a date
// that goes on with an hour.
func isDate(n *digits, g int) bool {
	if g < 3 {
		return g == 1 && n.lens[0] == 8 && compactDate(n.d[:8])
	}
	_, ok := dateGroups(n)
	return ok
}

// compactDate: YYYYMMDD.
func compactDate(d []byte) bool {
	century := two(d)
	return (century == 19 || century == 20) && dayMonth(two(d[6:]), two(d[4:]))
}

// dateGroups reads three groups as a date in any usual order and gives the
// year.
func dateGroups(n *digits) (year int, ok bool) {
	if n.g < 3 || n.seps[1] != n.seps[2] || n.seps[1] == ' ' {
		return 0, false
	}
	a, b, c := n.lens[0], n.lens[1], n.lens[2]
	d := n.d[:n.n]
	value := func(from, length uint8) int { return modRest(d[from:from+length], 1<<30) }
	switch {
	case a == 4 && b <= 2 && c <= 2:
		year = value(0, 4)
		return year, year >= 1880 && year < 2100 && dayMonth(value(4+b, c), value(4, b))
	case a <= 2 && b <= 2 && c == 4:
		year = value(a+b, 4)
		x, y := value(0, a), value(a, b)
		return year, year >= 1880 && year < 2100 && (dayMonth(x, y) || dayMonth(y, x))
	case a <= 2 && b <= 2 && c == 2 && n.seps[1] != '.':
		x, y := value(0, a), value(a, b)
		return 1900 + value(a+b, 2), dayMonth(x, y) || dayMonth(y, x)
	}
	return 0, false
}

// date weighs a date as a date of birth, which only context can make it.
func (s *Scanner) date(n *digits) {
	year, ok := 0, false
	end := 0
	if n.g >= 3 {
		year, ok = dateGroups(n)
		end = n.ends[2]
	} else if n.g == 1 && n.lens[0] == 8 && compactDate(n.d[:8]) {
		year, ok, end = two(n.d[:])*100+two(n.d[2:]), true, n.ends[0]
	}
	if ok && year < 2026 {
		s.named(n.start, end, kBirth, 86, 94)
	}
}
