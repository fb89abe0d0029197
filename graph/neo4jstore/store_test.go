package neo4jstore_test

import (
	"os"
	"testing"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/graphtest"
	"github.com/cairn-security/cairn/graph/neo4jstore"
	"github.com/cairn-security/cairn/graph/neo4jstore/neo4jtest"
)

func open(t testing.TB, uri string) *neo4jstore.Store {
	t.Helper()
	s, err := neo4jstore.Open(t.Context(), neo4jstore.Config{URL: uri, User: os.Getenv("NEO4J_USER"), Password: os.Getenv("NEO4J_PASSWORD")})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestConformance(t *testing.T) {
	neo4jtest.Start(t)
	graphtest.Store(t, func(t *testing.T) func() graph.Store {
		uri := neo4jtest.Empty(t)
		return func() graph.Store { return open(t, uri) }
	})
}
