package boltstore_test

import (
	"path/filepath"
	"testing"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/boltstore"
	"github.com/cairn-security/cairn/graph/graphtest"
)

func open(t testing.TB, path string) *boltstore.Store {
	t.Helper()
	s, err := boltstore.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestConformance(t *testing.T) {
	graphtest.Store(t, func(t *testing.T) func() graph.Store {
		path := filepath.Join(t.TempDir(), "new folder", "cairn.db")
		return func() graph.Store { return open(t, path) }
	})
}
