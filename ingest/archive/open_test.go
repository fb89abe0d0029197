package archive

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	folder := filepath.Join(dir, "folder")
	if err := os.MkdirAll(filepath.Join(folder, "a"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "a", "b.json"), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	var tarred bytes.Buffer
	tw := tar.NewWriter(&tarred)
	for _, name := range []string{"./a/b.json", "../../escape.json"} {
		if err := tw.WriteHeader(&tar.Header{Name: name, Size: 2, Mode: 0o600}); err != nil {
			t.Fatal(err)
		}
		if _, err := tw.Write([]byte("{}")); err != nil {
			t.Fatal(err)
		}
	}
	tw.Close()
	var zipped bytes.Buffer
	zw := zip.NewWriter(&zipped)
	w, err := zw.Create("a/b.json")
	if err != nil {
		t.Fatal(err)
	}
	w.Write([]byte("{}"))
	zw.Close()
	for name, content := range map[string][]byte{"x.tar": tarred.Bytes(), "x.zip": zipped.Bytes(), "bad.zip": []byte("no"), "bad.tgz": []byte("no"), "x.txt": []byte("no")} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"folder", "x.tar", "x.zip"} {
		fsys, closer, err := Open(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		text, err := fs.ReadFile(fsys, "a/b.json")
		if err != nil || string(text) != "{}" {
			t.Errorf("%s: %q %v", name, text, err)
		}
		if err := closer.Close(); err != nil {
			t.Error(err)
		}
	}
	for _, name := range []string{"bad.zip", "bad.tgz", "x.txt", "missing"} {
		if _, _, err := Open(filepath.Join(dir, name)); err == nil {
			t.Errorf("%s opens", name)
		}
	}
}
