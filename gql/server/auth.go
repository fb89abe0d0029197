package server

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/cairn-security/cairn/gql/resolver"
)

// keys tells who asks. A session is a signed statement of role and end, so none
// is kept here; the key comes from the tokens, so new tokens end all sessions.
type keys struct {
	options *Options
	sign    []byte
}

const sessionLength = 12 * time.Hour

func newKeys(o *Options) *keys {
	mac := hmac.New(sha256.New, []byte("cairn session\x00"+o.Token))
	mac.Write([]byte(o.ViewerToken))
	return &keys{options: o, sign: mac.Sum(nil)}
}

// open reports whether nobody needs a token.
func (k *keys) open() bool { return k.options.Token == "" && k.options.ViewerToken == "" }

// bearer is the role that the token of a request gives.
func (k *keys) bearer(r *http.Request) (role string, ok bool) {
	token, found := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !found {
		return "", false
	}
	given := sha256.Sum256([]byte(strings.TrimSpace(token)))
	for _, t := range []struct{ token, role string }{{k.options.Token, resolver.Editor}, {k.options.ViewerToken, resolver.Viewer}} {
		want := sha256.Sum256([]byte(t.token))
		if t.token != "" && subtle.ConstantTimeCompare(given[:], want[:]) == 1 {
			return t.role, true
		}
	}
	return "", false
}

// role is what the caller of a request may do; false when they have to sign in.
func (k *keys) role(r *http.Request) (role string, ok bool) {
	if k.open() {
		if k.options.Loopback {
			return resolver.Editor, true
		}
		return resolver.Viewer, true
	}
	if role, ok := k.bearer(r); ok {
		return role, true
	}
	cookie, err := r.Cookie(k.cookieName())
	if err != nil {
		return "", false
	}
	return k.verify(cookie.Value)
}

// cookieName has the prefix that binds a cookie to this host where HTTPS allows it.
func (k *keys) cookieName() string {
	if k.options.Secure {
		return "__Host-cairn"
	}
	return "cairn"
}

// statement is ROLE.END.SIGNATURE.
func (k *keys) statement(role string, end time.Time) string {
	text := role + "." + strconv.FormatInt(end.Unix(), 10)
	return text + "." + k.signature(text)
}

func (k *keys) signature(text string) string {
	mac := hmac.New(sha256.New, k.sign)
	mac.Write([]byte(text))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func (k *keys) verify(value string) (role string, ok bool) {
	cut := strings.LastIndexByte(value, '.')
	if cut < 0 || subtle.ConstantTimeCompare([]byte(value[cut+1:]), []byte(k.signature(value[:cut]))) != 1 {
		return "", false
	}
	role, end, _ := strings.Cut(value[:cut], ".")
	unix, err := strconv.ParseInt(end, 10, 64)
	return role, err == nil && k.options.Now().Unix() < unix
}

// session exchanges the token of a sign-in link for a cookie; DELETE signs out.
func (s *Server) session(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	cookie := &http.Cookie{Name: s.keys.cookieName(), Path: "/", HttpOnly: true, Secure: s.options.Secure, SameSite: http.SameSiteStrictMode}
	switch r.Method {
	case http.MethodPost:
		if s.keys.open() {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		role, ok := s.keys.bearer(r)
		if !ok {
			refuse(w, http.StatusUnauthorized, codeUnauthenticated, "this is not the token")
			return
		}
		cookie.Value = s.keys.statement(role, s.options.Now().Add(sessionLength))
		cookie.MaxAge = int(sessionLength.Seconds())
	case http.MethodDelete:
		cookie.MaxAge = -1
	default:
		w.Header().Set("Allow", "POST, DELETE")
		refuse(w, http.StatusMethodNotAllowed, codeBadRequest, "POST signs in, DELETE signs out")
		return
	}
	http.SetCookie(w, cookie)
	w.WriteHeader(http.StatusNoContent)
}

type roleKey struct{}

// signedIn lets those in who have a role, and tells the resolvers which.
func (s *Server) signedIn(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		role, ok := s.keys.role(r)
		if !ok {
			w.Header().Set("WWW-Authenticate", `Bearer realm="cairn"`)
			refuse(w, http.StatusUnauthorized, codeUnauthenticated, "sign in with the token")
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), roleKey{}, role)))
	})
}

func roleOf(ctx context.Context) string {
	role, _ := ctx.Value(roleKey{}).(string)
	return role
}
