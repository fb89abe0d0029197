package record

import (
	"fmt"
	"slices"
	"time"

	"github.com/cairn-security/cairn/graph"
)

// Overlay lays the slices of a newer reading over those of an earlier one,
// resource by resource. What came back ok or empty replaces; what
// was refused now and answered then stays, marked stale with the refusal in
// its detail; what only the earlier one has stays and is marked stale. Where
// both were answered the one read later wins. Neither argument is changed.
//
// Cost: only slices that both have are unpacked and packed anew, and those of
// base to mark them.
func Overlay(base, update []graph.RecordSet) ([]graph.RecordSet, error) {
	newer := make(map[graph.Slice]graph.RecordSet, len(update))
	for _, set := range update {
		newer[set.Slice] = set
	}
	g := NewGrouper()
	var merged []graph.RecordSet
	for _, old := range base {
		set, both := newer[old.Slice]
		delete(newer, old.Slice)
		if err := overlaySlice(g, old, set, both); err != nil {
			return nil, err
		}
	}
	for _, set := range update {
		if _, untouched := newer[set.Slice]; untouched {
			merged = append(merged, set)
		}
	}
	packed, err := g.Sets()
	if err != nil {
		return nil, err
	}
	merged = append(merged, packed...)
	slices.SortFunc(merged, func(a, b graph.RecordSet) int { return compareSlices(a.Slice, b.Slice) })
	return merged, nil
}

// reply is what one call said about one resource: its pages.
type reply struct {
	pages   []Record
	outcome graph.Outcome // the worst of the pages
	readAt  time.Time     // the newest
}

func overlaySlice(g *Grouper, old, update graph.RecordSet, both bool) error {
	before, order, err := replies(old)
	if err != nil {
		return err
	}
	after := map[string]*reply{}
	if both {
		var added []string
		if after, added, err = replies(update); err != nil {
			return err
		}
		for _, key := range added {
			if before[key] == nil {
				order = append(order, key)
			}
		}
	}
	answered := false
	for _, key := range order {
		answered = answered || !notCollected(before[key]) || !notCollected(after[key])
	}
	for _, key := range order {
		kept := choose(before[key], after[key])
		if answered && kept.outcome == graph.OutcomeNotCollected {
			continue // one of the two did collect this kind
		}
		for i := range kept.pages {
			if err := g.Add(&kept.pages[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

func notCollected(r *reply) bool { return r == nil || r.outcome == graph.OutcomeNotCollected }

func replies(set graph.RecordSet) (map[string]*reply, []string, error) {
	byKey, order := map[string]*reply{}, []string{}
	for rec, err := range Unpack(set) {
		if err != nil {
			return nil, nil, err
		}
		key := rec.Key()
		r := byKey[key]
		if r == nil {
			r = &reply{outcome: rec.Outcome}
			byKey[key] = r
			order = append(order, key)
		}
		r.pages = append(r.pages, rec)
		if Severity(rec.Outcome) > Severity(r.outcome) {
			r.outcome = rec.Outcome
		}
		if rec.ReadAt.After(r.readAt) {
			r.readAt = rec.ReadAt
		}
	}
	return byKey, order, nil
}

// choose picks the reply that stands; one of the two is not nil.
func choose(before, after *reply) *reply {
	switch {
	case before == nil:
		return after
	case after == nil:
		return stale(before, "")
	case Answered(after.outcome):
		if Answered(before.outcome) && before.readAt.After(after.readAt) {
			return stale(before, "")
		}
		return after
	case Answered(before.outcome):
		if after.outcome == graph.OutcomeNotCollected {
			return stale(before, "")
		}
		return stale(before, fmt.Sprintf("kept: %s at %s: %s", after.outcome, after.readAt.UTC().Format(time.RFC3339), after.pages[0].Detail))
	case after.outcome == graph.OutcomeNotCollected:
		return stale(before, "")
	}
	return after
}

func stale(r *reply, detail string) *reply {
	kept := *r
	kept.pages = slices.Clone(r.pages)
	for i := range kept.pages {
		kept.pages[i].Stale = true
		if detail != "" {
			kept.pages[i].Detail = detail
		}
	}
	return &kept
}
