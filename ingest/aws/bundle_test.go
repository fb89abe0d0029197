package aws

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/cairn-security/cairn/ingest/classify"
	"github.com/cairn-security/cairn/ingest/record"
)

// collected are the records of a run.
type collected []record.Record

// openBundle reads a bundle back.
func openBundle(t *testing.T, dir string) collected {
	t.Helper()
	bundle, err := record.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer bundle.Close()
	var all collected
	for r, err := range bundle.Records() {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	return all
}

// rawBundle is the text of a bundle's records.
func rawBundle(t *testing.T, dir string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(dir, "records.ndjson"))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// of returns the records of an operation; pairs of names and values narrow them
// to those that were asked for so.
func (c collected) of(service, operation string, params ...string) collected {
	var some collected
	for _, r := range c {
		match := r.Service == service && r.Operation == operation
		for i := 0; i < len(params); i += 2 {
			match = match && r.Params[params[i]] == params[i+1]
		}
		if match {
			some = append(some, r)
		}
	}
	return some
}

// one returns the only record of a question.
func (c collected) one(t *testing.T, service, operation string, params ...string) record.Record {
	t.Helper()
	some := c.of(service, operation, params...)
	if len(some) != 1 {
		t.Fatalf("%d records of %s %s %v, want 1", len(some), service, operation, params)
	}
	return some[0]
}

func testHasher(t *testing.T) *classify.Hasher {
	t.Helper()
	h, err := classify.NewHasher([]byte("a key for tests only"))
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// testOptions are those of a run in the estate's region.
func testOptions(t *testing.T, regions ...string) Options {
	t.Helper()
	return Options{Regions: regions, Classifier: classify.New(nil), Hasher: testHasher(t)}
}
