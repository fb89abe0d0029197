package boltstore_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/boltstore"
	"github.com/cairn-security/cairn/graph/graphtest"
	bolt "go.etcd.io/bbolt"
)

var noContext = context.Background()

func TestFileIsPrivateAndMadeByTheFirstWrite(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	path := filepath.Join(dir, "cairn.db")
	s := open(t, path)
	if _, err := s.List(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Delete(t.Context(), "x"); !errors.Is(err, graph.ErrNotFound) {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("reading made the folder")
	}
	if _, err := s.Append(t.Context(), graph.LedgerEntry{}); err != nil {
		t.Fatal(err)
	}
	for p, want := range map[string]os.FileMode{dir: 0o700, path: 0o600} {
		info, err := os.Stat(p)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o, want %o", p, got, want)
		}
	}
}

func TestOpenRefusesWhatIsNotOurs(t *testing.T) {
	other := func(change func(tx *bolt.Tx) error) func(path string) error {
		return func(path string) error {
			db, err := bolt.Open(path, 0o600, nil)
			if err != nil {
				return err
			}
			defer db.Close()
			return db.Update(change)
		}
	}
	for _, c := range []struct {
		name, want string
		make       func(path string) error
	}{
		{"text", "is no cairn store", func(p string) error { return os.WriteFile(p, []byte(strings.Repeat("hello ", 5000)), 0o600) }},
		{"short text", "is no cairn store", func(p string) error { return os.WriteFile(p, []byte("hello"), 0o600) }},
		{"folder", "is no file", func(p string) error { return os.Mkdir(p, 0o700) }},
		{"another program's database", "a database of another program", other(func(tx *bolt.Tx) error {
			_, err := tx.CreateBucket([]byte("theirs"))
			return err
		})},
		{"newer format", "has format 99, this build reads format 1", other(func(tx *bolt.Tx) error {
			b, err := tx.CreateBucket([]byte("cairn"))
			if err != nil {
				return err
			}
			return b.Put([]byte("format"), []byte{0, 0, 0, 0, 0, 0, 0, 99})
		})},
		{"format of another shape", "says no format version", other(func(tx *bolt.Tx) error {
			_, err := tx.CreateBucket([]byte("cairn"))
			return err
		})},
	} {
		path := filepath.Join(t.TempDir(), "file")
		if err := c.make(path); err != nil {
			t.Fatal(err)
		}
		_, err := boltstore.Open(path)
		if !errors.Is(err, graph.ErrFormat) || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v, want ErrFormat with %q and the path", c.name, err, c.want)
		}
	}
}

func TestOpenOfAnUnusedFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s := open(t, path)
	if infos, err := s.List(t.Context()); err != nil || len(infos) > 0 {
		t.Errorf("list: %v, %v", infos, err)
	}
	if err := s.PutResult(t.Context(), "k", nil); err != nil {
		t.Error(err)
	}
}

// A store that is cut or overwritten at any page answers with ErrFormat or
// with the right content, never with a crash or a wrong graph.
func TestDamagedFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "cairn.db")
	want := graphtest.Estate(graphtest.EstateConfig{Seed: 2, Edges: 2_000, ID: "s"})
	if err := open(t, path).Put(t.Context(), want, []graph.RecordSet{{Blob: []byte("x")}}); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const page = 4096
	try := func(name string, data []byte) {
		damaged := filepath.Join(dir, name)
		if err := os.WriteFile(damaged, data, 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := boltstore.Open(damaged)
		if err == nil {
			var got *graph.Snapshot
			if got, err = s.Load(t.Context(), "s"); err == nil {
				graphtest.Equal(t, want, got)
			}
			if errors.Is(err, graph.ErrNotFound) {
				err = nil // an older, empty state of the file is whole too
			}
			// Writing to it must not crash either.
			if werr := s.PutResult(t.Context(), "k", nil); werr != nil && !errors.Is(werr, graph.ErrFormat) {
				t.Errorf("%s: writing: %v", name, werr)
			}
		}
		if err != nil && !errors.Is(err, graph.ErrFormat) {
			t.Errorf("%s: %v, want ErrFormat", name, err)
		}
	}
	for at := 0; at < len(whole); at += page {
		if at > 0 {
			try(fmt.Sprintf("cut-%d", at), whole[:at])
		}
		if at > 60*page && at < len(whole)-20*page {
			continue // the middle of one long value
		}
		broken := append([]byte(nil), whole...)
		for i := range page {
			broken[at+i] = byte(i*7 + 0x55)
		}
		try(fmt.Sprintf("overwritten-%d", at), broken)
	}
}
