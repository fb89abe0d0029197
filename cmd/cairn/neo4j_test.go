package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/cairn-security/cairn/gql/server"
	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/neo4jstore/neo4jtest"
)

type estatePaths struct {
	Data struct {
		AttackPaths struct {
			Nodes []struct {
				ID, EntryKind, Outcome, Status string
				StepCount                      int
				Target                         struct{ ID, Name string }
				Chain                          []struct{ Kind, Name string }
			}
		}
	}
	Errors []struct{ Message string }
}

// TestCypherEqualsGraphQL keeps the sample company in Neo4j and asks the three
// questions of the README both ways.
func TestCypherEqualsGraphQL(t *testing.T) {
	uri := neo4jtest.Empty(t)
	t.Setenv("XDG_DATA_HOME", t.TempDir())
	if code, _, stderr := cairn(t, "demo", "--no-serve", "--quiet", "--store", uri); code != exitDone {
		t.Fatalf("cairn demo exits with %d: %s", code, stderr)
	}
	paths := graphQLPaths(t, uri)

	var toPatients, open []string
	roles := map[string]int{}
	for _, p := range paths.Data.AttackPaths.Nodes {
		if p.Target.Name == "patients-db" && p.Outcome != "administer" {
			toPatients = append(toPatients, p.ID)
		}
		if p.EntryKind == "internet" && p.Outcome == "read" && p.Status == "decided" && p.StepCount == 1 {
			open = append(open, p.Target.ID)
		}
		for _, n := range p.Chain {
			if n.Kind == "role" {
				roles[n.Name]++
			}
		}
	}
	slices.Sort(open)
	var byRole []string
	for name, n := range roles {
		byRole = append(byRole, fmt.Sprintf("%s %d", name, n))
	}
	slices.SortFunc(byRole, func(a, b string) int {
		x, y := strings.Fields(a), strings.Fields(b)
		return cmp.Or(cmp.Compare(roles[y[0]], roles[x[0]]), cmp.Compare(x[0], y[0]))
	})
	for name, want := range map[string][]string{"paths": toPatients, "open": open, "roles": byRole} {
		if len(want) == 0 {
			t.Fatalf("GraphQL answers nothing for %s", name)
		}
		if got := cypher(t, uri, name); !slices.Equal(got, want) {
			t.Errorf("%s.cypher answers %q, GraphQL %q", name, got, want)
		}
	}
}

func graphQLPaths(t *testing.T, uri string) estatePaths {
	t.Helper()
	handler, err := server.New(server.Options{Open: func(ctx context.Context) (graph.Store, error) { return openStore(ctx, uri) }, Loopback: true, Timeout: atMost})
	if err != nil {
		t.Fatal(err)
	}
	body := `{"query":"{ attackPaths(first: 200) { nodes { id entryKind outcome status stepCount target { id name } chain { kind name } } } }"}`
	request := httptest.NewRequest(http.MethodPost, "http://127.0.0.1/graphql", strings.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	var reply estatePaths
	if err := json.Unmarshal(recorder.Body.Bytes(), &reply); err != nil || len(reply.Errors) > 0 {
		t.Fatalf("GraphQL: %v %v\n%s", err, reply.Errors, recorder.Body)
	}
	return reply
}

// cypher runs a question of testdata/cypher; a row is its values in one line.
func cypher(t *testing.T, uri, name string) []string {
	t.Helper()
	query, err := os.ReadFile(filepath.Join("testdata", "cypher", name+".cypher"))
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	driver, err := neo4j.NewDriverWithContext(uri, neo4jtest.Auth())
	if err != nil {
		t.Fatal(err)
	}
	defer driver.Close(ctx)
	latest, err := neo4j.ExecuteQuery(ctx, driver, "MATCH (s:Snapshot {complete: true}) RETURN s.id", nil, neo4j.EagerResultTransformer)
	if err != nil || len(latest.Records) != 1 {
		t.Fatalf("%d snapshots: %v", len(latest.Records), err)
	}
	result, err := neo4j.ExecuteQuery(ctx, driver, string(query), map[string]any{"snapshot": latest.Records[0].Values[0]}, neo4j.EagerResultTransformer)
	if err != nil {
		t.Fatalf("%s.cypher: %v", name, err)
	}
	var rows []string
	for _, r := range result.Records {
		var cells []string
		for _, v := range r.Values {
			cells = append(cells, fmt.Sprint(v))
		}
		rows = append(rows, strings.Join(cells, " "))
	}
	return rows
}

// TestReadmeShowsTheQuestions: what the README prints is what is tested.
func TestReadmeShowsTheQuestions(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("testdata/cypher/*.cypher")
	if err != nil || len(files) != 3 {
		t.Fatalf("%d questions: %v", len(files), err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(readme), strings.TrimSpace(string(text))) {
			t.Errorf("the README does not show %s", f)
		}
	}
}
