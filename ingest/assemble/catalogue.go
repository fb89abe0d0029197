package assemble

import (
	"cmp"
	"slices"
	"strings"
	"sync"
)

// Operation names an operation that the table knows, for importers that
// recognise replies.
type Operation struct {
	Service string
	Name    string
	// Params are the parameters of a call about one resource, in the order of
	// the command line; none for calls over everything.
	Params []string
	// Lists are the top-level lists of a reply.
	Lists []string
}

// Operations returns the table sorted by service and name. The slice is shared.
var Operations = sync.OnceValue(func() []Operation {
	all := make([]Operation, 0, len(table))
	for i := range table {
		op := &table[i]
		o := Operation{Service: op.service, Name: op.name, Params: op.params}
		for _, l := range op.items {
			list, _, nested := strings.Cut(l.path, "/")
			if !nested {
				continue // the reply itself is the thing
			}
			o.Lists = append(o.Lists, list)
		}
		if list, _, _ := strings.Cut(op.listing, "/"); list != "" {
			o.Lists = append(o.Lists, list)
		}
		all = append(all, o)
	}
	slices.SortFunc(all, func(a, b Operation) int {
		return cmp.Or(cmp.Compare(a.Service, b.Service), cmp.Compare(a.Name, b.Name))
	})
	return all
})
