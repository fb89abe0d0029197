package boltstore

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"

	"github.com/cairn-security/cairn/graph"
	bolt "go.etcd.io/bbolt"
)

// A ledger entry is stored as its JSON without the body, a line feed, and the
// body byte for byte: encoding it with the rest would change its white space.

// Append implements graph.Store.
func (s *Store) Append(ctx context.Context, e graph.LedgerEntry) (revision uint64, err error) {
	err = s.update(ctx, func(tx *bolt.Tx) error {
		b := tx.Bucket(bucketLedger)
		b.FillPercent = 1
		if revision, err = b.NextSequence(); err != nil {
			return err
		}
		body := e.Body
		e.Revision, e.Body = revision, json.RawMessage("null")
		head, err := json.Marshal(e)
		if err != nil {
			return fmt.Errorf("store: ledger entry: %w", err)
		}
		return b.Put(number(revision), append(append(head, '\n'), body...))
	})
	if err != nil {
		return 0, err
	}
	return revision, nil
}

// Ledger implements graph.Store.
func (s *Store) Ledger(ctx context.Context, since uint64) ([]graph.LedgerEntry, error) {
	var entries []graph.LedgerEntry
	err := s.read(ctx, func(tx *bolt.Tx) error {
		b := tx.Bucket(bucketLedger)
		if b == nil || since+1 == 0 {
			return nil
		}
		c := b.Cursor()
		for k, v := c.Seek(number(since + 1)); k != nil; k, v = c.Next() {
			head, body, ok := bytes.Cut(v, []byte{'\n'})
			var e graph.LedgerEntry
			if err := json.Unmarshal(head, &e); err != nil || !ok || len(k) != 8 {
				return fmt.Errorf("%w: ledger entry %x: %v", graph.ErrFormat, k, err)
			}
			e.Revision = binary.BigEndian.Uint64(k)
			e.Body = bytes.Clone(body)
			entries = append(entries, e)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return entries, nil
}
