package neo4jstore

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/cairn-security/cairn/graph"
)

// head is what a snapshot has beside nodes and edges, kept as one blob.
type head struct {
	Meta    graph.Meta     `json:"meta"`
	Origins []graph.Origin `json:"origins"`
	Gaps    []graph.Gap    `json:"gaps"`
}

// maxID keeps ids below what an index takes.
const maxID = 4096

// Put implements graph.Store. Cost: the server's, some 50 µs per node with its
// documents and 10 µs per edge; a server that just started takes twice that.
func (s *Store) Put(ctx context.Context, snap *graph.Snapshot, sets []graph.RecordSet) error {
	id := snap.ID()
	if id == "" || len(id) > maxID {
		return fmt.Errorf("store: a snapshot needs an id of 1 to %d bytes", maxID)
	}
	if err := s.sweep(ctx); err != nil {
		return s.fail(ctx, "remove dead imports", err)
	}
	claim, err := s.claim(ctx, id)
	if err != nil {
		return s.fail(ctx, "snapshot "+id, err)
	}
	beating, stop := context.WithCancel(ctx)
	go s.beat(beating, id, claim)
	err = s.fill(ctx, claim, snap, sets)
	stop()
	if err != nil {
		// The caller's context may be what ended the import.
		after, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupTime)
		defer cancel()
		return errors.Join(s.fail(ctx, "snapshot "+id, err), s.fail(after, "remove what was written of snapshot "+id, s.remove(after, id, claim)))
	}
	return nil
}

const cleanupTime = time.Minute

func (s *Store) fill(ctx context.Context, claim string, snap *graph.Snapshot, sets []graph.RecordSet) error {
	ids, err := s.putNodes(ctx, snap)
	if err != nil {
		return fmt.Errorf("nodes: %w", err)
	}
	if err := s.putEdges(ctx, snap, ids); err != nil {
		return fmt.Errorf("edges: %w", err)
	}
	rest, err := json.Marshal(head{snap.Meta(), snap.Origins(), snap.Gaps()})
	if err != nil {
		return err
	}
	if err := s.putBlob(ctx, claim+"/head", rest); err != nil {
		return err
	}
	if err := s.putSets(ctx, snap.ID(), claim, sets); err != nil {
		return fmt.Errorf("record sets: %w", err)
	}
	meta, err := json.Marshal(snap.Meta())
	if err != nil {
		return err
	}
	done, err := s.write(ctx, `MATCH (s:Snapshot {id: $id}) WHERE s.claim = $claim
		SET s.complete = true, s.meta = $meta, s.nodes = $nodes, s.edges = $edges, s.gaps = $gaps,
			s.source = $source, s.takenAt = $takenAt, s.pages = $pages RETURN s.id`,
		params{
			"id": snap.ID(), "claim": claim, "meta": string(meta), "nodes": snap.Len(), "edges": snap.Edges(), "gaps": len(snap.Gaps()),
			"source": snap.Meta().Source, "takenAt": snap.Meta().TakenAt.UTC().Format(time.RFC3339Nano),
			"pages": pages(snap),
		})
	if err == nil && len(done) == 0 {
		err = fmt.Errorf("%w: another import took the id over", graph.ErrBusy)
	}
	return err
}

// claim takes an id for one import: a random word on the snapshot's node says
// whose it is, and its time of last life when it is dead.
func (s *Store) claim(ctx context.Context, id string) (string, error) {
	claim := rand.Text()
	records, err := s.write(ctx, `MERGE (s:Snapshot {id: $id})
		ON CREATE SET s.complete = false, s.claim = $claim, s.beat = timestamp(), s.format = $format
		RETURN s.complete, s.claim, timestamp() - s.beat`,
		params{"id": id, "claim": claim, "format": formatVersion})
	if err != nil {
		return "", err
	}
	values := records[0].Values
	complete, _ := values[0].(bool)
	age, _ := values[2].(int64)
	switch {
	case values[1] == claim:
		return claim, s.wipe(ctx, id, "") // what a write that outlived its cancelled import may have left
	case complete:
		return "", graph.ErrExists
	case time.Duration(age)*time.Millisecond < s.stale:
		return "", fmt.Errorf("%w: it is being written or removed by another process", graph.ErrBusy)
	}
	if err := s.remove(ctx, id, text(values[1])); err != nil {
		return "", err
	}
	return s.claim(ctx, id)
}

