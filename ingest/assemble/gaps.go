package assemble

import (
	"maps"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/graph"
)

// newGap describes the record's read as a gap. Ids are stable over readings:
// gap:service:operation:account:region, for a call about one resource followed
// by what was asked for.
func (c *call) newGap(outcome graph.Outcome, detail string) graph.Gap {
	r := c.rec
	id := []string{"gap", r.Service, r.Operation, r.Account, r.Region}
	for _, name := range slices.Sorted(maps.Keys(r.Params)) {
		id = append(id, r.Params[name])
	}
	return graph.Gap{ID: strings.Join(id, ":"), Account: r.Account, Region: r.Region, Service: r.Service,
		Operation: r.Operation, Outcome: outcome, Detail: detail}
}

// refused turns a record that is not ok or empty into a gap on what it was
// about.
func (c *call) refused(op *operation) {
	on := none
	if op != nil && op.about != nil {
		on = op.about(c)
	}
	c.gaps = append(c.gaps, gap{c.newGap(c.rec.Outcome, c.rec.Detail), on})
}
