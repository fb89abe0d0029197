package reach

import (
	"github.com/cairn-security/cairn/analysis/reach/headerspace"
)

// outside takes packets of an interface through an internet or egress-only
// gateway. IPv4 needs a public address mapped one to one to the private one
// (https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html).
func (p *probe) outside(i int32, w *walk, a arrival) []outcome {
	x := &p.e.interfaces[i]
	r := p.walk()
	defer p.keep(r)
	opened := fromInside
	if x.kind == natInterface || a.index != none && p.e.gateways[a.index].kind == egressOnlyGateway {
		opened = byTranslation
	}
	if r.blocked(x.subnet, opened, a.flight) {
		return nil
	}
	gw := "the internet gateway"
	if a.index != none {
		gw = p.e.gateways[a.index].id
	}
	f := a.flight
	f.space = f.space.Restrict(cube{Dst: publicSpace})
	if f.space.Empty() {
		r.stop(a.flight, step{element: gw, kind: "internet gateway", rule: "private destination", decision: "deny"}, "an internet gateway drops private destinations", "")
		return nil
	}
	pass := f
	pass.space = nil
	for _, c := range f.space {
		src := c.Src.Intersect(headerspace.All6).Intersect(publicSpace)
		if x.publicGuess {
			src = c.Src
		}
		for _, m := range x.public {
			if c.Src.Contains(m.private) {
				src = src.Union(headerspace.One(m.private))
				pass.seen = pass.seen.Union(headerspace.One(m.public))
			}
		}
		pass.seen = pass.seen.Union(src.Intersect(public6))
		if x.publicGuess {
			pass.seen = publicSpace
		}
		if !src.Empty() {
			pass.space = append(pass.space, product(src, c.Dst, c.Svc))
		}
	}
	if pass.space.Empty() {
		at := step{element: gw, kind: "internet gateway", rule: "no public address", decision: "deny", support: []evidence{x.without("public address")}}
		why, opens := x.name+" has no public address", "give "+x.name+" a public address"
		if n := p.e.natOf(i); n != none && p.e.nats[n].private {
			at.element, at.kind, at.rule = p.e.nats[n].id, "NAT gateway", "private NAT gateway"
			why, opens = "an internet gateway drops traffic of a private NAT gateway", "a public NAT gateway"
		}
		r.stop(f, at, why, opens)
		return nil
	}
	var out []outcome
	back := func(b *walk, f flight) {
		if b.blocked(x.subnet, opened, f) {
			return
		}
		b.fromGateway(a.index, x.vpc, f)
	}
	for _, f := range p.answer(w, pass, back, x) {
		out = append(out, outcome{onInternet, none, f})
		out = append(out, p.hairpin(x, f)...)
	}
	return out
}

// fromGateway brings replies in by the gateway the request left by.
func (w *walk) fromGateway(g, v int32, f flight) {
	if g != none && w.e.gateways[g].kind == egressOnlyGateway {
		w.local(v, none, f)
		return
	}
	w.fromInternet(v, f)
}

// hairpin follows packets for public addresses of the estate back in: the
// receiver sees the sender's public address.
func (p *probe) hairpin(x *iface, f flight) []outcome {
	var out []outcome
	for _, c := range f.space {
		for _, d := range c.Dst {
			j, ok := p.e.byPublic[d.First]
			if d.First != d.Last || !ok {
				continue
			}
			src := c.Src.Intersect(headerspace.All6)
			for _, m := range x.public {
				if c.Src.Contains(m.private) && d.First.Is4() {
					src = src.Union(headerspace.One(m.public))
				}
			}
			if src.Empty() {
				continue
			}
			g := f
			g.from, g.crossed, g.space = none, noReferences, packets(src, headerspace.One(d.First), c.Svc)
			for _, o := range p.fromOutside(j, d.First, g) {
				o.space = space{{Src: c.Src, Dst: headerspace.One(d.First), Svc: o.space.Services()}}
				out = append(out, o)
			}
		}
	}
	return out
}

// natOf returns the NAT gateway an interface belongs to.
func (e *Estate) natOf(i int32) int32 {
	for n := range e.nats {
		if e.nats[n].iface == i {
			return int32(n)
		}
	}
	return none
}

