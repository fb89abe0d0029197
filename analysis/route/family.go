package route

import (
	"cmp"
	"context"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/graph"
)

// Outcome is what a target state means for the data: read, write, destroy,
// administer; for other kinds the kind's own name.
func Outcome(k attack.StateKind) string {
	switch k {
	case attack.Reads:
		return "read"
	case attack.Writes:
		return "write"
	case attack.Destroys:
		return "destroy"
	case attack.Administers:
		return "administer"
	}
	return k.String()
}

// Family is a set of paths that agree in entry kind, techniques in canonical
// order, accounts crossed, outcome and target.
type Family struct {
	ID     string // hash of what its paths agree in
	Target StateID
	Entry  Entry // the hardest of its best path
	Status attack.Status
	// Paths are those found, the representative first.
	Paths []Path
	// Truncated: more paths may belong to it than were looked for.
	Truncated bool
	// Interchangeable are the places at which its paths differ.
	Interchangeable []Interchangeable
	// Behind are the nodes of targets that an administered account gives.
	Behind []graph.Ref
}

// Interchangeable are nodes of one kind and account that stand at one place of
// the paths of a family.
type Interchangeable struct {
	Kind    graph.Kind
	Account string
	Nodes   []graph.Ref // sorted
}

// Best is the representative path.
func (f *Family) Best() *Path { return &f.Paths[0] }

// group sorts the paths of one target into families, best path first.
func (g *Graph) group(paths []Path, truncated bool) []Family {
	byID := map[string]int{}
	var list []Family
	for _, p := range paths {
		i, ok := byID[p.Family]
		if !ok {
			i = len(list)
			byID[p.Family] = i
			list = append(list, Family{ID: p.Family, Target: p.Target, Truncated: truncated})
		}
		list[i].Paths = append(list[i].Paths, p)
	}
	for i := range list {
		f := &list[i]
		slices.SortStableFunc(f.Paths, comparePaths)
		f.Status = f.Best().Status
		if len(f.Best().Entries) > 0 {
			f.Entry = f.Best().Entries[0]
		}
		f.Interchangeable = g.interchangeable(f.Paths)
	}
	slices.SortFunc(list, func(x, y Family) int { return comparePaths(*x.Best(), *y.Best()) })
	return list
}

// interchangeable compares the paths of a family place by place.
func (g *Graph) interchangeable(paths []Path) []Interchangeable {
	type place struct {
		at      int
		kind    graph.Kind
		account string
	}
	nodes := map[place][]graph.Ref{}
	for i := range paths {
		for at, s := range paths[i].Steps {
			ref := g.states[s.Conclusion].Node
			if ref == graph.NoRef {
				continue
			}
			n := g.nodes.Node(ref)
			key := place{at, n.Kind, n.Account}
			nodes[key] = append(nodes[key], ref)
		}
	}
	var list []Interchangeable
	var order []int
	for key, refs := range nodes {
		slices.Sort(refs)
		if refs = slices.Compact(refs); len(refs) > 1 {
			list = append(list, Interchangeable{key.kind, key.account, refs})
			order = append(order, key.at)
		}
	}
	return sortedBy(list, order)
}

func sortedBy(list []Interchangeable, order []int) []Interchangeable {
	index := make([]int, len(list))
	for i := range index {
		index[i] = i
	}
	slices.SortFunc(index, func(i, j int) int {
		return cmp.Or(cmp.Compare(order[i], order[j]), cmp.Compare(list[i].Kind, list[j].Kind), cmp.Compare(list[i].Account, list[j].Account))
	})
	out := make([]Interchangeable, len(list))
	for to, from := range index {
		out[to] = list[from]
	}
	// The same nodes at two places (a workload and then its position) are told once.
	return slices.CompactFunc(out, func(x, y Interchangeable) bool { return slices.Equal(x.Nodes, y.Nodes) })
}

// FamilyQuery says which families to look for.
type FamilyQuery struct {
	// Targets are the states that matter: reads, writes, destroys of critical
	// datastores, administers of accounts.
	Targets []StateID
	// Through continues routes through administered accounts; otherwise such a
	// route ends there and names what lies behind.
	Through bool
	// PathsPerTarget bounds the paths looked at per target; 0: 256.
	PathsPerTarget int
	// Direct are entry kinds whose access in a single step is access, no path.
	Direct []string
}

const defaultPathsPerTarget = 256

// Families finds the families of paths to all targets, sorted by the
// likelihood of their best path. A target of the lower run is searched there,
// another in the upper run, so that its paths all rest on something unread.
// truncated is true when some target had more paths than were looked at, or
// when ctx ended early.
//
// Cost: PathsPerTarget paths per target (see [Enumerator]) and one walk forward
// per administered account; targets are searched on all processors.
func (f *Finder) Families(ctx context.Context, q FamilyQuery) (list []Family, truncated bool) {
	found := make([]targetFamilies, len(q.Targets))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, target := range q.Targets {
		group.Go(func() error {
			found[i] = f.familiesOf(ctx, target, &q)
			return nil
		})
	}
	_ = group.Wait() // nothing fails
	for _, of := range found {
		list, truncated = append(list, of.list...), truncated || of.truncated
	}
	slices.SortStableFunc(list, func(x, y Family) int { return comparePaths(*x.Best(), *y.Best()) })
	return list, truncated
}

// targetFamilies are the families of one target.
type targetFamilies struct {
	list      []Family
	truncated bool
}

func (f *Finder) familiesOf(ctx context.Context, target StateID, q *FamilyQuery) targetFamilies {
	run := f.runFor(target, q.Through)
	if run == nil {
		return targetFamilies{}
	}
	paths, cut := run.pathsBut(ctx, target, cmp.Or(q.PathsPerTarget, defaultPathsPerTarget), q.Direct)
	families := f.g.group(paths, cut)
	if f.g.states[target].Kind == attack.Administers && len(families) > 0 && !q.Through {
		behind := f.behind(target, q.Targets)
		for i := range families {
			families[i].Behind = behind
		}
	}
	return targetFamilies{families, cut}
}

// pathsBut is Paths without direct access of some entry kinds, with steps that
// only repeat the shape of one taken put off to the end, so that replicas do
// not use up the limit; it tells whether more paths are left.
func (r *Run) pathsBut(ctx context.Context, target StateID, limit int, direct []string) (list []Path, cut bool) {
	e := r.Enumerate(target)
	e.putOff = true
	for {
		p, ok := e.NextPath(ctx)
		switch {
		case !ok:
			return list, e.Truncated()
		case p.Hops() == 1 && len(p.Entries) == 1 && slices.Contains(direct, p.Entries[0].Kind):
			continue
		case len(list) == limit:
			return list, true
		}
		list = append(list, p)
	}
}
