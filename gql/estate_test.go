package gql_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/cairn-security/cairn/gql/server"
	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/boltstore"
	"github.com/cairn-security/cairn/graph/graphtest"
)

// estateText is the sample estate in the text form of graphtest.
func estateText(t testing.TB) string {
	t.Helper()
	raw, err := os.ReadFile("testdata/estate.txt")
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// sets are what the sample estate was read from, as far as coverage shows it.
var sets = []graph.RecordSet{
	{Slice: graph.Slice{Account: "111122223333", Region: "global", Service: "s3", Operation: "ListBuckets"}, Outcome: graph.OutcomeOK},
	{Slice: graph.Slice{Account: "222233334444", Region: "global", Service: "s3", Operation: "ListBuckets"}, Outcome: graph.OutcomeOK},
	{Slice: graph.Slice{Account: "222233334444", Region: "global", Service: "s3", Operation: "GetBucketPolicy"}, Outcome: graph.OutcomeDenied},
	{Slice: graph.Slice{Account: "222233334444", Region: "eu-west-1", Service: "sqs", Operation: "ListQueues"}, Outcome: graph.OutcomeEmpty},
}

// site is a server over a store in a file of its own.
type site struct {
	*server.Server
	store graph.Store
	path  string
}

var ui = fstest.MapFS{
	"index.html":             {Data: []byte("<!doctype html><title>cairn</title>")},
	"assets/index-abc123.js": {Data: []byte(strings.Repeat("export const words = 'of the interface';\n", 40))},
}

func newSite(t testing.TB, change func(*server.Options), snapshots ...*graph.Snapshot) *site {
	t.Helper()
	path := filepath.Join(t.TempDir(), "store.db")
	open := func(context.Context) (graph.Store, error) { return boltstore.Open(path) }
	store, err := open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range snapshots {
		if err := store.Put(t.Context(), s, sets); err != nil {
			t.Fatal(err)
		}
	}
	o := server.Options{Open: open, StoreName: "file:store.db", Version: "v1.2.3", UI: ui, Loopback: true, Actor: "tester", PollEvery: 20 * time.Millisecond, Patience: time.Minute,
		Now:         func() time.Time { return time.Date(2026, 2, 4, 0, 0, 0, 0, time.UTC) },
		Permissions: func(service, operation string) []string { return []string{service + ":" + operation} }}
	if change != nil {
		change(&o)
	}
	s, err := server.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return &site{s, store, path}
}

// sample is a site with the sample estate.
func sample(t testing.TB, change func(*server.Options)) *site {
	t.Helper()
	return newSite(t, change, parse(t, estateText(t)))
}

func parse(t testing.TB, text string) *graph.Snapshot {
	t.Helper()
	s, err := graphtest.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// reply is a GraphQL response.
type reply struct {
	Data   json.RawMessage `json:"data"`
	Errors []struct {
		Message    string `json:"message"`
		Path       []any  `json:"path"`
		Extensions struct {
			Code       string   `json:"code"`
			Candidates []string `json:"candidates"`
		} `json:"extensions"`
	} `json:"errors"`
}

// code is that of the first error, "" without any.
func (r *reply) code() string {
	if len(r.Errors) == 0 {
		return ""
	}
	return r.Errors[0].Extensions.Code
}

// ask sends one query and reads the answer, errors included.
func (s *site) ask(t testing.TB, query string, variables any, headers ...string) *reply {
	t.Helper()
	w := s.post(t, query, variables, headers...)
	var r reply
	if err := json.Unmarshal(w.Body.Bytes(), &r); err != nil {
		t.Fatalf("status %d: %v: %s", w.Code, err, w.Body)
	}
	return &r
}

func (s *site) post(t testing.TB, query string, variables any, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	r := request(http.MethodPost, "/graphql", string(body), append([]string{"Content-Type", "application/json"}, headers...)...)
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

// data asks and expects no error.
func (s *site) data(t testing.TB, query string, variables any, into any) {
	t.Helper()
	r := s.ask(t, query, variables)
	if len(r.Errors) > 0 {
		t.Fatalf("%s: %+v", query, r.Errors)
	}
	if err := json.Unmarshal(r.Data, into); err != nil {
		t.Fatal(err)
	}
}

func request(method, path, body string, headers ...string) *http.Request {
	r := httptest.NewRequest(method, "http://localhost"+path, strings.NewReader(body))
	for i := 0; i < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
			continue
		}
		r.Header.Set(headers[i], headers[i+1])
	}
	return r
}
