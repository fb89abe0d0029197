package reach

import (
	"cmp"
	"slices"

	"github.com/cairn-security/cairn/analysis/reach/headerspace"
)

// legs follows packets of the source to one interface, by every address of it
// that the source can use, or by the address asked for.
func (q *query) legs(j int32) []outcome {
	x := &q.e.interfaces[j]
	want := q.p.want
	q.p.want = map[int32]bool{j: true}
	defer func() { q.p.want = want }()
	asked := q.o.DestAddress.IsValid()
	var a addr
	if asked {
		a = headerspace.AddrOf(q.o.DestAddress)
		if !x.has(a) {
			return nil
		}
		q.owned = true
	}
	switch q.src.kind {
	case theInternet:
		return q.internetLegs(j, x, a, asked)
	case theOnPrem:
		return q.onPremLegs(j, x, a, asked)
	case aVPC:
		return q.routerLegs(j, x)
	case anAddress:
		if publicSpace.Contains(q.src.addr) && len(q.senders()) == 0 {
			return q.internetLegs(j, x, a, asked)
		}
		if len(q.senders()) == 0 {
			return q.onPremLegs(j, x, a, asked)
		}
	}
	dst := x.private
	for _, m := range x.public {
		dst = dst.Union(headerspace.One(m.public))
	}
	if asked {
		dst = headerspace.One(a)
	}
	return q.send(dst)
}

// has reports whether packets to an address can be for the interface.
func (f *iface) has(a addr) bool {
	if f.private.Contains(a) || f.publicGuess && len(f.public) == 0 && publicSpace.Contains(a) {
		return true
	}
	for _, m := range f.public {
		if m.public == a {
			return true
		}
	}
	return false
}

func (q *query) internetLegs(j int32, x *iface, a addr, asked bool) []outcome {
	src := publicSpace
	if q.src.kind == anAddress {
		src = headerspace.One(q.src.addr)
	}
	if q.o.SourceAddress.IsValid() {
		one := headerspace.One(headerspace.AddrOf(q.o.SourceAddress))
		if src = src.Intersect(one); src.Empty() {
			q.stop(step{element: "internet", kind: "internet", rule: "not a public address", decision: "deny"}, q.o.SourceAddress.String()+" is no address of the internet")
			return nil
		}
	}
	var public []addr
	for _, m := range x.public {
		public = append(public, m.public)
	}
	guess := x.publicGuess || q.p.made[change{kind: givePublic, index: j}] || x.resource != none && q.p.made[change{kind: makePublic, index: x.resource}]
	if guess && len(x.public) == 0 {
		public = append(public, unknownPublic)
	}
	for _, r := range x.private.Intersect(public6) {
		if r.First == r.Last {
			public = append(public, r.First)
		}
	}
	if asked && !(guess && len(x.public) == 0) {
		public = slices.DeleteFunc(public, func(p addr) bool { return p != a })
		if len(public) == 0 && !publicSpace.Contains(a) {
			q.stop(step{element: a.String(), kind: "address", rule: "private address", decision: "deny"}, a.String()+" is a private address: packets from the internet are not routed there")
			return nil
		}
	}
	if len(public) == 0 {
		q.stop(step{element: x.name, kind: "network interface", rule: "no public address", decision: "deny", support: []evidence{x.without("public address")}},
			x.name+" has no public address", q.e.publicWay(j)...)
		return nil
	}
	var out []outcome
	for _, p := range public {
		family := public4
		if p != unknownPublic && !p.Is4() {
			family = public6
		}
		if s := src.Intersect(family); !s.Empty() {
			f := flight{space: packets(s, headerspace.One(p), q.svc), from: none, crossed: noReferences}
			out = append(out, q.p.fromOutside(j, p, f, nil)...)
		}
	}
	return out
}

// onPremLegs enters by VPN gateways and by VPN and Direct Connect attachments.
func (q *query) onPremLegs(j int32, x *iface, a addr, asked bool) []outcome {
	dst := x.private
	if asked {
		if dst = dst.Intersect(headerspace.One(a)); dst.Empty() {
			q.stop(step{element: cmp.Or(q.src.name, "onprem"), kind: "VPN gateway", rule: "no route", decision: "deny"}, a.String()+" is not routed from the VPN")
			return nil
		}
	}
	var out []outcome
	enter := func(remote addrs, unread string, start func(*walk, flight)) {
		src := remote
		f := flight{from: none, crossed: noReferences}
		var one addrs
		switch {
		case q.o.SourceAddress.IsValid():
			one = headerspace.One(headerspace.AddrOf(q.o.SourceAddress))
		case q.src.kind == anAddress:
			one = headerspace.One(q.src.addr)
		}
		if one != nil {
			src = one
		}
		if !remote.Covers(src) || src.Empty() {
			if unread == "" {
				return
			}
			f = f.maybe(unread)
			if src.Empty() {
				src = headerspace.All.Minus(q.e.vpcs[x.vpc].cidrs)
			}
		}
		f.space = packets(src, dst, q.svc)
		w := q.p.walk()
		start(w, f)
		q.p.keep(w)
		out = append(out, q.p.receive(w, j, func(a *arrival) bool { return a.kind == atOnPrem })...)
	}
	for g := range q.e.gateways {
		gw := &q.e.gateways[g]
		if gw.kind == vpnGateway && gw.attached(x.vpc) && (q.src.index == none || q.src.index == int32(g) || q.src.kind != theOnPrem) {
			enter(gw.remote, gw.remoteUnread, func(w *walk, f flight) { w.fromVPN(int32(g), x.vpc, f) })
		}
	}
	if q.src.kind != theOnPrem || q.src.index == none {
		for i := range q.e.attachments {
			if at := &q.e.attachments[i]; at.kind == vpnAttachment || at.kind == connectAttachment || at.kind == directConnectAttachment {
				enter(at.remote, at.remoteWhy, func(w *walk, f flight) { w.fromAttachment(int32(i), f) })
			}
		}
	}
	if len(out) == 0 {
		q.unreadSource(j)
		q.stop(step{element: cmp.Or(q.src.name, "onprem"), kind: "VPN gateway", rule: "not connected", decision: "deny"}, "no VPN or Direct Connect route leads to "+x.name)
	}
	return out
}

// routerLegs starts at a VPC's own router, as traffic that is already inside.
func (q *query) routerLegs(j int32, x *iface) []outcome {
	w := q.p.walk()
	w.local(q.src.index, none, flight{space: packets(q.e.vpcs[q.src.index].cidrs, x.private, q.svc), from: none, crossed: noReferences})
	q.p.keep(w)
	return q.p.receive(w, j, func(a *arrival) bool { return a.kind == atSubnet })
}

// receive hands arrivals at an interface's subnet to it and checks replies,
// which must arrive where home says.
func (p *probe) receive(w *walk, j int32, home func(*arrival) bool) []outcome {
	y := &p.e.interfaces[j]
	r := p.walk()
	defer p.keep(r)
	var out []outcome
	for _, a := range w.arrivals {
		if a.kind != atSubnet || a.index != y.subnet {
			continue
		}
		for _, f := range r.groupsIn(j, a.flight) {
			for _, f := range p.answered(w, f, func(b *walk, f flight) { b.leave(y.subnet, f) }, home) {
				out = append(out, outcome{onInterface, j, f})
			}
		}
	}
	return out
}
