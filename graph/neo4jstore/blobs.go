package neo4jstore

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"time"

	"crypto/rand"
	"github.com/cairn-security/cairn/graph"
)

const (
	pieceSize = 1 << 20
	batchSize = 8 // pieces per transaction
)

// putBlob writes bytes under an owner that nothing has been written under.
func (s *Store) putBlob(ctx context.Context, owner string, data []byte) error {
	pieces := chunks(data, pieceSize)
	for from := 0; from < len(pieces); from += batchSize {
		batch := pieces[from:min(from+batchSize, len(pieces))]
		_, err := s.write(ctx, "UNWIND range(0, size($pieces) - 1) AS i CREATE (:Blob {owner: $owner, part: $from + i, data: $pieces[i]})",
			params{"owner": owner, "from": from, "pieces": batch})
		if err != nil {
			return err
		}
	}
	return nil
}

// blob reads bytes back, empty when nothing was written.
func (s *Store) blob(ctx context.Context, owner string) ([]byte, error) {
	var data []byte
	err := s.read(ctx, "MATCH (b:Blob {owner: $owner}) WHERE b.part IS NOT NULL RETURN b.data ORDER BY b.part", params{"owner": owner}, func(v []any) error {
		piece, ok := v[0].([]byte)
		if !ok {
			return fmt.Errorf("%w: blob %s holds no bytes", graph.ErrFormat, owner)
		}
		data = append(data, piece...)
		return nil
	})
	return data, err
}

func (s *Store) putSets(ctx context.Context, id, claim string, sets []graph.RecordSet) error {
	rows := make([][]any, 0, len(sets))
	for i, set := range sorted(sets) {
		counts, err := json.Marshal(set.Counts)
		if err != nil {
			return err
		}
		owner := fmt.Sprintf("%s/set/%d", claim, i)
		if len(set.Blob) > 0 {
			if err := s.putBlob(ctx, owner, set.Blob); err != nil {
				return err
			}
		}
		rows = append(rows, []any{
			i, set.Account, set.Region, set.Service, set.Operation, string(set.Outcome), string(counts),
			set.ReadAt.UTC().Format(time.RFC3339Nano), owner, len(set.Blob), int64(crc32.ChecksumIEEE(set.Blob)),
		})
	}
	_, err := s.write(ctx, `UNWIND $rows AS r CREATE (:RecordSet {snapshot: $id, number: r[0], account: r[1], region: r[2],
		service: r[3], operation: r[4], outcome: r[5], counts: r[6], readAt: r[7], owner: r[8], size: r[9], crc32: r[10]})`,
		params{"id": id, "rows": rows})
	return err
}

// RecordSets implements graph.Store.
func (s *Store) RecordSets(ctx context.Context, id string) ([]graph.RecordSet, error) {
	if _, err := s.find(ctx, id); err != nil {
		return nil, err
	}
	var sets []graph.RecordSet
	var owners []string
	var sums []int64
	err := s.read(ctx, `MATCH (r:RecordSet {snapshot: $id}) WHERE r.number IS NOT NULL
		RETURN r.account, r.region, r.service, r.operation, r.outcome, r.counts, r.readAt, r.owner, r.size, r.crc32 ORDER BY r.number`,
		params{"id": id}, func(v []any) error {
			set := graph.RecordSet{Slice: graph.Slice{Account: text(v[0]), Region: text(v[1]), Service: text(v[2]), Operation: text(v[3])}, Outcome: graph.Outcome(text(v[4]))}
			if err := json.Unmarshal([]byte(text(v[5])), &set.Counts); err != nil {
				return fmt.Errorf("%w: counts of a record set: %v", graph.ErrFormat, err)
			}
			at, err := time.Parse(time.RFC3339Nano, text(v[6]))
			if err != nil {
				return fmt.Errorf("%w: time of a record set: %v", graph.ErrFormat, err)
			}
			set.ReadAt = at
			owner := text(v[7])
			if integer(v[8]) == 0 {
				owner = ""
			}
			sum, _ := v[9].(int64)
			sets, owners, sums = append(sets, set), append(owners, owner), append(sums, sum)
			return nil
		})
	if err != nil {
		return nil, s.fail(ctx, "record sets of "+id, err)
	}
	for i := range sets {
		if owners[i] == "" {
			continue
		}
		if sets[i].Blob, err = s.blob(ctx, owners[i]); err != nil {
			return nil, s.fail(ctx, "record sets of "+id, err)
		}
		if int64(crc32.ChecksumIEEE(sets[i].Blob)) != sums[i] {
			return nil, fmt.Errorf("%w: record set %s %s of %s has a wrong checksum", graph.ErrFormat, sets[i].Service, sets[i].Operation, id)
		}
	}
	return sets, nil
}

// PutResult implements graph.Store. The bytes are written under a new owner
// and the key is pointed to it last, so a reader sees the old result or the new.
func (s *Store) PutResult(ctx context.Context, key string, blob []byte) error {
	owner := "result/" + rand.Text()
	if err := s.putBlob(ctx, owner, blob); err != nil {
		return s.fail(ctx, "put result", err)
	}
	records, err := s.write(ctx, `MERGE (r:Result {hash: $hash})
		WITH r, r.owner AS old SET r.key = $key, r.owner = $owner, r.size = $size, r.crc32 = $sum RETURN old`,
		params{"hash": resultHash(key), "key": key, "owner": owner, "size": len(blob), "sum": int64(crc32.ChecksumIEEE(blob))})
	if err == nil && records[0].Values[0] != nil {
		_, err = s.write(ctx, "MATCH (b:Blob {owner: $old}) WHERE b.part IS NOT NULL DELETE b", params{"old": records[0].Values[0]})
	}
	return s.fail(ctx, "put result", err)
}

// Keys may be longer than an index takes.
func resultHash(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
}

// Result implements graph.Store.
func (s *Store) Result(ctx context.Context, key string) (blob []byte, ok bool, err error) {
	err = s.read(ctx, `MATCH (r:Result {hash: $hash}) WHERE r.key = $key MATCH (b:Blob {owner: r.owner}) WHERE b.part IS NOT NULL
		RETURN b.data, r.crc32 ORDER BY b.part`, params{"hash": resultHash(key), "key": key}, func(v []any) error {
		piece, isBytes := v[0].([]byte)
		if !isBytes {
			return fmt.Errorf("%w: a result holds no bytes", graph.ErrFormat)
		}
		blob, ok = append(blob, piece...), true
		err = nil
		if sum, _ := v[1].(int64); len(piece) < pieceSize && sum != int64(crc32.ChecksumIEEE(blob)) {
			return fmt.Errorf("%w: a result has a wrong checksum", graph.ErrFormat)
		}
		return nil
	})
	if err != nil {
		return nil, false, s.fail(ctx, "get result", err)
	}
	return blob, ok, nil
}

// DropResults implements graph.Store.
func (s *Store) DropResults(ctx context.Context) error {
	for _, statement := range []string{
		"MATCH (n:Result) CALL { WITH n DELETE n } IN TRANSACTIONS OF 1000 ROWS",
		"MATCH (n:Blob) WHERE n.owner STARTS WITH 'result/' AND n.part IS NOT NULL CALL { WITH n DELETE n } IN TRANSACTIONS OF 20 ROWS",
	} {
		if err := s.auto(ctx, statement, nil); err != nil {
			return s.fail(ctx, "drop results", err)
		}
	}
	return nil
}
