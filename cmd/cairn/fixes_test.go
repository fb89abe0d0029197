package main

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/cairn-security/cairn/analysis"
	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/settings"
	"github.com/cairn-security/cairn/ingest"
	"github.com/cairn-security/cairn/ingest/demo"
)

func demoResult(t *testing.T) *analysis.Result {
	t.Helper()
	made, err := ingest.Run(context.Background(), demo.Source{Settings: settings.Default()}, ingest.Options{Now: demo.TakenAt})
	if err != nil {
		t.Fatal(err)
	}
	r, err := analysis.Run(context.Background(), made.Snapshot, analysis.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// What a fix claims holds when the estate is changed by it and analysed anew.
func TestFixesDoWhatTheySay(t *testing.T) {
	ctx := context.Background()
	r := demoResult(t)
	fixes, err := r.Fixes(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if len(fixes) < 10 {
		t.Fatalf("%d fixes", len(fixes))
	}
	for _, f := range fixes[:10] {
		after, err := analysis.Run(ctx, r.Snap.With(f.Patch), analysis.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, closed := range f.Closes {
			if still := after.FamilyByID(closed.ID); still != nil && still.Status != attack.Unknown {
				t.Errorf("%s: %s is still there", f.Title, closed.Title)
			}
		}
		if after.Estate.Total.Value > r.Estate.Total.Value+1e-9 {
			t.Errorf("%s: the risk rises from %.1f to %.1f", f.Title, r.Estate.Total.Value, after.Estate.Total.Value)
		}
		if after.Counts.Reached != f.ReachedAfter {
			t.Errorf("%s: %d assets reached after it, promised were %d", f.Title, after.Counts.Reached, f.ReachedAfter)
		}
	}
}

// Adding an explicit deny never opens a path.
func TestADenyNeverOpensAPath(t *testing.T) {
	r := demoResult(t)
	had := map[string]bool{}
	for _, f := range r.Families {
		had[f.ID] = true
	}
	deny := json.RawMessage(`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:GetObject","Resource":"*"}]}`)
	for _, role := range r.Snap.ByKind(graph.KindRole) {
		changed := r.Snap.With(graph.Patch{Set: []graph.PropChange{{Node: role, Key: graph.PropInlinePrefix + "deny", Value: deny}}})
		after, err := analysis.Run(context.Background(), changed, analysis.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range after.Families {
			if !had[f.ID] {
				t.Errorf("a deny on %s opens %s", r.Snap.Node(role).Name, f.Title)
			}
		}
		if after.Estate.Total.Value > r.Estate.Total.Value+1e-9 {
			t.Errorf("a deny on %s raises the risk", r.Snap.Node(role).Name)
		}
	}
}
