package neo4jtest

import (
	"os"
	"testing"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// Auth is how to sign in: NEO4J_USER and NEO4J_PASSWORD, or not at all.
func Auth() neo4j.AuthToken {
	if user := os.Getenv("NEO4J_USER"); user != "" {
		return neo4j.BasicAuth(user, os.Getenv("NEO4J_PASSWORD"), "")
	}
	return neo4j.NoAuth()
}

// Empty is [Start] with an empty database. A database given by NEO4J_URI that
// held something before the first test is refused rather than emptied; tests
// of several packages must not share one at the same time.
func Empty(t testing.TB) (uri string) {
	t.Helper()
	uri = Start(t)
	driver, err := neo4j.NewDriverWithContext(uri, Auth())
	if err != nil {
		t.Fatal(err)
	}
	defer driver.Close(t.Context())
	query := func(text string) *neo4j.Record {
		t.Helper()
		session := driver.NewSession(t.Context(), neo4j.SessionConfig{})
		defer session.Close(t.Context())
		result, err := session.Run(t.Context(), text, nil)
		if err != nil {
			t.Fatal(err)
		}
		records, err := result.Collect(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(records) == 0 {
			return nil
		}
		return records[0]
	}
	used := query("MATCH (n) RETURN count(n) > 0").Values[0].(bool)
	ours := query("MATCH (n:CairnTest) RETURN count(n) > 0").Values[0].(bool)
	if used && !ours && os.Getenv("NEO4J_URI") != "" {
		t.Fatalf("the database at NEO4J_URI is not empty: tests remove all of it, so give them an empty one")
	}
	query("MATCH (n) CALL { WITH n DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS")
	query("CREATE (:CairnTest)")
	return uri
}
