package neo4jstore

import (
	"context"
	"fmt"
	"strings"

	"github.com/cairn-security/cairn/graph"
	"golang.org/x/sync/errgroup"
)

const (
	nodeBatch = 5_000
	nodeBytes = 4 << 20 // of documents per batch
	edgeBatch = 20_000
	writers   = 2
)

// putNodes creates the nodes and returns the database's own number of each, by
// reference. The numbers hold while the import runs and spare a look-up in an
// index for both ends of every edge; nothing keeps them longer.
func (s *Store) putNodes(ctx context.Context, snap *graph.Snapshot) ([]int64, error) {
	ids := make([]int64, snap.Len())
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(writers)
	for _, kind := range graph.Kinds() {
		refs := snap.ByKind(kind)
		if len(refs) == 0 {
			continue
		}
		c := columnsOf(snap, refs)
		statement := createNodes(kind, c)
		for len(refs) > 0 {
			n, size := 0, 0
			for n < len(refs) && n < nodeBatch && size < nodeBytes {
				for _, p := range snap.Props(refs[n]) {
					size += len(p.Value)
				}
				n++
			}
			batch := refs[:n]
			refs = refs[n:]
			g.Go(func() error { return s.createBatch(ctx, snap, statement, c, batch, ids) })
			if ctx.Err() != nil {
				break
			}
		}
	}
	return ids, g.Wait()
}

// createNodes is the statement for the nodes of a kind: labels and field names
// cannot be parameters, so they are part of the text, values never are. Both
// come from names of this module and from keys that are plain words.
func createNodes(kind graph.Kind, c *columns) string {
	var b strings.Builder
	fmt.Fprintf(&b, "UNWIND $rows AS r CREATE (n:Node:%s {snapshot: $snapshot, kind: $kind", label(kind))
	for i, field := range append(fixedNames[:fixedFields:fixedFields], c.fields...) {
		fmt.Fprintf(&b, ", %s: r[%d]", field, i)
	}
	b.WriteString("}) RETURN collect(r[0]), collect(id(n))")
	return b.String()
}

func (s *Store) createBatch(ctx context.Context, snap *graph.Snapshot, statement string, c *columns, refs []graph.Ref, ids []int64) error {
	rows := make([][]any, len(refs))
	for i, ref := range refs {
		rows[i] = c.row(snap, ref)
	}
	records, err := s.write(ctx, statement, params{"rows": rows, "snapshot": snap.ID(), "kind": snap.Kind(refs[0]).String()})
	if err != nil {
		return err
	}
	made, _ := records[0].Values[0].([]any)
	numbers, _ := records[0].Values[1].([]any)
	if len(made) != len(refs) || len(numbers) != len(refs) {
		return fmt.Errorf("the server made %d of %d nodes", len(made), len(refs))
	}
	for i := range made {
		ids[made[i].(int64)] = numbers[i].(int64)
	}
	return nil
}

// putEdges creates the relationships, kind by kind because a type cannot be a
// parameter either.
func (s *Store) putEdges(ctx context.Context, snap *graph.Snapshot, ids []int64) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(writers)
	for _, kind := range graph.EdgeKinds() {
		statement := fmt.Sprintf(`UNWIND range(0, size($pairs) - 1, 2) AS i
			MATCH (a) WHERE id(a) = $pairs[i] MATCH (b) WHERE id(b) = $pairs[i + 1]
			CREATE (a)-[:%s]->(b)`, kind)
		pairs := make([]int64, 0, 2*edgeBatch)
		send := func() {
			batch := pairs
			pairs = make([]int64, 0, 2*edgeBatch)
			g.Go(func() error {
				_, err := s.write(ctx, statement, params{"pairs": batch})
				return err
			})
		}
		for from := range snap.Refs() {
			for to := range snap.OutKind(from, kind) {
				pairs = append(pairs, ids[from], ids[to])
			}
			if len(pairs) >= 2*edgeBatch {
				send()
			}
		}
		if len(pairs) > 0 && ctx.Err() == nil {
			send()
		}
	}
	return g.Wait()
}
