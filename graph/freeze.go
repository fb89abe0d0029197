package graph

import (
	"cmp"
	"slices"
)

// link sorts the edges, drops duplicates and lays them out in both directions.
func (s *Snapshot) link(edges []edge) {
	slices.SortFunc(edges, func(a, b edge) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.kind, b.kind), cmp.Compare(a.to, b.to))
	})
	edges = slices.Compact(edges)
	s.out = rows(edges, len(s.nodes))
	for i := range edges {
		edges[i].from, edges[i].to = edges[i].to, edges[i].from
	}
	slices.SortFunc(edges, func(a, b edge) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.kind, b.kind), cmp.Compare(a.to, b.to))
	})
	s.in = rows(edges, len(s.nodes))
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

// index builds the look-up tables that are derived from nodes and gaps.
func (s *Snapshot) index() {
	s.byID = make(map[string]Ref, len(s.nodes))
	s.byName = make(map[string][]Ref, len(s.nodes))
	for i, n := range s.nodes {
		ref := Ref(i)
		s.byID[n.ID] = ref
		if n.Name != "" && n.Kind != KindGap {
			s.byName[n.Name] = append(s.byName[n.Name], ref)
		}
		s.byKind[n.Kind] = append(s.byKind[n.Kind], ref)
	}
	s.gapsOf = make(map[Ref][]int, len(s.gaps))
	for i := range s.gaps {
		for _, id := range s.gaps[i].Affects {
			if ref, ok := s.byID[id]; ok {
				s.gapsOf[ref] = append(s.gapsOf[ref], i)
			}
		}
	}
}
