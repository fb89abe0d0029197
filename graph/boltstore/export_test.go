package boltstore

import (
	"context"
	"time"

	bolt "go.etcd.io/bbolt"
)

// SetWait shortens the wait for a busy file in tests.
func (s *Store) SetWait(d time.Duration) { s.wait = d }

// Hold keeps the file open for writing while f runs.
func (s *Store) Hold(f func()) error {
	return s.write(context.Background(), func(*bolt.DB) error {
		f()
		return nil
	})
}