// beat shows that the import is alive.
func (s *Store) beat(ctx context.Context, id, claim string) {
	tick := time.NewTicker(s.stale / 6)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			// A missed beat is harmless; five in a row mean that the server is gone.
			_, _ = s.write(ctx, "MATCH (s:Snapshot {id: $id}) WHERE s.claim = $claim SET s.beat = timestamp()", params{"id": id, "claim": claim})
		}
	}
}

// sweep removes what dead imports and dead removals left.
func (s *Store) sweep(ctx context.Context) error {
	var dead [][2]string
	err := s.read(ctx, "MATCH (s:Snapshot) WHERE NOT s.complete AND timestamp() - s.beat > $stale RETURN s.id, s.claim",
		params{"stale": s.stale.Milliseconds()}, func(v []any) error {
			dead = append(dead, [2]string{text(v[0]), text(v[1])})
			return nil
		})
	for _, d := range dead {
		err = errors.Join(err, s.remove(ctx, d[0], d[1]))
	}
	return err
}

// Delete implements graph.Store.
func (s *Store) Delete(ctx context.Context, id string) error {
	taken, err := s.write(ctx, "MATCH (s:Snapshot {id: $id}) WHERE s.complete SET s.complete = false, s.beat = timestamp() RETURN s.claim", params{"id": id})
	if err != nil {
		return s.fail(ctx, "delete snapshot "+id, err)
	}
	if len(taken) == 0 {
		return notFound(id)
	}
	return s.fail(ctx, "delete snapshot "+id, s.remove(ctx, id, text(taken[0].Values[0])))
}

// remove deletes a snapshot that is not complete, its own node last.
func (s *Store) remove(ctx context.Context, id, claim string) error {
	if err := s.wipe(ctx, id, claim); err != nil {
		return err
	}
	_, err := s.write(ctx, "MATCH (s:Snapshot {id: $id}) WHERE s.claim = $claim AND NOT s.complete DELETE s", params{"id": id, "claim": claim})
	return err
}

// wipe deletes what belongs to a snapshot, in batches.
func (s *Store) wipe(ctx context.Context, id, claim string) error {
	const batches = " CALL { WITH n DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS"
	p := params{"id": id, "blobs": claim + "/"}
	statements := []string{
		"MATCH (n:Path {snapshot: $id}) WHERE n.id IS NOT NULL" + batches,
		"MATCH (n:Node {snapshot: $id}) WHERE n.id IS NOT NULL" + batches,
		"MATCH (n:RecordSet {snapshot: $id}) WHERE n.number IS NOT NULL" + batches,
	}
	if claim != "" {
		statements = append(statements, "MATCH (n:Blob) WHERE n.owner STARTS WITH $blobs AND n.part IS NOT NULL"+batches[:len(batches)-len("10000 ROWS")]+"20 ROWS")
	}
	for _, statement := range statements {
		if err := s.auto(ctx, statement, p); err != nil {
			return err
		}
	}
	return nil
}

func notFound(id string) error { return fmt.Errorf("store: snapshot %q: %w", id, graph.ErrNotFound) }

func sorted(sets []graph.RecordSet) []graph.RecordSet {
	sets = slices.Clone(sets)
	slices.SortStableFunc(sets, func(a, b graph.RecordSet) int {
		return slices.Compare([]string{a.Account, a.Region, a.Service, a.Operation}, []string{b.Account, b.Region, b.Service, b.Operation})
	})
	return sets
}
