package server

import (
	"bytes"
	"compress/gzip"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"
)

// files serves the built interface. Names under assets carry a hash of their
// content and are kept forever; index.html is asked for anew each time. Paths
// that are no file are pages of the interface: index.html answers.
type files struct {
	root   fs.FS
	mu     sync.Mutex
	packed map[string]*file
}

// file is one file as it is sent.
type file struct {
	raw, zipped []byte // zipped is nil where it saves nothing
	kind        string
}

func newFiles(root fs.FS) *files { return &files{root: root, packed: map[string]*file{}} }

const assets = "assets/"

func (f *files) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		text(w, http.StatusMethodNotAllowed, "files are read with GET")
		return
	}
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	one := f.open(name)
	if one == nil {
		// A file that is missing is an error, not a page.
		if strings.HasPrefix(name, assets) || path.Ext(name) != "" && !strings.Contains(r.Header.Get("Accept"), "text/html") {
			text(w, http.StatusNotFound, "no such file")
			return
		}
		name = "index.html"
		if one = f.open(name); one == nil {
			text(w, http.StatusNotFound, "the interface is not part of this build")
			return
		}
	}
	h := w.Header()
	h.Set("Content-Type", one.kind)
	if strings.HasPrefix(name, assets) {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		h.Set("Cache-Control", "no-cache")
	}
	body := one.raw
	if one.zipped != nil {
		h.Set("Vary", "Accept-Encoding")
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			h.Set("Content-Encoding", "gzip")
			body = one.zipped
		}
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

// open reads a file once; nil when there is none.
func (f *files) open(name string) *file {
	if !fs.ValidPath(name) || name == "." {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if one, ok := f.packed[name]; ok {
		return one
	}
	raw, err := fs.ReadFile(f.root, name)
	if err != nil {
		return nil // a folder, or nothing
	}
	one := &file{raw: raw, kind: mime.TypeByExtension(path.Ext(name))}
	if one.kind == "" {
		one.kind = http.DetectContentType(raw)
	}
	var buf bytes.Buffer
	zip := gzip.NewWriter(&buf)
	if _, err := zip.Write(raw); err == nil && zip.Close() == nil && buf.Len() < len(raw)*9/10 {
		one.zipped = buf.Bytes()
	}
	f.packed[name] = one
	return one
}
