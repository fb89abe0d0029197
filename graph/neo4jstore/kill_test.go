package neo4jstore_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/graphtest"
	"github.com/cairn-security/cairn/graph/neo4jstore"
	"github.com/cairn-security/cairn/graph/neo4jstore/neo4jtest"
)

// The test binary is also the import that gets killed.
func TestMain(m *testing.M) {
	uri := os.Getenv("NEO4JSTORE_PUT")
	if uri == "" {
		os.Exit(m.Run())
	}
	ctx := context.Background()
	s, err := neo4jstore.Open(ctx, neo4jstore.Config{URL: uri, User: os.Getenv("NEO4J_USER"), Password: os.Getenv("NEO4J_PASSWORD")})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("ready")
	fmt.Println(s.Put(ctx, large(), nil))
}

func large() *graph.Snapshot {
	return graphtest.Estate(graphtest.EstateConfig{Seed: 1, Edges: 40_000, ID: "large"})
}

func TestKilledImport(t *testing.T) {
	uri := neo4jtest.Empty(t)
	s := open(t, uri)
	defer s.Close()
	first := graphtest.Estate(graphtest.EstateConfig{Seed: 2, Edges: 500, ID: "first"})
	if err := s.Put(t.Context(), first, nil); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "NEO4JSTORE_PUT="+uri)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	if !lines.Scan() || lines.Text() != "ready" {
		t.Fatalf("the import says %q", lines.Text())
	}
	// Kill it when a part of the nodes is in.
	for deadline := time.Now().Add(time.Minute); count(t, uri, "MATCH (n:Node {snapshot: 'large'}) WHERE n.id IS NOT NULL RETURN count(n)") == 0; {
		if time.Now().After(deadline) {
			t.Fatal("the import writes nothing")
		}
		time.Sleep(5 * time.Millisecond)
	}
	cmd.Process.Kill()
	if lines.Scan() {
		t.Fatalf("the import ended before it was killed: %s", lines.Text())
	}
	cmd.Wait()

	if infos, err := s.List(t.Context()); err != nil || len(infos) != 1 || infos[0].ID != "first" {
		t.Fatalf("after the kill: %v, %v", infos, err)
	}
	got, err := s.Load(t.Context(), "first")
	if err != nil {
		t.Fatal(err)
	}
	graphtest.Equal(t, first, got)
	if _, err := s.Load(t.Context(), "large"); !errors.Is(err, graph.ErrNotFound) {
		t.Errorf("loading what was killed: %v", err)
	}
	// For a while it may still be alive somewhere; then its remains go.
	if err := s.Put(t.Context(), large(), nil); !errors.Is(err, graph.ErrBusy) {
		t.Errorf("importing it again at once: %v, want ErrBusy", err)
	}
	time.Sleep(20 * time.Millisecond)
	s.SetStale(10 * time.Millisecond)
	second := graphtest.Estate(graphtest.EstateConfig{Seed: 3, Edges: 500, ID: "second"})
	if err := s.Put(t.Context(), second, nil); err != nil {
		t.Fatal(err)
	}
	if n := count(t, uri, "MATCH (n) WHERE n.snapshot = 'large' OR n.id = 'large' RETURN count(n)"); n != 0 {
		t.Errorf("%d nodes of the killed import are left", n)
	}
}
