package view

import (
	"cmp"
	"slices"

	"github.com/cairn-security/cairn/analysis/report"
	"github.com/cairn-security/cairn/graph"
)

// Gap is something that could not be read.
type Gap struct {
	v        *View
	gap      graph.Gap
	critical int
	onPaths  int
}

// gaps are all gaps, those that could hide the most first.
type gaps struct {
	list  []*Gap
	byID  map[string]*Gap
	table *table
}

func (v *View) newGaps() *gaps {
	g := &gaps{byID: map[string]*Gap{}}
	byAccount := map[string][]graph.Ref{}
	critical := map[graph.Ref]bool{}
	for _, ref := range v.Result.Data.Critical() {
		critical[ref] = true
		account := v.snap().Node(ref).Account
		byAccount[account] = append(byAccount[account], ref)
	}
	onPaths := v.gapsOnPaths()
	for _, gap := range report.Gaps(v.Result) {
		if g.byID[gap.ID] != nil {
			continue
		}
		one := &Gap{v: v, gap: gap, onPaths: onPaths[gap.ID]}
		hidden := map[graph.Ref]bool{}
		for _, id := range gap.Affects {
			ref, ok := v.snap().Lookup(id)
			switch {
			case !ok:
			case v.snap().Kind(ref) == graph.KindAccount: // all that stands in it
				for _, store := range byAccount[v.snap().Node(ref).Account] {
					hidden[store] = true
				}
			case critical[ref]:
				hidden[ref] = true
			}
		}
		one.critical = len(hidden)
		g.byID[gap.ID] = one
		g.list = append(g.list, one)
	}
	slices.SortStableFunc(g.list, func(a, b *Gap) int {
		return cmp.Or(cmp.Compare(b.critical, a.critical), cmp.Compare(b.onPaths, a.onPaths), cmp.Compare(len(b.gap.Affects), len(a.gap.Affects)), cmp.Compare(a.gap.ID, b.gap.ID))
	})
	g.table = newTable("gaps", "account", "service", "outcome")
	for _, one := range g.list {
		g.table.add(one.gap.ID, "", []string{one.gap.Account}, []string{one.gap.Service}, []string{string(one.gap.Outcome)})
	}
	g.table.titled("account", v.accountTitle)
	return g
}

// gapsOnPaths counts, by gap, the families whose best path rests on it.
func (v *View) gapsOnPaths() map[string]int {
	counts := map[string]int{}
	for _, f := range v.Result.Families {
		seen := map[string]bool{}
		for _, s := range f.Best().Steps {
			for _, d := range v.Result.StepDecisions(s) {
				for _, id := range d.Gaps {
					if !seen[id] {
						seen[id] = true
						counts[id]++
					}
				}
			}
		}
	}
	return counts
}

// gapsOf finds gaps by id. One that only a decision names is kept as such.
func (v *View) gapsOf(ids []string) []*Gap {
	out := make([]*Gap, 0, len(ids))
	for _, id := range ids {
		g := v.gaps().byID[id]
		if g == nil {
			g = &Gap{v: v, gap: graph.Gap{ID: id, Outcome: graph.OutcomeNotCollected, Detail: id}}
		}
		out = append(out, g)
	}
	return out
}

// IsNode marks it as a Node of the schema.
func (g *Gap) IsNode() {}

// ID names the gap.
func (g *Gap) ID() string { return g.gap.ID }

// Account is the account asked, "" outside any.
func (g *Gap) Account() string { return g.gap.Account }

// AccountName is its alias or name.
func (g *Gap) AccountName() *string { return g.v.accountName(g.gap.Account) }

// Region is where it was asked.
func (g *Gap) Region() *string { return orNull(g.gap.Region) }

// Service is the service asked.
func (g *Gap) Service() string { return g.gap.Service }

// Operation is the operation asked.
func (g *Gap) Operation() string { return g.gap.Operation }

// Outcome is how the read ended.
func (g *Gap) Outcome() string { return string(g.gap.Outcome) }

// Detail is what the source said.
func (g *Gap) Detail() string { return g.gap.Detail }

// Affects are the nodes that depend on it.
func (g *Gap) Affects(first *int) ([]*EstateNode, error) {
	ids, err := firstOf(g.gap.Affects, first)
	if err != nil {
		return nil, err
	}
	out := make([]*EstateNode, len(ids))
	for i, id := range ids {
		out[i] = g.v.named(id)
	}
	return out, nil
}

// AffectsCount counts the nodes that depend on it.
func (g *Gap) AffectsCount() int { return len(g.gap.Affects) }

// CriticalAssets counts those it could hide something of; an affected account
// stands for all that is in it.
func (g *Gap) CriticalAssets() int { return g.critical }

// OnPaths counts the families that rest on it.
func (g *Gap) OnPaths() int { return g.onPaths }

// Permission lists what would have to be allowed to close it: only a denied
// read is closed by permission.
func (g *Gap) Permission() []string {
	if g.gap.Outcome != graph.OutcomeDenied || g.v.Permissions == nil {
		return nil
	}
	return g.v.Permissions(g.gap.Service, g.gap.Operation)
}

// hides reports whether it could hide a path to a critical asset.
func (g *Gap) hides() bool { return g.gap.Refused() && (g.critical > 0 || g.onPaths > 0) }
