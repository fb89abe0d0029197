package server_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"testing"

	"github.com/cairn-security/cairn/gql/gqltest"
)

func TestInterfaceFiles(t *testing.T) {
	s := gqltest.Sample(t, nil)
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
		w := s.Do(gqltest.Request("GET", c.path, "", "Accept", c.accept))
		if w.Code != c.status || w.Header().Get("Content-Type") != c.kind || w.Header().Get("Cache-Control") != c.cache {
			t.Errorf("%s: %d, %q, %q", c.path, w.Code, w.Header().Get("Content-Type"), w.Header().Get("Cache-Control"))
		}
	}
	w := s.Do(gqltest.Request("GET", "/assets/index-abc123.js", "", "Accept-Encoding", "gzip"))
	unzip, err := gzip.NewReader(w.Body)
	if err != nil || w.Header().Get("Content-Encoding") != "gzip" {
		t.Fatalf("not compressed: %v", err)
	}
	body, err := io.ReadAll(unzip)
	if err != nil || string(body) != string(gqltest.UI["assets/index-abc123.js"].Data) {
		t.Errorf("content differs: %v, %d bytes", err, len(body))
	}
	if w := s.Do(gqltest.Request("POST", "/paths", "")); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST to a page: %d", w.Code)
	}
}
