package neo4jstore

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/cairn-security/cairn/graph"
)

// Append implements graph.Store. The one node (:Ledger) is written first, so
// that its lock puts appends in a row; a word of its own per entry makes an
// append that is repeated find what it already did.
func (s *Store) Append(ctx context.Context, e graph.LedgerEntry) (uint64, error) {
	var body any = string(e.Body)
	if !utf8.Valid(e.Body) {
		body = []byte(e.Body)
	}
	records, err := s.write(ctx, `MERGE (l:Ledger {id: 0}) SET l.lock = $append
		WITH l OPTIONAL MATCH (done:LedgerEntry {append: $append})
		WITH l, done.revision AS done
		CALL { WITH l, done
			WITH l, done WHERE done IS NULL
			SET l.revision = coalesce(l.revision, 0) + 1
			CREATE (:LedgerEntry {revision: l.revision, append: $append, at: $at, actor: $actor, kind: $kind, subject: $subject, body: $body})
			RETURN count(*) AS made }
		RETURN coalesce(done, l.revision)`,
		params{"append": rand.Text(), "at": e.At.UTC().Format(time.RFC3339Nano), "actor": e.Actor, "kind": e.Kind, "subject": e.Subject, "body": body})
	if err != nil {
		return 0, s.fail(ctx, "append to the ledger", err)
	}
	return uint64(integer(records[0].Values[0])), nil
}

// Ledger implements graph.Store.
func (s *Store) Ledger(ctx context.Context, since uint64) ([]graph.LedgerEntry, error) {
	if since > 1<<62 {
		return nil, ctx.Err() // more than the database can count to
	}
	var entries []graph.LedgerEntry
	err := s.read(ctx, "MATCH (e:LedgerEntry) WHERE e.revision > $since RETURN e.revision, e.at, e.actor, e.kind, e.subject, e.body ORDER BY e.revision",
		params{"since": int64(since)}, func(v []any) error {
			at, err := time.Parse(time.RFC3339Nano, text(v[1]))
			if err != nil {
				return fmt.Errorf("%w: ledger entry %v: %v", graph.ErrFormat, v[0], err)
			}
			e := graph.LedgerEntry{Revision: uint64(integer(v[0])), At: at, Actor: text(v[2]), Kind: text(v[3]), Subject: text(v[4])}
			switch body := v[5].(type) {
			case string:
				e.Body = json.RawMessage(body)
			case []byte:
				e.Body = body
			}
			entries = append(entries, e)
			return nil
		})
	if err != nil {
		return nil, s.fail(ctx, "read the ledger", err)
	}
	return entries, nil
}
