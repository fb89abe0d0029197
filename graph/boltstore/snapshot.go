package boltstore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/graph"
	bolt "go.etcd.io/bbolt"
)

// entry is what the index keeps of a complete snapshot.
type entry struct {
	graph.Info
	Data uint64 `json:"data"` // number of its pieces in bucket "data"
	Size int64  `json:"size"` // of the encoded graph
}

// maxID leaves room below bbolt's limit for keys.
const maxID = 4096

// Put implements graph.Store. Memory: about 48 MiB beside the snapshot.
func (s *Store) Put(ctx context.Context, snap *graph.Snapshot, sets []graph.RecordSet) error {
	id := snap.ID()
	if id == "" || len(id) > maxID {
		return fmt.Errorf("store: a snapshot needs an id of 1 to %d bytes", maxID)
	}
	return s.write(ctx, func(db *bolt.DB) error {
		e := entry{Info: graph.Info{Meta: snap.Meta(), Nodes: snap.Len(), Edges: snap.Edges(), Gaps: len(snap.Gaps())}}
		err := db.Update(func(tx *bolt.Tx) (err error) {
			e.Data, err = begin(tx, id)
			return err
		})
		if err != nil {
			return err
		}
		if err := fill(ctx, db, &e, snap, sets); err != nil {
			return errors.Join(err, db.Update(func(tx *bolt.Tx) error { return tx.Bucket(bucketData).DeleteBucket(number(e.Data)) }))
		}
		return nil
	})
}

// begin reserves a number for the pieces and removes those of imports that
// ended before they were complete: nobody else is writing now.
func begin(tx *bolt.Tx, id string) (uint64, error) {
	used := map[string]bool{}
	err := tx.Bucket(bucketIndex).ForEach(func(_, v []byte) error {
		e, err := parseEntry(v)
		used[string(number(e.Data))] = true
		return err
	})
	if err != nil {
		return 0, err
	}
	if tx.Bucket(bucketIndex).Get([]byte(id)) != nil {
		return 0, fmt.Errorf("store: snapshot %s: %w", id, graph.ErrExists)
	}
	data := tx.Bucket(bucketData)
	var left [][]byte
	err = data.ForEachBucket(func(k []byte) error {
		if !used[string(k)] {
			left = append(left, slices.Clone(k))
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	for _, k := range left {
		if err := data.DeleteBucket(k); err != nil {
			return 0, err
		}
	}
	n, err := data.NextSequence()
	if err != nil {
		return 0, err
	}
	_, err = data.CreateBucket(number(n))
	return n, err
}

// fill writes the pieces and, last, the entry that makes the snapshot exist.
func fill(ctx context.Context, db *bolt.DB, e *entry, snap *graph.Snapshot, sets []graph.RecordSet) error {
	w := &pieces{ctx: ctx, db: db, data: e.Data}
	if err := graph.Encode(w, snap); err != nil {
		return fmt.Errorf("store: snapshot %s: %w", snap.ID(), err)
	}
	w.end()
	e.Size = w.size
	for _, set := range sorted(sets) {
		if err := w.set(set); err != nil {
			return fmt.Errorf("store: record set %s %s: %w", set.Service, set.Operation, err)
		}
	}
	if err := w.flush(); err != nil {
		return fmt.Errorf("store: snapshot %s: %w", snap.ID(), err)
	}
	value, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("store: snapshot %s: %w", snap.ID(), err)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return db.Update(func(tx *bolt.Tx) error { return tx.Bucket(bucketIndex).Put([]byte(snap.ID()), value) })
}

func sorted(sets []graph.RecordSet) []graph.RecordSet {
	sets = slices.Clone(sets)
	slices.SortStableFunc(sets, func(a, b graph.RecordSet) int {
		return slices.Compare([]string{a.Account, a.Region, a.Service, a.Operation}, []string{b.Account, b.Region, b.Service, b.Operation})
	})
	return sets
}

func parseEntry(value []byte) (e entry, err error) {
	if err := json.Unmarshal(value, &e); err != nil {
		return e, fmt.Errorf("%w: index of snapshots: %v", graph.ErrFormat, err)
	}
	return e, nil
}

// find returns the entry of a snapshot.
func find(tx *bolt.Tx, id string) (entry, error) {
	if index := tx.Bucket(bucketIndex); index != nil {
		if value := index.Get([]byte(id)); value != nil {
			return parseEntry(value)
		}
	}
	return entry{}, notFound(id)
}

func notFound(id string) error { return fmt.Errorf("store: snapshot %q: %w", id, graph.ErrNotFound) }

// List implements graph.Store.
func (s *Store) List(ctx context.Context) ([]graph.Info, error) {
	var infos []graph.Info
	err := s.read(ctx, func(tx *bolt.Tx) error {
		index := tx.Bucket(bucketIndex)
		if index == nil {
			return nil
		}
		return index.ForEach(func(_, v []byte) error {
			e, err := parseEntry(v)
			infos = append(infos, e.Info)
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(infos, func(a, b graph.Info) int {
		if c := a.TakenAt.Compare(b.TakenAt); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return infos, nil
}

// Load implements graph.Store. Cost: one copy of the stored bytes and
// [graph.DecodeBytes]; the file is let go before decoding.
func (s *Store) Load(ctx context.Context, id string) (*graph.Snapshot, error) {
	err := notFound(id)
	var data []byte
	readErr := s.read(ctx, func(tx *bolt.Tx) error {
		var e entry
		if e, err = find(tx, id); err != nil {
			return nil
		}
		data, err = readGraph(tx, e)
		return nil
	})
	if readErr != nil {
		return nil, readErr
	}
	if err != nil {
		return nil, err
	}
	snap, err := graph.DecodeBytes(data)
	if err != nil {
		return nil, fmt.Errorf("%s: snapshot %s: %w", s.path, id, err)
	}
	return snap, nil
}

// RecordSets implements graph.Store.
func (s *Store) RecordSets(ctx context.Context, id string) ([]graph.RecordSet, error) {
	found := false
	var sets []graph.RecordSet
	err := s.read(ctx, func(tx *bolt.Tx) error {
		e, err := find(tx, id)
		if err != nil {
			return err
		}
		found = true
		sets, err = readSets(tx, e)
		return err
	})
	if err == nil && !found {
		err = notFound(id)
	}
	return sets, err
}

// Delete implements graph.Store.
func (s *Store) Delete(ctx context.Context, id string) error {
	// Looking first keeps a mistyped id from making a file.
	if _, err := s.stat(ctx, id); err != nil {
		return err
	}
	return s.update(ctx, func(tx *bolt.Tx) error {
		e, err := find(tx, id)
		if err != nil {
			return err
		}
		if err := tx.Bucket(bucketIndex).Delete([]byte(id)); err != nil {
			return err
		}
		return tx.Bucket(bucketData).DeleteBucket(number(e.Data))
	})
}

// stat returns the entry of a snapshot or graph.ErrNotFound.
func (s *Store) stat(ctx context.Context, id string) (e entry, err error) {
	found := notFound(id)
	err = s.read(ctx, func(tx *bolt.Tx) error {
		e, found = find(tx, id)
		return nil
	})
	if err == nil {
		err = found
	}
	return e, err
}

// PutDerived implements graph.Store: a file has no query language, so nothing
// is kept.
func (s *Store) PutDerived(ctx context.Context, id string, _ graph.Derived) error {
	_, err := s.stat(ctx, id)
	return err
}
