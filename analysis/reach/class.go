package reach

import (
	"encoding/binary"
	"iter"
	"slices"

	"github.com/cairn-security/cairn/analysis/reach/headerspace"
)

// Position numbers a network class: interfaces that no rule of the estate can
// tell apart, because they stand in one subnet, carry the same groups and have
// addresses that every filter and route treats alike. 0 <= p < Positions().
type Position int32

// position is one class; its first member speaks for all.
type position struct {
	subnet, groupSet int32
	atoms            int32 // equal where the addresses are alike to every rule
	members          []int32
}

// classIndex groups interfaces into positions and rules into hubs.
type classIndex struct {
	positions  []position
	of         []Position // by interface
	hubs       hubs
	routable   [][]int32 // VPC -> VPCs that packets can get to, itself first
	inGroup    [][]Position
	unfiltered []Position
}

func (e *Estate) index() *classIndex {
	e.classesOnce.Do(func() { e.classes = e.buildClasses() })
	return e.classes
}

// Positions returns the number of network classes. The first call builds them:
// O(n log r) for n interfaces and r address boundaries of rules.
func (e *Estate) Positions() int { return len(e.index().positions) }

// PositionsOf returns the classes a resource's interfaces stand in, without
// repetition; none for what has no interface.
func (e *Estate) PositionsOf(r *Resource) []Position {
	var out []Position
	for _, i := range r.ifaces {
		if p := e.index().of[i]; p >= 0 && !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}

// Members iterates over the resources that stand in a class.
func (e *Estate) Members(p Position) iter.Seq[*Resource] {
	return func(yield func(*Resource) bool) {
		for _, i := range e.index().positions[p].members {
			if r := e.interfaces[i].resource; r != none && !yield(&e.resources[r]) {
				return
			}
		}
	}
}

// PositionName describes a class for people: its subnet and groups.
func (e *Estate) PositionName(p Position) string {
	c := &e.index().positions[p]
	name := e.subnets[c.subnet].id
	for _, g := range e.groupSets[c.groupSet].groups {
		name += " " + e.groups[g].id
	}
	return name
}

func (e *Estate) buildClasses() *classIndex {
	c := &classIndex{of: make([]Position, len(e.interfaces)), inGroup: make([][]Position, len(e.groups))}
	bounds := e.addressBounds()
	seen, atoms := map[string]Position{}, map[string]int32{}
	var key, atom []byte
	for i := range e.interfaces {
		x := &e.interfaces[i]
		if x.subnet == none {
			c.of[i] = -1
			continue
		}
		atom = atomKey(atom[:0], x, bounds)
		key = append(e.classKey(key[:0], x), atom...)
		p, ok := seen[string(key)]
		if !ok {
			p = Position(len(c.positions))
			seen[string(key)] = p
			a, ok := atoms[string(atom)]
			if !ok {
				a = int32(len(atoms))
				atoms[string(atom)] = a
			}
			c.positions = append(c.positions, position{subnet: x.subnet, groupSet: x.groupSet, atoms: a})
			for _, g := range e.groupSets[x.groupSet].groups {
				c.inGroup[g] = append(c.inGroup[g], p)
			}
			if !e.filtered(x) || x.unread != "" || len(e.groupSets[x.groupSet].missing) > 0 {
				c.unfiltered = append(c.unfiltered, p)
			}
		}
		c.of[i] = p
		c.positions[p].members = append(c.positions[p].members, int32(i))
	}
	c.routable = e.routableVPCs()
	c.hubs = e.buildHubs()
	return c
}

// classKey is equal for interfaces that differ in their addresses only.
func (e *Estate) classKey(key []byte, x *iface) []byte {
	key = binary.LittleEndian.AppendUint32(key, uint32(x.subnet))
	key = binary.LittleEndian.AppendUint32(key, uint32(x.groupSet))
	flags := byte(x.kind) << 3
	if x.forwards {
		flags |= 1
	}
	if x.hasPublic4() {
		flags |= 2
	}
	if x.anyAddress {
		flags |= 4
	}
	key = append(key, flags)
	key = append(key, x.unread...)
	if x.kind == balancerInterface || x.anyAddress {
		// Nodes differ by their listeners, stand-ins by what they stand for.
		key = binary.LittleEndian.AppendUint32(key, uint32(x.resource))
	}
	return key
}

// atomKey numbers the stretch between two bounds that each address lies in.
func atomKey(key []byte, x *iface, bounds []addr) []byte {
	for _, r := range x.private {
		i, _ := slices.BinarySearchFunc(bounds, r.First, func(b, a addr) int {
			if b.Compare(a) <= 0 {
				return -1
			}
			return 1
		})
		key = binary.LittleEndian.AppendUint32(key, uint32(i))
	}
	return key
}

// addressBounds lists the addresses at which some rule or route starts to say
// something else.
func (e *Estate) addressBounds() []addr {
	set := map[addr]bool{}
	note := func(s addrs) {
		for _, r := range s {
			set[r.First] = true
			if !r.Last.IsMax() {
				set[r.Last.Next()] = true
			}
		}
	}
	for i := range e.groups {
		for _, rules := range [][]groupRule{e.groups[i].in, e.groups[i].out} {
			for k := range rules {
				note(rules[k].peers)
			}
		}
	}
	for i := range e.acls {
		for _, d := range []*aclDirection{&e.acls[i].in, &e.acls[i].out} {
			for k := range d.entries {
				note(d.entries[k].peers)
			}
		}
	}
	tables := func(list []interval) {
		for _, iv := range list {
			note(addrs{iv.AddrRange})
		}
	}
	for i := range e.tables {
		tables(e.tables[i].lookup)
	}
	for i := range e.transitTabs {
		tables(e.transitTabs[i].lookup)
	}
	for i := range e.gateways {
		note(e.gateways[i].remote)
	}
	out := make([]addr, 0, len(set))
	for a := range set {
		out = append(out, a)
	}
	slices.SortFunc(out, addr.Compare)
	return out
}

// routableVPCs lists for every VPC those that a peering or transit gateway may
// lead to; routes and filters are checked where an edge is expanded.
func (e *Estate) routableVPCs() [][]int32 {
	next := make([]map[int32]bool, len(e.vpcs))
	for i := range next {
		next[i] = map[int32]bool{}
	}
	for i := range e.peerings {
		p := &e.peerings[i]
		if x, y := p.sides[0].vpc, p.sides[1].vpc; p.status == "active" && x != none && y != none {
			next[x][y], next[y][x] = true, true
		}
	}
	for _, vpcs := range e.transitDomains() {
		for x := range vpcs {
			for y := range vpcs {
				next[x][y] = true
			}
		}
	}
	out := make([][]int32, len(e.vpcs))
	for i := range out {
		delete(next[i], int32(i))
		for v := range next[i] {
			out[i] = append(out[i], v)
		}
		slices.Sort(out[i])
		out[i] = append([]int32{int32(i)}, out[i]...)
	}
	return out
}

// transitDomains returns the VPCs attached to each set of transit gateways
// that peerings join.
func (e *Estate) transitDomains() []map[int32]bool {
	domain := make([]int, len(e.transits))
	for i := range domain {
		domain[i] = i
	}
	find := func(i int) int {
		for domain[i] != i {
			i = domain[i]
		}
		return i
	}
	for i := range e.attachments {
		if a := &e.attachments[i]; a.kind == peeringAttachment {
			if t := e.lookup(isTransit, a.peer); t != none {
				domain[find(int(a.transit))] = find(int(t))
			}
		}
	}
	out := make([]map[int32]bool, len(e.transits))
	for i := range e.attachments {
		a := &e.attachments[i]
		if a.kind != vpcAttachment || a.vpc == none {
			continue
		}
		d := find(int(a.transit))
		if out[d] == nil {
			out[d] = map[int32]bool{}
		}
		out[d][a.vpc] = true
	}
	return out
}

// between returns what gets from one subnet to another, whoever sends and
// receives it: routes, network ACLs and the way back, without groups. Memoised.
func (e *Estate) between(from, to int32) []flight {
	key := [2]int32{from, to}
	if m, ok := e.transitMemo.Load(key); ok {
		return m.([]flight)
	}
	s, t := &e.subnets[from], &e.subnets[to]
	f := flight{space: packets(s.addrs, t.addrs, headerspace.AnyService), from: none}
	var out []flight
	if from == to {
		out = []flight{f}
	} else {
		p := probe{e: e, sport: anyClientPort}
		w := p.walk()
		w.leave(from, f)
		for _, a := range w.arrivals {
			if a.kind != atSubnet || a.index != to {
				continue
			}
			out = append(out, p.answered(w, a.flight, func(b *walk, f flight) { b.leave(to, f) },
				func(a *arrival) bool { return a.kind == atSubnet && a.index == from })...)
		}
	}
	e.transitMemo.Store(key, out)
	return out
}

// pair returns the packets of interface i that reach interface j by private
// addresses: certain ones and, apart, those that need something unread.
func (e *Estate) pair(i, j int32) (sure space, open []flight) {
	x, y := &e.interfaces[i], &e.interfaces[j]
	w := &walk{e: e}
	for _, f := range e.between(x.subnet, y.subnet) {
		f.space = f.space.Restrict(cube{Src: x.private, Dst: y.private})
		if f.space.Empty() {
			continue
		}
		if f.crossed != noReferences {
			f.from = i
		}
		for _, f := range w.groupFilter(i, j, false, f) {
			for _, f := range w.groupsIn(j, f) {
				if len(f.missing) > 0 {
					open = append(open, f)
				} else {
					sure = append(sure, f.space...)
				}
			}
		}
	}
	return sure, open
}
