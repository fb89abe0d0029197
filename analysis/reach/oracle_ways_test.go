package reach_test

import (
	"net/netip"
)

var everyPort = []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}

func (w *world) byPrivate(v int, a netip.Addr) int {
	for i, x := range w.Ifaces {
		if x.Private == a && w.vpcOf(i) == v {
			return i
		}
	}
	return -1
}

// between says whether interface i gets a packet to interface j by its private
// address.
func (w *world) between(i, j int, p packet, ports []int) bool {
	o := &oracle{w: w, sender: i, passed: map[int]bool{}}
	x := w.Ifaces[i]
	if !o.groupsOut(i, -1, p) {
		return false
	}
	at := spot{"subnet", x.Subnet}
	if !w.Subnets[x.Subnet].Block.Contains(p.dst) {
		at = o.leave(x.Subnet, p)
	}
	if at.kind != "subnet" || at.index != w.Ifaces[j].Subnet || w.Ifaces[j].NAT {
		return false
	}
	if !o.groupsIn(j, p) || !o.groupsOut(i, j, p) {
		return false
	}
	return w.answers(o.passed, p, ports, func(b *oracle, r packet) bool {
		if w.Ifaces[j].Subnet == x.Subnet {
			return true
		}
		return b.leave(w.Ifaces[j].Subnet, r) == spot{"subnet", x.Subnet}
	})
}

// fromInternet says whether a packet for the public address of j arrives.
func (w *world) fromInternet(j int, p packet, ports []int) bool {
	y := w.Ifaces[j]
	v := w.vpcOf(j)
	if !y.Public.IsValid() || y.NAT || !w.VPCs[v].IGW {
		return false
	}
	p.dst = y.Private
	o := &oracle{w: w, sender: -1, way: lost, passed: map[int]bool{}}
	if o.local(v, -1, p) != (spot{"subnet", y.Subnet}) || !o.groupsIn(j, p) {
		return false
	}
	return w.answers(o.passed, p, ports, func(b *oracle, r packet) bool {
		return b.leave(y.Subnet, r) == spot{"internet", v}
	})
}

// toInternet says whether interface i gets a packet out and the answer back.
func (w *world) toInternet(i int, p packet, ports []int) bool {
	x := w.Ifaces[i]
	o := &oracle{w: w, sender: i, passed: map[int]bool{}}
	if !x.NAT && !o.groupsOut(i, -1, p) {
		return false
	}
	if w.Subnets[x.Subnet].Block.Contains(p.dst) {
		return false
	}
	v := w.vpcOf(i)
	switch at := o.leave(x.Subnet, p); {
	case at.kind == "internet":
		if at.index != v || !x.Public.IsValid() {
			return false
		}
		return w.answers(o.passed, p, ports, func(b *oracle, r packet) bool {
			return b.local(v, -1, r) == spot{"subnet", x.Subnet}
		})
	case at.kind == "nat" && x.NAT:
		return false // a gateway that routes to itself
	case at.kind == "nat":
		n := w.Ifaces[w.NAT]
		back := w.answers(o.passed, p, ports, func(b *oracle, r packet) bool {
			if n.Subnet == x.Subnet {
				return true
			}
			return b.leave(n.Subnet, r) == spot{"subnet", x.Subnet}
		})
		p.src = n.Private
		return back && w.toInternet(w.NAT, p, everyPort)
	}
	return false
}
