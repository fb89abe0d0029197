package detect

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/cairn-security/cairn/graph/sit"
)

// noise makes text in which nothing is about a person and nothing is secret,
// but much looks like it: ids, hashes, times, versions, amounts, code.
func noise(size int) []byte {
	r := rand.New(rand.NewPCG(3, 5))
	hex := func(n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = "0123456789abcdef"[r.IntN(16)]
		}
		return string(b)
	}
	uuid := func() string { return hex(8) + "-" + hex(4) + "-4" + hex(3) + "-a" + hex(3) + "-" + hex(12) }
	var b bytes.Buffer
	for b.Len() < size {
		switch r.IntN(16) {
		case 0:
			fmt.Fprintf(&b, "2024-%02d-%02dT%02d:%02d:%02d.%06dZ INFO order %d shipped in %d ms\n", 1+r.IntN(12), 1+r.IntN(28), r.IntN(24), r.IntN(60), r.IntN(60), r.IntN(1e6), r.IntN(1e9), r.IntN(5000))
		case 1:
			fmt.Fprintf(&b, "trace %s span %s parent %s\n", hex(32), hex(16), hex(16))
		case 2:
			fmt.Fprintf(&b, `{"id":"%s","key":"%s","size":%d,"etag":"%s"}`+"\n", uuid(), uuid(), r.IntN(1e9), hex(32))
		case 3:
			fmt.Fprintf(&b, "batch %010d lot %09d unit %012d\n", r.Int64N(1e10), r.Int64N(1e9), r.Int64N(1e12))
		case 4:
			fmt.Fprintf(&b, "lib-%d.%d.%d depends on core@%d.%d.%d sha512-%s\n", r.IntN(9), r.IntN(30), r.IntN(99), r.IntN(9), r.IntN(9), r.IntN(99), hex(64))
		case 5:
			fmt.Fprintf(&b, "%d,%.6f,%.4f,%d,%d\n", r.IntN(1e6), r.Float64()*100, r.Float64(), r.IntN(1e5), 1600000000+r.IntN(1e8))
		case 6:
			fmt.Fprintf(&b, "for i := 0; i < %d; i++ { total += values[i] * 0x%s }\n", r.IntN(1000), hex(8))
		case 7:
			fmt.Fprintf(&b, "invoice INV-%06d-%04d amount %d.%02d EUR due %02d.%02d.2024\n", r.IntN(1e6), r.IntN(1e4), r.IntN(1e5), r.IntN(100), 1+r.IntN(28), 1+r.IntN(12))
		case 8:
			fmt.Fprintf(&b, "GET /api/v2/items/%d?page=%d&cursor=%s 200 %d\n", r.IntN(1e9), r.IntN(100), hex(24), r.IntN(1e6))
		case 9:
			fmt.Fprintf(&b, "arn:aws:iam::%012d:role/deploy-%s i-%s vpc-%s\n", r.Int64N(1e12), hex(6), hex(17), hex(8))
		case 10:
			fmt.Fprintf(&b, "epoch_us=%d epoch_ms=%d ticks=%d\n", int64(1.6e15)+r.Int64N(1e14), int64(1.6e12)+r.Int64N(1e11), r.Int64N(1e18))
		case 11:
			fmt.Fprintf(&b, "The release notes mention %d changes, %d fixes and section %d.%d.%d in total.\n", r.IntN(500), r.IntN(90), r.IntN(9), r.IntN(20), r.IntN(20))
		case 12:
			fmt.Fprintf(&b, "commit %s\nAuthor date: %d +0000\n", hex(40), 1600000000+r.IntN(1e8))
		case 13:
			fmt.Fprintf(&b, "sku %c%c%06d part %c%08d rev %c%d\n", 'A'+r.IntN(26), 'A'+r.IntN(26), r.IntN(1e6), 'A'+r.IntN(26), r.IntN(1e8), 'A'+r.IntN(26), r.IntN(100))
		case 14:
			fmt.Fprintf(&b, "tokenCount: %d, maxTokens: %d, keyLength=%d, passRate=%.3f\n", r.IntN(9000), r.IntN(9000), 128*(1+r.IntN(16)), r.Float64())
		default:
			fmt.Fprintf(&b, "%d %d %d %d %d %d %d\n", r.IntN(1000), r.IntN(10000), r.IntN(1000), r.IntN(100), r.IntN(10000), r.IntN(100000), r.IntN(1000))
		}
	}
	return b.Bytes()
}

// falsePerMB is what plain text without personal data may give.
const falsePerMB = 50

func TestFalseFindings(t *testing.T) {
	const size = 4 << 20
	d := New(nil, nil)
	text := noise(size)
	counts := map[sit.ID]int{}
	total := 0
	examples := map[sit.ID]string{}
	for _, h := range d.Scanner().Scan(text, nil) {
		if h.Score < minScore {
			continue
		}
		total++
		counts[d.ID(h.Kind)]++
		examples[d.ID(h.Kind)] = string(text[max(0, h.Start-20):min(len(text), h.End+10)])
	}
	perMB := float64(total) / (size / 1e6)
	t.Logf("%.1f false findings per MB: %v", perMB, counts)
	for id, n := range counts {
		if n > 10 {
			t.Logf("%s: %d, e.g. %q", id, n, examples[id])
		}
	}
	if perMB > falsePerMB {
		t.Errorf("%.1f false findings per MB, want at most %d", perMB, falsePerMB)
	}
}
