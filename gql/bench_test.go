package gql_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cairn-security/cairn/gql/gqltest"
)

// BenchmarkPages answers the golden queries on the sample estate, the server
// included, and reports the 99th percentile beside the mean.
func BenchmarkPages(b *testing.B) {
	s := gqltest.Sample(b, nil)
	for _, name := range []string{"overview", "paths", "path", "data", "coverage", "principals", "exposed", "findings", "fixes", "ask", "search"} {
		query, err := os.ReadFile("testdata/" + name + ".graphql")
		if err != nil {
			b.Fatal(err)
		}
		body, err := json.Marshal(map[string]string{"query": string(query)})
		if err != nil {
			b.Fatal(err)
		}
		s.Post(b, string(query), nil) // what is computed once is there
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			var took []time.Duration
			for b.Loop() {
				r := httptest.NewRequest(http.MethodPost, "http://localhost/graphql", strings.NewReader(string(body)))
				r.Header.Set("Content-Type", "application/json")
				w := httptest.NewRecorder()
				start := time.Now()
				s.ServeHTTP(w, r)
				took = append(took, time.Since(start))
				if w.Code != http.StatusOK {
					b.Fatal(w.Body)
				}
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
		})
	}
}
