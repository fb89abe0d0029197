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
	if a.index != none && !p.e.gateways[a.index].attached(x.vpc) {
		r.stop(a.flight, step{element: p.e.gateways[a.index].id, kind: "internet gateway", rule: "no public address", decision: "deny"},
			"the internet gateway of another VPC does not know "+x.name)
		return nil
	}
	gw := "the internet gateway"
	if a.index != none {
		gw = p.e.gateways[a.index].id
	}
	f := a.flight
	f.space = f.space.Restrict(cube{Dst: publicSpace})
	if f.space.Empty() {
		r.stop(a.flight, step{element: gw, kind: "internet gateway", rule: "private destination", decision: "deny"}, "an internet gateway drops private destinations")
		return nil
	}
	pass := f
	pass.space = nil
	for _, c := range f.space {
		src := c.Src.Intersect(headerspace.All6).Intersect(publicSpace)
		guess := x.publicGuess || p.made[change{kind: givePublic, index: i}]
		if guess {
			src = c.Src
		}
		for _, m := range x.public {
			if c.Src.Contains(m.private) {
				src = src.Union(headerspace.One(m.private))
				pass.seen = pass.seen.Union(headerspace.One(m.public))
			}
		}
		pass.seen = pass.seen.Union(src.Intersect(public6))
		if guess {
			pass.seen = publicSpace
		}
		if !src.Empty() {
			pass.space = append(pass.space, product(src, c.Dst, c.Svc))
		}
	}
	if pass.space.Empty() {
		at := step{element: gw, kind: "internet gateway", rule: "no public address", decision: "deny", support: []evidence{x.without("public address")}}
		why, ways := x.name+" has no public address", p.e.publicWay(i)
		if n := p.e.natOf(i); n != none && p.e.nats[n].private {
			at.element, at.kind, at.rule = p.e.nats[n].id, "NAT gateway", "private NAT gateway"
			why, ways = "an internet gateway drops traffic of a private NAT gateway", nil
		}
		r.stop(f, at, why, ways...)
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
	}
	return append(out, p.hairpin(x, a.index, w, opened, pass)...)
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
// receiver sees the sender's public address, and its reply takes both ways
// back in one go, because the client's port is the same on both.
func (p *probe) hairpin(x *iface, gw int32, w *walk, opened direction, f flight) []outcome {
	var out []outcome
	for _, c := range f.space {
		for _, d := range c.Dst {
			j, ok := p.e.byPublic[d.First]
			if d.First != d.Last || !ok {
				continue
			}
			own := c.Src.Intersect(headerspace.All6)
			public := own
			for _, m := range x.public {
				if c.Src.Contains(m.private) && d.First.Is4() {
					own, public = own.Union(headerspace.One(m.private)), public.Union(headerspace.One(m.public))
				}
			}
			if public.Empty() {
				continue
			}
			g := f
			g.from, g.crossed, g.space = none, noReferences, packets(public, headerspace.One(d.First), c.Svc)
			onward := func(b *walk, f flight) {
				if b.blocked(x.subnet, opened, f) {
					return
				}
				for k := range f.space {
					f.space[k].Dst = own
				}
				b.fromGateway(gw, x.vpc, f)
			}
			for _, o := range p.fromOutside(j, d.First, g, &wayBack{onward, w.passed, x.subnet, public}) {
				o.space = space{product(own, headerspace.One(d.First), o.space.Services())}
				out = append(out, o)
			}
		}
	}
	return out
}

// wayBack is what replies still have to do once they are outside.
type wayBack struct {
	send   func(*walk, flight)
	passed map[int32]bool
	home   int32 // subnet where they must arrive
	seen   addrs // the addresses that the far end answered to
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
func (p *probe) fromOutside(j int32, public addr, f flight, onward *wayBack) []outcome {
	y := &p.e.interfaces[j]
	private, known := y.privateOf(public)
	if public == unknownPublic && !known && (p.made[change{kind: givePublic, index: j}] || y.resource != none && p.made[change{kind: makePublic, index: y.resource}]) {
		private, known = y.private.Intersect(headerspace.All4), true
	}
	r := p.walk()
	defer p.keep(r)
	at := step{element: y.name, kind: "network interface", rule: "no public address", decision: "deny", support: []evidence{y.without("public address")}}
	if !known {
		r.stop(f, at, y.name+" has no public address", p.e.publicWay(j)...)
		return nil
	}
	if y.subnet == none {
		r.unknown(f, at, "subnet of "+y.name+" was not read")
		return nil
	}
	if r.blocked(y.subnet, fromOutside, f) {
		return nil
	}
	if v := &p.e.vpcs[y.vpc]; !public.Is4() && v.igw == none && v.eigw != none {
		r.stop(f, step{element: p.e.gateways[v.eigw].id, kind: "egress-only gateway", rule: "outbound only", decision: "deny"}, "an egress-only gateway lets no connection in")
		return nil
	}
	if y.kind == natInterface {
		r.stop(f, step{element: y.name, kind: "NAT gateway", rule: "no session", decision: "deny"}, "a NAT gateway takes no connections from outside")
		return nil
	}
	w := p.walk()
	// Nothing outside has an address of the VPC itself.
	f.space = f.space.Restrict(cube{Src: headerspace.All.Minus(p.e.vpcs[y.vpc].cidrs), Dst: headerspace.One(public)})
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
			back, home := p.outAgain(y, private, public, onward)
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

// outAgain sends replies of an interface to the internet, by the gateway that
// requests come in by, and onward where they are for the estate itself.
func (p *probe) outAgain(y *iface, private addrs, public addr, onward *wayBack) (func(*walk, flight), func(*arrival) bool) {
	own := func(a *arrival) bool {
		return a.kind == atInternet && (a.index == none || p.e.gateways[a.index].kind == internetGateway && p.e.gateways[a.index].attached(y.vpc))
	}
	if onward == nil {
		return func(b *walk, f flight) { b.leave(y.subnet, f) }, own
	}
	send := func(b *walk, f flight) {
		first := *b
		first.arrivals, first.drops = nil, nil
		first.leave(y.subnet, f)
		b.drops = append(b.drops, first.drops...)
		b.passed = onward.passed
		for _, a := range first.arrivals {
			if !own(&a) {
				continue
			}
			out := a.flight // from the public address, as the gateway rewrites it
			out.space = nil
			for _, c := range a.space {
				out.space = append(out.space, product(headerspace.One(public), c.Dst, c.Svc))
			}
			onward.send(b, out)
		}
	}
	return send, func(a *arrival) bool {
		for k := range a.space { // requests are told apart by what the far end saw
			a.space[k].Src, a.space[k].Dst = private, onward.seen
		}
		return a.kind == atSubnet && a.index == onward.home
	}
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
