package server_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/cairn-security/cairn/gql/gqltest"
	"github.com/cairn-security/cairn/gql/server"
)

func TestHosts(t *testing.T) {
	loopback := gqltest.Sample(t, nil)
	named := gqltest.Sample(t, func(o *server.Options) { o.AllowedHosts, o.Token = []string{"cairn.example"}, "sesame-sesame-sesame" })
	open := gqltest.Sample(t, func(o *server.Options) { o.Loopback, o.Token = false, "sesame-sesame-sesame" })
	for _, c := range []struct {
		site *gqltest.Site
		host string
		want bool
	}{
		{loopback, "localhost:8470", true}, {loopback, "LOCALHOST", true}, {loopback, "127.0.0.1:8470", true}, {loopback, "127.8.9.1", true}, {loopback, "[::1]:8470", true},
		{loopback, "evil.example", false}, {loopback, "localhost.evil.example:8470", false}, {loopback, "127.0.0.1.evil.example", false},
		{loopback, "192.168.1.4:8470", false}, {loopback, "", false},
		{named, "cairn.example:443", true}, {named, "CAIRN.example.", true}, {named, "localhost", true}, {named, "other.example", false},
		{open, "anything.example", true},
	} {
		w := c.site.Do(gqltest.Request("GET", "/", "", "Host", c.host))
		if got := w.Code != http.StatusForbidden; got != c.want {
			t.Errorf("host %q: status %d, want it let in: %v", c.host, w.Code, c.want)
		}
		if w := c.site.Do(gqltest.Request("GET", "/healthz", "", "Host", c.host)); w.Code != 200 {
			t.Errorf("probe with host %q: status %d", c.host, w.Code)
		}
	}
}

func TestHeaders(t *testing.T) {
	s := gqltest.Sample(t, func(o *server.Options) { o.BehindProxy = true })
	for _, path := range []string{"/", "/healthz", "/assets/gone.js"} {
		h := s.Do(gqltest.Request("GET", path, "")).Header()
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

// Refusals have the same headers, nothing invites other origins, and no answer is kept by a cache.
func TestHeadersOfEveryAnswer(t *testing.T) {
	s := gqltest.Sample(t, func(o *server.Options) { o.Token = token })
	for _, c := range []struct {
		name   string
		status int
		header http.Header
	}{
		{"not signed in", 401, s.Do(gqltest.Request("POST", "/graphql", hello, "Content-Type", "application/json")).Header()},
		{"wrong method", 405, s.Do(gqltest.Request("GET", "/graphql", "", "Authorization", "Bearer "+token)).Header()},
		{"preflight of another origin", 401, s.Do(gqltest.Request("OPTIONS", "/graphql", "", "Origin", "http://evil.example", "Access-Control-Request-Method", "POST")).Header()},
		{"an answer", 200, s.Do(gqltest.Request("POST", "/graphql", hello, "Content-Type", "application/json", "Authorization", "Bearer "+token)).Header()},
		{"the session", 204, s.Do(gqltest.Request("POST", "/session", "", "Authorization", "Bearer "+token)).Header()},
	} {
		if c.header.Get("Content-Security-Policy") == "" || c.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: no security headers: %v", c.name, c.header)
		}
		if got := c.header.Get("Cache-Control"); got != "no-store" {
			t.Errorf("%s: Cache-Control %q", c.name, got)
		}
		for name := range c.header {
			if strings.HasPrefix(name, "Access-Control-") {
				t.Errorf("%s: %s invites other origins", c.name, name)
			}
		}
		if c.header.Get("Strict-Transport-Security") != "" {
			t.Errorf("%s: promises HTTPS without it", c.name)
		}
	}
}

// What callers write never becomes a label of the metrics.
func TestMetrics(t *testing.T) {
	s := gqltest.Sample(t, nil)
	for _, path := range []string{"/a", "/b/c?d=e", "/assets/none.js"} {
		s.Do(gqltest.Request("GET", path, "", "Accept", "text/html"))
	}
	s.Ask(t, "{nothing}", nil)
	text := s.Do(gqltest.Request("GET", "/metrics", "")).Body.String()
	for _, want := range []string{
		`cairn_http_requests_total{route="ui",status="200"} 2`, `cairn_http_requests_total{route="ui",status="404"} 1`,
		`cairn_http_requests_total{route="graphql",status="200"} 1`, `cairn_graphql_errors_total{code="GRAPHQL_VALIDATION_FAILED"} 1`,
	} {
		if !strings.Contains(text, want+"\n") {
			t.Errorf("no %s in the metrics", want)
		}
	}
	for _, not := range []string{"none.js", "nothing", "/b/c"} {
		if strings.Contains(text, not) {
			t.Errorf("the metrics hold %q", not)
		}
	}
}
