package neo4jstore

import (
	"context"
	"fmt"
	"slices"

	"github.com/cairn-security/cairn/graph"
	"golang.org/x/sync/errgroup"
)

const (
	nodeBatch = 5_000
	nodeBytes = 4 << 20 // of documents per batch
	edgeBatch = 20_000
	writers   = 2
	pageSize  = 10_000 // nodes that are read at once
)

// Labels and types are parameters ($(…), since Neo4j 5.26), so that one
// statement serves every kind: planning a statement costs the server as much
// as writing thousands of rows. id() is the database's own number of a node:
// it holds while an import runs and spares an index look-up for both ends of
// every edge; nothing keeps it longer.
const (
	createNodes = `UNWIND $rows AS r CREATE (n:Node:$(r[0])) SET n = r[1] RETURN collect(r[2]), collect(id(n))`
	createEdges = `UNWIND range(0, size($edges) - 1, 3) AS i
		MATCH (a) WHERE id(a) = $edges[i] MATCH (b) WHERE id(b) = $edges[i + 1]
		CREATE (a)-[:$($types[$edges[i + 2]])]->(b)`
)

// putNodes creates the nodes and returns the database's number of each, by
// reference.
func (s *Store) putNodes(ctx context.Context, snap *graph.Snapshot) ([]int64, error) {
	numbers := make([]int64, snap.Len())
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(writers)
	for from := 0; from < snap.Len() && ctx.Err() == nil; {
		to, size := from, 0
		for to < snap.Len() && to-from < nodeBatch && size < nodeBytes {
			for _, p := range snap.Props(graph.Ref(to)) {
				size += len(p.Value)
			}
			to++
		}
		first, last := graph.Ref(from), graph.Ref(to)
		g.Go(func() error { return s.createNodes(ctx, snap, first, last, numbers) })
		from = to
	}
	return numbers, g.Wait()
}

func (s *Store) createNodes(ctx context.Context, snap *graph.Snapshot, from, to graph.Ref, numbers []int64) error {
	rows := make([][]any, 0, to-from)
	for ref := from; ref < to; ref++ {
		rows = append(rows, []any{label(snap.Kind(ref)), fieldsOf(snap, ref), int64(ref)})
	}
	records, err := s.write(ctx, createNodes, params{"rows": rows})
	if err != nil {
		return err
	}
	refs, _ := records[0].Values[0].([]any)
	made, _ := records[0].Values[1].([]any)
	if len(refs) != len(rows) || len(made) != len(rows) {
		return fmt.Errorf("the server made %d of %d nodes", len(made), len(rows))
	}
	for i := range refs {
		numbers[refs[i].(int64)] = made[i].(int64)
	}
	return nil
}

// putEdges creates the relationships.
func (s *Store) putEdges(ctx context.Context, snap *graph.Snapshot, numbers []int64) error {
	types := make([]string, 0, len(graph.EdgeKinds()))
	for _, k := range graph.EdgeKinds() {
		types = append(types, k.String())
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(writers)
	var edges []int64
	send := func() {
		batch := edges
		edges = make([]int64, 0, 3*edgeBatch)
		g.Go(func() error {
			_, err := s.write(ctx, createEdges, params{"edges": batch, "types": types})
			return err
		})
	}
	for from := range snap.Refs() {
		for kind, to := range snap.Out(from) {
			if edges = append(edges, numbers[from], numbers[to], int64(kind)); len(edges) >= 3*edgeBatch {
				send()
			}
		}
		if ctx.Err() != nil {
			break
		}
	}
	if len(edges) > 0 {
		send()
	}
	return g.Wait()
}

// pages returns the ids at which pages of nodes start, in the order of ids,
// which is the order of the index: with them a snapshot is read in parts of
// bounded size, several at a time.
func pages(snap *graph.Snapshot) []string {
	ids := make([]string, 0, snap.Len())
	for ref := range snap.Refs() {
		ids = append(ids, snap.Node(ref).ID)
	}
	slices.Sort(ids)
	starts := []string{""}
	for i := pageSize; i < len(ids); i += pageSize {
		starts = append(starts, ids[i])
	}
	return starts
}
