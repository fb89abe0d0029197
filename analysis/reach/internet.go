package reach

import "github.com/cairn-security/cairn/analysis/reach/headerspace"

// publicSpace are the addresses that packets from the internet can come from:
// all unicast addresses but those of the IANA special-purpose registries
// (https://www.iana.org/assignments/iana-ipv4-special-registry). Blocks for
// documentation stay in: examples and demonstrations use them as ordinary
// public addresses, and as no host has one, no real answer depends on them.
var publicSpace = func() addrs {
	var out addrs
	out = headerspace.All4
	for _, p := range []string{
		"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
		"192.0.0.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4",
	} {
		out = out.Minus(mustPrefix(p))
	}
	six := mustPrefix("2000::/3")
	for _, p := range []string{"2001::/23", "2002::/16"} {
		six = six.Minus(mustPrefix(p))
	}
	return out.Union(six)
}()

var public4, public6 = publicSpace.Intersect(headerspace.All4), publicSpace.Intersect(headerspace.All6)

// mustPrefix is for the literals of this file.
func mustPrefix(s string) addrs {
	set, err := headerspace.ParsePrefix(s)
	if err != nil {
		panic(err)
	}
	return set
}

// Class measures how much of the outside a set of sources is.
type Class string

// Classes. See [ClassOf] for the thresholds.
const (
	ClassInternet   Class = "internet"   // nearly everybody
	ClassBroad      Class = "broad"      // more than a /8 in sum
	ClassRestricted Class = "restricted" // listed ranges
	ClassPartner    Class = "partner"    // another account's network, or what lies behind VPN or Direct Connect
	ClassInternal   Class = "internal"   // the account's own networks only
	ClassNone       Class = "none"
	ClassUnknown    Class = "unknown"
)

// ClassOf measures the public sources of a set: internet from nine tenths of
// the public IPv4 space or of 2000::/3, broad from more than a /8 of IPv4 or a
// /19 of IPv6, restricted below. The measure counts addresses, so two halves,
// a prefix list or a hundred ranges weigh what they hold, not how they are
// written. An empty set is none.
func ClassOf(sources headerspace.Addrs) Class {
	s := sources.Intersect(publicSpace)
	n4, n6 := float64(headerspace.Size4(s)), headerspace.Size6(s)
	switch {
	case s.Empty():
		return ClassNone
	case n4 >= 0.9*float64(headerspace.Size4(public4)), n6 >= 0.9*headerspace.Size6(public6):
		return ClassInternet
	case n4 > 1<<24, n6 > 1<<45:
		return ClassBroad
	}
	return ClassRestricted
}
