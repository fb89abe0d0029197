package headerspace_test

import (
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	hs "github.com/cairn-security/cairn/analysis/reach/headerspace"
)

// drawSet draws a set in a universe of 64 keys together with its members.
func drawSet(t *rapid.T, label string) (hs.Services, [64]bool) {
	var in []hs.Interval[hs.Key]
	var members [64]bool
	for range rapid.IntRange(0, 5).Draw(t, label) {
		lo, hi := rapid.IntRange(0, 63).Draw(t, "lo"), rapid.IntRange(0, 63).Draw(t, "hi")
		in = append(in, hs.Interval[hs.Key]{First: hs.Key(lo), Last: hs.Key(hi)})
		for i := lo; i <= hi; i++ {
			members[i] = true
		}
	}
	return hs.NewSet(in...), members
}

func checkSet(t *rapid.T, what string, s hs.Services, want func(i int) bool) {
	for i := range 64 {
		if s.Contains(hs.Key(i)) != want(i) {
			t.Fatalf("%s: %d in %v is %v", what, i, s, !want(i))
		}
	}
	for i := 1; i < len(s); i++ {
		if s[i].First <= s[i-1].Last+1 {
			t.Fatalf("%s: %v is not sorted, disjoint and non-adjacent", what, s)
		}
	}
}

func TestSetsAgainstBits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, am := drawSet(t, "a")
		b, bm := drawSet(t, "b")
		checkSet(t, "new", a, func(i int) bool { return am[i] })
		checkSet(t, "intersect", a.Intersect(b), func(i int) bool { return am[i] && bm[i] })
		checkSet(t, "union", a.Union(b), func(i int) bool { return am[i] || bm[i] })
		checkSet(t, "minus", a.Minus(b), func(i int) bool { return am[i] && !bm[i] })
		overlaps, covers := false, true
		for i := range 64 {
			overlaps = overlaps || am[i] && bm[i]
			covers = covers && (!bm[i] || am[i])
		}
		if a.Overlaps(b) != overlaps || a.Covers(b) != covers {
			t.Fatalf("%v and %v: overlaps %v, covers %v", a, b, a.Overlaps(b), a.Covers(b))
		}
	})
}

func TestSpacesAgainstPackets(t *testing.T) {
	addrs := func(t *rapid.T) hs.Addrs {
		lo := uint32(rapid.IntRange(0, 7).Draw(t, "lo"))
		return hs.NewSet(hs.AddrRange{First: hs.IPv4(lo), Last: hs.IPv4(uint32(rapid.IntRange(int(lo), 7).Draw(t, "hi")))})
	}
	draw := func(t *rapid.T) hs.Space {
		var s hs.Space
		for range rapid.IntRange(0, 3).Draw(t, "cubes") {
			lo := rapid.IntRange(0, 7).Draw(t, "port")
			s = append(s, hs.Cube{Src: addrs(t), Dst: addrs(t), Svc: hs.Services{{First: hs.Key(lo), Last: hs.Key(rapid.IntRange(lo, 7).Draw(t, "to"))}}})
		}
		return s
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := draw(t), draw(t)
		minus, union, both, merged := a.Minus(b), a.Union(b), a.Intersect(b), a.Merge()
		for s := range uint32(8) {
			for d := range uint32(8) {
				for k := range hs.Key(8) {
					in, other := a.Contains(hs.IPv4(s), hs.IPv4(d), k), b.Contains(hs.IPv4(s), hs.IPv4(d), k)
					for what, got := range map[string][2]bool{
						"minus": {minus.Contains(hs.IPv4(s), hs.IPv4(d), k), in && !other}, "union": {union.Contains(hs.IPv4(s), hs.IPv4(d), k), in || other},
						"both": {both.Contains(hs.IPv4(s), hs.IPv4(d), k), in && other}, "merge": {merged.Contains(hs.IPv4(s), hs.IPv4(d), k), in},
					} {
						if got[0] != got[1] {
							t.Fatalf("%s of %v and %v at %d %d %d: %v", what, a, b, s, d, k, got[0])
						}
					}
				}
			}
		}
	})
}

func TestPrefixesRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var want hs.Addrs
		for range rapid.IntRange(1, 4).Draw(t, "n") {
			lo := rapid.Uint32().Draw(t, "lo")
			hi := rapid.Uint32Range(lo, 1<<32-1).Draw(t, "hi")
			want = want.Union(hs.Addrs{{First: hs.IPv4(lo), Last: hs.IPv4(hi)}})
		}
		var got hs.Addrs
		for _, p := range hs.Prefixes(want) {
			got = got.Union(hs.AddrsOf(p))
		}
		if !got.Equal(want) {
			t.Fatalf("%v comes back as %v", want, got)
		}
	})
}

func TestPrefixes(t *testing.T) {
	for _, text := range []string{"0.0.0.0/0", "::/0", "10.0.0.0/8", "2001:db8::/32", "1.2.3.4/32", "2600::1/128", "128.0.0.0/1", "::/1", "8000::/1"} {
		set, err := hs.ParsePrefix(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := hs.Prefixes(set); text != "::/1" && (len(got) != 1 || got[0] != netip.MustParsePrefix(text)) {
			t.Errorf("%s comes back as %v", text, got)
		}
	}
	v4, _ := hs.ParsePrefix("0.0.0.0/0")
	v6, _ := hs.ParsePrefix("::/0")
	if v4.Overlaps(v6) || !v4.Union(v6).Equal(hs.All) {
		t.Error("IPv4 and IPv6 must be apart and together everything")
	}
	if set, _ := hs.ParsePrefix("100.68.0.18/18"); !set.Equal(hs.AddrsOf(netip.MustParsePrefix("100.68.0.0/18"))) {
		t.Errorf("host bits are not cleared: %v", set)
	}
	if hs.Size4(v4) != 1<<32 {
		t.Errorf("size of 0.0.0.0/0: %d", hs.Size4(v4))
	}
}

func TestRanges(t *testing.T) {
	svc := hs.Ports(hs.TCP, 22, 22).Union(hs.Ports(hs.UDP, 53, 60)).Union(hs.Ports(hs.ICMP, 8<<8, 8<<8|255)).Union(hs.Protocol(50))
	want := []hs.ServiceRange{{"icmp", "8/*"}, {"tcp", "22-22"}, {"udp", "53-60"}, {"50", ""}}
	if diff := cmp.Diff(want, hs.Ranges(svc)); diff != "" {
		t.Error(diff)
	}
	if got := hs.Describe(svc); got != "icmp 8/*, tcp 22, udp 53-60, 50" {
		t.Error(got)
	}
	if got := hs.Ranges(hs.AnyService); len(got) != 1 || got[0].Protocol != "all" {
		t.Error(got)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"10.0.0.0/8", "::/0", "1.2.3.4", "-1", "icmpv6", "256"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if set, err := hs.ParsePrefix(s); err == nil {
			var back hs.Addrs
			for _, p := range hs.Prefixes(set) {
				back = back.Union(hs.AddrsOf(p))
			}
			if !back.Equal(set) {
				t.Errorf("%q: %v comes back as %v", s, set, back)
			}
		}
		_, _ = hs.ParseAddr(s)
		_, _, _ = hs.ParseProtocol(s)
	})
}
