package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// demoFile is the store of the sample company, made once per test binary and
// never changed by a test.
var demoFile = sync.OnceValues(func() (string, error) {
	path := filepath.Join(binaryFolder, "demo.db")
	if code := run(context.Background(), []string{"demo", "--no-serve", "--quiet", "--store", "file:" + path}, nil, io.Discard, os.Stderr); code != exitDone {
		return "", errDemo
	}
	return path, nil
})

// demoStore is the URL of a store with the sample company; tests only read it.
func demoStore(t *testing.T) string {
	t.Helper()
	path, err := demoFile()
	if err != nil {
		t.Fatal(err)
	}
	return "file:" + path
}

// copyOfDemo is one that the test may change.
func copyOfDemo(t *testing.T) string {
	t.Helper()
	path, err := demoFile()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	own := filepath.Join(t.TempDir(), "demo.db")
	if err := os.WriteFile(own, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return "file:" + own
}
