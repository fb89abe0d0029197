package neo4jtest_test

import (
	"testing"

	"github.com/cairn-security/cairn/graph/neo4jstore/neo4jtest"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

func TestStart(t *testing.T) {
	uri := neo4jtest.Start(t)
	if again := neo4jtest.Start(t); again != uri {
		t.Errorf("a second start gives %s, not %s", again, uri)
	}
	driver, err := neo4j.NewDriverWithContext(uri, neo4jtest.Auth())
	if err != nil {
		t.Fatal(err)
	}
	defer driver.Close(t.Context())
	if err := driver.VerifyConnectivity(t.Context()); err != nil {
		t.Fatal(err)
	}
}
