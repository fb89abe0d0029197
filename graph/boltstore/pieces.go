package boltstore

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"

	"github.com/cairn-security/cairn/graph"
	bolt "go.etcd.io/bbolt"
)

// The pieces of a snapshot lie in one bucket under (blob, part), two u32 each:
// blob 0 is the encoded graph, blob i+1 is record set i with its description
// as part 0 and its bytes from part 1 on.

const (
	pieceSize = 1 << 20
	batchSize = 16 << 20 // bytes per transaction
)

// pieces writes blobs in pieces, some megabytes per transaction.
type pieces struct {
	ctx     context.Context
	db      *bolt.DB
	data    uint64
	blob    uint32
	part    uint32
	size    int64  // of the present blob
	buf     []byte // the piece that fills up
	pending []piece
	bytes   int
}

type piece struct{ key, value []byte }

func pieceKey(blob, part uint32) []byte {
	return binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, blob), part)
}

// Write adds to the present blob.
func (w *pieces) Write(p []byte) (int, error) {
	total := len(p)
	for len(p) > 0 {
		if w.buf == nil {
			w.buf = make([]byte, 0, pieceSize)
		}
		n := min(len(p), pieceSize-len(w.buf))
		w.buf, p = append(w.buf, p[:n]...), p[n:]
		if len(w.buf) == pieceSize {
			w.cut()
			if w.bytes >= batchSize {
				if err := w.flush(); err != nil {
					return 0, err
				}
			}
		}
	}
	w.size += int64(total)
	return total, nil
}

// cut makes a piece of what has gathered.
func (w *pieces) cut() {
	if len(w.buf) == 0 {
		return
	}
	w.pending = append(w.pending, piece{pieceKey(w.blob, w.part), w.buf})
	w.bytes += len(w.buf)
	w.part++
	w.buf = nil
}

// end closes the present blob.
func (w *pieces) end() {
	w.cut()
	w.blob, w.part = w.blob+1, 0
}

// set writes a record set as the next blob.
func (w *pieces) set(set graph.RecordSet) error {
	head, err := json.Marshal(setHead{RecordSet: set, Size: len(set.Blob), Sum: crc32.ChecksumIEEE(set.Blob)})
	if err != nil {
		return err
	}
	w.buf = head
	w.cut()
	if _, err := w.Write(set.Blob); err != nil {
		return err
	}
	w.end()
	return nil
}

// setHead describes a stored record set.
type setHead struct {
	graph.RecordSet
	Size int    `json:"size"`
	Sum  uint32 `json:"crc32"`
}

// flush writes what is pending in one transaction.
func (w *pieces) flush() error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	err := w.db.Update(func(tx *bolt.Tx) error {
		b := tx.Bucket(bucketData).Bucket(number(w.data))
		b.FillPercent = 1 // keys only ascend
		for _, p := range w.pending {
			if err := b.Put(p.key, p.value); err != nil {
				return err
			}
		}
		return nil
	})
	w.pending, w.bytes = w.pending[:0], 0
	return err
}

func readGraph(tx *bolt.Tx, e entry) ([]byte, error) {
	b := tx.Bucket(bucketData).Bucket(number(e.Data))
	if b == nil {
		return nil, damaged(e.ID, "its data are missing")
	}
	data, err := readBlob(b.Cursor(), 0, 0, e.Size)
	if err != nil {
		return nil, damaged(e.ID, err.Error())
	}
	return data, nil
}

// readBlob joins the parts of a blob from a part on.
func readBlob(c *bolt.Cursor, blob, part uint32, size int64) ([]byte, error) {
	if size < 0 || size > 1<<40 {
		return nil, fmt.Errorf("blob %d claims %d bytes", blob, size)
	}
	data := make([]byte, 0, min(size, 1<<30))
	for k, v := c.Seek(pieceKey(blob, part)); len(k) == 8 && binary.BigEndian.Uint32(k) == blob; k, v = c.Next() {
		data = append(data, v...)
	}
	if int64(len(data)) != size {
		return nil, fmt.Errorf("blob %d has %d bytes, want %d", blob, len(data), size)
	}
	return data, nil
}

func readSets(tx *bolt.Tx, e entry) ([]graph.RecordSet, error) {
	b := tx.Bucket(bucketData).Bucket(number(e.Data))
	if b == nil {
		return nil, damaged(e.ID, "its data are missing")
	}
	var sets []graph.RecordSet
	c := b.Cursor()
	for blob := uint32(1); ; blob++ {
		value := b.Get(pieceKey(blob, 0))
		if value == nil {
			return sets, nil
		}
		var head setHead
		if err := json.Unmarshal(value, &head); err != nil {
			return nil, damaged(e.ID, fmt.Sprintf("record set %d: %v", blob-1, err))
		}
		data, err := readBlob(c, blob, 1, int64(head.Size))
		if err != nil {
			return nil, damaged(e.ID, err.Error())
		}
		if crc32.ChecksumIEEE(data) != head.Sum {
			return nil, damaged(e.ID, fmt.Sprintf("record set %s %s has a wrong checksum", head.Service, head.Operation))
		}
		head.Blob = data
		sets = append(sets, head.RecordSet)
	}
}

func damaged(id, what string) error {
	return fmt.Errorf("%w: snapshot %s: %s", graph.ErrFormat, id, what)
}
