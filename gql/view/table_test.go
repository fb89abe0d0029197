package view

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// row is a row as a person would keep it.
type row struct {
	text   string
	values map[string][]string
	odd    bool
}

var fields = []string{"kind", "label", "type"}

// drawRows makes a table and the same rows in plain form.
func drawRows(t *rapid.T) (*table, []row) {
	tab := newTable("rows", fields...)
	var rows []row
	for i := range rapid.IntRange(0, 30).Draw(t, "rows") {
		r := row{text: rapid.SampledFrom([]string{"Alpha", "beta", "alphabet", ""}).Draw(t, "text"), values: map[string][]string{}, odd: i%2 == 1}
		var lists [][]string
		for _, f := range fields {
			list := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", "d"}), 0, 3).Draw(t, f)
			r.values[f] = list
			lists = append(lists, list)
		}
		tab.add(fmt.Sprint(i), r.text, lists...)
		rows = append(rows, r)
	}
	tab.titled("kind", func(v string) string { return "Kind " + v })
	return tab, rows
}

// passes is the filter in its plainest form, one field left out.
func passes(r row, f filter, without string, i int) bool {
	for field, wanted := range f.want {
		if field == without || wanted == nil {
			continue
		}
		if !slices.ContainsFunc(r.values[field], func(v string) bool {
			return slices.Contains(wanted, v) || field == "kind" && slices.Contains(wanted, "kind "+v)
		}) {
			return false
		}
	}
	return strings.Contains(strings.ToLower(r.text), strings.ToLower(f.text)) && (f.keep == nil || f.keep(int32(i)))
}

// Rows and facets equal plain filtering; each facet is counted under all other filters.
func TestRowsAndFacetsEqualPlainFiltering(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tab, rows := drawRows(t)
		f := filter{text: rapid.SampledFrom([]string{"", "", "ALPHA", "bet", "zzz"}).Draw(t, "search"), want: map[string][]string{}}
		for _, field := range fields {
			if rapid.Bool().Draw(t, "filter "+field) {
				f.want[field] = rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", "never", "kind d"}), 0, 3).Draw(t, "want "+field)
			}
		}
		if rapid.Bool().Draw(t, "odd only") {
			f.keep = func(r int32) bool { return rows[r].odd }
		}
		order := sorted(rows, func(a, b row) int { return strings.Compare(b.text, a.text) })
		got := tab.find(f, order)

		var want []int32
		for _, i := range order {
			if passes(rows[i], f, "", int(i)) {
				want = append(want, i)
			}
		}
		if !slices.Equal(got.rows, want) {
			t.Fatalf("rows %v, want %v", got.rows, want)
		}
		for _, facet := range got.facets() {
			counts := map[string]int{}
			for i, r := range rows {
				if !passes(r, f, facet.Field, i) {
					continue
				}
				seen := map[string]bool{}
				for _, v := range r.values[facet.Field] {
					if !seen[v] {
						seen[v] = true
						counts[v]++
					}
				}
			}
			have := map[string]int{}
			for _, v := range facet.Values {
				if v.Count > 0 {
					have[v.Value] = v.Count
				} else if f.want[facet.Field] == nil {
					t.Fatalf("facet %s lists %s, which nobody has or asked for", facet.Field, v.Value)
				}
			}
			if diff := cmp.Diff(counts, have); diff != "" {
				t.Fatalf("facet %s under %v (-want +got):\n%s", facet.Field, f.want, diff)
			}
			if !slices.IsSortedFunc(facet.Values, mostFirst) {
				t.Fatalf("facet %s is not sorted", facet.Field)
			}
		}
	})
}

// Every page of every size starts where the one before ended.
func TestSlicesJoin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 20).Draw(t, "n")
		size := rapid.IntRange(1, 25).Draw(t, "size")
		at := func(i int) string { return fmt.Sprint("id\x00", i) }
		var after *string
		for next := 0; ; {
			from, to, info, err := slice("s", "list", n, at, &size, after)
			if err != nil || from != next || info.HasNextPage != (to < n) || info.HasPreviousPage != (from > 0) {
				t.Fatalf("from %d to %d, %+v, %v; want from %d", from, to, info, err, next)
			}
			if !info.HasNextPage {
				if to != n {
					t.Fatalf("ended at %d of %d", to, n)
				}
				return
			}
			next, after = to, info.EndCursor
		}
	})
}

func FuzzCursor(f *testing.F) {
	f.Add("")
	f.Add(cursor("s", "list", "id"))
	f.Add("!!!")
	f.Add("cwBsaXN0AB")   // bits behind the last byte
	f.Add("cwBs\naXN0AA") // a line break inside
	f.Fuzz(func(t *testing.T, text string) {
		id, err := afterID("s", "list", text)
		if err == nil && cursor("s", "list", id) != text {
			t.Errorf("%q was taken for a cursor", text)
		}
	})
}

// BenchmarkFind filters an inventory of 10^5 rows and counts its facets.
func BenchmarkFind(b *testing.B) {
	const rows = 100_000
	tab := newTable("datastores", "kind", "label", "type", "regime", "exposure", "source", "answer", "account", "encryption")
	one := func(i, of int, name string) []string { return []string{fmt.Sprint(name, i%of)} }
	for i := range rows {
		tab.add(fmt.Sprint("arn:aws:s3:::data-", i), fmt.Sprint("data-", i, "\nbucket"), one(i, 12, "kind"), one(i/3, 4, "label"), append(one(i, 30, "type"), one(i, 7, "type")...),
			one(i, 5, "regime"), one(i/7, 7, "class"), one(i, 5, "source"), one(i/11, 3, "answer"), one(i/100, 300, ""), one(i, 4, "key"))
	}
	f := filter{text: "7", want: map[string][]string{"label": {"label1", "label2"}, "account": {"5", "6", "7", "8"}}}
	b.Run("rows", func(b *testing.B) {
		for b.Loop() {
			tab.find(f, nil)
		}
	})
	b.Run("rows and facets", func(b *testing.B) {
		for b.Loop() {
			tab.find(f, nil).facets()
		}
	})
	b.Run("no filter", func(b *testing.B) {
		for b.Loop() {
			tab.find(filter{}, nil).facets()
		}
	})
}
