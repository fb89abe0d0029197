package posture_test

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/cairn-security/cairn/analysis/analysistest"
	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/permission"
	"github.com/cairn-security/cairn/analysis/posture"
	"github.com/cairn-security/cairn/analysis/reach"
	"github.com/cairn-security/cairn/analysis/sensitivity"
	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/settings"
)

func evaluate(t testing.TB, e *analysistest.Estate, paths map[attack.FactKey]int) []posture.Finding {
	t.Helper()
	perm, err := permission.New(context.Background(), e.Snap, permission.Options{})
	if err != nil {
		t.Fatal(err)
	}
	set := settings.Default()
	data, problems := sensitivity.Classify(e.Snap, set, e.Marks)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return posture.Evaluate(&posture.Estate{Snap: e.Snap, Settings: set, Data: data, Perm: perm, Reach: reach.FromSnapshot(e.Snap), PathFacts: paths})
}

// Every case says what rules find:
//
//	expect RULE NODE pass|fail|unknown [PART_OF_TITLE]      (_ stands for a space)
//	expect none RULE NODE
func TestRules(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		estate := string(archive.Files[0].Data)
		for _, c := range archive.Files[1:] {
			t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar")+"/"+c.Name, func(t *testing.T) {
				e, err := analysistest.Parse(estate, string(c.Data))
				if err != nil {
					t.Fatal(err)
				}
				if len(e.Expect) == 0 {
					t.Fatal("expects nothing")
				}
				all := evaluate(t, e, nil)
				unique(t, all)
				for _, x := range e.Expect {
					expect(t, e, all, x)
				}
			})
		}
	}
}

func expect(t *testing.T, e *analysistest.Estate, all []posture.Finding, x analysistest.Expectation) {
	t.Helper()
	words := append(strings.Fields(x.Text), "")
	status := words[2]
	if words[0] == "none" {
		words, status = words[1:], ""
	}
	ref, err := e.Find(words[1])
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(all, func(f posture.Finding) bool { return f.Rule == words[0] && f.Node == ref })
	switch {
	case i < 0 && status != "":
		t.Errorf("line %d: %s says nothing of %s", x.Line, words[0], words[1])
	case i < 0:
	case string(all[i].Status) != status:
		t.Errorf("line %d: %s says %s of %s: %s", x.Line, words[0], all[i].Status, words[1], all[i].Title)
	case !strings.Contains(strings.ReplaceAll(all[i].Title, " ", "_"), words[3]):
		t.Errorf("line %d: the title is %q", x.Line, all[i].Title)
	}
}

// unique: one finding per rule and node, with a title, and reasons where it fails.
func unique(t *testing.T, all []posture.Finding) {
	t.Helper()
	seen := map[string]bool{}
	for _, f := range all {
		if seen[f.ID] {
			t.Errorf("%s: two findings %s", f.Title, f.ID)
		}
		seen[f.ID] = true
		if f.Title == "" || len(f.Controls) == 0 {
			t.Errorf("%s of %d: %+v", f.Rule, f.Node, f)
		}
		if f.Status == posture.Fail && len(f.Reasons) == 0 {
			t.Errorf("%s fails without a reason", f.Title)
		}
	}
}

// Data and paths lift a failure, what was not read weighs half, a pass nothing.
func TestPriority(t *testing.T) {
	e := analysistest.MustParse(`
account 111111111111
bucket plain
  allow s3:GetObject on bucket/plain/* to *
bucket records
  label Highly Confidential
  allow s3:GetObject on bucket/records/* to *
bucket walked
  label Highly Confidential
  allow s3:GetObject on bucket/walked/* to *
bucket closed
  label Highly Confidential
bucket unread
  label Highly Confidential
gap denied s3 GetBucketPolicy bucket/unread
`)
	of := func(all []posture.Finding, name string) posture.Finding {
		ref := e.Ref(name)
		return all[slices.IndexFunc(all, func(f posture.Finding) bool { return f.Node == ref && f.Rule == "AWS-S3-001" })]
	}
	walked := of(evaluate(t, e, nil), "bucket/walked")
	paths := map[attack.FactKey]int{}
	for _, r := range walked.Reasons {
		paths[r.Fact.Key()] = 3
	}
	all := evaluate(t, e, paths)
	for _, c := range []struct {
		name              string
		priority, onPaths int
		status            posture.Status
	}{
		{"bucket/walked", 100, 3, posture.Fail},
		{"bucket/records", 85, 0, posture.Fail},
		{"bucket/plain", 60, 0, posture.Fail},
		{"bucket/unread", 42, 0, posture.Unknown},
		{"bucket/closed", 0, 0, posture.Pass},
	} {
		if f := of(all, c.name); f.Priority != c.priority || f.OnPaths != c.onPaths || f.Status != c.status {
			t.Errorf("%s: %s, priority %d, on %d paths", c.name, f.Status, f.Priority, f.OnPaths)
		}
	}
	if !slices.IsSortedFunc(all, func(a, b posture.Finding) int { return rank(a) - rank(b) }) {
		t.Error("failures do not come first, by priority")
	}
	again := evaluate(t, e, nil)
	if again[0].ID != of(again, e.Snap.Node(again[0].Node).Kind.String()+"/"+e.Snap.Node(again[0].Node).Name).ID {
		t.Error("ids differ between runs")
	}
}

func rank(f posture.Finding) int {
	return slices.Index([]posture.Status{posture.Fail, posture.Unknown, posture.Pass}, f.Status)*1000 - f.Priority
}

// A node that something only refers to promises nothing.
func TestReferredNodesAreNoFindings(t *testing.T) {
	b := graph.NewBuilder()
	b.Refer(graph.Node{ID: "arn:aws:s3:::elsewhere", Kind: graph.KindBucket})
	b.Refer(graph.Node{ID: "arn:aws:iam::111111111111:user/gone", Kind: graph.KindUser})
	b.Refer(graph.Node{ID: "arn:aws:iam::111111111111:role/gone", Kind: graph.KindRole})
	b.Refer(graph.Node{ID: "i-1", Kind: graph.KindInstance})
	b.Refer(graph.Node{ID: "arn:aws:rds:eu-west-1:111111111111:db:gone", Kind: graph.KindDBInstance})
	b.Refer(graph.Node{ID: "arn:aws:lambda:eu-west-1:111111111111:function:gone", Kind: graph.KindFunction})
	for _, k := range []graph.Kind{graph.KindAnonymous, graph.KindAnyPrincipal, graph.KindInternet} {
		b.Add(graph.Node{ID: k.String(), Kind: k})
	}
	snap, err := b.Build(graph.Meta{ID: "s"})
	if err != nil {
		t.Fatal(err)
	}
	if all := evaluate(t, &analysistest.Estate{Snap: snap}, nil); len(all) != 0 {
		t.Errorf("%+v", all)
	}
}
