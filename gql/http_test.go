package gql_test

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/cairn-security/cairn/gql/server"
)

const hello = `{"query":"{server{version role loopback}}"}`

func (s *site) do(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

// codeOf reads the code of the first error of an answer.
func codeOf(t *testing.T, w *httptest.ResponseRecorder) string {
	t.Helper()
	var r reply
	if err := json.Unmarshal(w.Body.Bytes(), &r); err != nil {
		t.Fatalf("status %d, no GraphQL answer: %s", w.Code, w.Body)
	}
	return r.code()
}

func TestWhatTheEndpointRefuses(t *testing.T) {
	s := sample(t, nil)
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
			w := s.do(request(c.method, "/graphql", c.body, c.headers...))
			if got := codeOf(t, w); w.Code != c.status || got != c.code {
				t.Errorf("status %d, code %q; want %d, %q: %s", w.Code, got, c.status, c.code, w.Body)
			}
		})
	}
}

func TestHosts(t *testing.T) {
	loopback := sample(t, nil)
	named := sample(t, func(o *server.Options) { o.AllowedHosts, o.Token = []string{"cairn.example"}, "sesame-sesame-sesame" })
	open := sample(t, func(o *server.Options) { o.Loopback, o.Token = false, "sesame-sesame-sesame" })
	for _, c := range []struct {
		site *site
		host string
		want bool
	}{
		{loopback, "localhost:8470", true}, {loopback, "LOCALHOST", true}, {loopback, "127.0.0.1:8470", true}, {loopback, "127.8.9.1", true}, {loopback, "[::1]:8470", true},
		{loopback, "evil.example", false}, {loopback, "localhost.evil.example:8470", false}, {loopback, "127.0.0.1.evil.example", false},
		{loopback, "192.168.1.4:8470", false}, {loopback, "", false},
		{named, "cairn.example:443", true}, {named, "CAIRN.example.", true}, {named, "localhost", true}, {named, "other.example", false},
		{open, "anything.example", true},
	} {
		w := c.site.do(request("GET", "/", "", "Host", c.host))
		if got := w.Code != http.StatusForbidden; got != c.want {
			t.Errorf("host %q: status %d, want it let in: %v", c.host, w.Code, c.want)
		}
		if w := c.site.do(request("GET", "/healthz", "", "Host", c.host)); w.Code != 200 {
			t.Errorf("probe with host %q: status %d", c.host, w.Code)
		}
	}
}

func TestInterfaceFiles(t *testing.T) {
	s := sample(t, nil)
	for _, c := range []struct {
		path, accept, kind, cache string
		status                    int
	}{
		{"/", "text/html", "text/html; charset=utf-8", "no-cache", 200},
		{"/paths/f-1", "text/html", "text/html; charset=utf-8", "no-cache", 200},
		{"/node/arn:aws:s3:::a.b", "text/html,*/*", "text/html; charset=utf-8", "no-cache", 200},
		{"/assets/index-abc123.js", "*/*", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable", 200},
		{"/assets/gone.js", "text/html", "text/plain; charset=utf-8", "no-store", 404},
		{"/favicon.ico", "image/*", "text/plain; charset=utf-8", "no-store", 404},
		{"/assets/%2e%2e/%2e%2e/etc/passwd", "text/html", "text/html; charset=utf-8", "no-cache", 200},
	} {
		w := s.do(request("GET", c.path, "", "Accept", c.accept))
		if w.Code != c.status || w.Header().Get("Content-Type") != c.kind || w.Header().Get("Cache-Control") != c.cache {
			t.Errorf("%s: %d, %q, %q", c.path, w.Code, w.Header().Get("Content-Type"), w.Header().Get("Cache-Control"))
		}
	}
	w := s.do(request("GET", "/assets/index-abc123.js", "", "Accept-Encoding", "gzip"))
	unzip, err := gzip.NewReader(w.Body)
	if err != nil || w.Header().Get("Content-Encoding") != "gzip" {
		t.Fatalf("not compressed: %v", err)
	}
	body, err := io.ReadAll(unzip)
	if err != nil || string(body) != string(ui["assets/index-abc123.js"].Data) {
		t.Errorf("content differs: %v, %d bytes", err, len(body))
	}
	if w := s.do(request("POST", "/paths", "")); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST to a page: %d", w.Code)
	}
}

