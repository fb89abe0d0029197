package analysis_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/cairn-security/cairn/analysis"
	"github.com/cairn-security/cairn/analysis/analysistest"
	"github.com/cairn-security/cairn/analysis/technique"
)

// scenarios calls f with every case of every file in testdata/scenarios.
func scenarios(t testing.TB, f func(t testing.TB, name string, estate *analysistest.Estate)) {
	t.Helper()
	files, err := filepath.Glob("testdata/scenarios/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		archive := txtar.Parse(text)
		if len(archive.Files) < 2 || archive.Files[0].Name != "estate" {
			t.Fatalf("%s: wants an estate and then cases", file)
		}
		base := strings.TrimSuffix(filepath.Base(file), ".txtar")
		for _, c := range archive.Files[1:] {
			name := base + "/" + c.Name
			estate, err := analysistest.Parse(string(archive.Files[0].Data), string(c.Data))
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			f(t, name, estate)
		}
	}
}

func run(t testing.TB, e *analysistest.Estate) *analysis.Result {
	t.Helper()
	opts := analysis.Options{Marks: e.Marks, To: e.To, PathsPerTarget: e.PathsPerTarget, Worlds: 1 << 10}
	opts.Entries.Breached = e.From
	for _, kind := range e.Entries {
		opts.Entries.Kinds = append(opts.Entries.Kinds, technique.EntryKind(kind))
	}
	r, err := analysis.Run(context.Background(), e.Snap, opts)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Every scenario comes out as it says.
func TestScenarios(t *testing.T) {
	scenarios(t, func(tb testing.TB, name string, e *analysistest.Estate) {
		t.Run(name, func(t *testing.T) {
			if len(e.Expect) == 0 {
				t.Fatal("expects nothing")
			}
			r := run(t, e)
			if len(r.Problems) > 0 {
				t.Errorf("problems: %v", r.Problems)
			}
			for _, x := range e.Expect {
				if err := expect(e, r, x.Text); err != nil {
					t.Errorf("line %d: expect %s: %v", x.Line, x.Text, err)
				}
			}
			if t.Failed() {
				t.Log(describe(r))
			}
		})
	})
}
