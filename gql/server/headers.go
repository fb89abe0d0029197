package server

import (
	"net"
	"net/http"
	"net/netip"
	"strings"

	"github.com/cairn-security/cairn/gql/view"
)

// policy lets the bundled interface work and nothing else: scripts are files of
// this server, nothing is loaded from elsewhere, nobody frames the page. Styles
// may be inline because the component library and the query editor set them at
// run time; images may be data and blobs because exports draw them.
const policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; " +
	"connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// secured sets the headers that every answer has.
func (s *Server) secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()")
		if s.options.Secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// sameOrigin refuses requests that a page of another origin makes a browser send.
func (s *Server) sameOrigin(next http.Handler) http.Handler {
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		refuse(w, http.StatusForbidden, view.Forbidden, "requests from pages of another origin are refused")
	}))
	return guard.Handler(next)
}

// knownHost refuses requests for other names than the server's own: a page that
// points its own name at this address (DNS rebinding) is turned away.
func (s *Server) knownHost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.hostAllowed(r.Host) {
			refuse(w, http.StatusForbidden, view.Forbidden, "this server does not answer to that host name; --allow-host adds one")
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (s *Server) hostAllowed(hostport string) bool {
	host := hostport
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		host = h
	}
	host = strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
	if host == "" {
		return false
	}
	if host == "localhost" {
		return true
	}
	if ip, err := netip.ParseAddr(host); err == nil && ip.IsLoopback() {
		return true
	}
	for _, allowed := range s.options.AllowedHosts {
		if strings.EqualFold(strings.Trim(allowed, "[]"), host) {
			return true
		}
	}
	return len(s.options.AllowedHosts) == 0 && !s.keys.open()
}
