package neo4jstore_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/graphtest"
	"github.com/cairn-security/cairn/graph/neo4jstore"
	"github.com/cairn-security/cairn/graph/neo4jstore/neo4jtest"
	"github.com/google/go-cmp/cmp"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

const clinic = `
snapshot s1 source=demo taken=2026-01-02T03:04:05Z
node account arn:aws:iam::1:root account=1
node role arn:aws:iam::1:role/app name=app account=1
  from service=iam operation=GetRole
  trust {"Statement":[]}
  inline/data {"Statement":[{"Action":"s3:GetObject"}]}
node bucket arn:aws:s3:::records name=records account=1 region=eu-west-1
  tags {"env":"prod","pii":"true"}
  policy {"Statement":[{"Principal":"*"}]}
  sensitivity {"types":[]}
node db-instance arn:aws:rds:eu-west-1:1:db:a name=a account=1
edge arn:aws:iam::1:root CONTAINS arn:aws:s3:::records
edge arn:aws:iam::1:role/app REFERS arn:aws:s3:::records
gap g1 denied account=1 service=s3 operation=ListBuckets affects=arn:aws:iam::1:root
`

// ask runs a question as a person would and returns rows of printed values.
func ask(t testing.TB, uri, question string) (rows [][]string) {
	t.Helper()
	driver, err := neo4j.NewDriverWithContext(uri, neo4jtest.Auth())
	if err != nil {
		t.Fatal(err)
	}
	defer driver.Close(t.Context())
	result, err := neo4j.ExecuteQuery(t.Context(), driver, question, nil, neo4j.EagerResultTransformer)
	if err != nil {
		t.Fatalf("%s: %v", question, err)
	}
	for _, r := range result.Records {
		var row []string
		for _, v := range r.Values {
			row = append(row, fmt.Sprint(v))
		}
		rows = append(rows, row)
	}
	return rows
}

