package reach

import (
	"cmp"
	"slices"

	"github.com/cairn-security/cairn/analysis/reach/headerspace"
)

// hubs index inbound rules by who may use them, so that the receivers of a
// sender are found without looking at pairs: a hub is a referenced group or a
// distinct block of addresses, and behind it stand the groups whose rules name
// it. Blocks are found by prefix length: an address is in at most one block of
// each length.
type hubs struct {
	byGroup  [][]int32           // group -> hub
	byPrefix map[hubPrefix]int32 // block -> hub
	lengths  []int               // prefix lengths in use
	lists    []int32             // hubs of sets that are no single block
	hubs     []hub
}

type hubPrefix struct {
	first  addr
	length int
}

// hub joins senders with the groups that accept them.
type hub struct {
	peers  addrs   // of a block hub
	groups []int32 // groups with a rule for it
}

func (e *Estate) buildHubs() hubs {
	h := hubs{byGroup: make([][]int32, len(e.groups)), byPrefix: map[hubPrefix]int32{}}
	refHub := map[int32]int32{}
	newHub := func(peers addrs) int32 {
		h.hubs = append(h.hubs, hub{peers: peers})
		return int32(len(h.hubs) - 1)
	}
	join := func(i, g int32) {
		if s := h.hubs[i].groups; len(s) == 0 || s[len(s)-1] != g {
			h.hubs[i].groups = append(s, g)
		}
	}
	seen := map[int]bool{}
	for gi := range e.groups {
		g := int32(gi)
		for k := range e.groups[gi].in {
			r := &e.groups[gi].in[k]
			switch {
			case r.unread != "":
				// May accept anybody.
				p := hubPrefix{addr{}, 0}
				i, ok := h.byPrefix[p]
				if !ok {
					i = newHub(headerspace.All)
					h.byPrefix[p] = i
					seen[0] = true
				}
				join(i, g)
			case r.ref != none:
				i, ok := refHub[r.ref]
				if !ok {
					i = newHub(nil)
					refHub[r.ref] = i
					h.byGroup[r.ref] = append(h.byGroup[r.ref], i)
				}
				join(i, g)
			default:
				for _, p := range blocksOf(r.peers) {
					i, ok := h.byPrefix[p]
					if !ok {
						i = newHub(r.peers)
						h.byPrefix[p] = i
						seen[p.length] = true
					}
					join(i, g)
				}
			}
		}
	}
	for l := range seen {
		h.lengths = append(h.lengths, l)
	}
	slices.SortFunc(h.lengths, func(a, b int) int { return cmp.Compare(b, a) })
	return h
}

// blocksOf cuts a set into aligned blocks, lengths counted in 128 bits.
func blocksOf(s addrs) []hubPrefix {
	var out []hubPrefix
	for _, p := range headerspace.Prefixes(s) {
		n := p.Bits()
		if p.Addr().Is4() {
			n += 96
		}
		out = append(out, hubPrefix{headerspace.AddrOf(p.Addr()), n})
	}
	return out
}

// of calls visit for every hub that an interface may use: by its groups and by
// its addresses. A hub may come more than once.
func (h *hubs) of(e *Estate, x *iface, visit func(hub int32)) {
	for _, g := range e.groupSets[x.groupSet].groups {
		for _, i := range h.byGroup[g] {
			visit(i)
		}
	}
	for _, r := range x.private {
		if r.First != r.Last {
			// A stand-in somewhere in its subnet may have any of its addresses.
			for i := range h.hubs {
				if h.hubs[i].peers.Overlaps(addrs{r}) {
					visit(int32(i))
				}
			}
			continue
		}
		for _, l := range h.lengths {
			p := hubPrefix{masked(r.First, l), l}
			if i, ok := h.byPrefix[p]; ok && (l > 0 || r.First.Is4() == false || h.hubs[i].peers.Contains(r.First)) {
				visit(i)
			}
		}
	}
}

// masked clears the bits after the first n of 128.
func masked(a addr, n int) addr {
	switch {
	case n == 0:
		return addr{}
	case n < 64:
		return addr{Hi: a.Hi &^ (1<<(64-n) - 1)}
	case n == 64:
		return addr{Hi: a.Hi}
	case n < 128:
		return addr{Hi: a.Hi, Lo: a.Lo &^ (1<<(128-n) - 1)}
	}
	return a
}
