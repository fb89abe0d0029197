package graph

import (
	"cmp"
	"slices"
	"strings"
	"sync"
)

// order returns the canonical order of nodes: by account, kind and id. Nodes
// are dealt out by account and kind first, so that only ids are compared.
func order(nodes []Node) []Handle {
	accounts := map[string]uint32{}
	for i := range nodes {
		accounts[nodes[i].Account] = 0
	}
	names := make([]string, 0, len(accounts))
	for a := range accounts {
		names = append(names, a)
	}
	slices.Sort(names)
	for i, a := range names {
		accounts[a] = uint32(i)
	}
	group := make([]uint32, len(nodes))
	last, lastN := "", accounts[""]
	for i := range nodes {
		if nodes[i].Account != last {
			last = nodes[i].Account
			lastN = accounts[last]
		}
		group[i] = lastN*uint32(kindCount) + uint32(nodes[i].Kind)
	}
	starts := make([]uint32, len(names)*int(kindCount)+1)
	for _, g := range group {
		starts[g+1]++
	}
	for g := 1; g < len(starts); g++ {
		starts[g] += starts[g-1]
	}
	ordered := make([]Handle, len(nodes))
	at := slices.Clone(starts[:len(starts)-1])
	for i, g := range group {
		ordered[at[g]] = Handle(i)
		at[g]++
	}
	for g := range at {
		slices.SortFunc(ordered[starts[g]:starts[g+1]], func(a, b Handle) int {
			return strings.Compare(nodes[a].ID, nodes[b].ID)
		})
	}
	return ordered
}

func compareNodes(a, b *Node) int {
	if c := strings.Compare(a.Account, b.Account); c != 0 {
		return c
	}
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), strings.Compare(a.ID, b.ID))
}

// link lays edges out in both directions, sorted, without duplicates. It
// overwrites the list. Cost: O(n+m) by three counting passes for one direction
// and two more for the other.
func (s *Snapshot) link(edges []edge) {
	n := len(s.nodes)
	spare := make([]edge, len(edges))
	deal(spare, edges, n, func(e edge) uint32 { return uint32(e.to) })
	deal(edges, spare, int(edgeCount), func(e edge) uint32 { return uint32(e.kind) })
	deal(spare, edges, n, func(e edge) uint32 { return uint32(e.from) })
	s.out = rows(slices.Compact(spare), n)
	s.in = s.out.reversed()
}

// deal is one stable counting pass: it copies src to dst ordered by a key
// below n.
func deal(dst, src []edge, n int, key func(edge) uint32) {
	at := make([]uint32, n+1)
	for _, e := range src {
		at[key(e)+1]++
	}
	for i := 1; i <= n; i++ {
		at[i] += at[i-1]
	}
	for _, e := range src {
		k := key(e)
		dst[at[k]] = e
		at[k]++
	}
}

func rows(sorted []edge, nodes int) adjacency {
	a := adjacency{
		start: make([]uint32, nodes+1),
		dst:   make([]Ref, len(sorted)),
		kind:  make([]EdgeKind, len(sorted)),
	}
	for i, e := range sorted {
		a.start[e.from+1]++
		a.dst[i] = Ref(e.to)
		a.kind[i] = e.kind
	}
	for i := 1; i <= nodes; i++ {
		a.start[i] += a.start[i-1]
	}
	return a
}

// reversed returns the other direction, again sorted by kind and node in each
// row. For every kind in order the rows are walked by source, which a counting
// pass by kind makes one walk over all edges.
func (a *adjacency) reversed() adjacency {
	n, m := len(a.start)-1, len(a.dst)
	var kindAt [int(edgeCount) + 1]uint32
	for _, k := range a.kind {
		kindAt[k+1]++
	}
	for k := 1; k <= int(edgeCount); k++ {
		kindAt[k] += kindAt[k-1]
	}
	type arc struct{ from, to Ref }
	byKind := make([]arc, m)
	at := kindAt
	for from := range n {
		for i := a.start[from]; i < a.start[from+1]; i++ {
			k := a.kind[i]
			byKind[at[k]] = arc{Ref(from), a.dst[i]}
			at[k]++
		}
	}
	r := adjacency{start: make([]uint32, n+1), dst: make([]Ref, m), kind: make([]EdgeKind, m)}
	for _, to := range a.dst {
		r.start[to+1]++
	}
	for i := 1; i <= n; i++ {
		r.start[i] += r.start[i-1]
	}
	place := slices.Clone(r.start[:n])
	for k := range int(edgeCount) {
		for _, e := range byKind[kindAt[k]:kindAt[k+1]] {
			p := place[e.to]
			r.dst[p], r.kind[p] = e.from, EdgeKind(k)
			place[e.to] = p + 1
		}
	}
	return r
}

// index builds the look-up tables that are derived from nodes and gaps. It
// reports whether all ids differ.
func (s *Snapshot) index() (unique bool) {
	nodes := s.nodes
	s.byID = newLookup(len(nodes), func(r Ref) string { return nodes[r].ID })
	s.byName = sync.OnceValue(func() *lookup {
		return newLookup(len(nodes), func(r Ref) string {
			if nodes[r].Kind == KindGap {
				return ""
			}
			return nodes[r].Name
		})
	})
	var count [kindCount]int
	for i := range s.nodes {
		count[s.nodes[i].Kind]++
	}
	refs := make([]Ref, len(s.nodes))
	for k, n := range count {
		if n > 0 {
			s.byKind[k], refs = refs[:0:n], refs[n:]
		}
	}
	for i := range s.nodes {
		k := s.nodes[i].Kind
		s.byKind[k] = append(s.byKind[k], Ref(i))
	}
	s.gapsOf = make(map[Ref][]int, len(s.gaps))
	for i := range s.gaps {
		for _, id := range s.gaps[i].Affects {
			if ref := s.byID.first(id); ref != NoRef {
				s.gapsOf[ref] = append(s.gapsOf[ref], i)
			}
		}
	}
	return s.byID.unique()
}
