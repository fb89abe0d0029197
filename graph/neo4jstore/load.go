package neo4jstore

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/graph"
	"golang.org/x/sync/errgroup"
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
}

// find returns a complete snapshot's node or graph.ErrNotFound.
func (s *Store) find(ctx context.Context, id string) (stored, error) {
	var found []stored
	format := 0
	err := s.read(ctx, "MATCH (s:Snapshot {id: $id}) WHERE s.complete RETURN s.claim, s.nodes, s.edges, s.format", params{"id": id}, func(v []any) error {
		found = append(found, stored{text(v[0]), integer(v[1]), integer(v[2])})
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
	b := graph.NewBuilder()
	origins := make([]graph.OriginID, len(rest.Origins))
	for i, o := range rest.Origins {
		origins[i] = b.Origin(o)
	}
	handles := make(map[int64]graph.Handle, at.nodes)
	edges := make([]relation, 0, at.edges)
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		return s.read(gctx, "MATCH (n:Node {snapshot: $id}) WHERE n.id IS NOT NULL RETURN id(n), properties(n)", params{"id": id}, func(v []any) error {
			number, _ := v[0].(int64)
			fields, _ := v[1].(map[string]any)
			handles[number] = graph.Handle(b.Len())
			return restore(b, fields, origins)
		})
	})
	g.Go(func() (err error) {
		edges, err = s.readEdges(gctx, id, edges)
		return err
	})
	if err := g.Wait(); err != nil {
		return nil, err
	}
	for _, e := range edges {
		from, known := handles[e.from]
		to, alsoKnown := handles[e.to]
		if !known || !alsoKnown {
			return nil, fmt.Errorf("%w: a %s relationship leads out of the snapshot", graph.ErrFormat, e.kind)
		}
		b.Link(from, to, e.kind)
	}
	for _, gap := range rest.Gaps {
		b.Gap(gap)
	}
	return b.Build(rest.Meta)
}

// relation is an edge between the database's own numbers of nodes.
type relation struct {
	from, to int64
	kind     graph.EdgeKind
}

// readEdges reads the relationships of a snapshot that are edges of the graph:
// those people or the analysis added have other types.
func (s *Store) readEdges(ctx context.Context, id string, edges []relation) ([]relation, error) {
	kinds := map[string]graph.EdgeKind{}
	var types []string
	for _, k := range graph.EdgeKinds() {
		kinds[k.String()] = k
		types = append(types, k.String())
	}
	statement := "MATCH (a:Node {snapshot: $id})-[r:" + strings.Join(types, "|") + "]->(b:Node) WHERE a.id IS NOT NULL RETURN id(a), type(r), id(b)"
	err := s.read(ctx, statement, params{"id": id}, func(v []any) error {
		from, _ := v[0].(int64)
		to, _ := v[2].(int64)
		edges = append(edges, relation{from, to, kinds[text(v[1])]})
		return nil
	})
	return edges, err
}
