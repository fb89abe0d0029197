package reach

import (
	"slices"

	"github.com/cairn-security/cairn/analysis/reach/headerspace"
)

// insider answers who besides the internet reaches a resource.
type insider struct {
	e     *Estate
	memo  map[insiderKey]Class
	peers map[int32]peerSummary // by group set
}

type insiderKey struct {
	subnet, groupSet int32
	listens          string
}

// peerSummary is what the inbound rules of a group set name, for quick refusal.
type peerSummary struct {
	addrs addrs
	vpcs  map[int32]bool // of groups that rules refer to
}

func (e *Estate) insider() *insider {
	return &insider{e: e, memo: map[insiderKey]Class{}, peers: map[int32]peerSummary{}}
}

// classOf returns partner when another account's network or what lies behind
// VPN or Direct Connect gets to the resource, internal when only the account's
// own networks do, else none. Whether somebody stands on a network that gets
// there is not asked: the next instance might.
func (n *insider) classOf(r *Resource) Class {
	best := ClassNone
	if r.down != "" || r.egressOnly {
		return best
	}
	ways := slices.Clone(r.ifaces)
	if r.private != nil {
		n.e.interfacesTo(r, func(_ *vpcEndpoint, j int32) { ways = append(ways, j) })
	}
	for _, j := range ways {
		x := &n.e.interfaces[j]
		if x.subnet == none {
			continue
		}
		key := insiderKey{subnet: x.subnet, groupSet: x.groupSet}
		if r.listens != nil {
			key.listens = headerspace.Describe(r.listens)
		}
		c, ok := n.memo[key]
		if !ok {
			c = n.classOfInterface(j, r.listens)
			n.memo[key] = c
		}
		if c == ClassPartner || best == ClassNone {
			best = c
		}
	}
	return best
}

func (n *insider) classOfInterface(j int32, listens services) Class {
	if listens == nil {
		listens = headerspace.AnyService
	}
	e := n.e
	x := &e.interfaces[j]
	best := ClassNone
	index := e.index()
	for _, v := range index.routable[x.vpc] {
		class := ClassInternal
		if e.vpcs[v].account != e.vpcs[x.vpc].account {
			class = ClassPartner
		}
		if class == best || best == ClassPartner || !n.mayComeFrom(v, x) {
			continue
		}
		for _, s := range e.vpcs[v].subnets {
			if n.fromSubnet(s, j, listens) {
				best = class
				break
			}
		}
	}
	if best != ClassPartner && n.fromOnPrem(j, listens) {
		best = ClassPartner
	}
	return best
}

// mayComeFrom refuses VPCs that no rule of the interface speaks of.
func (n *insider) mayComeFrom(v int32, x *iface) bool {
	if !n.e.filtered(x) {
		return true
	}
	s, ok := n.peers[x.groupSet]
	if !ok {
		s.vpcs = map[int32]bool{}
		for _, g := range n.e.groupSets[x.groupSet].groups {
			for k := range n.e.groups[g].in {
				r := &n.e.groups[g].in[k]
				s.addrs = s.addrs.Union(r.peers)
				if r.ref != none {
					s.vpcs[n.e.groups[r.ref].vpc] = true
				}
			}
		}
		n.peers[x.groupSet] = s
	}
	return s.vpcs[v] || s.addrs.Overlaps(n.e.vpcs[v].cidrs)
}

// fromSubnet reports whether some address of a subnet, or a member of a group
// that a rule names, gets to an interface.
func (n *insider) fromSubnet(s, j int32, listens services) bool {
	e := n.e
	x := &e.interfaces[j]
	for _, f := range e.between(s, x.subnet) {
		if len(f.missing) > 0 {
			continue
		}
		f.space = f.space.Restrict(cube{Dst: x.private, Svc: listens})
		if f.space.Empty() {
			continue
		}
		if !e.filtered(x) {
			return true
		}
		for _, g := range e.groupSets[x.groupSet].groups {
			for k := range e.groups[g].in {
				r := &e.groups[g].in[k]
				if r.ref == none && r.unread == "" {
					if !f.space.Restrict(cube{Src: r.peers, Svc: r.svc}).Empty() {
						return true
					}
					continue
				}
				if r.ref != none && n.fromMembers(s, r.ref, j, listens) {
					return true
				}
			}
		}
	}
	return false
}

func (n *insider) fromMembers(s, g, j int32, listens services) bool {
	index := n.e.index()
	for _, p := range index.inGroup[g] {
		c := &index.positions[p]
		if c.subnet != s {
			continue
		}
		for _, i := range c.members[:min(2, len(c.members))] {
			if i == j {
				continue
			}
			if sure, _ := n.e.pair(i, j); sure.Services().Overlaps(listens) {
				return true
			}
		}
	}
	return false
}

func (n *insider) fromOnPrem(j int32, listens services) bool {
	x := &n.e.interfaces[j]
	if n.e.onprem.Empty() {
		return false
	}
	q := query{e: n.e, o: &Options{}, svc: listens, src: party{kind: theOnPrem, index: none}}
	q.p = probe{e: n.e, sport: anyClientPort}
	for _, o := range q.onPremLegs(j, x, addr{}, false) {
		if len(o.missing) == 0 && !o.space.Empty() {
			return true
		}
	}
	return false
}
