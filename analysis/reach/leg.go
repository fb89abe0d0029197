package reach

import (
	"fmt"

	"github.com/cairn-security/cairn/analysis/reach/headerspace"
)

// probe follows packets from a sender to where they arrive, leg by leg:
// translation and proxies end one leg and start the next. Each leg is checked
// in both directions unless forward is set.
type probe struct {
	e       *Estate
	trace   bool
	forward bool      // leave replies out
	sport   [2]uint16 // source ports the client may use
	want    map[int32]bool
	drops   []drop
	nesting int
	made    changes // of a what-if
}

// place is where an outcome ended.
type place uint8

const (
	onInterface place = iota
	onInternet
	onOnPrem
	onGatewayEndpoint
)

// outcome is what arrives at a place, in the sender's own view: destinations
// and services as the sender wrote them.
type outcome struct {
	place place
	index int32
	flight
}

// anyClientPort are the ports that clients open connections from.
var anyClientPort = [2]uint16{1024, 65535}

func (p *probe) walk() *walk {
	return &walk{e: p.e, trace: p.trace, passed: map[int32]bool{}, made: p.made}
}

func (p *probe) keep(w *walk) { p.drops = append(p.drops, w.drops...) }

// fromInterface follows packets that an interface sends.
func (p *probe) fromInterface(i int32, f flight) []outcome {
	if p.nesting++; p.nesting > 6 {
		p.nesting--
		return nil
	}
	defer func() { p.nesting-- }()
	x := &p.e.interfaces[i]
	if x.subnet == none {
		p.drops = append(p.drops, drop{step: step{element: x.name, kind: "network interface", decision: "unknown"}, why: "subnet of " + x.name + " was not read", missing: []string{"subnet of " + x.name}})
		return nil
	}
	w := p.walk()
	home := p.e.subnets[x.subnet].addrs
	for _, f := range w.groupsOut(i, f) {
		near, far := f, f
		near.space = f.space.Restrict(cube{Dst: home})
		far.space = f.space.Restrict(cube{Dst: headerspace.All.Minus(home)})
		if !near.space.Empty() {
			w.arrive(atSubnet, x.subnet, near)
		}
		if !far.space.Empty() {
			w.leave(x.subnet, far)
		}
	}
	p.keep(w)
	var out []outcome
	for _, a := range w.arrivals {
		switch a.kind {
		case atSubnet:
			out = append(out, p.deliver(i, w, a)...)
		case atInternet:
			out = append(out, p.outside(i, w, a)...)
		case atNAT:
			out = append(out, p.throughNAT(i, w, a)...)
		case atOnPrem:
			for _, f := range p.answer(w, a.flight, func(r *walk, f flight) { p.backFromOnPrem(r, a, f) }, x) {
				out = append(out, outcome{onOnPrem, a.index, f})
			}
		case atGatewayEndpoint:
			for _, f := range p.answer(w, a.flight, func(r *walk, f flight) { r.enter(x.subnet, f) }, x) {
				out = append(out, outcome{onGatewayEndpoint, a.index, f})
			}
		}
	}
	return out
}

// candidates returns the interfaces in a subnet that packets are for.
func (p *probe) candidates(s int32, dst addrs) []int32 {
	var out []int32
	v := p.e.subnets[s].vpc
	for _, r := range dst {
		if r.First == r.Last {
			if j, ok := p.e.byPrivate[privateKey{v, r.First}]; ok {
				out = append(out, j)
			}
		}
	}
	for j := range p.want {
		x := &p.e.interfaces[j]
		if x.subnet == s && x.private.Overlaps(dst) && (len(out) == 0 || x.anyAddress || !containsInterface(out, j)) {
			out = append(out, j)
		}
	}
	return out
}

func containsInterface(list []int32, i int32) bool {
	for _, j := range list {
		if j == i {
			return true
		}
	}
	return false
}

