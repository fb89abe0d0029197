package boltstore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"runtime/debug"
	"time"

	"github.com/cairn-security/cairn/graph"
	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// errHeld says that another process has the file right now.
var errHeld = errors.New("the file is held")

// access opens the file, runs f and closes it again. It waits for its turn and
// for the file, s.wait in all.
func (s *Store) access(ctx context.Context, readOnly bool, f func(db *bolt.DB) error) error {
	turns := int64(1)
	if !readOnly {
		turns = allTurns
	}
	waiting, cancel := context.WithTimeout(ctx, s.wait)
	defer cancel()
	if err := s.turn.Acquire(waiting, turns); err != nil {
		return s.gaveUp(ctx)
	}
	defer s.turn.Release(turns)
	for pause := 2 * time.Millisecond; ; pause = min(2*pause, 50*time.Millisecond) {
		if waiting.Err() != nil {
			return s.gaveUp(ctx)
		}
		err := s.attempt(readOnly, f)
		if !errors.Is(err, errHeld) {
			return err
		}
		select {
		case <-waiting.Done():
		case <-time.After(pause/2 + rand.N(pause)): // apart from others that wait
		}
	}
}

func (s *Store) gaveUp(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	return fmt.Errorf("%w: %s is in use by %s, waited %s", graph.ErrBusy, s.path, s.holder(), s.wait)
}

// attempt opens the file if nobody holds it and runs f. Damage that bbolt
// finds, or runs into, comes back as graph.ErrFormat.
func (s *Store) attempt(readOnly bool, f func(db *bolt.DB) error) (err error) {
	var file *os.File
	var db *bolt.DB
	// bbolt answers to a damaged page with a panic, and a page that cannot be
	// read (a file cut while open, a failing disk) is a fault.
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %s is damaged: %v", graph.ErrFormat, s.path, p)
			if db == nil && file != nil {
				file.Close() // lets go of the lock
			}
		}
		if db != nil {
			if cerr := db.Close(); err == nil && cerr != nil {
				err = fmt.Errorf("store: close %s: %w", s.path, cerr)
			}
		}
	}()
	db, err = bolt.Open(s.path, 0o600, &bolt.Options{
		ReadOnly: readOnly,
		Timeout:  time.Nanosecond, // one try: waiting is done outside, where it can be cancelled
		OpenFile: func(name string, flag int, mode os.FileMode) (*os.File, error) {
			var err error
			file, err = os.OpenFile(name, flag, mode)
			return file, err
		},
		FreelistType: bolt.FreelistMapType,
	})
	if err != nil {
		db = nil
		return s.openError(err)
	}
	if !readOnly {
		s.announce()
		defer s.retract()
	}
	return f(db)
}

func (s *Store) openError(err error) error {
	switch {
	case errors.Is(err, berrors.ErrTimeout):
		return errHeld
	case errors.Is(err, berrors.ErrVersionMismatch):
		return fmt.Errorf("%w: %s was written by another version of its database library", graph.ErrFormat, s.path)
	case errors.Is(err, berrors.ErrInvalid), errors.Is(err, berrors.ErrChecksum):
		return fmt.Errorf("%w: %s is no cairn store, or damaged at its start", graph.ErrFormat, s.path)
	}
	var place *fs.PathError
	if errors.As(err, &place) {
		return fmt.Errorf("store: %w", err)
	}
	return fmt.Errorf("%w: %s cannot be opened: %w", graph.ErrFormat, s.path, err)
}
