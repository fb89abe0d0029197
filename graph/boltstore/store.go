package boltstore

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/cairn-security/cairn/graph"
	bolt "go.etcd.io/bbolt"
	"golang.org/x/sync/semaphore"
)

// Store is a store in one file. It is safe for concurrent use, and any number
// of processes may use the file at once.
type Store struct {
	path string
	wait time.Duration
	// turn keeps the goroutines of this process in a queue, so that only one
	// of them at a time polls for the file: readers take one, a writer takes all.
	turn *semaphore.Weighted
}

var _ graph.Store = (*Store)(nil)

const (
	defaultWait = 10 * time.Second
	allTurns    = 1 << 20
)

// Open returns the store in a file. The file is made by the first write, with
// mode 0600, its folder with mode 0700. Errors: graph.ErrFormat for a file that
// is something else or was written by a newer version.
func Open(path string) (*Store, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	s := &Store{path: path, wait: defaultWait, turn: semaphore.NewWeighted(allTurns)}
	switch info, err := os.Stat(path); {
	case errors.Is(err, fs.ErrNotExist):
		return s, nil
	case err != nil:
		return nil, fmt.Errorf("store: %w", err)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%w: %s is no file", graph.ErrFormat, path)
	case info.Size() == 0:
		return s, nil
	}
	// A busy file is ours as likely as not; each operation looks again.
	err = s.attempt(true, func(db *bolt.DB) error { return db.View(s.check) })
	if err != nil && !errors.Is(err, errHeld) {
		return nil, err
	}
	return s, nil
}

// Close does nothing: the file is open only during an operation.
func (s *Store) Close() error { return nil }

var (
	bucketCairn   = []byte("cairn")
	bucketIndex   = []byte("index")
	bucketData    = []byte("data")
	bucketResults = []byte("results")
	bucketLedger  = []byte("ledger")
	keyFormat     = []byte("format")
)

const formatVersion = 1

// read runs f in a read-only transaction; a file that is not there yet is as
// good as an empty one, and f is not called.
func (s *Store) read(ctx context.Context, f func(tx *bolt.Tx) error) error {
	if info, err := os.Stat(s.path); errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return ctx.Err()
	}
	return s.access(ctx, true, func(db *bolt.DB) error {
		return db.View(func(tx *bolt.Tx) error {
			if err := s.check(tx); err != nil {
				return err
			}
			return f(tx)
		})
	})
}

// write runs f with the file open for writing and its buckets in place.
func (s *Store) write(ctx context.Context, f func(db *bolt.DB) error) error {
	if err := os.MkdirAll(filepath.Dir(s.path), 0o700); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	return s.access(ctx, false, func(db *bolt.DB) error {
		ready := false
		err := db.View(func(tx *bolt.Tx) error {
			ready = tx.Bucket(bucketCairn) != nil
			return s.check(tx)
		})
		if err == nil && !ready {
			err = db.Update(initialise)
		}
		if err != nil {
			return err
		}
		return f(db)
	})
}

// update is [Store.write] for what fits one transaction.
func (s *Store) update(ctx context.Context, f func(tx *bolt.Tx) error) error {
	return s.write(ctx, func(db *bolt.DB) error { return db.Update(f) })
}

func initialise(tx *bolt.Tx) error {
	for _, name := range [][]byte{bucketIndex, bucketData, bucketResults, bucketLedger} {
		if _, err := tx.CreateBucketIfNotExists(name); err != nil {
			return err
		}
	}
	b, err := tx.CreateBucketIfNotExists(bucketCairn)
	if err != nil {
		return err
	}
	return b.Put(keyFormat, number(formatVersion))
}

// check tells a store of ours from everything else, and a whole file from a
// cut one: pages past the end of the file must never be touched.
func (s *Store) check(tx *bolt.Tx) error {
	if info, err := os.Stat(s.path); err != nil {
		return fmt.Errorf("store: %w", err)
	} else if info.Size() < tx.Size() {
		return fmt.Errorf("%w: %s is cut off: %d of %d bytes are there", graph.ErrFormat, s.path, info.Size(), tx.Size())
	}
	b := tx.Bucket(bucketCairn)
	if b == nil {
		if name, _ := tx.Cursor().First(); name != nil {
			return fmt.Errorf("%w: %s is a database of another program", graph.ErrFormat, s.path)
		}
		return nil // made by a process that ended before its first write
	}
	version := b.Get(keyFormat)
	if len(version) != 8 {
		return fmt.Errorf("%w: %s says no format version", graph.ErrFormat, s.path)
	}
	if v := binary.BigEndian.Uint64(version); v != formatVersion {
		return fmt.Errorf("%w: %s has format %d, this build reads format %d: use the version of cairn that wrote it", graph.ErrFormat, s.path, v, formatVersion)
	}
	return nil
}

// number is a key that sorts as its value does.
func number(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }
