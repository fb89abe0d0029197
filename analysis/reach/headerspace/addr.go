package headerspace

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"net/netip"
	"strings"
)

// Addr is an IPv6 address, or an IPv4 address in its mapped form ::ffff:a.b.c.d.
// One universe for both families keeps them apart by construction: 0.0.0.0/0
// covers no IPv6 address and ::/0 (see AddrsOf) no IPv4 address.
type Addr struct{ Hi, Lo uint64 }

const mapped = 0xffff << 32

// AddrOf converts an address; a zone is dropped.
func AddrOf(a netip.Addr) Addr {
	b := a.As16()
	return Addr{binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:])}
}

// IPv4 returns the address with the given 32 bits.
func IPv4(v uint32) Addr { return Addr{0, mapped | uint64(v)} }

// ParseAddr reads the textual form of an address.
func ParseAddr(s string) (Addr, error) {
	a, err := netip.ParseAddr(strings.TrimSpace(s))
	if err != nil {
		return Addr{}, fmt.Errorf("address %q: not an IPv4 or IPv6 address", s)
	}
	return AddrOf(a), nil
}

// Is4 reports whether the address is an IPv4 address.
func (a Addr) Is4() bool { return a.Hi == 0 && a.Lo>>32 == 0xffff }

// Netip returns the address in the standard library's form.
func (a Addr) Netip() netip.Addr {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], a.Hi)
	binary.BigEndian.PutUint64(b[8:], a.Lo)
	return netip.AddrFrom16(b).Unmap()
}

func (a Addr) String() string { return a.Netip().String() }

// Compare orders addresses numerically.
func (a Addr) Compare(b Addr) int {
	switch {
	case a.Hi < b.Hi:
		return -1
	case a.Hi > b.Hi:
		return 1
	case a.Lo < b.Lo:
		return -1
	case a.Lo > b.Lo:
		return 1
	}
	return 0
}

// Next returns the address after a.
func (a Addr) Next() Addr {
	lo, c := bits.Add64(a.Lo, 1, 0)
	return Addr{a.Hi + c, lo}
}

// Prev returns the address before a.
func (a Addr) Prev() Addr {
	lo, b := bits.Sub64(a.Lo, 1, 0)
	return Addr{a.Hi - b, lo}
}

// IsMax tells the last IPv6 address.
func (a Addr) IsMax() bool { return a.Hi == math.MaxUint64 && a.Lo == math.MaxUint64 }

// Addrs is a set of addresses of both families.
type Addrs = Set[Addr]

// AddrRange is a closed range of addresses.
type AddrRange = Interval[Addr]

// One returns the set with the single address a.
func One(a Addr) Addrs { return Addrs{{a, a}} }

// All4 is every IPv4 address, All6 every IPv6 address, All both.
var (
	All4 = Addrs{{IPv4(0), IPv4(math.MaxUint32)}}
	All6 = Addrs{{Addr{}, IPv4(0).Prev()}, {IPv4(math.MaxUint32).Next(), Addr{math.MaxUint64, math.MaxUint64}}}
	All  = Addrs{{Addr{}, Addr{math.MaxUint64, math.MaxUint64}}}
)

// ParsePrefix reads a CIDR block; host bits are cleared, as AWS does on input
// (100.68.0.18/18 becomes 100.68.0.0/18).
func ParsePrefix(s string) (Addrs, error) {
	p, err := netip.ParsePrefix(strings.TrimSpace(s))
	if err != nil {
		return nil, fmt.Errorf("prefix %q: not a CIDR block", s)
	}
	return AddrsOf(p), nil
}

// AddrsOf returns the addresses of a prefix. An IPv6 prefix that contains the
// mapped range (only those of length 80 and less do) leaves it out.
func AddrsOf(p netip.Prefix) Addrs {
	first, n := AddrOf(p.Masked().Addr()), p.Bits()
	if p.Addr().Is4() {
		n += 96
	}
	last := first
	if n < 64 {
		last.Hi |= math.MaxUint64 >> n
		last.Lo = math.MaxUint64
	} else if n < 128 {
		last.Lo |= math.MaxUint64 >> (n - 64)
	}
	s := Addrs{{first, last}}
	if p.Addr().Is6() && s.Overlaps(All4) {
		return s.Minus(All4)
	}
	return s
}

// Prefixes returns the shortest list of CIDR blocks that make up the set.
func Prefixes(s Addrs) []netip.Prefix {
	var out []netip.Prefix
	if s.Covers(All6) {
		out = append(out, netip.MustParsePrefix("::/0"))
		s = s.Intersect(All4)
	}
	for _, r := range s {
		for at := r.First; ; {
			size := maxBlock(at, r.Last)
			bits := 128 - size
			if at.Is4() && bits >= 96 {
				bits -= 96
			}
			out = append(out, netip.PrefixFrom(at.Netip(), bits))
			end := blockEnd(at, size)
			if end == r.Last {
				break
			}
			at = end.Next()
		}
	}
	return out
}

// maxBlock returns the log2 size of the largest aligned block that starts at
// first and does not pass last.
func maxBlock(first, last Addr) int {
	size := 0
	for size < 128 {
		n := size + 1
		if n <= 64 && first.Lo&(1<<(n-1)) != 0 || n > 64 && first.Hi&(1<<(n-65)) != 0 {
			break
		}
		if blockEnd(first, n).Compare(last) > 0 {
			break
		}
		size = n
	}
	return size
}

func blockEnd(first Addr, size int) Addr {
	switch {
	case size == 0:
		return first
	case size <= 64:
		return Addr{first.Hi, first.Lo | math.MaxUint64>>(64-size)}
	}
	return Addr{first.Hi | math.MaxUint64>>(128-size), math.MaxUint64}
}

// Size4 returns the number of IPv4 addresses in the set.
func Size4(s Addrs) uint64 {
	var n uint64
	for _, r := range s.Intersect(All4) {
		n += r.Last.Lo - r.First.Lo + 1
	}
	return n
}

// Size6 returns the number of IPv6 /64 networks that the set touches.
func Size6(s Addrs) float64 {
	n := 0.0
	for _, r := range s.Minus(All4) {
		n += float64(r.Last.Hi-r.First.Hi) + 1
	}
	return n
}
