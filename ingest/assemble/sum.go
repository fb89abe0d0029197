package assemble

import "hash/maphash"

// changing are the members of a description that differ between two readings
// although nobody changed anything: uses, times, measurements.
var changing = map[string]bool{
	"RoleLastUsed": true, "PasswordLastUsed": true, "AttachmentCount": true, "PermissionsBoundaryUsageCount": true,
	"LatestRestorableTime": true, "VgwTelemetry": true,
}

var seed = maphash.MakeSeed()

// sumOf hashes a JSON value so that equal content gives an equal sum: members
// and elements may stand in any order, null is as good as absent, and members
// at the top that change by themselves count nothing. Sums are comparable
// within one process. Cost: O(len(raw)), no allocation.
func sumOf(raw []byte) uint64 {
	s := summer{raw: raw}
	return s.value(true) | 1 // never 0
}

type summer struct {
	raw []byte
	at  int
}

// next is the next byte that is no space, 0 at the end.
func (s *summer) next() byte {
	for ; s.at < len(s.raw); s.at++ {
		switch b := s.raw[s.at]; b {
		case ' ', '\n', '\t', '\r', ',', ':':
		default:
			return b
		}
	}
	return 0
}

// null is the sum of null, and of what is missing.
const null = 0

func (s *summer) value(top bool) uint64 {
	switch s.next() {
	case '{':
		s.at++
		total := uint64(1)
		for b := s.next(); b != '}' && b != 0; b = s.next() {
			name := s.token()
			value := s.value(false)
			if value == null || top && len(name) > 2 && changing[string(name[1:len(name)-1])] {
				continue
			}
			total += mix(maphash.Bytes(seed, name) ^ value<<1)
		}
		s.at++
		return mix(total)
	case '[':
		s.at++
		total := uint64(2)
		for b := s.next(); b != ']' && b != 0; b = s.next() {
			total += mix(s.value(false) + 1)
		}
		s.at++
		return mix(total)
	}
	if token := s.token(); string(token) != "null" {
		return maphash.Bytes(seed, token) | 1
	}
	return null
}

// token is a string, a number or a word as it stands.
func (s *summer) token() []byte {
	s.next()
	from := s.at
	if s.at < len(s.raw) && s.raw[s.at] == '"' {
		for s.at++; s.at < len(s.raw) && s.raw[s.at] != '"'; s.at++ {
			if s.raw[s.at] == '\\' {
				s.at++
			}
		}
		s.at = min(s.at+1, len(s.raw))
		return s.raw[from:s.at]
	}
	for s.at++; s.at < len(s.raw); s.at++ {
		switch s.raw[s.at] {
		case ' ', '\n', '\t', '\r', ',', ':', '}', ']':
			return s.raw[from:s.at]
		}
	}
	s.at = min(s.at, len(s.raw))
	return s.raw[min(from, s.at):s.at]
}

// mix spreads a sum over all bits (the finalizer of SplitMix64), so that the
// sums of parts can be added up.
func mix(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}
