package gqltest

import (
	"context"
	_ "embed"
	"encoding/json"
	"net/http"
	"net/http/httptest"
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

// EstateText is the sample estate in the text form of graphtest.
//
//go:embed estate.txt
var EstateText string

// Sets are what the sample estate was read from, as far as coverage shows it.
var Sets = []graph.RecordSet{
	{Slice: graph.Slice{Account: "111122223333", Region: "global", Service: "s3", Operation: "ListBuckets"}, Outcome: graph.OutcomeOK},
	{Slice: graph.Slice{Account: "222233334444", Region: "global", Service: "s3", Operation: "ListBuckets"}, Outcome: graph.OutcomeOK},
	{Slice: graph.Slice{Account: "222233334444", Region: "global", Service: "s3", Operation: "GetBucketPolicy"}, Outcome: graph.OutcomeDenied},
	{Slice: graph.Slice{Account: "222233334444", Region: "eu-west-1", Service: "sqs", Operation: "ListQueues"}, Outcome: graph.OutcomeEmpty},
}

// Site is a server over a store in a file of its own.
type Site struct {
	*server.Server
	Store graph.Store
	Path  string // of the store's file
}

// UI stands for the built interface.
var UI = fstest.MapFS{
	"index.html":             {Data: []byte("<!doctype html><title>cairn</title>")},
	"assets/index-abc123.js": {Data: []byte(strings.Repeat("export const words = 'of the interface';\n", 40))},
}

// New is a site with these snapshots; change, when not nil, changes its options.
func New(t testing.TB, change func(*server.Options), snapshots ...*graph.Snapshot) *Site {
	t.Helper()
	path := filepath.Join(t.TempDir(), "store.db")
	open := func(context.Context) (graph.Store, error) { return boltstore.Open(path) }
	store, err := open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range snapshots {
		if err := store.Put(t.Context(), s, Sets); err != nil {
			t.Fatal(err)
		}
	}
	o := server.Options{Open: open, StoreName: "file:store.db", Version: "v1.2.3", UI: UI, Loopback: true, Actor: "tester", PollEvery: 20 * time.Millisecond, Patience: AtMost, Timeout: AtMost,
		Now:         func() time.Time { return time.Date(2026, 2, 4, 0, 0, 0, 0, time.UTC) },
		Permissions: func(service, operation string) []string { return []string{service + ":" + operation} }}
	if change != nil {
		change(&o)
	}
	s, err := server.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return &Site{s, store, path}
}

// Sample is a site with the sample estate.
func Sample(t testing.TB, change func(*server.Options)) *Site {
	t.Helper()
	return New(t, change, Parse(t, EstateText))
}

// Parse reads an estate in the text form of graphtest.
func Parse(t testing.TB, text string) *graph.Snapshot {
	t.Helper()
	s, err := graphtest.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Later is the sample estate as a later snapshot, changed.
func Later(t testing.TB, id, day string, change func(string) string) *graph.Snapshot {
	t.Helper()
	text := strings.Replace(EstateText, "snapshot s-1", "snapshot "+id, 1)
	text = strings.Replace(text, "taken=2026-02-03", "taken=2026-02-"+day, 1)
	if change != nil {
		text = change(text)
	}
	return Parse(t, text)
}

// Reply is a GraphQL response.
type Reply struct {
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

// Code is that of the first error, "" without any.
func (r *Reply) Code() string {
	if len(r.Errors) == 0 {
		return ""
	}
	return r.Errors[0].Extensions.Code
}

// Ask sends one query and reads the answer, errors included.
func (s *Site) Ask(t testing.TB, query string, variables any, headers ...string) *Reply {
	t.Helper()
	w := s.Post(t, query, variables, headers...)
	var r Reply
	if err := json.Unmarshal(w.Body.Bytes(), &r); err != nil {
		t.Fatalf("status %d: %v: %s", w.Code, err, w.Body)
	}
	return &r
}

// Post sends one query; headers are names and values in turn.
func (s *Site) Post(t testing.TB, query string, variables any, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	r := Request(http.MethodPost, "/graphql", string(body), append([]string{"Content-Type", "application/json"}, headers...)...)
	return s.Do(r)
}

// Do answers one request.
func (s *Site) Do(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

// Data asks and expects no error.
func (s *Site) Data(t testing.TB, query string, variables any, into any) {
	t.Helper()
	r := s.Ask(t, query, variables)
	if len(r.Errors) > 0 {
		t.Fatalf("%s: %+v", query, r.Errors)
	}
	if err := json.Unmarshal(r.Data, into); err != nil {
		t.Fatal(err)
	}
}

// Request makes a request to localhost; headers are names and values in turn,
// Host among them.
func Request(method, path, body string, headers ...string) *http.Request {
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
