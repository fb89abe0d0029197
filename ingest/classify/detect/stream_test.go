package detect

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// pieces are things detectors react to, whole and broken.
var pieces = []string{
	"4539 1488 0343 6467", "512-48-7391", "ssn ", "my card number is ", "DE89 3704 0044 0532 0130 00", "ann@corp.example", " ", "\n", "\n\n", ", ",
	"password=hunter22x ", "token: 9f86d081884c7d659a2feaa0c55ad015 ", "postgres://app:s3cr3t-pw@db.corp:5432/main", "ghp_hx7rbice4qbtm1rbz3z1i1no8m0x5aqczc9q",
	"-----BEGIN RSA PRIVATE KEY-----\n" + strings.Repeat("MIIEowIBAAKCAQEA1c7+9z5Pad7OejecsQ0bu3aozN3tihPmUWsCpBDgkGBK1234\n", 3) + "-----END RSA PRIVATE KEY-----",
	"192.168.4.20", "::1", "3c:22:fb:9a:01:7e", "+49 30 901820", "(212) 555-0187", "born ", "3/14/1971", "AB", "123456", "C", "x", "=", ":", "\"", "<a>", "é", "日本",
	"Server=db;User ID=a;Password=Tr0ub4dor&3;", "$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc123_-def", "%B4539148803436467^A^27?",
	"curl -u a:Zx81Spectrum", "1 2 3 4 5 6 7", "529.982.247-25", "131052-308T", "1EG4-TE5-MK73", "XQ~", "7Q~", "\\nAKIAJ7QX2M5PLR6TWZ4B",
}

func drawText(t *rapid.T) string {
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 60).Draw(t, "pieces"), "")
}

// parts scans a text in parts of the given sizes, dropping what lies far
// behind, as a reader of a long file does.
func parts(s *Scanner, text string, sizes []int) []Hit {
	var out []Hit
	buf, base, next, read := []byte(nil), 0, 0, 0
	s.Begin()
	for round := 0; ; round++ {
		want := next + sizes[round%len(sizes)] + LookAhead
		if want > len(buf) {
			n := min(want-len(buf), len(text)-read)
			buf = append(buf, text[read:read+n]...)
			read += n
		}
		end := read == len(text)
		limit, settled := len(buf)-LookAhead, 0
		if end {
			limit = len(buf)
		}
		if limit > next {
			next = s.Part(buf, nil, next, limit)
		}
		settled = next - LookBehind
		if end {
			settled = len(buf)
		}
		for _, h := range s.Settled(settled) {
			h.Start, h.End, h.SecretStart, h.SecretEnd = h.Start+base, h.End+base, h.SecretStart+base, h.SecretEnd+base
			out = append(out, h)
		}
		if end {
			return out
		}
		keep := min(s.Waiting(next), next-2*LookBehind)
		if keep > 0 {
			buf = append([]byte(nil), buf[keep:]...)
			s.Shift(keep)
			base, next = base+keep, next-keep
		}
	}
}

// How a text is cut must not change what is found in it.
func TestPartsDoNotMatter(t *testing.T) {
	d := New(nil, nil)
	rapid.Check(t, func(t *rapid.T) {
		middle := drawText(t)
		// Long enough that the look-ahead does not cover everything.
		text := drawText(t) + strings.Repeat(" filler words and 12 more ", rapid.IntRange(0, 2000).Draw(t, "filler")) + middle
		sizes := rapid.SliceOfN(rapid.IntRange(1, 5000), 1, 5).Draw(t, "sizes")
		whole := append([]Hit(nil), d.Scanner().Scan([]byte(text), nil)...)
		if diff := cmp.Diff(whole, parts(d.Scanner(), text, sizes)); diff != "" {
			t.Fatalf("text %q in parts %v (-whole +parts):\n%s", text, sizes, diff)
		}
	})
}

// Hits are sorted, inside the text, and do not overlap.
func checkHits(t interface{ Fatalf(string, ...any) }, text []byte, hits []Hit) {
	last := 0
	for _, h := range hits {
		if h.Start < last || h.End <= h.Start || h.End > len(text) || h.SecretStart < h.Start || h.SecretEnd > h.End || h.SecretStart > h.SecretEnd || h.Score > 100 {
			t.Fatalf("hit %+v in %q (length %d, after %d)", h, text, len(text), last)
		}
		last = h.End
	}
}

func TestHitsAreOrderly(t *testing.T) {
	d := New(nil, nil)
	rapid.Check(t, func(t *rapid.T) {
		text := []byte(drawText(t))
		checkHits(t, text, d.Scanner().Scan(text, nil))
	})
}

func FuzzScan(f *testing.F) {
	for _, p := range pieces {
		f.Add([]byte(p), "name")
	}
	f.Add([]byte(strings.Join(pieces, " ")), "customer.ssn")
	d := New(nil, nil)
	f.Fuzz(func(t *testing.T, text []byte, field string) {
		checkHits(t, text, d.Scanner().Scan(text, nil))
		checkHits(t, text, d.Scanner().Scan(text, NewField(field)))
	})
}
