package server_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/cairn-security/cairn/gql/gqltest"
	"github.com/cairn-security/cairn/gql/server"
)

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
	signedIn := gqltest.Sample(t, withTokens)
	for _, c := range []struct {
		name   string
		site   *gqltest.Site
		header []string
		status int
		role   string
	}{
		{"loopback", gqltest.Sample(t, nil), nil, 200, "editor"},
		{"open to a network, without a token", gqltest.Sample(t, func(o *server.Options) { o.Loopback, o.AllowedHosts = false, []string{"localhost"} }), nil, 200, "viewer"},
		{"no token", signedIn, nil, 401, ""},
		{"token", signedIn, []string{"Authorization", "Bearer " + token}, 200, "editor"},
		{"viewer's token", signedIn, []string{"Authorization", "Bearer " + viewerToken}, 200, "viewer"},
		{"wrong token", signedIn, []string{"Authorization", "Bearer " + token + "x"}, 401, ""},
		{"empty token", signedIn, []string{"Authorization", "Bearer "}, 401, ""},
		{"forged cookie", signedIn, []string{"Cookie", "cairn=editor.99999999999.c2lnbmF0dXJl"}, 401, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := c.site.Do(gqltest.Request("POST", "/graphql", hello, append([]string{"Content-Type", "application/json"}, c.header...)...))
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
	if w := signedIn.Do(gqltest.Request("GET", "/metrics", "")); w.Code != 401 {
		t.Errorf("metrics without a token: %d", w.Code)
	}
	if w := signedIn.Do(gqltest.Request("GET", "/", "")); w.Code != 200 {
		t.Errorf("the page that signs in: %d", w.Code)
	}
}

func TestSession(t *testing.T) {
	now := time.Date(2026, 2, 4, 0, 0, 0, 0, time.UTC)
	s := gqltest.Sample(t, func(o *server.Options) {
		withTokens(o)
		o.BehindProxy = true
		o.Now = func() time.Time { return now }
	})
	if w := s.Do(gqltest.Request("POST", "/session", "", "Authorization", "Bearer wrong")); w.Code != 401 || len(w.Result().Cookies()) > 0 {
		t.Errorf("wrong token: %d, %v", w.Code, w.Result().Cookies())
	}
	if w := s.Do(gqltest.Request("POST", "/session", "", "Authorization", "Bearer "+token, "Sec-Fetch-Site", "cross-site")); w.Code != 403 {
		t.Errorf("from another site: %d", w.Code)
	}
	w := s.Do(gqltest.Request("POST", "/session", "", "Authorization", "Bearer "+token))
	cookies := w.Result().Cookies()
	if w.Code != http.StatusNoContent || len(cookies) != 1 {
		t.Fatalf("sign in: %d, %d cookies", w.Code, len(cookies))
	}
	c := cookies[0]
	if !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteStrictMode || c.Path != "/" || c.Name != "__Host-cairn" || strings.Contains(c.Value, token) {
		t.Errorf("cookie %+v", c)
	}
	ask := func(value string) int {
		return s.Do(gqltest.Request("POST", "/graphql", hello, "Content-Type", "application/json", "Cookie", c.Name+"="+value)).Code
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
	if w := s.Do(gqltest.Request("DELETE", "/session", "")); w.Code != 204 || w.Result().Cookies()[0].MaxAge >= 0 {
		t.Errorf("sign out: %d", w.Code)
	}
}

// A session is as much as the token it was made from, and no longer.
func TestSessionsOfViewers(t *testing.T) {
	s := gqltest.Sample(t, withTokens)
	signIn := func(s *gqltest.Site, token string) *http.Cookie {
		w := s.Do(gqltest.Request("POST", "/session", "", "Authorization", "Bearer "+token))
		if cookies := w.Result().Cookies(); w.Code == http.StatusNoContent && len(cookies) == 1 {
			return cookies[0]
		}
		t.Fatalf("sign in: %d", w.Code)
		return nil
	}
	ask := func(s *gqltest.Site, c *http.Cookie, query string) *httptest.ResponseRecorder {
		return s.Do(gqltest.Request("POST", "/graphql", query, "Content-Type", "application/json", "Cookie", c.Name+"="+c.Value))
	}
	viewer, editor := signIn(s, viewerToken), signIn(s, token)
	if got := role(t, ask(s, viewer, hello)); got != "viewer" {
		t.Errorf("the viewer's session is of role %q", got)
	}
	if got := role(t, ask(s, editor, hello)); got != "editor" {
		t.Errorf("the editor's session is of role %q", got)
	}
	mark := `{"query":"mutation{markDatastore(input:{id:\"larch-orders\",critical:true}){datastore{id}}}"}`
	if got := codeOf(t, ask(s, viewer, mark)); got != "FORBIDDEN" {
		t.Errorf("a viewer's session marks: code %q", got)
	}
	if got := codeOf(t, ask(s, editor, mark)); got != "" {
		t.Errorf("an editor's session marks: code %q", got)
	}
	renewed := gqltest.Sample(t, func(o *server.Options) { withTokens(o); o.ViewerToken = "a-third-token-after-the-second" })
	for _, c := range []*http.Cookie{viewer, editor} {
		if w := ask(renewed, c, hello); w.Code != 401 {
			t.Errorf("a session outlives its token: %d", w.Code)
		}
	}
	for _, value := range []string{"", ".", "..", "editor", "editor.99999999999", "editor.99999999999.", viewer.Value + "x", strings.ToUpper(viewer.Value)} {
		if w := ask(s, &http.Cookie{Name: viewer.Name, Value: value}, hello); w.Code != 401 {
			t.Errorf("cookie %q: %d", value, w.Code)
		}
	}
}

func TestSessionMethods(t *testing.T) {
	open, closed := gqltest.Sample(t, nil), gqltest.Sample(t, withTokens)
	for _, c := range []struct {
		site           *gqltest.Site
		method, bearer string
		status         int
	}{
		{open, "POST", "", 204}, {open, "POST", "whatever", 204},
		{closed, "POST", "", 401}, {closed, "POST", "whatever", 401}, {closed, "POST", viewerToken, 204},
		{closed, "GET", token, 405}, {closed, "PUT", token, 405}, {closed, "DELETE", "", 204},
	} {
		w := c.site.Do(gqltest.Request(c.method, "/session", "", "Authorization", "Bearer "+c.bearer))
		if w.Code != c.status {
			t.Errorf("%s with %q: %d, want %d", c.method, c.bearer, w.Code, c.status)
		}
		if c.site == open && len(w.Result().Cookies()) > 0 {
			t.Error("a cookie where nobody needs one")
		}
	}
	// Tokens in addresses end up in logs: they are not taken there.
	if w := closed.Do(gqltest.Request("POST", "/graphql?token="+token, hello, "Content-Type", "application/json")); w.Code != 401 {
		t.Errorf("a token in the address: %d", w.Code)
	}
}
