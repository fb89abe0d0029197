package technique

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/permission"
	"github.com/cairn-security/cairn/graph"
)

// fromAnyAddress decides an access of a public caller anew where it was left to
// the address the request comes from. Ranges so wide that an attacker finds an
// address in them are no limit; ranges of private addresses let nobody in,
// because what comes over the internet has a public one and what comes through a
// VPC endpoint has none.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceip
func (e *Estate) fromAnyAddress(caller, store graph.Ref, access permission.Access, g permission.Given, d *attack.Decision) *attack.Decision {
	if !d.Allowed || d.Status != attack.Conditional {
		return d
	}
	for _, alternative := range d.Conditions {
		for _, c := range alternative {
			if !strings.EqualFold(c.Key, "aws:SourceIp") || c.Negated || !strings.EqualFold(c.Operator, "IpAddress") {
				continue
			}
			for _, value := range c.Values {
				address, ok := anAddress(value)
				if !ok {
					continue
				}
				g.SourceIP = address
				if got := e.Perm.CanAccess(caller, store, access, g); got.Allowed && got.Status < d.Status {
					return got
				}
			}
		}
	}
	if d.Always(privateAddresses) {
		return &attack.Decision{Missing: []string{"a request over the internet has no private address"}}
	}
	return d
}

// widest are the longest prefixes of ranges that are no limit: a quarter of all
// addresses of IPv4, all that IPv6 has given out.
var widest = map[bool]int{true: 2, false: 3}

// anAddress is a public address in a range that is no limit.
func anAddress(value string) (string, bool) {
	p, err := netip.ParsePrefix(value)
	if err != nil || p.Bits() > widest[p.Addr().Is4()] {
		return "", false
	}
	for _, candidate := range []string{"8.8.8.8", "93.184.216.34", "151.101.1.69", "198.41.0.4", "2600::1"} {
		if a := netip.MustParseAddr(candidate); p.Contains(a) {
			return candidate, true
		}
	}
	return "", false
}

// privateAddresses reports whether a condition asks for private addresses only.
func privateAddresses(c attack.Condition) bool {
	return strings.EqualFold(c.Key, "aws:SourceIp") && !c.Negated && strings.EqualFold(c.Operator, "IpAddress") &&
		len(c.Values) > 0 && !slices.ContainsFunc(c.Values, func(v string) bool { return !private(v) })
}

func private(value string) bool {
	p, err := netip.ParsePrefix(value)
	if err != nil {
		a, err := netip.ParseAddr(value)
		return err == nil && (a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast())
	}
	for _, within := range []string{"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "fc00::/7", "fe80::/10"} {
		if w := netip.MustParsePrefix(within); w.Bits() <= p.Bits() && w.Contains(p.Addr()) {
			return true
		}
	}
	return false
}