// deliver hands packets to the interfaces of a subnet; sender is the interface
// they come from.
func (p *probe) deliver(sender int32, w *walk, a arrival) []outcome {
	dst := a.space.Destinations()
	list := p.candidates(a.index, dst)
	r, again := p.walk(), &walk{e: p.e, made: p.made}
	defer p.keep(again)
	if len(list) == 0 {
		s := p.e.subnets[a.index]
		r.stop(a.flight, step{element: s.id, kind: "subnet", rule: "no interface with " + describeAddrs(dst), decision: "deny"},
			fmt.Sprintf("no interface in %s has %s", s.id, describeAddrs(dst)))
		r.astray()
		p.keep(r)
		return nil
	}
	var out []outcome
	for _, j := range list {
		f := a.flight
		y := &p.e.interfaces[j]
		f.space = f.space.Restrict(cube{Dst: y.private})
		if f.space.Empty() {
			continue
		}
		if y.kind == natInterface {
			r.stop(f, step{element: y.name, kind: "NAT gateway", rule: "no session", decision: "deny"}, "a NAT gateway takes no connections from outside")
			continue
		}
		for _, f := range r.groupsIn(j, f) {
			// Outbound references matched by address so far: now the receiver is known.
			for _, f := range again.groupFilter(sender, j, false, f) {
				back := func(b *walk, f flight) { b.backFrom(j, p.e.interfaces[sender].subnet, f) }
				for _, f := range p.answer(w, f, back, &p.e.interfaces[sender]) {
					out = append(out, outcome{onInterface, j, f})
				}
			}
		}
	}
	p.keep(r)
	return out
}

// backFrom sends replies from an interface: directly inside its own subnet,
// else out of it.
func (w *walk) backFrom(j, to int32, f flight) {
	s := w.e.interfaces[j].subnet
	if s == to {
		w.arrive(atSubnet, s, f)
		return
	}
	w.leave(s, f)
}

// answer keeps the packets whose replies come back to an interface. send
// starts the reply at the far end.
func (p *probe) answer(req *walk, f flight, send func(*walk, flight), home *iface) []flight {
	return p.answered(req, f, send, func(a *arrival) bool { return a.kind == atSubnet && a.index == home.subnet })
}

// answered is answer with a test of its own for where replies must arrive.
// Replies pass groups unasked (groups keep state) but not network ACLs nor
// routes.
func (p *probe) answered(req *walk, f flight, send func(*walk, flight), home func(*arrival) bool) []flight {
	if p.forward {
		return []flight{f}
	}
	b := p.walk()
	b.reply, b.passed = true, req.passed
	r := flight{crossed: noReferences, from: none, depth: f.depth, trail: f.trail}
	for _, c := range f.space {
		if svc := replyServices(c.Svc, p.sport[0], p.sport[1]); !svc.Empty() {
			r.space = append(r.space, cube{Src: c.Dst, Dst: c.Src, Svc: svc})
		}
	}
	if !r.space.Empty() {
		send(b, r)
	}
	var sure space
	var out []flight
	best := f
	for _, a := range b.arrivals {
		if !home(&a) {
			b.stop(a.flight, step{element: p.e.placeName(&a), kind: "reply", rule: "wrong way", decision: "deny"}, "the reply leaves another way than the request came", p.e.replyWays(&a.flight)...)
			continue
		}
		back := comeBack(f.space, a.space)
		if back.Empty() {
			continue
		}
		g := f
		g.space = back
		for _, t := range a.assumed {
			g = g.assuming(t)
		}
		g.trail, g.depth = a.trail, a.depth
		if len(a.missing) > 0 {
			for _, m := range a.missing {
				g = g.maybe(m)
			}
			out = append(out, g)
			continue
		}
		best, sure = g, append(sure, back...)
	}
	p.keep(b)
	if !sure.Empty() {
		best.space = sure.Merge()
		out = append([]flight{best}, out...)
	}
	return out
}

// comeBack returns the requests whose replies are in back.
func comeBack(requests, back space) space {
	var out space
	for _, c := range requests {
		for _, r := range back {
			x := cube{Src: c.Src.Intersect(r.Dst), Dst: c.Dst.Intersect(r.Src), Svc: answered(c.Svc, r.Svc)}
			if !x.Empty() {
				out = append(out, x)
			}
		}
	}
	return out.Merge()
}

func (e *Estate) placeName(a *arrival) string {
	switch {
	case a.kind == atSubnet:
		return e.subnets[a.index].id
	case a.kind == atNAT:
		return e.nats[a.index].id
	case a.kind == atOnPrem:
		return "onprem"
	case a.kind == atInternet && a.index != none:
		return e.gateways[a.index].id
	}
	return "gateway"
}
