package reach_test

import (
	"net/netip"
	"slices"
)

// The oracle follows single packets through the world by AWS's rules, one
// entry at a time, with none of the engine's sets, tables or memory.

type packet struct {
	src, dst     netip.Addr
	proto        int
	sport, dport int // port blocks
}

func (p packet) reply() packet {
	return packet{src: p.dst, dst: p.src, proto: p.proto, sport: p.dport, dport: p.sport}
}

// crossed says how far references to the sender's groups still work.
type crossed int

const (
	inVPC crossed = iota
	byPeering
	byTransit
	lost
)

type oracle struct {
	w      *world
	sender int // whose groups references see, -1 none
	way    crossed
	reply  bool
	passed map[int]bool
	hops   int
}

func (r worldRule) covers(peer netip.Addr, p packet) bool {
	return (r.Proto == -1 || r.Proto == p.proto && r.From <= p.dport && p.dport <= r.To) && r.Peer.Contains(peer)
}

func (r worldRule) service(p packet) bool {
	return r.Proto == -1 || r.Proto == p.proto && r.From <= p.dport && p.dport <= r.To
}

func (w *world) vpcOf(i int) int { return w.Subnets[w.Ifaces[i].Subnet].VPC }

func (w *world) aclAllows(list []worldEntry, peer netip.Addr, p packet) bool {
	sorted := slices.Clone(list)
	slices.SortStableFunc(sorted, func(a, b worldEntry) int { return a.Number - b.Number })
	for _, e := range sorted {
		if e.covers(peer, p) {
			return e.Allow
		}
	}
	return false
}

func (w *world) enter(s int, p packet) bool {
	return w.aclAllows(w.ACLs[w.Subnets[s].ACL].In, p.src, p)
}
func (w *world) exit(s int, p packet) bool {
	return w.aclAllows(w.ACLs[w.Subnets[s].ACL].Out, p.dst, p)
}

func (o *oracle) groupsIn(i int, p packet) bool {
	for _, g := range o.w.Ifaces[i].Groups {
		for _, r := range o.w.Groups[g].In {
			if r.Group < 0 {
				if r.covers(p.src, p) {
					return true
				}
				continue
			}
			if o.sender < 0 || o.way == lost || !r.service(p) || p.src != o.w.Ifaces[o.sender].Private {
				continue
			}
			if slices.Contains(o.w.Ifaces[o.sender].Groups, r.Group) && (o.way != inVPC || o.w.vpcOf(o.sender) == o.w.vpcOf(i)) {
				return true
			}
		}
	}
	return false
}

// groupsOut checks the sender's outbound rules; to is the receiver where it is
// known, -1 otherwise.
func (o *oracle) groupsOut(i, to int, p packet) bool {
	for _, g := range o.w.Ifaces[i].Groups {
		for _, r := range o.w.Groups[g].Out {
			if r.Group < 0 {
				if r.covers(p.dst, p) {
					return true
				}
				continue
			}
			if !r.service(p) || o.way >= byTransit {
				continue
			}
			if v := o.w.Groups[r.Group].VPC; v != o.w.vpcOf(i) && o.w.Peering != "active" {
				continue
			}
			for j, x := range o.w.Ifaces {
				if x.Private == p.dst && slices.Contains(x.Groups, r.Group) && (to < 0 || to == j) {
					return true
				}
			}
		}
	}
	return false
}

// spot is where a packet ends: a subnet, the internet through a VPC's gateway,
// a NAT gateway.
type spot struct {
	kind  string // subnet, internet, nat
	index int
}

var nowhere = spot{"", -1}

func (o *oracle) leave(s int, p packet) spot {
	if !o.w.exit(s, p) {
		return nowhere
	}
	if o.hops++; o.hops > 12 {
		return nowhere
	}
	t := o.w.Tables[o.w.Subnets[s].Table]
	best := -1
	for i, r := range t.Routes {
		if o.w.exists(r.Target, t.VPC) && r.Dest.Contains(p.dst) && (best < 0 || r.Dest.Bits() > t.Routes[best].Dest.Bits()) {
			best = i
		}
	}
	if best < 0 || t.Routes[best].Blackhole {
		return nowhere
	}
	v := o.w.Subnets[s].VPC
	switch t.Routes[best].Target {
	case "local":
		return o.local(v, s, p)
	case "igw":
		return spot{"internet", v}
	case "nat":
		if o.reply || p.proto != 6 && p.proto != 17 {
			return nowhere
		}
		n := o.w.Ifaces[o.w.NAT].Subnet
		if n != s && !o.w.enter(n, p) {
			return nowhere
		}
		return spot{"nat", 0}
	case "pcx":
		own, other := netip.PrefixFrom(privateAddr(v, 0), 26), netip.PrefixFrom(privateAddr(1-v, 0), 26)
		if o.w.Peering != "active" || !own.Contains(p.src) || !other.Contains(p.dst) {
			return nowhere
		}
		o.way = map[crossed]crossed{inVPC: byPeering}[o.way]
		if o.way == inVPC {
			o.way = lost
		}
		return o.local(1-v, -1, p)
	case "tgw":
		return o.transit(v, s, p)
	}
	return o.appliance(o.w.appliance(v), s, p)
}

func (o *oracle) local(v, from int, p packet) spot {
	for s, sub := range o.w.Subnets {
		if sub.VPC == v && sub.Block.Contains(p.dst) {
			if s != from && !o.w.enter(s, p) {
				return nowhere
			}
			return spot{"subnet", s}
		}
	}
	return nowhere
}

func (o *oracle) transit(v, s int, p packet) spot {
	at := o.w.AttachTo[v]
	zone := o.w.Subnets[s].Zone
	if o.w.Subnets[at].Zone != zone || !o.w.enter(at, p) {
		return nowhere
	}
	if o.way == inVPC {
		o.way = byTransit
	} else {
		o.way = lost
	}
	if o.hops++; o.hops > 12 {
		return nowhere
	}
	var best *worldTransitRoute
	for i := range o.w.Routes {
		r := &o.w.Routes[i]
		if r.Dest.Contains(p.dst) && (best == nil || r.Dest.Bits() > best.Dest.Bits() || r.Dest.Bits() == best.Dest.Bits() && r.VPC < 0) {
			best = r
		}
	}
	if best == nil || best.VPC < 0 {
		return nowhere
	}
	to := o.w.AttachTo[best.VPC]
	if o.w.Subnets[to].Block.Contains(p.dst) {
		return spot{"subnet", to}
	}
	return o.leave(to, p)
}

func (o *oracle) appliance(i, s int, p packet) spot {
	x := o.w.Ifaces[i]
	if !x.Forwards || x.Subnet != s && !o.w.enter(x.Subnet, p) {
		return nowhere
	}
	if !(o.reply && o.passed[i]) && !(o.groupsIn(i, p) && o.groupsOut(i, -1, p)) {
		return nowhere
	}
	if !o.reply {
		o.passed[i] = true
	}
	o.sender, o.way = -1, lost
	if o.w.Subnets[x.Subnet].Block.Contains(p.dst) {
		return spot{"subnet", x.Subnet}
	}
	return o.leave(x.Subnet, p)
}

// answers reports whether some client port brings the reply home.
func (w *world) answers(passed map[int]bool, p packet, ports []int, home func(*oracle, packet) bool) bool {
	return slices.ContainsFunc(ports, func(port int) bool {
		o := &oracle{w: w, sender: -1, way: lost, reply: true, passed: passed}
		p.sport = port
		return home(o, p.reply())
	})
}
