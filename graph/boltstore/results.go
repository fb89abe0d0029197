package boltstore

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash/crc32"

	"github.com/cairn-security/cairn/graph"
	bolt "go.etcd.io/bbolt"
)

// A result is a bucket of its own, named by the hash of its key because keys
// may be longer than bbolt's. It holds the key, a head (size and checksum) and
// the bytes in pieces.

var (
	resultKey  = []byte("key")
	resultHead = []byte("head")
)

func resultName(key string) []byte {
	sum := sha256.Sum256([]byte(key))
	return sum[:]
}

// PutResult implements graph.Store.
func (s *Store) PutResult(ctx context.Context, key string, blob []byte) error {
	return s.update(ctx, func(tx *bolt.Tx) error {
		results, name := tx.Bucket(bucketResults), resultName(key)
		if results.Bucket(name) != nil {
			if err := results.DeleteBucket(name); err != nil {
				return err
			}
		}
		b, err := results.CreateBucket(name)
		if err != nil {
			return err
		}
		if err := b.Put(resultKey, []byte(key)); err != nil {
			return err
		}
		head := binary.BigEndian.AppendUint32(number(uint64(len(blob))), crc32.ChecksumIEEE(blob))
		if err := b.Put(resultHead, head); err != nil {
			return err
		}
		for part := uint32(0); len(blob) > 0; part++ {
			n := min(len(blob), pieceSize)
			if err := b.Put(pieceKey(0, part), blob[:n]); err != nil {
				return err
			}
			blob = blob[n:]
		}
		return ctx.Err()
	})
}

// Result implements graph.Store.
func (s *Store) Result(ctx context.Context, key string) (blob []byte, ok bool, err error) {
	err = s.read(ctx, func(tx *bolt.Tx) error {
		results := tx.Bucket(bucketResults)
		if results == nil {
			return nil
		}
		b := results.Bucket(resultName(key))
		if b == nil || string(b.Get(resultKey)) != key {
			return nil
		}
		head := b.Get(resultHead)
		if len(head) != 12 {
			return fmt.Errorf("%w: result %.60q has no head", graph.ErrFormat, key)
		}
		data, err := readBlob(b.Cursor(), 0, 0, int64(binary.BigEndian.Uint64(head)))
		if err != nil || crc32.ChecksumIEEE(data) != binary.BigEndian.Uint32(head[8:]) {
			return fmt.Errorf("%w: result %.60q is damaged", graph.ErrFormat, key)
		}
		blob, ok = data, true
		return nil
	})
	return blob, ok, err
}

// DropResults implements graph.Store.
func (s *Store) DropResults(ctx context.Context) error {
	some := false
	err := s.read(ctx, func(tx *bolt.Tx) error {
		if b := tx.Bucket(bucketResults); b != nil {
			k, _ := b.Cursor().First()
			some = k != nil
		}
		return nil
	})
	if err != nil || !some {
		return err
	}
	return s.update(ctx, func(tx *bolt.Tx) error {
		if err := tx.DeleteBucket(bucketResults); err != nil {
			return err
		}
		_, err := tx.CreateBucket(bucketResults)
		return err
	})
}
