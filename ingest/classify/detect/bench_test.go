package detect

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
)

// corpus makes about size bytes of synthetic text of one shape; no line is
// about a real person.
func corpus(shape string, size int) []byte {
	r := rand.New(rand.NewPCG(7, 11))
	names := []string{"anna", "jonas", "maria", "peter", "laura", "omar", "chen", "ines"}
	words := []string{"request", "completed", "timeout", "connection", "session", "opened", "handler", "retry", "queue", "worker", "payload", "accepted"}
	var b bytes.Buffer
	for b.Len() < size {
		name := names[r.IntN(len(names))]
		switch shape {
		case "csv":
			fmt.Fprintf(&b, "%d,%s,%s@example-mail.com,+1-202-555-%04d,%03d-%02d-%04d,4%015d,%d Oak Street,%d.%02d,2024-0%d-1%d,%s\n",
				r.IntN(1e6), name, name, r.IntN(1e4), 100+r.IntN(500), 1+r.IntN(98), 1+r.IntN(9998), r.Int64N(1e15), r.IntN(900), r.IntN(1000), r.IntN(100), 1+r.IntN(9), r.IntN(10), words[r.IntN(len(words))])
		case "json":
			fmt.Fprintf(&b, `{"id":%d,"user":{"name":"%s","tier":"gold"},"event":"%s","ts":"2024-03-%02dT10:11:12Z","amount":%d.%02d,"trace":"%016x","ok":true}`+"\n",
				r.IntN(1e6), name, words[r.IntN(len(words))], 1+r.IntN(28), r.IntN(1000), r.IntN(100), r.Uint64())
		default:
			fmt.Fprintf(&b, "2024-03-%02dT10:11:%02d.%03dZ INFO [worker-%d] %s %s in %dms path=/api/v1/orders/%d status=200 trace=%016x\n",
				1+r.IntN(28), r.IntN(60), r.IntN(1000), r.IntN(16), words[r.IntN(len(words))], words[r.IntN(len(words))], r.IntN(900), r.IntN(1e6), r.Uint64())
		}
	}
	return b.Bytes()
}

func BenchmarkScan(b *testing.B) {
	for _, shape := range []string{"csv", "json", "log"} {
		b.Run(shape, func(b *testing.B) {
			text := corpus(shape, 1<<20)
			s := New(nil, nil).Scanner()
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			hits := 0
			for b.Loop() {
				hits = len(s.Scan(text, nil))
			}
			b.ReportMetric(float64(hits), "hits")
		})
	}
}
