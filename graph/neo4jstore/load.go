package neo4jstore

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/graph"
)

// List implements graph.Store.
func (s *Store) List(ctx context.Context) ([]graph.Info, error) {
	var infos []graph.Info
	err := s.read(ctx, "MATCH (s:Snapshot) WHERE s.complete RETURN s.meta, s.nodes, s.edges, s.gaps", nil, func(v []any) error {
		var info graph.Info
		if err := json.Unmarshal([]byte(text(v[0])), &info.Meta); err != nil {
			return fmt.Errorf("%w: description of a snapshot: %v", graph.ErrFormat, err)
		}
		info.Nodes, info.Edges, info.Gaps = integer(v[1]), integer(v[2]), integer(v[3])
		infos = append(infos, info)
		return nil
	})
	if err != nil {
		return nil, s.fail(ctx, "list snapshots", err)
	}
	slices.SortStableFunc(infos, func(a, b graph.Info) int {
		if c := a.TakenAt.Compare(b.TakenAt); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return infos, nil
}

func integer(v any) int {
	n, _ := v.(int64)
	return int(n)
}

// stored is what a snapshot's own node says.
type stored struct {
	claim        string
	nodes, edges int
	pages        []any // ids at which pages of nodes start
}

// find returns a complete snapshot's node or graph.ErrNotFound.
func (s *Store) find(ctx context.Context, id string) (stored, error) {
	var found []stored
	format := 0
	err := s.read(ctx, "MATCH (s:Snapshot {id: $id}) WHERE s.complete RETURN s.claim, s.nodes, s.edges, s.format, s.pages", params{"id": id}, func(v []any) error {
		starts, _ := v[4].([]any)
		found = append(found, stored{text(v[0]), integer(v[1]), integer(v[2]), starts})
		format = integer(v[3])
		return nil
	})
	switch {
	case err != nil:
		return stored{}, s.fail(ctx, "snapshot "+id, err)
	case len(found) == 0:
		return stored{}, notFound(id)
	case format != formatVersion:
		return stored{}, fmt.Errorf("%w: snapshot %s has format %d, this build reads format %d", graph.ErrFormat, id, format, formatVersion)
	}
	return found[0], nil
}

// Load implements graph.Store. Nodes and edges are read side by side.
func (s *Store) Load(ctx context.Context, id string) (*graph.Snapshot, error) {
	at, err := s.find(ctx, id)
	if err != nil {
		return nil, err
	}
	snap, err := s.load(ctx, id, at)
	if err != nil {
		return nil, s.fail(ctx, "load snapshot "+id, err)
	}
	if snap.Len() != at.nodes || snap.Edges() != at.edges {
		return nil, fmt.Errorf("%w: snapshot %s has %d nodes and %d edges in the database, it was written with %d and %d", graph.ErrFormat, id, snap.Len(), snap.Edges(), at.nodes, at.edges)
	}
	return snap, nil
}

func (s *Store) load(ctx context.Context, id string, at stored) (*graph.Snapshot, error) {
	raw, err := s.blob(ctx, at.claim+"/head")
	if err != nil {
		return nil, err
	}
	var rest head
	if err := json.Unmarshal(raw, &rest); err != nil {
		return nil, fmt.Errorf("%w: description of the snapshot: %v", graph.ErrFormat, err)
	}
	l := &loader{store: s, id: id, at: at, b: graph.NewBuilder(), handles: make(map[int64]graph.Handle, at.nodes), edges: make([]relation, 0, at.edges)}
	for _, o := range rest.Origins {
		l.origins = append(l.origins, l.b.Origin(o))
	}
	if err := l.run(ctx); err != nil {
		return nil, err
	}
	for _, gap := range rest.Gaps {
		l.b.Gap(gap)
	}
	return l.b.Build(rest.Meta)
}
