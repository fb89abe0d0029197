package neo4jstore

import (
	"context"
	"slices"

	"github.com/cairn-security/cairn/graph"
)

const derivedBatch = 10_000

// PutDerived implements graph.Store: it replaces the labels, steps and paths
// that an earlier call wrote. What names no node of the snapshot is left out.
// It is no transaction as a whole; a reader in between sees a part.
func (s *Store) PutDerived(ctx context.Context, id string, d graph.Derived) error {
	if _, err := s.find(ctx, id); err != nil {
		return err
	}
	for _, statement := range []string{
		"MATCH (n:Path {snapshot: $id}) WHERE n.id IS NOT NULL CALL { WITH n DETACH DELETE n } IN TRANSACTIONS OF 1000 ROWS",
		"MATCH (:Node {snapshot: $id})-[r:STEP]->() CALL { WITH r DELETE r } IN TRANSACTIONS OF 10000 ROWS",
		`MATCH (n:Node {snapshot: $id}) WHERE n.id IS NOT NULL AND n.sensitivity IS NOT NULL
			CALL { WITH n REMOVE n.sensitivity, n.critical, n.sensitivitySource, n.sensitivityTypes } IN TRANSACTIONS OF 10000 ROWS`,
	} {
		if err := s.auto(ctx, statement, params{"id": id}); err != nil {
			return s.fail(ctx, "remove earlier conclusions", err)
		}
	}
	labels := make([][]any, len(d.Sensitivity))
	for i, x := range d.Sensitivity {
		labels[i] = []any{x.Node, x.Label, x.Critical, x.Source, x.Types}
	}
	err := s.batches(ctx, id, labels, `UNWIND $rows AS r MATCH (n:Node {snapshot: $id, id: r[0]})
		SET n.sensitivity = r[1], n.critical = r[2], n.sensitivitySource = r[3], n.sensitivityTypes = r[4]`)
	if err != nil {
		return s.fail(ctx, "write sensitivity", err)
	}
	steps := make([][]any, len(d.Steps))
	for i, x := range d.Steps {
		steps[i] = []any{x.From, x.To, x.Technique, x.Status, x.Likelihood, x.Gains}
	}
	err = s.batches(ctx, id, steps, `UNWIND $rows AS r MATCH (a:Node {snapshot: $id, id: r[0]}) MATCH (b:Node {snapshot: $id, id: r[1]})
		CREATE (a)-[:STEP {technique: r[2], status: r[3], likelihood: r[4], gains: r[5]}]->(b)`)
	if err != nil {
		return s.fail(ctx, "write steps", err)
	}
	return s.fail(ctx, "write paths", s.putPaths(ctx, id, d.Paths))
}

func (s *Store) putPaths(ctx context.Context, id string, list []graph.DerivedPath) error {
	paths := make([][]any, len(list))
	var visits [][]any
	for i, p := range list {
		paths[i] = []any{p.ID, p.Title, p.Entry, p.Target, p.Outcome, p.Status, p.Level, p.Rank, p.Risk, p.Likelihood}
		for position, node := range p.Nodes {
			visits = append(visits, []any{p.ID, position, node})
		}
	}
	err := s.batches(ctx, id, paths, `UNWIND $rows AS r CREATE (:Path {snapshot: $id, id: r[0], title: r[1], entry: r[2], target: r[3],
		outcome: r[4], status: r[5], level: r[6], rank: r[7], risk: r[8], likelihood: r[9]})`)
	if err != nil {
		return err
	}
	return s.batches(ctx, id, visits, `UNWIND $rows AS r MATCH (p:Path {snapshot: $id, id: r[0]}) MATCH (n:Node {snapshot: $id, id: r[2]})
		CREATE (p)-[:VISITS {position: r[1]}]->(n)`)
}

func (s *Store) batches(ctx context.Context, id string, rows [][]any, statement string) error {
	for batch := range slices.Chunk(rows, derivedBatch) {
		if _, err := s.write(ctx, statement, params{"id": id, "rows": batch}); err != nil {
			return err
		}
	}
	return nil
}
