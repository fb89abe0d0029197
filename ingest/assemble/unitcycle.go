package assemble

import (
	"slices"
	"strings"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/arn"
)

// unitCycles reports organizational units that stand below themselves. AWS knows
// none: either a reply is wrong, or replies of different times were laid
// together. Where such a unit really stands, and so which policies bind what is
// below it, is not known.
func (m *merger) unitCycles() {
	parent := map[graph.Handle]graph.Handle{}
	children := map[graph.Handle][]graph.Handle{}
	for _, l := range m.units {
		if old, ok := parent[l[1]]; !ok || m.b.Node(l[0]).ID < m.b.Node(old).ID {
			parent[l[1]] = l[0]
		}
		children[l[0]] = append(children[l[0]], l[1])
	}
	told := map[graph.Handle]bool{}
	for _, l := range m.units {
		chain := []graph.Handle{l[1]}
		at, ok := parent[l[1]]
		for ok && !slices.Contains(chain, at) {
			chain = append(chain, at)
			at, ok = parent[at]
		}
		if !ok || told[at] {
			continue
		}
		cycle := chain[slices.Index(chain, at):]
		for _, h := range cycle {
			told[h] = true
		}
		m.unitCycle(cycle, children)
	}
}

// unitCycle hangs the gap of one cycle on its units and the accounts below them.
func (m *merger) unitCycle(cycle []graph.Handle, children map[graph.Handle][]graph.Handle) {
	var ids, short, below []string
	seen := map[graph.Handle]bool{}
	var descend func(h graph.Handle)
	descend = func(h graph.Handle) {
		if seen[h] {
			return
		}
		seen[h] = true
		if n := m.b.Node(h); n.Kind == graph.KindAccount {
			below = append(below, n.ID)
		}
		for _, c := range children[h] {
			descend(c)
		}
	}
	for _, h := range cycle {
		ids = append(ids, m.b.Node(h).ID)
		descend(h)
	}
	slices.Sort(ids)
	slices.Sort(below)
	for _, id := range ids {
		short = append(short, id[strings.LastIndexByte(id, '/')+1:])
	}
	what := strings.Join(short, " and ") + " stand below each other"
	if len(short) == 1 {
		what = short[0] + " stands below itself"
	}
	a, _ := arn.Parse(ids[0])
	const operation = "ListOrganizationalUnitsForParent"
	m.problem("", "organizations "+operation+": "+ids[0], what)
	m.b.Gap(graph.Gap{ID: "gap:organizations:" + operation + ":" + a.Account + ":global:" + strings.Join(short, ":"), Account: a.Account, Region: "global",
		Service: "organizations", Operation: operation, Outcome: graph.OutcomeMalformed, Detail: what + ": which policies bind the accounts below is not known",
		Affects: append(ids, below...)})
}
