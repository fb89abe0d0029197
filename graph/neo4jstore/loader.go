package neo4jstore

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/cairn-security/cairn/graph"
	"golang.org/x/sync/errgroup"
)

const readers = 2

// loader reads the pages of one snapshot. Results come as a few long lists per
// page: a record for every edge would cost ten times as much on both sides.
type loader struct {
	store   *Store
	id      string
	at      stored
	origins []graph.OriginID // the builder's, by stored number

	mu      sync.Mutex
	b       *graph.Builder
	handles map[int64]graph.Handle // by the database's number of the node
	edges   []relation
}

// relation is an edge between the database's own numbers of nodes.
type relation struct {
	from, to int64
	kind     graph.EdgeKind
}

func (l *loader) run(ctx context.Context) error {
	kinds := map[string]graph.EdgeKind{}
	var types []string
	for _, k := range graph.EdgeKinds() {
		kinds[k.String()] = k
		types = append(types, k.String())
	}
	readEdges := "MATCH (a:Node {snapshot: $id})-[r:" + strings.Join(types, "|") + "]->(b:Node) WHERE a.id >= $from%s " +
		"WITH type(r) AS type, id(a) AS a, id(b) AS b RETURN type, collect(a), collect(b)"
	readNodes := "MATCH (n:Node {snapshot: $id}) WHERE n.id >= $from%s RETURN collect(id(n)), collect(properties(n))"
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(readers)
	for i, from := range l.at.pages {
		p := params{"id": l.id, "from": from}
		limitN, limitA := "", ""
		if i+1 < len(l.at.pages) {
			p["to"] = l.at.pages[i+1]
			limitN, limitA = " AND n.id < $to", " AND a.id < $to"
		}
		g.Go(func() error {
			return l.store.read(ctx, fmt.Sprintf(readNodes, limitN), p, func(v []any) error { return l.addNodes(v[0], v[1]) })
		})
		g.Go(func() error {
			return l.store.read(ctx, fmt.Sprintf(readEdges, limitA), p, func(v []any) error { return l.addEdges(kinds[text(v[0])], v[1], v[2]) })
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	for _, e := range l.edges {
		from, known := l.handles[e.from]
		to, alsoKnown := l.handles[e.to]
		if !known || !alsoKnown {
			return fmt.Errorf("%w: a %s relationship leads out of the snapshot", graph.ErrFormat, e.kind)
		}
		l.b.Link(from, to, e.kind)
	}
	return nil
}

func (l *loader) addNodes(numbers, maps any) error {
	ids, _ := numbers.([]any)
	list, _ := maps.([]any)
	nodes := make([]storedNode, len(list))
	for i := range list {
		fields, _ := list[i].(map[string]any)
		var err error
		if nodes[i], err = parseNode(fields); err != nil {
			return err
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range nodes {
		h, err := nodes[i].addTo(l.b, l.origins)
		if err != nil {
			return err
		}
		number, _ := ids[i].(int64)
		l.handles[number] = h
	}
	return nil
}

func (l *loader) addEdges(kind graph.EdgeKind, sources, targets any) error {
	from, _ := sources.([]any)
	to, _ := targets.([]any)
	if len(from) != len(to) {
		return fmt.Errorf("%w: %d sources and %d targets", graph.ErrFormat, len(from), len(to))
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range from {
		a, _ := from[i].(int64)
		b, _ := to[i].(int64)
		l.edges = append(l.edges, relation{a, b, kind})
	}
	return nil
}
