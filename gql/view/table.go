package view

import (
	"slices"
	"strings"
)

// table is what filters and facets look at of the rows of one connection, in
// columns: a value of a row is a small number that indexes the column's values.
// It is immutable once built.
type table struct {
	name    string
	ids     []string
	text    []string // lower case, what a text filter searches
	columns []column
}

// column holds the values of one field; a row has any number of them.
type column struct {
	field  string
	values []string
	titles []string // what people read, "" where it does not differ
	code   map[string]uint32
	start  []uint32 // row -> first of its codes; rows+1
	codes  []uint32
}

// newTable returns an empty table; the order of fields is that of the values
// given to add, and of the facets.
func newTable(name string, fields ...string) *table {
	t := &table{name: name, columns: make([]column, len(fields))}
	for i, f := range fields {
		t.columns[i] = column{field: f, code: map[string]uint32{}, start: []uint32{0}}
	}
	return t
}

// add appends a row; values holds one list per field. A value that is "" is left out.
func (t *table) add(id string, text string, values ...[]string) {
	t.ids = append(t.ids, id)
	t.text = append(t.text, strings.ToLower(text))
	for i := range t.columns {
		c := &t.columns[i]
		var row []uint32
		for _, v := range values[i] {
			if v == "" {
				continue
			}
			code, seen := c.code[v]
			if !seen {
				code = uint32(len(c.values))
				c.code[v] = code
				c.values = append(c.values, v)
				c.titles = append(c.titles, "")
			}
			if !slices.Contains(row, code) {
				row = append(row, code)
			}
		}
		c.codes = append(c.codes, row...)
		c.start = append(c.start, uint32(len(c.codes)))
	}
}

// titled names the values of a field for people.
func (t *table) titled(field string, title func(value string) string) {
	for i := range t.columns {
		if c := &t.columns[i]; c.field == field {
			for j, v := range c.values {
				if s := title(v); s != v {
					c.titles[j] = s
				}
			}
		}
	}
}

func (t *table) len() int { return len(t.ids) }

func (c *column) of(row int32) []uint32 { return c.codes[c.start[row]:c.start[row+1]] }

// mask marks the codes that a filter wants: by value or by title, in any case.
// nil wants everything.
func (c *column) mask(wanted []string) []bool {
	if wanted == nil {
		return nil
	}
	mask := make([]bool, len(c.values))
	for _, w := range wanted {
		for i, v := range c.values {
			if strings.EqualFold(v, w) || c.titles[i] != "" && strings.EqualFold(c.titles[i], w) {
				mask[i] = true
			}
		}
	}
	return mask
}

// filter selects rows: every part must match, within the values of a field one
// is enough.
type filter struct {
	text string
	want map[string][]string // by field; nil lists are no filter
	keep func(row int32) bool
}

// found is the rows of a table under a filter.
type found struct {
	t     *table
	f     filter
	masks [][]bool // per column
	rows  []int32
}

// find applies a filter to rows in an order; nil is the table's own. Cost:
// O(rows × fields).
func (t *table) find(f filter, order []int32) *found {
	f.text = strings.ToLower(strings.TrimSpace(f.text))
	out := &found{t: t, f: f, masks: make([][]bool, len(t.columns))}
	for i := range t.columns {
		out.masks[i] = t.columns[i].mask(f.want[t.columns[i].field])
	}
	visit := func(row int32) {
		if failed, _ := out.fails(row, 1); failed == 0 && out.rest(row) {
			out.rows = append(out.rows, row)
		}
	}
	if order == nil {
		for row := range int32(t.len()) {
			visit(row)
		}
	} else {
		for _, row := range order {
			visit(row)
		}
	}
	return out
}

// fails counts the fields whose filter a row does not pass, up to most, and
// names the last of them.
func (s *found) fails(row int32, most int) (n, field int) {
	for i, mask := range s.masks {
		if mask == nil {
			continue
		}
		pass := false
		for _, code := range s.t.columns[i].of(row) {
			pass = pass || mask[code]
		}
		if !pass {
			field = i
			if n++; n == most {
				break
			}
		}
	}
	return n, field
}

// rest is the part of the filter that is no field.
func (s *found) rest(row int32) bool {
	return (s.f.text == "" || strings.Contains(s.t.text[row], s.f.text)) && (s.f.keep == nil || s.f.keep(row))
}

// facets counts the values of each field under all other filters. A row that
// fails one field's filter alone still counts for that field's facet.
func (s *found) facets() []*Facet {
	counts := make([][]int, len(s.t.columns))
	for i := range counts {
		counts[i] = make([]int, len(s.t.columns[i].values))
	}
	for row := range int32(s.t.len()) {
		failed, field := s.fails(row, 2)
		if failed > 1 || !s.rest(row) {
			continue
		}
		for i := range s.t.columns {
			if failed == 1 && i != field {
				continue
			}
			for _, code := range s.t.columns[i].of(row) {
				counts[i][code]++
			}
		}
	}
	out := make([]*Facet, len(s.t.columns))
	for i := range s.t.columns {
		out[i] = s.facet(i, counts[i])
	}
	return out
}

// facet lists the values seen and those filtered for, most first.
func (s *found) facet(i int, counts []int) *Facet {
	c := &s.t.columns[i]
	f := &Facet{Field: c.field, Values: []*FacetValue{}}
	for code, n := range counts {
		if n == 0 && (s.masks[i] == nil || !s.masks[i][code]) {
			continue
		}
		f.Values = append(f.Values, &FacetValue{Value: c.values[code], Title: orNull(c.titles[code]), Count: n})
	}
	slices.SortFunc(f.Values, mostFirst)
	return f
}
