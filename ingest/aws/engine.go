package aws

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"
)

// perService bounds the calls in flight to one service of one account and
// region.
const perService = 8

// seed is a reply known beforehand: rows that follow the source take their
// inputs from it although the source is no row of the table.
type seed struct {
	source  string
	in, out any
}

// walk makes every call of a table. Rows that nothing precedes go first; a row
// that follows others gets the inputs that all their replies named. A row may
// follow itself (a tree). The same question is asked once. Failures are records,
// never errors: one denied call stops nothing else.
func walk[C any](ctx context.Context, j *job, client C, table []row[C], seeds ...seed) {
	w := &walker[C]{j: j, client: client, table: table, asked: map[string]bool{}, pending: map[string][]any{}}
	for _, r := range table {
		w.add(r, r.starts())
	}
	for _, s := range seeds {
		w.visit(s.source)(s.in, s.out)
	}
	for _, level := range levels(table) {
		for w.round(ctx, level) {
		}
	}
}

type walker[C any] struct {
	j      *job
	client C
	table  []row[C]

	mu      sync.Mutex
	asked   map[string]bool
	pending map[string][]any
}

// add queues inputs that were not asked before.
func (w *walker[C]) add(r row[C], inputs []any) {
	for _, in := range inputs {
		key := fmt.Sprint(r.operation(), sortedParams(w.j.shape.params(in)))
		if w.asked[key] {
			continue
		}
		w.asked[key] = true
		w.pending[r.operation()] = append(w.pending[r.operation()], in)
	}
}

// visit returns what is shown every reply of an operation.
func (w *walker[C]) visit(source string) func(in, out any) {
	return func(in, out any) {
		w.mu.Lock()
		defer w.mu.Unlock()
		for _, r := range w.table {
			if slices.Contains(r.sources(), source) {
				w.add(r, r.follow(source, in, out))
			}
		}
	}
}

// round makes the calls that wait in one level and reports whether it made any.
func (w *walker[C]) round(ctx context.Context, level []row[C]) bool {
	var group errgroup.Group
	group.SetLimit(perService)
	made := false
	for _, r := range level {
		w.mu.Lock()
		inputs := w.pending[r.operation()]
		delete(w.pending, r.operation())
		w.mu.Unlock()
		if w.j.probe != nil {
			w.j.probe.planned(w.j.service, r.operation(), len(inputs))
			inputs = inputs[:min(1, len(inputs))]
		}
		leads := w.leads(r.operation())
		w.j.expect(len(inputs))
		for _, in := range inputs {
			made = true
			group.Go(func() error {
				if !leads && !r.again() && w.j.reuse(r.operation(), w.j.shape.params(in)) {
					return nil
				}
				r.read(ctx, w.j, w.client, in, w.visit(r.operation()))
				return nil
			})
		}
	}
	_ = group.Wait() // the calls return no errors
	return made
}

// leads reports whether other rows need the replies of this one.
func (w *walker[C]) leads(operation string) bool {
	return slices.ContainsFunc(w.table, func(r row[C]) bool { return slices.Contains(r.sources(), operation) })
}

// levels orders the rows so that every row comes after its sources.
func levels[C any](table []row[C]) [][]row[C] {
	depth := map[string]int{}
	var of func(r row[C]) int
	of = func(r row[C]) int {
		if d, ok := depth[r.operation()]; ok {
			return d
		}
		depth[r.operation()] = 0 // ends a cycle that a wrong table would make
		d := 0
		for _, other := range table {
			if other.operation() != r.operation() && slices.Contains(r.sources(), other.operation()) {
				d = max(d, of(other)+1)
			}
		}
		depth[r.operation()] = d
		return d
	}
	var sorted [][]row[C]
	for _, r := range table {
		d := of(r)
		for len(sorted) <= d {
			sorted = append(sorted, nil)
		}
		sorted[d] = append(sorted[d], r)
	}
	return sorted
}

func sortedParams(params map[string]string) []string {
	list := make([]string, 0, 2*len(params))
	for _, k := range slices.Sorted(maps.Keys(params)) {
		list = append(list, k, params[k])
	}
	return list
}
