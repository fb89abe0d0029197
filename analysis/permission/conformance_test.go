package permission

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// conformance opens a file of the conformance folder, whose place the
// environment names; a relative path counts from the module root.
func conformance(t *testing.T, name string) *bufio.Scanner {
	t.Helper()
	dir := os.Getenv("CAIRN_CONFORMANCE")
	if dir == "" {
		t.Skip("CAIRN_CONFORMANCE is not set")
	}
	if !filepath.IsAbs(dir) {
		dir = filepath.Join("..", "..", dir)
	}
	f, err := os.Open(filepath.Join(dir, "policy", name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<24)
	return sc
}

func TestConformance(t *testing.T) {
	for _, file := range []string{"documented.jsonl", "conditions.jsonl"} {
		t.Run(file, func(t *testing.T) {
			sc := conformance(t, file)
			n := 0
			for sc.Scan() {
				n++
				var want struct {
					ID, Expected, Source string
				}
				if err := json.Unmarshal(sc.Bytes(), &want); err != nil {
					t.Fatal(err)
				}
				got, err := SimulateLine(sc.Bytes())
				if err != nil {
					t.Errorf("%s: %v", want.ID, err)
					continue
				}
				if !agrees(got, want.Expected) {
					t.Errorf("%s (%s): got %s explicit=%v, want %s", want.ID, want.Source, got.Decision, got.Explicit, want.Expected)
				}
				if got.Decision == "allow" && len(got.Reasons) == 0 {
					t.Errorf("%s: allow without reasons", want.ID)
				}
				if got.Decision == "deny" && len(got.Reasons)+len(got.Missing) == 0 {
					t.Errorf("%s: deny without reasons or missing", want.ID)
				}
			}
			if n == 0 {
				t.Fatal("no cases")
			}
		})
	}
}

// TestDocumentedCases runs cases of our own, each of which states a rule of the
// page that it names.
func TestDocumentedCases(t *testing.T) {
	text, err := os.ReadFile("testdata/documented.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(text) {
		var want struct{ ID, Expected, Source string }
		if err := json.Unmarshal(line, &want); err != nil {
			t.Fatal(err)
		}
		got, err := SimulateLine(line)
		if err != nil {
			t.Errorf("%s: %v", want.ID, err)
			continue
		}
		if !agrees(got, want.Expected) {
			t.Errorf("%s (%s): got %s explicit=%v, want %s", want.ID, want.Source, got.Decision, got.Explicit, want.Expected)
		}
	}
}

func agrees(s *Simulation, want string) bool {
	switch want {
	case "Allowed":
		return s.Decision == "allow"
	case "ImplicitlyDenied":
		return s.Decision == "deny" && !s.Explicit
	case "ExplicitlyDenied":
		return s.Decision == "deny" && s.Explicit
	case "Denied":
		return s.Decision == "deny"
	case "Conditional":
		return s.Decision == "conditional"
	}
	return false
}
