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
	claim := rand.Text()
	err := s.claim(ctx, id, claim)
	if err == nil {
		stop := s.beat(ctx, id, claim)
		err = s.fill(ctx, claim, snap, sets)
		stop()
	}
	if err == nil {
		return nil
	}
	if errors.Is(err, graph.ErrExists) || errors.Is(err, graph.ErrBusy) {
		return s.fail(ctx, "snapshot "+id, err) // nothing was written, or another import has removed it
	}
	// The caller's context may be what ended the import, and whatever it cut,
	// the claim included, may have reached the server.
	after, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupTime)
	defer cancel()
	return errors.Join(s.fail(ctx, "snapshot "+id, err), s.fail(after, "remove what was written of snapshot "+id, s.release(after, id, claim)))
}

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
	done, err := s.write(ctx, `MATCH (s:Snapshot {id: $id}) WHERE s.claim = $claim AND s.removing IS NULL
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

func notFound(id string) error { return fmt.Errorf("store: snapshot %q: %w", id, graph.ErrNotFound) }

func sorted(sets []graph.RecordSet) []graph.RecordSet {
	sets = slices.Clone(sets)
	slices.SortStableFunc(sets, func(a, b graph.RecordSet) int {
		return slices.Compare([]string{a.Account, a.Region, a.Service, a.Operation}, []string{b.Account, b.Region, b.Service, b.Operation})
	})
	return sets
}
