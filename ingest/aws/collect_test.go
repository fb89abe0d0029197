package aws

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/ingest/aws/estatetest"
	"github.com/cairn-security/cairn/ingest/aws/mototest"
	"github.com/cairn-security/cairn/ingest/classify"
	"github.com/cairn-security/cairn/ingest/record"
)

// collected is a bundle that was read back.
type collected []record.Record

func open(t *testing.T, dir string) collected {
	t.Helper()
	bundle, err := record.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all collected
	for r, err := range bundle.Records() {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	return all
}

func testHasher(t *testing.T) *classify.Hasher {
	t.Helper()
	h, err := classify.NewHasher([]byte("a key for tests only"))
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// of returns the records of an operation; params narrow them.
func (c collected) of(service, operation string, params ...string) collected {
	var some collected
	for _, r := range c {
		if r.Service != service || r.Operation != operation {
			continue
		}
		match := true
		for i := 0; i < len(params); i += 2 {
			match = match && r.Params[params[i]] == params[i+1]
		}
		if match {
			some = append(some, r)
		}
	}
	return some
}

func TestCollectEstate(t *testing.T) {
	server := mototest.Start(t)
	server.Environ(t)
	e := estatetest.Create(t, server.URL)
	dir := filepath.Join(t.TempDir(), "bundle")
	result, err := Folder(context.Background(), Options{Regions: []string{estatetest.Region}, Classifier: classify.New(nil), Hasher: testHasher(t)}, dir, false, "test", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v", result)
	all := open(t, dir)
	_ = e
	for _, r := range all {
		if r.Outcome != graph.OutcomeOK {
			t.Log(r.Service, r.Operation, r.Region, r.Params, r.Outcome, r.Detail)
		}
	}
	raw, _ := os.ReadFile(filepath.Join(dir, "records.ndjson"))
	os.WriteFile("/work/tmp/aws/records.ndjson", raw, 0o600)
	for _, s := range estatetest.Secrets {
		if strings.Contains(string(raw), s) {
			t.Errorf("the bundle holds the secret %s…", s[:4])
		}
	}
}
