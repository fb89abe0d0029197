package sensitivity

import (
	"encoding/json"
	"testing"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/settings"
)

func TestClassify(t *testing.T) {
	b := graph.NewBuilder()
	origin := b.Origin(graph.Origin{Source: "test"})
	add := func(id string, kind graph.Kind, props map[string]string) graph.Handle {
		h, _ := b.Add(graph.Node{ID: id, Kind: kind, Name: id})
		for k, v := range props {
			if err := b.Set(h, k, json.RawMessage(v), origin); err != nil {
				t.Fatal(err)
			}
		}
		return h
	}
	cards := `{"types":[{"type":"credit_card_number","confidence":"high","distinct":12,"matches":12,"objects":1}],"sampled":3,"objects":9,"records":900,"bytes":10}`
	db := add("cards-db", graph.KindDBInstance, map[string]string{graph.PropSensitivity: cards})
	copied := add("nightly", graph.KindDBSnapshot, nil)
	b.Link(copied, db, graph.EdgeSnapshotOf)
	add("customers-clean", graph.KindBucket, map[string]string{graph.PropSensitivity: `{"types":[],"sampled":4,"objects":4,"records":10,"bytes":10}`})
	add("prod-customers", graph.KindBucket, nil)
	add("plain", graph.KindBucket, map[string]string{graph.PropTags: `{"pii":"true"}`})
	add("marked", graph.KindTable, nil)
	add("odd", graph.KindBucket, map[string]string{graph.PropSensitivity: `[1]`})
	cluster := add("aurora", graph.KindDBCluster, nil)
	b.Link(cluster, add("aurora-1", graph.KindDBInstance, nil), graph.EdgeContains)
	snap, err := b.Build(graph.Meta{ID: "s"})
	if err != nil {
		t.Fatal(err)
	}
	yes := true
	index, errs := Classify(snap, settings.Default(), map[string]Mark{"marked": {Critical: &yes}})
	if len(errs) != 1 {
		t.Errorf("%d errors, want one for the odd property: %v", len(errs), errs)
	}
	for _, c := range []struct {
		node, label string
		source      Source
		critical    bool
	}{
		{"cards-db", "Highly Confidential", Scan, true},
		{"nightly", "Highly Confidential", Scan, true},
		{"customers-clean", "", Scan, false},
		{"prod-customers", "Confidential", Assumed, true},
		{"plain", "Confidential", Assumed, true},
		{"marked", "", Declared, true},
		{"odd", "", None, false},
		{"aurora", "", None, false},
	} {
		ref, _ := snap.Lookup(c.node)
		d := index.Of(ref)
		if d == nil {
			t.Errorf("%s is no datastore", c.node)
			continue
		}
		if d.Label != c.label || d.Source != c.source || d.Critical != c.critical {
			t.Errorf("%s: label %q from %s critical %v (%s), want %q from %s critical %v", c.node, d.Label, d.Source, d.Critical, d.Because, c.label, c.source, c.critical)
		}
	}
	if ref, _ := snap.Lookup("aurora-1"); index.Of(ref) != nil {
		t.Error("a member of a cluster counts as a datastore of its own")
	}
}

func TestMarksFold(t *testing.T) {
	entry := func(subject, body string) graph.LedgerEntry {
		return graph.LedgerEntry{Kind: LedgerKind, Subject: subject, Body: json.RawMessage(body)}
	}
	marks := Marks([]graph.LedgerEntry{
		entry("a", `{"label":"Internal"}`), entry("a", `{"critical":true}`), entry("b", `{"label":"X"}`),
		entry("b", `{"clear":true}`), {Kind: "other", Subject: "c", Body: json.RawMessage(`{"label":"X"}`)}, entry("d", `nonsense`),
	})
	if len(marks) != 1 || marks["a"].Label != "Internal" || marks["a"].Critical == nil {
		t.Errorf("marks = %+v", marks)
	}
}