func TestHeaders(t *testing.T) {
	s := sample(t, func(o *server.Options) { o.BehindProxy = true })
	for _, path := range []string{"/", "/healthz", "/assets/gone.js"} {
		h := s.do(request("GET", path, "")).Header()
		policy := h.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "script-src 'self';", "frame-ancestors 'none'", "connect-src 'self'", "base-uri 'none'"} {
			if !strings.Contains(policy, part) {
				t.Errorf("%s: policy lacks %s: %s", path, part, policy)
			}
		}
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Strict-Transport-Security": "max-age=31536000"} {
			if got := h.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
	}
}

const token, viewerToken = "a-token-that-nobody-guesses", "another-token-to-look-only"

func withTokens(o *server.Options) { o.Token, o.ViewerToken, o.Loopback = token, viewerToken, false }

func role(t *testing.T, w *httptest.ResponseRecorder) string {
	t.Helper()
	var r struct {
		Data struct{ Server struct{ Role string } }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	return r.Data.Server.Role
}

func TestRoles(t *testing.T) {
	signedIn := sample(t, withTokens)
	for _, c := range []struct {
		name   string
		site   *site
		header []string
		status int
		role   string
	}{
		{"loopback", sample(t, nil), nil, 200, "editor"},
		{"open to a network, without a token", sample(t, func(o *server.Options) { o.Loopback, o.AllowedHosts = false, []string{"localhost"} }), nil, 200, "viewer"},
		{"no token", signedIn, nil, 401, ""},
		{"token", signedIn, []string{"Authorization", "Bearer " + token}, 200, "editor"},
		{"viewer's token", signedIn, []string{"Authorization", "Bearer " + viewerToken}, 200, "viewer"},
		{"wrong token", signedIn, []string{"Authorization", "Bearer " + token + "x"}, 401, ""},
		{"empty token", signedIn, []string{"Authorization", "Bearer "}, 401, ""},
		{"forged cookie", signedIn, []string{"Cookie", "cairn=editor.99999999999.c2lnbmF0dXJl"}, 401, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := c.site.do(request("POST", "/graphql", hello, append([]string{"Content-Type", "application/json"}, c.header...)...))
			if w.Code != c.status {
				t.Fatalf("status %d, want %d: %s", w.Code, c.status, w.Body)
			}
			if c.status == 401 {
				if got := codeOf(t, w); got != "UNAUTHENTICATED" {
					t.Errorf("code %q", got)
				}
			} else if got := role(t, w); got != c.role {
				t.Errorf("role %q, want %q", got, c.role)
			}
		})
	}
	if w := signedIn.do(request("GET", "/metrics", "")); w.Code != 401 {
		t.Errorf("metrics without a token: %d", w.Code)
	}
	if w := signedIn.do(request("GET", "/", "")); w.Code != 200 {
		t.Errorf("the page that signs in: %d", w.Code)
	}
}

func TestSession(t *testing.T) {
	now := time.Date(2026, 2, 4, 0, 0, 0, 0, time.UTC)
	s := sample(t, func(o *server.Options) {
		withTokens(o)
		o.BehindProxy = true
		o.Now = func() time.Time { return now }
	})
	if w := s.do(request("POST", "/session", "", "Authorization", "Bearer wrong")); w.Code != 401 || len(w.Result().Cookies()) > 0 {
		t.Errorf("wrong token: %d, %v", w.Code, w.Result().Cookies())
	}
	if w := s.do(request("POST", "/session", "", "Authorization", "Bearer "+token, "Sec-Fetch-Site", "cross-site")); w.Code != 403 {
		t.Errorf("from another site: %d", w.Code)
	}
	w := s.do(request("POST", "/session", "", "Authorization", "Bearer "+token))
	cookies := w.Result().Cookies()
	if w.Code != http.StatusNoContent || len(cookies) != 1 {
		t.Fatalf("sign in: %d, %d cookies", w.Code, len(cookies))
	}
	c := cookies[0]
	if !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteStrictMode || c.Path != "/" || c.Name != "__Host-cairn" || strings.Contains(c.Value, token) {
		t.Errorf("cookie %+v", c)
	}
	ask := func(value string) int {
		return s.do(request("POST", "/graphql", hello, "Content-Type", "application/json", "Cookie", c.Name+"="+value)).Code
	}
	if got := ask(c.Value); got != 200 {
		t.Errorf("with the cookie: %d", got)
	}
	if got := ask(strings.Replace(c.Value, "editor", "viewer", 1)); got != 401 {
		t.Errorf("with a changed cookie: %d", got)
	}
	now = now.Add(13 * time.Hour)
	if got := ask(c.Value); got != 401 {
		t.Errorf("after it ended: %d", got)
	}
	if w := s.do(request("DELETE", "/session", "")); w.Code != 204 || w.Result().Cookies()[0].MaxAge >= 0 {
		t.Errorf("sign out: %d", w.Code)
	}
}
