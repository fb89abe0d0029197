package awscli

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/cairn-security/cairn/ingest"
)

// conformance is a folder of the conformance data, which stand outside the
// repository.
func conformance(t *testing.T, parts ...string) string {
	t.Helper()
	root := os.Getenv("CAIRN_CONFORMANCE")
	if root == "" {
		t.Skip("CAIRN_CONFORMANCE is not set")
	}
	if !filepath.IsAbs(root) {
		root = filepath.Join("..", "..", root)
	}
	return filepath.Join(append([]string{root}, parts...)...)
}

func run(t testing.TB, dir string) *ingest.Result {
	t.Helper()
	source, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	result, err := ingest.Run(context.Background(), source, ingest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func TestFixturesImportWhole(t *testing.T) {
	for _, family := range []string{"synthetic", "batfish-aws"} {
		dirs, err := filepath.Glob(filepath.Join(conformance(t, "network", "fixtures"), family, "*"))
		if err != nil || len(dirs) == 0 {
			t.Fatalf("no fixtures: %v", err)
		}
		for _, dir := range dirs {
			t.Run(family+"/"+filepath.Base(dir), func(t *testing.T) {
				result := run(t, dir)
				for _, p := range result.Report.Problems {
					t.Errorf("problem: %v", p)
				}
				t.Logf("%d nodes %d edges %d gaps accounts %v regions %v unknown %v", result.Snapshot.Len(), result.Snapshot.Edges(), len(result.Snapshot.Gaps()), result.Snapshot.Meta().Accounts, result.Snapshot.Meta().Regions, result.Report.Unknown)
			})
		}
	}
}

func TestDumpImportsWhole(t *testing.T) {
	result := run(t, conformance(t, "dumps", "cloudmapper-demo"))
	for _, p := range result.Report.Problems {
		t.Logf("problem: %v", p)
	}
	s := result.Snapshot
	t.Logf("%d nodes %d edges %d gaps %v", s.Len(), s.Edges(), len(s.Gaps()), result.Report.Unknown)
	for ref := range s.Refs() {
		t.Logf("%v", s.Node(ref))
		for k, to := range s.Out(ref) {
			t.Logf("    %s %s", k, s.Node(to).ID)
		}
	}
}
