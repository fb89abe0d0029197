package reach

import (
	"strings"

	"github.com/cairn-security/cairn/analysis/reach/headerspace"
	"github.com/cairn-security/cairn/graph"
)

// linkBalancers resolves targets once all interfaces are known.
func (b *Builder) linkBalancers() {
	e := b.est
	instances := map[string]int32{}
	for i := range e.resources {
		if r := &e.resources[i]; r.Kind == graph.KindInstance {
			for _, a := range r.aliases {
				if strings.HasPrefix(a, "i-") {
					instances[a] = r.index
				}
			}
		}
	}
	for i := range e.targets {
		g := &e.targets[i]
		if len(g.members) == 0 && g.kind == "ip" {
			g.members = b.awaited[g.id]
		}
		for k := range g.members {
			t := &g.members[k]
			if t.iface != none {
				continue
			}
			switch g.kind {
			case "instance":
				if r, ok := instances[t.id]; ok && len(e.resources[r].ifaces) > 0 {
					t.iface = e.resources[r].ifaces[0]
					if p := e.interfaces[t.iface].private; len(p) > 0 {
						t.dst = addrs{p[0]}
					}
				}
			case "ip":
				a, err := headerspace.ParseAddr(t.id)
				if err != nil {
					b.problem("target group %s: %v", g.id, err)
					continue
				}
				t.dst = headerspace.One(a)
				if t.iface = e.targetAt(g.vpc, a); t.iface == none {
					continue
				}
			case "alb":
				t.alb = e.lookup(isBalancer, t.id)
			}
		}
	}
}

// targetAt finds the interface that an address target means: one of the group's
// VPC, else the only one beyond a peering or transit gateway that has the
// address.
func (e *Estate) targetAt(v int32, a addr) int32 {
	if j, ok := e.byPrivate[privateKey{v, a}]; ok {
		return j
	}
	found := none
	for i := range e.vpcs {
		if j, ok := e.byPrivate[privateKey{int32(i), a}]; ok && int32(i) != v && v != none && e.joined(v, int32(i)) {
			if found != none {
				return none
			}
			found = j
		}
	}
	return found
}

// joined reports whether a peering or a transit gateway has two VPCs for ends;
// whether it routes between them is not asked.
func (e *Estate) joined(x, y int32) bool {
	for i := range e.peerings {
		p := &e.peerings[i]
		if p.sides[0].vpc == x && p.sides[1].vpc == y || p.sides[0].vpc == y && p.sides[1].vpc == x {
			return true
		}
	}
	for i := range e.transits {
		if e.attachmentFor(int32(i), x) != none {
			return true // peered gateways lead further
		}
	}
	return false
}
