package ingest

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/ingest/record"
)

func TestBundleGivesTheSameSnapshot(t *testing.T) {
	records := given{
		said("s3", "ListBuckets", "ok", `{"Buckets":[{"Name":"a"}]}`),
		said("s3", "GetBucketPolicy", "denied", "", "Bucket", "a"),
	}
	direct, err := Run(context.Background(), records, Options{Now: at})
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "b")
	w, err := record.Create(dir, record.Manifest{Source: "aws", StartedAt: at})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		if err := w.Write(r.(record.Record)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	bundle, err := OpenBundle(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer bundle.Close()
	replayed, err := Run(context.Background(), bundle, Options{Now: at})
	if err != nil {
		t.Fatal(err)
	}
	if direct.Snapshot.ID() != replayed.Snapshot.ID() || replayed.Snapshot.Meta().Source != "aws" {
		t.Errorf("direct %+v, replayed %+v", direct.Snapshot.Meta(), replayed.Snapshot.Meta())
	}
}

func TestCutBundleLeavesAGap(t *testing.T) {
	var stream bytes.Buffer
	w, err := record.NewStream(&stream, record.Manifest{StartedAt: at})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Write(said("s3", "ListBuckets", "ok", `{"Buckets":[{"Name":"a"}]}`)), w.Flush()); err != nil {
		t.Fatal(err)
	}
	bundle, err := ReadBundle(&stream, "standard input")
	if err != nil {
		t.Fatal(err)
	}
	result, err := Run(context.Background(), bundle, Options{Now: at})
	if err != nil {
		t.Fatal(err)
	}
	if len(result.Report.Problems) != 1 || !strings.Contains(result.Report.Problems[0].Error(), "cut off") {
		t.Errorf("problems %v", result.Report.Problems)
	}
	gaps := result.Snapshot.Gaps()
	if len(gaps) != 1 || gaps[0].Outcome != graph.OutcomeTruncated || len(gaps[0].Affects) != 1 || gaps[0].Affects[0] != graph.AccountID("111122223333") {
		t.Errorf("gaps %+v", gaps)
	}
	if _, ok := result.Snapshot.Lookup("arn:aws:s3:::a"); !ok {
		t.Error("what was read before is lost")
	}
}
