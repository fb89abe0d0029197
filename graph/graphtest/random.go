package graphtest

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/cairn-security/cairn/graph"
	"pgregory.net/rapid"
)

// Draw makes an arbitrary small snapshot for property tests: any kinds, any
// text, self loops, double edges, gaps, ids that nothing describes.
func Draw(t *rapid.T) *graph.Snapshot {
	b := graph.NewBuilder()
	text := rapid.OneOf(rapid.StringN(0, 8, -1), rapid.SampledFrom([]string{"", "a", "ä ö", `"q"`, "a=b", "from", "#x", "\n", "日本", "</script>"}))
	id := rapid.Custom(func(t *rapid.T) string {
		return fmt.Sprintf("%s#%d", text.Draw(t, "id"), rapid.IntRange(0, 9).Draw(t, "n"))
	})
	kind := rapid.SampledFrom(graph.Kinds())
	moment := rapid.Custom(func(t *rapid.T) time.Time {
		if rapid.Bool().Draw(t, "never") {
			return time.Time{}
		}
		return time.Unix(rapid.Int64Range(-1e10, 1e11).Draw(t, "seconds"), rapid.Int64Range(0, 999999999).Draw(t, "nanos")).UTC()
	})
	var handles []graph.Handle
	for range rapid.IntRange(0, 12).Draw(t, "nodes") {
		n := graph.Node{ID: id.Draw(t, "node"), Kind: kind.Draw(t, "kind"), Name: text.Draw(t, "name"), Account: rapid.SampledFrom([]string{"", "1", "2"}).Draw(t, "account"), Region: text.Draw(t, "region")}
		if rapid.Bool().Draw(t, "suffix") {
			n.Name = n.ID[len(n.ID)-2:]
		}
		h, _ := b.Add(n)
		handles = append(handles, h)
		for range rapid.IntRange(0, 3).Draw(t, "props") {
			o := b.Origin(graph.Origin{Source: text.Draw(t, "source"), Service: text.Draw(t, "service"), Operation: text.Draw(t, "operation"), File: text.Draw(t, "file"), ReadAt: moment.Draw(t, "read"), Stale: rapid.Bool().Draw(t, "stale")})
			value, err := json.Marshal(map[string]string{text.Draw(t, "key"): text.Draw(t, "value")})
			if err != nil {
				t.Fatal(err)
			}
			if err := b.Set(h, "p/"+text.Draw(t, "property"), value, o); err != nil {
				t.Fatal(err)
			}
		}
	}
	for range rapid.IntRange(0, 4).Draw(t, "references") {
		handles = append(handles, b.Refer(graph.Node{ID: id.Draw(t, "reference")}))
	}
	if len(handles) > 0 {
		for range rapid.IntRange(0, 30).Draw(t, "edges") {
			b.Link(rapid.SampledFrom(handles).Draw(t, "from"), rapid.SampledFrom(handles).Draw(t, "to"), rapid.SampledFrom(graph.EdgeKinds()).Draw(t, "edge"))
		}
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "gaps") {
		g := graph.Gap{ID: fmt.Sprintf("gap:%d", i), Account: text.Draw(t, "account"), Region: text.Draw(t, "region"), Service: text.Draw(t, "service"), Operation: text.Draw(t, "operation"), Outcome: graph.Outcome(text.Draw(t, "outcome")), Detail: text.Draw(t, "detail")}
		g.Affects = rapid.SliceOfN(id, 0, 3).Draw(t, "affects")
		b.Gap(g)
	}
	meta := graph.Meta{ID: text.Draw(t, "snapshot"), Source: text.Draw(t, "source"), TakenAt: time.Unix(rapid.Int64Range(0, 1e10).Draw(t, "taken"), 5).UTC(), Accounts: rapid.SliceOfN(text, 0, 3).Draw(t, "accounts"), Regions: []string{}}
	if rapid.Bool().Draw(t, "tasks") {
		meta.Tasks = map[graph.Outcome]int{graph.OutcomeOK: 3, graph.OutcomeDenied: 1}
	}
	s, err := b.Build(meta)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
