package classify

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
)

// file makes about size bytes of one shape. Dense files hold six types in
// every row, sparse ones hardly any.
func file(shape string, size int) []byte {
	r := rand.New(rand.NewPCG(7, 11))
	words := []string{"request", "completed", "timeout", "connection", "session", "opened", "handler", "retry", "queue", "worker"}
	word := func() string { return words[r.IntN(len(words))] }
	var b bytes.Buffer
	if shape == "dense.csv" {
		b.WriteString("id,name,email,phone,ssn,card,street,amount,created,status,ip,comment\n")
	}
	if shape == "sparse.csv" {
		b.WriteString("id,status,amount,created,city,quantity,comment\n")
	}
	for b.Len() < size {
		switch shape {
		case "dense.csv":
			fmt.Fprintf(&b, "%d,%s,%s%d@mail.example.org,+1-202-555-%04d,%03d-%02d-%04d,4%015d,%d Oak Street,%d.%02d,2024-0%d-1%d,%s,10.%d.%d.%d,%s %s\n",
				r.IntN(1e6), word(), word(), r.IntN(1e5), r.IntN(1e4), 100+r.IntN(500), 1+r.IntN(98), 1+r.IntN(9998), r.Int64N(1e15), r.IntN(900), r.IntN(1000), r.IntN(100), 1+r.IntN(9), r.IntN(10), word(), r.IntN(256), r.IntN(256), r.IntN(256), word(), word())
		case "sparse.csv":
			fmt.Fprintf(&b, "%d,%s,%d.%02d,2024-0%d-1%d,%s,%d,%s %s %s\n", r.IntN(1e6), word(), r.IntN(1000), r.IntN(100), 1+r.IntN(9), r.IntN(10), word(), r.IntN(50), word(), word(), word())
		case "events.jsonl":
			fmt.Fprintf(&b, `{"id":%d,"user":{"name":"%s","tier":"gold"},"event":"%s","ts":"2024-03-%02dT10:11:12Z","amount":%d.%02d,"trace":"%016x","ok":true}`+"\n",
				r.IntN(1e6), word(), word(), 1+r.IntN(28), r.IntN(1000), r.IntN(100), r.Uint64())
		default:
			fmt.Fprintf(&b, "2024-03-%02dT10:11:%02d.%03dZ INFO [worker-%d] %s %s in %dms path=/api/v1/orders/%d status=200 trace=%016x\n",
				1+r.IntN(28), r.IntN(60), r.IntN(1000), r.IntN(16), word(), word(), r.IntN(900), r.IntN(1e6), r.Uint64())
		}
	}
	return b.Bytes()
}

func BenchmarkClassify(b *testing.B) {
	c := New(nil)
	for _, shape := range []string{"dense.csv", "sparse.csv", "events.jsonl", "app.log"} {
		b.Run(shape, func(b *testing.B) {
			data := file(shape, 4<<20)
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			matches, rounds, start := 0, 0, cpuTime()
			for b.Loop() {
				rounds++
				report, err := c.Classify(b.Context(), shape, bytes.NewReader(data), Options{}, nil)
				if err != nil {
					b.Fatal(err)
				}
				matches = report.Matches
			}
			if used := cpuTime() - start; used > 0 {
				b.ReportMetric(float64(rounds*len(data))/1e6/used.Seconds(), "MB/cpu-s")
			}
			b.ReportMetric(float64(matches), "matches")
		})
	}
}

// A reply of IAM with many roles and few secrets.
func BenchmarkScrubJSON(b *testing.B) {
	var doc bytes.Buffer
	doc.WriteString(`{"RoleDetailList":[`)
	for i := range 2000 {
		if i > 0 {
			doc.WriteByte(',')
		}
		fmt.Fprintf(&doc, `{"Path":"/","RoleName":"role-%d","RoleId":"AROA%016d","Arn":"arn:aws:iam::111122223333:role/role-%d","CreateDate":"2024-03-01T10:00:00Z","AssumeRolePolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]},"Tags":[{"Key":"team","Value":"core"}]}`, i, i, i)
	}
	doc.WriteString(`]}`)
	s := NewScrubber(hasher(b))
	b.SetBytes(int64(doc.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := s.JSON(doc.Bytes(), "iam"); err != nil {
			b.Fatal(err)
		}
	}
}
