package server_test

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/cairn-security/cairn/gql/gqltest"
)

const hello = `{"query":"{server{version role loopback}}"}`

// codeOf reads the code of the first error of an answer.
func codeOf(t *testing.T, w *httptest.ResponseRecorder) string {
	t.Helper()
	var r gqltest.Reply
	if err := json.Unmarshal(w.Body.Bytes(), &r); err != nil {
		t.Fatalf("status %d, no GraphQL answer: %s", w.Code, w.Body)
	}
	return r.Code()
}

func TestWhatTheEndpointRefuses(t *testing.T) {
	s := gqltest.Sample(t, nil)
	jsonType := []string{"Content-Type", "application/json"}
	for _, c := range []struct {
		name, method, body string
		headers            []string
		status             int
		code               string
	}{
		{"fine", "POST", hello, jsonType, 200, ""},
		{"charset", "POST", hello, []string{"Content-Type", "application/json; charset=utf-8"}, 200, ""},
		{"GET", "GET", "", nil, 405, "BAD_REQUEST"},
		{"form, as a page of another site could send", "POST", hello, []string{"Content-Type", "text/plain"}, 415, "BAD_REQUEST"},
		{"no type", "POST", hello, nil, 415, "BAD_REQUEST"},
		{"not JSON", "POST", "{", jsonType, 400, "BAD_REQUEST"},
		{"batch", "POST", "[" + hello + "]", jsonType, 400, "BAD_REQUEST"},
		{"two documents", "POST", hello + hello, jsonType, 400, "BAD_REQUEST"},
		{"too large", "POST", `{"query":"` + strings.Repeat(" ", 300<<10) + `"}`, jsonType, 413, "LIMIT"},
		{"no query", "POST", "{}", jsonType, 200, "GRAPHQL_VALIDATION_FAILED"},
		{"unknown field", "POST", `{"query":"{nothing}"}`, jsonType, 200, "GRAPHQL_VALIDATION_FAILED"},
		{"unknown enum value", "POST", `{"query":"{datastores(sort:colour){totalCount}}"}`, jsonType, 200, "GRAPHQL_VALIDATION_FAILED"},
		{"unknown enum value in a variable", "POST", `{"query":"query($s:DatastoreSort){datastores(sort:$s){totalCount}}","variables":{"s":"colour"}}`, jsonType, 200, "GRAPHQL_VALIDATION_FAILED"},
		{"syntax", "POST", `{"query":"{"}`, jsonType, 200, "GRAPHQL_PARSE_FAILED"},
		{"from another origin", "POST", hello, append(jsonType, "Sec-Fetch-Site", "cross-site"), 403, "FORBIDDEN"},
		{"from another origin, older browser", "POST", hello, append(jsonType, "Origin", "http://evil.example"), 403, "FORBIDDEN"},
		{"from the interface", "POST", hello, append(jsonType, "Sec-Fetch-Site", "same-origin", "Origin", "http://localhost"), 200, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := s.Do(gqltest.Request(c.method, "/graphql", c.body, c.headers...))
			if got := codeOf(t, w); w.Code != c.status || got != c.code {
				t.Errorf("status %d, code %q; want %d, %q: %s", w.Code, got, c.status, c.code, w.Body)
			}
		})
	}
}
