package reach_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/cairn-security/cairn/analysis/reach"
	"github.com/cairn-security/cairn/graph"
)

// A scenario is a txtar archive: a file per node kind with one description per
// line (its member _props holds properties that are read apart, _id and _account
// the node's id and account), "accounts" that were read, "gaps",
// "questions" (FROM TO PROTOCOL PORT => VERDICT [blocking element | gap id |
// assuming]) and "exposed" (ID CLASS LAYER RANGES).
func TestScenarios(t *testing.T) {
	files, err := filepath.Glob("testdata/scenarios/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			est := scenarioEstate(t, archive)
			for _, p := range est.Problems() {
				t.Errorf("problem: %s", p)
			}
			askEverything(est)
			for _, f := range archive.Files {
				for line := range strings.Lines(string(f.Data)) {
					switch f.Name {
					case "questions":
						askLine(t, est, strings.TrimSpace(line))
					case "exposed":
						exposedLine(t, est, strings.TrimSpace(line))
					}
				}
			}
		})
	}
}

func scenarioEstate(t *testing.T, archive *txtar.Archive) *reach.Estate {
	b := reach.NewBuilder()
	for _, f := range archive.Files {
		if f.Name == "questions" || f.Name == "exposed" {
			continue
		}
		kind, ok := graph.ParseKind(f.Name)
		if !ok && f.Name != "gaps" && f.Name != "accounts" {
			t.Fatalf("no kind %q", f.Name)
		}
		for _, line := range bytes.Split(bytes.TrimSpace(f.Data), []byte("\n")) {
			if f.Name == "gaps" {
				var g graph.Gap
				if err := json.Unmarshal(line, &g); err != nil {
					t.Fatal(err)
				}
				b.Gap(g)
				continue
			}
			if f.Name == "accounts" {
				b.Read(string(line))
				continue
			}
			var props struct {
				ID      string                     `json:"_id"`
				Account string                     `json:"_account"`
				Props   map[string]json.RawMessage `json:"_props"`
			}
			if err := json.Unmarshal(line, &props); err != nil {
				t.Fatalf("%s: %v in %s", f.Name, err, line)
			}
			b.Add(reach.Item{Kind: kind, Node: graph.NoRef, ID: props.ID, Account: cmp.Or(props.Account, "1"), Region: "r", Raw: line, Props: props.Props})
		}
	}
	return b.Build()
}

func askLine(t *testing.T, est *reach.Estate, line string) {
	question, want, ok := strings.Cut(line, " => ")
	q, w := strings.Fields(question), strings.Fields(want)
	if !ok || len(q) != 4 {
		t.Fatalf("question %q", line)
	}
	o := reach.Options{Protocol: q[2], Policy: anonymousPolicy}
	if o.Port, _ = strconv.Atoi(q[3]); strings.Contains(q[3], "/") {
		o.ICMP = q[3]
	}
	a, err := est.Query(q[0], q[1], o)
	if err != nil {
		t.Errorf("%s: %v", line, err)
		return
	}
	if string(a.Verdict) != w[0] {
		t.Errorf("%s: got %v; blocked by %+v, missing %q", line, a, a.BlockedBy, a.Missing)
		return
	}
	if d := a.Decision(); d.Allowed != (a.Verdict != reach.Blocked) {
		t.Errorf("%s: the decision says %v", line, d.Allowed)
	}
	if len(w) < 2 {
		return
	}
	good := false
	switch a.Verdict {
	case reach.Blocked:
		good = a.BlockedBy.Element == w[1]
	case reach.Unknown:
		good = slices.Contains(a.Gaps, w[1])
	default:
		good = w[1] == "assuming" && len(a.Assumptions) > 0
	}
	if !good {
		t.Errorf("%s: blocked by %+v, gaps %q, missing %q, assumptions %q", line, a.BlockedBy, a.Gaps, a.Missing, a.Assumptions)
	}
}

func exposedLine(t *testing.T, est *reach.Estate, line string) {
	want := strings.SplitN(line, " ", 4)
	for _, x := range est.Exposed(reach.Options{Policy: anonymousPolicy}) {
		if x.Resource.ID != want[0] && x.Resource.Name != want[0] && !strings.HasSuffix(x.Resource.ID, "/"+want[0]) {
			continue
		}
		var ranges []string
		for _, r := range x.Ranges() {
			ranges = append(ranges, r.Protocol+" "+r.Ports)
		}
		got := strings.TrimSpace(fmt.Sprintf("%s %s %s %s", want[0], x.Class, x.Layer, strings.Join(ranges, ", ")))
		if got != line {
			t.Errorf("got %q, want %q (missing %q)", got, line, x.Missing)
		}
		return
	}
	t.Errorf("%s is not listed", want[0])
}
