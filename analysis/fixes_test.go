package analysis_test

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cairn-security/cairn/analysis"
	"github.com/cairn-security/cairn/analysis/analysistest"
	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/route"
	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/graphtest"
)

// What a fix claims is what a whole run of the changed estate finds, though only
// what differs is searched again.
func TestFixesAreWhatAWholeRunFinds(t *testing.T) {
	tried := 0
	scenarios(t, func(t testing.TB, name string, e *analysistest.Estate) {
		r := run(t, e)
		fixes, err := r.Fixes(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range fixes[:min(len(fixes), 4)] {
			tried++
			checkFix(t, name, r, f)
		}
	})
	if tried < 50 {
		t.Errorf("%d fixes in all scenarios", tried)
	}
}

func TestFixesOfALargerEstate(t *testing.T) {
	r, err := analysis.Run(context.Background(), graphtest.Estate(graphtest.EstateConfig{Seed: 42, Edges: 800}), analysis.Options{})
	if err != nil {
		t.Fatal(err)
	}
	fixes, err := r.Fixes(context.Background())
	if err != nil || len(fixes) < 5 {
		t.Fatalf("%d fixes: %v", len(fixes), err)
	}
	for _, f := range fixes {
		checkFix(t, "estate", r, f)
	}
}

func checkFix(t testing.TB, name string, r *analysis.Result, f *analysis.Fix) {
	t.Helper()
	after, err := analysis.Run(context.Background(), r.Snap.With(f.Patch), r.Options)
	if err != nil {
		t.Fatal(err)
	}
	if d := math.Abs(f.RiskRemoved.Value - (r.Estate.Total.Value - after.Estate.Total.Value)); d > 1e-9 {
		t.Errorf("%s: %s removes %.3f, not %.3f", name, f.Title, r.Estate.Total.Value-after.Estate.Total.Value, f.RiskRemoved.Value)
	}
	if f.ReachedAfter != after.Counts.Reached {
		t.Errorf("%s: %s leaves %d reached, not %d", name, f.Title, after.Counts.Reached, f.ReachedAfter)
	}
	left := known(after)
	var want, got []string
	for _, family := range r.Families {
		if family.Status != attack.Unknown && !left[family.ID] {
			want = append(want, family.ID)
		}
	}
	for _, family := range f.Closes {
		got = append(got, family.ID)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: %s closes other families: %s", name, f.Title, diff)
	}
}

// known are the ids of all families that do not rest on something unread,
// detours too.
func known(r *analysis.Result) map[string]bool {
	var targets []route.StateID
	for v := range route.StateID(r.Graph.States()) {
		switch s := r.Graph.State(v); s.Kind {
		case attack.Reads, attack.Writes, attack.Destroys:
			if r.StoreOf(s.Node) != nil {
				targets = append(targets, v)
			}
		case attack.Administers:
			targets = append(targets, v)
		}
	}
	list, _ := r.Finder.Families(context.Background(), route.FamilyQuery{Targets: targets, Through: len(r.Options.To) > 0, PathsPerTarget: r.Options.PathsPerTarget})
	ids := map[string]bool{}
	for _, f := range list {
		ids[f.ID] = ids[f.ID] || f.Status != attack.Unknown
	}
	return ids
}

// Fixes say what they open: a change of one thing that lets somebody in by
// another is not sold as free of effects.
func TestFixesCountWhatTheyOpen(t *testing.T) {
	r := run(t, analysistest.MustParse(`
account 111111111111
user nina
  allow s3:GetObject on bucket/records/*
  allow iam:CreateAccessKey on user/boss
user boss
  allow s3:GetObject on bucket/records/*
bucket records
  label Confidential
from user/nina
`))
	fixes, err := r.Fixes(context.Background())
	if err != nil || len(fixes) == 0 {
		t.Fatalf("%d fixes: %v", len(fixes), err)
	}
	for _, f := range fixes {
		if f.Opened != 0 {
			t.Errorf("%s opens %d families; taking rights away opens none here", f.Title, f.Opened)
		}
	}
	nina := slices.IndexFunc(fixes, func(f *analysis.Fix) bool {
		return r.Snap.Kind(f.Node) == graph.KindUser && r.Snap.Node(f.Node).Name == "boss"
	})
	if nina < 0 {
		t.Error("taking the rights of boss away is no fix")
	}
}