func count(t testing.TB, uri, question string) (n int) {
	t.Helper()
	if _, err := fmt.Sscan(ask(t, uri, question)[0][0], &n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestSnapshotIsAPropertyGraph(t *testing.T) {
	uri := neo4jtest.Empty(t)
	s := open(t, uri)
	defer s.Close()
	snap := graphtest.MustParse(t, clinic)
	other := graphtest.MustParse(t, strings.Replace(clinic, "snapshot s1", "snapshot s2", 1))
	for _, g := range []*graph.Snapshot{snap, other} {
		if err := s.Put(t.Context(), g, nil); err != nil {
			t.Fatal(err)
		}
	}
	const role, bucket = "arn:aws:iam::1:role/app", "arn:aws:s3:::records"
	if err := s.PutDerived(t.Context(), "s1", graph.Derived{
		Sensitivity: []graph.DerivedSensitivity{{Node: bucket, Label: "Restricted", Critical: true, Source: "scan", Types: []string{"health-record", "name"}}},
		Steps:       []graph.DerivedStep{{From: role, To: bucket, Technique: "read-object", Status: "decided", Likelihood: 0.9, Gains: "reads"}},
		Paths:       []graph.DerivedPath{{ID: "p1", Title: "app to records", Entry: role, Target: bucket, Status: "decided", Rank: 1, Risk: 7.5, Likelihood: 0.9, Nodes: []string{role, bucket}}},
	}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		question string
		want     [][]string
	}{
		{"MATCH (s:Snapshot) WHERE s.complete RETURN s.id, s.nodes, s.edges, s.gaps, s.takenAt ORDER BY s.id",
			[][]string{{"s1", "5", "3", "1", "2026-01-02T03:04:05Z"}, {"s2", "5", "3", "1", "2026-01-02T03:04:05Z"}}},
		{"MATCH (b:Bucket {snapshot: 's1'}) RETURN b.id, b.name, b.kind, b.account, b.region", [][]string{{bucket, "records", "bucket", "1", "eu-west-1"}}},
		{"MATCH (d:Node:DbInstance {snapshot: 's1'}) RETURN d.name", [][]string{{"a"}}},
		{"MATCH (n:Node {snapshot: 's1'}) WHERE n.policy CONTAINS '\"Principal\":\"*\"' RETURN n.name", [][]string{{"records"}}},
		{"MATCH (n:Node {snapshot: 's1'}) WHERE 'env=prod' IN n.tagList RETURN n.name", [][]string{{"records"}}},
		{"MATCH (r:Role {snapshot: 's1'}) WHERE any(p IN r.inlinePolicies WHERE p CONTAINS 's3:GetObject') RETURN r.name, r.inlineNames", [][]string{{"app", "[data]"}}},
		{"MATCH (a:Account {snapshot: 's1'})-[:CONTAINS]->(n) RETURN n.name", [][]string{{"records"}}},
		{"MATCH (g:Gap {snapshot: 's1'})-[:AFFECTS]->(n:Account) RETURN g.name, n.account", [][]string{{"s3 ListBuckets denied", "1"}}},
		{"MATCH (n:Node) WHERE n.sensitivity = 'Restricted' AND n.critical RETURN n.snapshot, n.name, n.sensitivitySource, n.sensitivityTypes",
			[][]string{{"s1", "records", "scan", "[health-record name]"}}},
		{"MATCH (a)-[s:STEP]->(b) RETURN a.name, s.technique, s.status, s.likelihood, s.gains, b.name", [][]string{{"app", "read-object", "decided", "0.9", "reads", "records"}}},
		{"MATCH (p:Path {snapshot: 's1'})-[v:VISITS]->(n) RETURN p.rank, p.risk, p.title, v.position, n.name ORDER BY p.rank, v.position",
			[][]string{{"1", "7.5", "app to records", "0", "app"}, {"1", "7.5", "app to records", "1", "records"}}},
	} {
		if diff := cmp.Diff(c.want, ask(t, uri, c.question)); diff != "" {
			t.Errorf("%s\n%s", c.question, diff)
		}
	}
	// What people add of their own does not come back as part of the snapshot.
	ask(t, uri, "MATCH (b:Bucket {snapshot: 's1'}), (r:Role {snapshot: 's1'}) SET b.reviewed = true, b.score = 3 CREATE (r)-[:REVIEWED]->(b), (:Note {text: 'x'})-[:ABOUT]->(b)")
	got, err := s.Load(t.Context(), "s1")
	if err != nil {
		t.Fatal(err)
	}
	graphtest.Equal(t, snap, got)
	// What is missing is noticed.
	ask(t, uri, "MATCH (b:Bucket {snapshot: 's2'}) DETACH DELETE b")
	if _, err := s.Load(t.Context(), "s2"); err == nil || !strings.Contains(err.Error(), "snapshot s2 has 4 nodes and 1 edges in the database, it was written with 5 and 3") {
		t.Errorf("loading a snapshot that lost a node: %v", err)
	}
}

func TestOpenOfNoServer(t *testing.T) {
	_, err := neo4jstore.Open(t.Context(), neo4jstore.Config{URL: "bolt://127.0.0.1:1"})
	if err == nil || !strings.Contains(err.Error(), "bolt://127.0.0.1:1") {
		t.Errorf("Open = %v, want an error that names the URL", err)
	}
	if _, err := neo4jstore.Open(t.Context(), neo4jstore.Config{URL: "http://x"}); err == nil {
		t.Error("an unknown scheme is accepted")
	}
}

func TestTooOld(t *testing.T) {
	for agent, want := range map[string]bool{"Neo4j/5.26.12": false, "Neo4j/5.26.0": false, "Neo4j/2025.06.0": false, "Neo4j/5.25.1": true, "Neo4j/4.4.30": true, "Other/1.0": false, "": false} {
		if got := neo4jstore.TooOld(agent); got != want {
			t.Errorf("TooOld(%q) = %v", agent, got)
		}
	}
}
