package reach

import "github.com/cairn-security/cairn/analysis/reach/headerspace"

// clientAddresses divides packets into those whose targets see the client and
// those whose targets see the load balancer: PrivateLink always hides clients,
// and an address cannot be kept in the other family
// (https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html).
func (p *probe) clientAddresses(lb *loadBalancer, node int32, g *targetGroup, dst addrs, f flight) (kept, own flight) {
	kept, own = f, f
	kept.space, own.space = nil, nil
	if lb.kind != networkBalancer || !g.preserve || f.from == node {
		own.space = f.space
		return kept, own
	}
	for _, c := range f.space {
		for _, family := range []addrs{headerspace.All4, headerspace.All6} {
			part := product(c.Src.Intersect(family), c.Dst, c.Svc)
			switch {
			case part.Empty():
			case dst.Overlaps(family):
				kept.space = append(kept.space, part)
			default:
				own.space = append(own.space, part)
			}
		}
	}
	return kept, own
}

// keepingClient brings packets to a target that sees the client's address. It
// must stand in the load balancer's VPC or in a peered one of its Region.
func (p *probe) keepingClient(lb *loadBalancer, node int32, g *targetGroup, t *target, dst addrs, f flight) []flight {
	n, y := &p.e.interfaces[node], &p.e.interfaces[t.iface]
	if n.vpc != y.vpc {
		r := p.walk()
		defer p.keep(r)
		if !p.e.vpcs[n.vpc].peeringsTo[y.vpc] {
			r.stop(f, step{element: g.id, kind: "target group", rule: "client address preservation", decision: "deny", support: []evidence{g.at("")}},
				"with client address preservation "+lb.id+" reaches targets of its own VPC or a peered one only")
			return nil
		}
		r.leave(n.subnet, flight{space: packets(n.private, dst, targetServices(f.space, t.port)), from: node, depth: f.depth, trail: f.trail})
		there := false
		for _, a := range r.arrivals {
			there = there || a.kind == atSubnet && a.index == y.subnet
		}
		if !there {
			return nil
		}
	}
	second := f
	second.hops, second.crossed, second.from = 0, sameVPC, node
	second.space = nil
	for _, c := range f.space {
		second.space = append(second.space, product(c.Src, dst, targetServices(space{c}, t.port)))
	}
	out := p.preserved(node, t.iface, second)
	for i := range out {
		out[i].space = asAsked(f.space, out[i].space)
	}
	return out
}

// asAsked returns the client's packets whose second leg is in got.
func asAsked(asked, got space) space {
	var kept space
	for _, c := range got {
		for _, d := range asked {
			if x := product(d.Src.Intersect(c.Src), d.Dst, d.Svc); !x.Empty() && sameProtocol(x.Svc, c.Svc) {
				kept = append(kept, x)
			}
		}
	}
	return kept.Merge()
}

// preserved delivers from a network load balancer that keeps the client's
// address: filters see the client, replies find their way back by the flow and
// not by routes
// (https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html).
func (p *probe) preserved(node, j int32, f flight) []flight {
	n, y := &p.e.interfaces[node], &p.e.interfaces[j]
	r := p.walk()
	defer p.keep(r)
	through := func(w *walk, from, to int32, f flight) []flight {
		if from == to {
			return []flight{f}
		}
		var out []flight
		for _, g := range w.acl(from, false, f) {
			out = append(out, w.acl(to, true, g)...)
		}
		return out
	}
	var out []flight
	for _, f := range r.groupsOut(node, f) {
		for _, f := range through(r, n.subnet, y.subnet, f) {
			for _, f := range r.groupsIn(j, f) {
				back := func(b *walk, f flight) {
					for _, g := range through(b, y.subnet, n.subnet, f) {
						b.arrive(atSubnet, n.subnet, g)
					}
				}
				out = append(out, p.answer(r, f, back, n)...)
			}
		}
	}
	return out
}

// toInnerBalancer forwards to an application load balancer behind a network one,
// which keeps the client's address for it
// (https://docs.aws.amazon.com/elasticloadbalancing/latest/network/application-load-balancer-target.html).
func (p *probe) toInnerBalancer(outer *loadBalancer, node int32, g *targetGroup, t *target, f flight) []outcome {
	if p.nesting > 3 {
		return nil
	}
	lb := &p.e.balancers[t.alb]
	want := p.want
	defer func() { p.want = want }()
	var out []outcome
	for _, inner := range lb.nodes {
		seen := *t
		seen.iface, seen.dst = inner, p.e.interfaces[inner].private
		p.want = map[int32]bool{inner: true}
		legs := p.toTarget(outer, node, g, &seen, f)
		p.want = want
		for _, o := range legs {
			asked := o.space
			o.space = nil
			for _, c := range asked {
				o.space = append(o.space, product(c.Src, p.e.interfaces[inner].private, targetServices(space{c}, t.port)))
			}
			for _, x := range p.throughBalancer(lb, inner, o.flight) {
				x.space = asked
				out = append(out, x)
			}
		}
	}
	return out
}
