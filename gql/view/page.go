package view

import (
	"cmp"
	"encoding/base64"
	"strings"
)

// Facet is the values of one field among the rows.
type Facet struct {
	Field  string
	Values []*FacetValue
}

// FacetValue counts the rows with one value.
type FacetValue struct {
	Value string
	Title *string
	Count int
}

func mostFirst(a, b *FacetValue) int {
	return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
}

// PageInfo says where a page stands, as Relay has it.
type PageInfo struct {
	HasNextPage, HasPreviousPage bool
	StartCursor, EndCursor       *string
}

const (
	defaultPage = 50
	// MaxPage is the most rows that one page may have.
	MaxPage = 1000
)

// cursor names a row: opaque to people, bound to the list and the snapshot.
func cursor(snapshot, list, id string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(snapshot + "\x00" + list + "\x00" + id))
}

// afterID reads a cursor back.
func afterID(snapshot, list, text string) (id string, err error) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	parts := strings.SplitN(string(raw), "\x00", 3)
	if err != nil || len(parts) != 3 || cursor(parts[0], parts[1], parts[2]) != text { // base64 reads several texts as one
		return "", Errorf(BadInput, "after: %.60q is no cursor of this server", text)
	}
	if parts[0] != snapshot {
		return "", Errorf(StaleCursor, "the cursor belongs to snapshot %s, the question to %s: start again without it", parts[0], snapshot)
	}
	if parts[1] != list {
		return "", Errorf(BadInput, "the cursor belongs to %s, not to %s", parts[1], list)
	}
	return parts[2], nil
}

// size checks how many rows are asked for.
func size(first *int, otherwise int) (int, error) {
	switch {
	case first == nil:
		return otherwise, nil
	case *first < 0 || *first > MaxPage:
		return 0, Errorf(BadInput, "first: %d; want 0 to %d", *first, MaxPage)
	}
	return *first, nil
}

// slice cuts a page out of n rows whose ids idAt gives.
func slice(snapshot, list string, n int, idAt func(int) string, first *int, after *string) (from, to int, info *PageInfo, err error) {
	count, err := size(first, defaultPage)
	if err != nil {
		return 0, 0, nil, err
	}
	if after != nil && *after != "" {
		id, err := afterID(snapshot, list, *after)
		if err != nil {
			return 0, 0, nil, err
		}
		for from < n && idAt(from) != id {
			from++
		}
		if from == n {
			return 0, 0, nil, Errorf(StaleCursor, "the row of the cursor is not among the rows of this filter: start again without it")
		}
		from++
	}
	to = min(from+count, n)
	info = &PageInfo{HasNextPage: to < n, HasPreviousPage: from > 0}
	if to > from {
		start, end := cursor(snapshot, list, idAt(from)), cursor(snapshot, list, idAt(to-1))
		info.StartCursor, info.EndCursor = &start, &end
	}
	return from, to, info, nil
}

// rows is what every connection has: a page of the rows under a filter.
type rows struct {
	all        *found
	page       []int32
	info       *PageInfo
	unfiltered int
	snapshot   string
}

func (v *View) rows(all *found, first *int, after *string) (rows, error) {
	snapshot := v.Info.ID
	from, to, info, err := slice(snapshot, all.t.name, len(all.rows), func(i int) string { return all.t.ids[all.rows[i]] }, first, after)
	if err != nil {
		return rows{}, err
	}
	return rows{all, all.rows[from:to], info, all.t.len(), snapshot}, nil
}

// PageInfo says where the page stands.
func (r *rows) PageInfo() *PageInfo { return r.info }

// TotalCount counts the rows under the filter.
func (r *rows) TotalCount() int { return len(r.all.rows) }

// UnfilteredCount counts all rows.
func (r *rows) UnfilteredCount() int { return r.unfiltered }

// Facets counts values, each field under all other filters.
func (r *rows) Facets() []*Facet { return r.all.facets() }

// pageOf makes the nodes of a page.
func pageOf[T any](r *rows, row func(int32) T) []T {
	out := make([]T, len(r.page))
	for i, n := range r.page {
		out[i] = row(n)
	}
	return out
}

// edgesOf makes the edges of a page.
func edgesOf[E any](r *rows, edge func(cursor string, row int32) E) []E {
	out := make([]E, len(r.page))
	for i, n := range r.page {
		out[i] = edge(cursor(r.snapshot, r.all.t.name, r.all.t.ids[n]), n)
	}
	return out
}

// orNull is nil for "".
func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
