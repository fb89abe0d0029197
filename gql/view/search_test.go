package view

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cairn-security/cairn/analysis"
	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/graphtest"
)

// An index finds exactly what going through everything finds.
func TestIndexEqualsGoingThroughEverything(t *testing.T) {
	words := []string{"prod", "product", "patients", "db", "nw", "arn", "aws", "7", "ö", "a"}
	joints := []string{"-", "/", ":", " ", "_", ""}
	name := rapid.Custom(func(t *rapid.T) string {
		s := ""
		for range rapid.IntRange(1, 4).Draw(t, "words") {
			s += rapid.SampledFrom(words).Draw(t, "word") + rapid.SampledFrom(joints).Draw(t, "joint")
		}
		return s
	})
	rapid.Check(t, func(t *rapid.T) {
		var items []searched
		for i, n := range rapid.SliceOfN(name, 0, 12).Draw(t, "names") {
			items = append(items, item("node", fmt.Sprintf("arn:aws:x:::%s/%d", n, i), n, graph.Ref(i)))
		}
		query := name.Draw(t, "query")
		if cut := rapid.IntRange(0, len(query)).Draw(t, "cut"); rapid.Bool().Draw(t, "shorten") {
			query = strings.ToValidUTF8(query[:cut], "")
		}
		got := map[string]bool{}
		for _, m := range newIndexOf(items).find(query, nil, 100) {
			got[m.id] = true
		}
		for _, it := range items {
			want := false
			for _, part := range strings.Fields(strings.ToLower(query)) {
				part = strings.TrimLeftFunc(strings.TrimPrefix(part, common), separator)
				if part == "" {
					continue
				}
				want = plainWordStarts(it.text, part)
				if !want {
					break
				}
			}
			if got[it.id] != want {
				t.Fatalf("%q in %q: found %v, want %v", query, it.text, got[it.id], want)
			}
		}
	})
}

// plainWordStarts tries every place in the text.
func plainWordStarts(text, part string) bool {
	for i := range len(text) {
		if strings.HasPrefix(text[i:], part) && (i == 0 || separator(rune(text[i-1]))) {
			return true
		}
	}
	return false
}

func TestBestHitsComeFirst(t *testing.T) {
	items := []searched{
		item("node", "sg-1", "orders-db-sg", 0), item("datastore", "db-1", "orders-db", 1), item("principal", "r-1", "reads-orders-db", 2), item("node", "orders-db", "main", 3),
	}
	got := newIndexOf(items).find("orders-db", nil, 10)
	slices.SortFunc(got, match.compare)
	var ids []string
	for _, m := range got {
		ids = append(ids, m.id)
	}
	if want := []string{"db-1", "orders-db", "sg-1", "r-1"}; !slices.Equal(ids, want) {
		t.Errorf("order %v", ids)
	}
}

// BenchmarkSearch looks in an estate of 10^5 nodes. The first query is found
// at a few places, the last nearly everywhere.
func BenchmarkSearch(b *testing.B) {
	snap := graphtest.Estate(graphtest.EstateConfig{Seed: 7, Edges: 400_000})
	var items []searched
	for ref := range snap.Refs() {
		n := snap.Node(ref)
		items = append(items, item("node", n.ID, n.Name, ref))
	}
	b.Run("build", func(b *testing.B) {
		for b.Loop() {
			newIndexOf(items)
		}
	})
	v := &View{Result: &analysis.Result{Snap: snap}, fixList: newFuture[*fixes](), accounts: func() *accounts { return &accounts{} }}
	x := newIndexOf(items)
	v.index = func() *index { return x }
	for _, query := range []string{"db-1", "data-12", "r", "e", "arn:aws:iam"} {
		b.Run(fmt.Sprintf("nodes=%d/%s", snap.Len(), query), func(b *testing.B) {
			for b.Loop() {
				if _, err := v.Search(query, nil, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
