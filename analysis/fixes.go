package analysis

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/remediate"
	"github.com/cairn-security/cairn/analysis/risk"
	"github.com/cairn-security/cairn/analysis/route"
	"github.com/cairn-security/cairn/graph"
)

// Fix is one change with what deriving the paths again showed.
type Fix struct {
	remediate.Change
	// RiskRemoved is the drop of the estate's risk, both sides under the same luck.
	RiskRemoved risk.Estimate
	Closes      []*Family // no path of these is left, by rank
	// Opened are families that the change makes possible.
	Opened       int
	ReachedAfter int // critical assets still reached
}

// mostFixes bounds how many changes are proved, each by a derivation of its own.
const mostFixes = 48

// Fixes ranks the single changes that remove most risk. Each was tried by
// deriving the paths again with the change in place. Changes that remove
// nothing are left out. Computed once. Cost: one derivation per change tried,
// two at a time.
func (r *Result) Fixes(ctx context.Context) ([]*Fix, error) { return r.TryFixes(ctx, nil) }

// TryFixes is Fixes for who wants to see it go on: told hears, one call at a
// time, how many of how many changes were tried, 0 of them first. It hears
// nothing when the fixes are there already; nil: nobody is told.
func (r *Result) TryFixes(ctx context.Context, told func(tried, total int)) ([]*Fix, error) {
	return r.fixes.get(func() ([]*Fix, error) {
		changes, err := r.promising(ctx)
		if err != nil {
			return nil, err
		}
		var mu sync.Mutex
		tried := 0
		tell := func(more int) {
			mu.Lock()
			defer mu.Unlock()
			if tried += more; told != nil {
				told(tried, len(changes))
			}
		}
		tell(0)
		fixes := make([]*Fix, len(changes))
		group, ctx := errgroup.WithContext(ctx)
		group.SetLimit(2)
		for i, c := range changes {
			group.Go(func() (err error) {
				if fixes[i], err = r.try(ctx, c); err == nil {
					tell(1)
				}
				return err
			})
		}
		if err := group.Wait(); err != nil {
			return nil, err
		}
		fixes = slices.DeleteFunc(fixes, func(f *Fix) bool { return len(f.Closes) == 0 && f.RiskRemoved.Value <= 0 })
		slices.SortStableFunc(fixes, func(a, b *Fix) int {
			return cmp.Or(cmp.Compare(b.RiskRemoved.Value, a.RiskRemoved.Value), cmp.Compare(a.Effort, b.Effort), cmp.Compare(len(b.Closes), len(a.Closes)), cmp.Compare(a.ID, b.ID))
		})
		return fixes, nil
	})
}

// promising lists the changes to facts of the paths, those that remove most by
// set subtraction first; that only chooses what is worth proving.
func (r *Result) promising(ctx context.Context) ([]remediate.Change, error) {
	assessment, err := r.Model.Assess(ctx, r.Finder.Lower(), r.stakes())
	if err != nil {
		return nil, err
	}
	type candidate struct {
		remediate.Change
		ends    []attack.FactKey
		removed float64
	}
	var all []*candidate
	byID := map[string]*candidate{}
	for _, f := range r.factsOnPaths() {
		for _, c := range remediate.For(r.Snap, f.Fact, f.holders) {
			if byID[c.ID] == nil {
				byID[c.ID] = &candidate{Change: c}
				all = append(all, byID[c.ID])
			}
			byID[c.ID].ends = append(byID[c.ID].ends, f.Key())
		}
	}
	for _, c := range all {
		removed, err := assessment.Removed(ctx, r.Graph.StepsResting(c.ends...))
		if err != nil {
			return nil, err
		}
		c.removed = removed.Value
	}
	slices.SortStableFunc(all, func(a, b *candidate) int {
		return cmp.Or(cmp.Compare(b.removed, a.removed), cmp.Compare(a.Effort, b.Effort), cmp.Compare(a.ID, b.ID))
	})
	all = all[:min(len(all), mostFixes)]
	changes := make([]remediate.Change, len(all))
	for i, c := range all {
		changes[i] = c.Change
	}
	return changes, nil
}

// heldFact is a fact with the principals of the paths that rest on it.
type heldFact struct {
	attack.Fact
	holders []graph.Ref
}

// factsOnPaths lists the facts that the best paths of the families rest on, each
// once, those of the first families first.
func (r *Result) factsOnPaths() []*heldFact {
	var list []*heldFact
	byKey := map[attack.FactKey]*heldFact{}
	for _, family := range r.Families {
		holders := r.principalsOf(family.Best())
		on := map[attack.FactKey]bool{}
		for _, s := range family.Best().Steps {
			for _, d := range r.StepDecisions(s) {
				for _, g := range d.Support {
					for _, f := range g {
						key := f.Key()
						if on[key] {
							continue
						}
						on[key] = true
						if byKey[key] == nil {
							byKey[key] = &heldFact{Fact: f}
							list = append(list, byKey[key])
						}
						byKey[key].holders = append(byKey[key].holders, holders...)
					}
				}
			}
		}
	}
	for _, f := range list {
		slices.Sort(f.holders)
		f.holders = slices.Compact(f.holders)
	}
	return list
}

// principalsOf lists the principals that a path goes through.
func (r *Result) principalsOf(p *route.Path) []graph.Ref {
	var list []graph.Ref
	for _, s := range p.Steps {
		for _, premise := range s.Premises {
			if st := r.Graph.State(premise); st.Kind == attack.Controls && st.Node != graph.NoRef {
				list = append(list, st.Node)
			}
		}
	}
	return list
}

// ClosedBy returns the fixes that close a whole family, most risk removed first.
func (r *Result) ClosedBy(ctx context.Context, f *Family) ([]*Fix, error) {
	all, err := r.Fixes(ctx)
	if err != nil {
		return nil, err
	}
	var list []*Fix
	for _, fix := range all {
		if slices.Contains(fix.Closes, f) {
			list = append(list, fix)
		}
	}
	return list, nil
}
