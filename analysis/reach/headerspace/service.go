package headerspace

import (
	"cmp"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Key is one service: the IP protocol number in bits 16 to 23 and, below it,
// the destination port (TCP, UDP), type<<8|code (ICMP, ICMPv6), or nothing to
// tell apart (every other protocol uses all 65,536 values at once).
type Key uint32

// IP protocol numbers that have ports or types.
const (
	ICMP   = 1
	TCP    = 6
	UDP    = 17
	ICMPv6 = 58
)

const maxKey Key = 255<<16 | 0xffff

// MakeKey returns the service of a protocol and port.
func MakeKey(proto uint8, port uint16) Key { return Key(proto)<<16 | Key(port) }

// Proto returns the protocol number.
func (k Key) Proto() uint8 { return uint8(k >> 16) }

// Port returns the port, or type<<8|code.
func (k Key) Port() uint16 { return uint16(k) }

// Compare orders by protocol, then port.
func (k Key) Compare(l Key) int { return cmp.Compare(k, l) }

// Next returns the key after k.
func (k Key) Next() Key { return k + 1 }

// Prev returns the key before k.
func (k Key) Prev() Key { return k - 1 }

// IsMax tells the last key.
func (k Key) IsMax() bool { return k == maxKey }

// Services is a set of services.
type Services = Set[Key]

// AnyService is every protocol and port.
var AnyService = Services{{0, maxKey}}

// Protocol returns every service of one protocol.
func Protocol(proto uint8) Services { return Ports(proto, 0, math.MaxUint16) }

// Ports returns the services of one protocol with ports first to last.
func Ports(proto uint8, first, last uint16) Services {
	return Services{{MakeKey(proto, first), MakeKey(proto, last)}}
}

// ParseProtocol reads tcp, udp, icmp, icmpv6 or a number; "-1" and "all" give
// any = true.
func ParseProtocol(s string) (proto uint8, any bool, err error) {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "-1", "all", "any":
		return 0, true, nil
	case "icmp":
		return ICMP, false, nil
	case "tcp":
		return TCP, false, nil
	case "udp":
		return UDP, false, nil
	case "icmpv6", "icmp6", "ipv6-icmp":
		return ICMPv6, false, nil
	}
	n, err := strconv.ParseUint(strings.TrimSpace(s), 10, 8)
	if err != nil {
		return 0, false, fmt.Errorf("protocol %q: want tcp, udp, icmp, icmpv6, -1 or 0-255", s)
	}
	return uint8(n), false, nil
}

// ProtocolName returns the name that ParseProtocol reads back.
func ProtocolName(proto uint8) string {
	switch proto {
	case ICMP:
		return "icmp"
	case TCP:
		return "tcp"
	case UDP:
		return "udp"
	case ICMPv6:
		return "icmpv6"
	}
	return strconv.Itoa(int(proto))
}

// HasPorts reports whether the protocol has ports that filters look at.
func HasPorts(proto uint8) bool { return proto == TCP || proto == UDP }

// IsICMP reports whether the protocol has types and codes.
func IsICMP(proto uint8) bool { return proto == ICMP || proto == ICMPv6 }

// ServiceRange is one run of ports of one protocol, or of all protocols.
type ServiceRange struct {
	// Protocol is "tcp", "udp", "icmp", "icmpv6", a number, or "all".
	Protocol string
	// Ports is "22-22"; for ICMP "8/0" (type/code), "8/*", "3/1-4"; "" where
	// the protocol has none.
	Ports string
}

// Ranges lists the set by protocol; a run over several whole protocols is
// listed protocol by protocol unless it is all of them.
func Ranges(s Services) []ServiceRange {
	if s.Covers(AnyService) {
		return []ServiceRange{{Protocol: "all"}}
	}
	var out []ServiceRange
	for _, iv := range s {
		for p := int(iv.First.Proto()); p <= int(iv.Last.Proto()); p++ {
			lo, hi := uint16(0), uint16(math.MaxUint16)
			if p == int(iv.First.Proto()) {
				lo = iv.First.Port()
			}
			if p == int(iv.Last.Proto()) {
				hi = iv.Last.Port()
			}
			out = append(out, portRanges(uint8(p), lo, hi)...)
		}
	}
	return out
}

func portRanges(proto uint8, lo, hi uint16) []ServiceRange {
	name := ProtocolName(proto)
	switch {
	case HasPorts(proto):
		return []ServiceRange{{name, fmt.Sprintf("%d-%d", lo, hi)}}
	case !IsICMP(proto):
		return []ServiceRange{{name, ""}}
	case lo == 0 && hi == math.MaxUint16:
		return []ServiceRange{{name, "*"}}
	}
	var out []ServiceRange
	for t := int(lo >> 8); t <= int(hi>>8); t++ {
		a, b := 0, 255
		if t == int(lo>>8) {
			a = int(lo & 255)
		}
		if t == int(hi>>8) {
			b = int(hi & 255)
		}
		switch {
		case a == 0 && b == 255:
			out = append(out, ServiceRange{name, fmt.Sprintf("%d/*", t)})
		case a == b:
			out = append(out, ServiceRange{name, fmt.Sprintf("%d/%d", t, a)})
		default:
			out = append(out, ServiceRange{name, fmt.Sprintf("%d/%d-%d", t, a, b)})
		}
	}
	return out
}

// Describe renders the set in one line, e.g. "tcp 22, tcp 8000-8100".
func Describe(s Services) string {
	if s.Empty() {
		return "nothing"
	}
	var parts []string
	for _, r := range Ranges(s) {
		lo, hi, _ := strings.Cut(r.Ports, "-")
		switch {
		case r.Protocol == "all":
			return "all traffic"
		case r.Ports == "" || r.Ports == "*" || r.Ports == "0-65535":
			parts = append(parts, r.Protocol)
		case lo == hi:
			parts = append(parts, r.Protocol+" "+lo)
		default:
			parts = append(parts, r.Protocol+" "+r.Ports)
		}
		if len(parts) == 8 {
			return strings.Join(parts, ", ") + ", …"
		}
	}
	return strings.Join(parts, ", ")
}