// throughNAT ends the leg at a NAT gateway and starts the next one there.
func (p *probe) throughNAT(i int32, w *walk, a arrival) []outcome {
	nat := &p.e.nats[a.index]
	n := &p.e.interfaces[nat.iface]
	x := &p.e.interfaces[i]
	var out []outcome
	back := func(b *walk, f flight) { b.backFrom(nat.iface, x.subnet, f) }
	for _, f := range p.answer(w, a.flight, back, x) {
		kept := f.space
		at := step{element: nat.id, kind: "NAT gateway", rule: "source becomes " + describeAddrs(n.private), decision: "translate", support: []evidence{nat.at("")}}
		g := p.walk().mark(f, at)
		g.from, g.crossed, g.hops = nat.iface, sameVPC, 0
		g.space = nil
		for _, c := range kept {
			// Translated packets carry ports of the gateway, so the client's choice ends here.
			g.space = append(g.space, product(n.private, c.Dst, c.Svc))
		}
		sport := p.sport
		p.sport = anyClientPort
		for _, o := range p.fromInterface(nat.iface, g) {
			o.space = withSources(kept, o.space)
			if !o.space.Empty() {
				out = append(out, o)
			}
		}
		p.sport = sport
	}
	return out
}

// withSources keeps the packets of the sender whose translated form is in got.
func withSources(kept, got space) space {
	var out space
	for _, c := range got {
		out = append(out, kept.Restrict(cube{Dst: c.Dst, Svc: c.Svc})...)
	}
	return out.Merge()
}

// fromOutside follows packets from the internet to one public address of an
// interface; an IPv6 address is its own public address. The outcome's
// destination is the public address.
func (p *probe) fromOutside(j int32, public addr, f flight) []outcome {
	y := &p.e.interfaces[j]
	private, known := y.privateOf(public)
	r := p.walk()
	defer p.keep(r)
	at := step{element: y.name, kind: "network interface", rule: "no public address", decision: "deny", support: []evidence{y.without("public address")}}
	if !known {
		r.stop(f, at, y.name+" has no public address", "give "+y.name+" a public address")
		return nil
	}
	if y.subnet == none {
		r.stop(f.maybe("subnet of "+y.name+" was not read"), at, "subnet of "+y.name+" was not read", "")
		return nil
	}
	if r.blocked(y.subnet, fromOutside, f) {
		return nil
	}
	if v := &p.e.vpcs[y.vpc]; !public.Is4() && v.igw == none && v.eigw != none {
		r.stop(f, step{element: p.e.gateways[v.eigw].id, kind: "egress-only gateway", rule: "outbound only", decision: "deny"}, "an egress-only gateway lets no connection in", "a route to an internet gateway")
		return nil
	}
	if y.kind == natInterface {
		r.stop(f, step{element: y.name, kind: "NAT gateway", rule: "no session", decision: "deny"}, "a NAT gateway takes no connections from outside", "")
		return nil
	}
	w := p.walk()
	f.space = f.space.Restrict(cube{Dst: headerspace.One(public)})
	for k := range f.space {
		f.space[k].Dst = private
	}
	if f.space.Empty() {
		return nil
	}
	f.from, f.crossed = none, noReferences
	w.fromInternet(y.vpc, f)
	p.keep(w)
	var out []outcome
	for _, a := range w.arrivals {
		if a.kind != atSubnet || a.index != y.subnet {
			continue
		}
		for _, f := range r.groupsIn(j, a.flight) {
			back := func(b *walk, f flight) { b.leave(y.subnet, f) }
			home := func(a *arrival) bool {
				return a.kind == atInternet && (a.index == none || p.e.gateways[a.index].kind == internetGateway)
			}
			for _, f := range p.answered(w, f, back, home) {
				for k := range f.space {
					f.space[k].Dst = headerspace.One(public)
				}
				out = append(out, outcome{onInterface, j, f})
			}
		}
	}
	return out
}

// privateOf returns the private addresses behind a public one.
func (f *iface) privateOf(public addr) (addrs, bool) {
	for _, m := range f.public {
		if m.public == public {
			return headerspace.One(m.private), true
		}
	}
	if !public.Is4() && f.private.Contains(public) && publicSpace.Contains(public) {
		return headerspace.One(public), true
	}
	if f.publicGuess && public == unknownPublic {
		return f.private.Intersect(headerspace.All4), true
	}
	return nil, false
}

// unknownPublic stands for a public address whose value is not known.
var unknownPublic = headerspace.IPv4(0)

// backFromOnPrem sends replies of what lies behind a VPN or Direct Connect.
func (p *probe) backFromOnPrem(b *walk, a arrival, f flight) {
	if a.via.transit {
		b.fromAttachment(a.via.index, f)
		return
	}
	gw := &p.e.gateways[a.via.index]
	for _, v := range gw.vpcs {
		b.fromVPN(a.via.index, v, f)
	}
}
