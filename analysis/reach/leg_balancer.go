package reach

import (
	"fmt"
	"strings"

	"github.com/cairn-security/cairn/analysis/reach/headerspace"
)

// onFunction is the outcome of a load balancer that invokes a function;
// onListener that of a listener itself.
const (
	onFunction place = iota + 16
	onListener
)

// throughBalancer takes what arrived at a node of a load balancer through its
// listeners to their targets. What comes out is in the sender's own view:
// listener ports, and behind them the interface or function reached. The
// listeners themselves are outcomes too.
func (p *probe) throughBalancer(lb *loadBalancer, node int32, f flight) []outcome {
	r := p.walk()
	defer p.keep(r)
	if lb.assumed != "" {
		f = f.assuming(lb.assumed)
	}
	if lb.unread != "" {
		return []outcome{{onListener, node, f.maybe(lb.unread)}}
	}
	var out []outcome
	heard := false
	for i := range lb.listeners {
		l := &lb.listeners[i]
		g := f
		g.space = f.space.Restrict(cube{Svc: l.svc})
		if g.space.Empty() {
			continue
		}
		heard = true
		g = r.mark(g, step{element: lb.id, kind: "listener", rule: headerspace.Describe(l.svc), decision: "accept", support: []evidence{l.from}})
		out = append(out, outcome{onListener, node, g})
		for _, id := range l.missing {
			r.unknown(g, step{element: id, kind: "target group"}, "target group "+id+" was not read")
		}
		if len(l.groups) == 0 && len(l.missing) == 0 {
			r.stop(g, step{element: l.id, kind: "listener", rule: strings.Join(l.other, ", "), decision: "deny", support: []evidence{l.from}}, "the listener forwards to no target")
		}
		for _, t := range l.groups {
			out = append(out, p.toTargets(lb, node, &p.e.targets[t], g)...)
		}
	}
	if !heard && p.made[change{kind: addListener, index: lb.resource}] {
		return []outcome{{onListener, node, r.supposed(f, step{element: lb.id, kind: "listener"}, "a new listener")}}
	}
	if !heard {
		r.stop(f, step{element: lb.id, kind: "listener", rule: "no listener on " + headerspace.Describe(f.space.Services()), decision: "deny", support: []evidence{lb.without("listener on " + headerspace.Describe(f.space.Services()))}},
			fmt.Sprintf("%s has no listener on %s", lb.id, headerspace.Describe(f.space.Services())),
			way{change{kind: addListener, index: lb.resource}, "a listener of " + lb.id + " on " + headerspace.Describe(f.space.Services())})
	}
	return out
}

// toTargets forwards to the targets of a group. Unhealthy ones get requests when
// all are; what is deregistered, or in a zone that the load balancer does not
// use, gets none
// (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html).
func (p *probe) toTargets(lb *loadBalancer, node int32, g *targetGroup, f flight) []outcome {
	var out []outcome
	r := p.walk()
	defer p.keep(r)
	if g.unread != "" {
		r.unknown(f, step{element: g.id, kind: "target group"}, g.unread)
	}
	n := &p.e.interfaces[node]
	for i := range g.members {
		t := &g.members[i]
		text := fmt.Sprintf("target %s port %d", t.id, t.port)
		if t.health != "" && t.health != "healthy" {
			text += " (" + t.health + ")"
		}
		h := r.mark(f, step{element: g.id, kind: "target group", rule: text, decision: "forward", support: []evidence{t.from}})
		if t.assumed != "" {
			h = h.assuming(t.assumed)
		}
		if t.health == "draining" || t.health == "unused" {
			r.stop(h, step{element: g.id, kind: "target group", rule: text, decision: "deny", support: []evidence{t.from}},
				"target "+t.id+" of "+g.id+" is "+t.health+": no new connections go there")
			continue
		}
		switch {
		case g.kind == "lambda":
			if res, err := p.e.Resource(t.id); err == nil {
				out = append(out, outcome{onFunction, res.index, h})
			}
		case t.alb != none:
			out = append(out, p.toInnerBalancer(lb, node, g, t, h)...)
		case t.iface == none || p.e.interfaces[t.iface].subnet == none:
			if g.kind == "ip" && len(t.dst) > 0 && !p.wanted(t.dst) {
				continue
			}
			r.unknown(h, step{element: t.id, kind: "target"}, "target "+t.id+" was not read")
		default:
			if p.want != nil && !p.want[t.iface] {
				continue
			}
			y := &p.e.interfaces[t.iface]
			if across := (change{kind: crossZones, index: lb.resource}); n.subnet != none && !lb.sendsAcross(g) && !p.made[across] && !p.e.subnets[y.subnet].zone.is(p.e.subnets[n.subnet].zone) {
				r.stop(h, step{element: lb.id, kind: "load balancer", rule: "cross-zone off", decision: "deny"}, "cross-zone balancing is off and the target is in another zone", way{across, "turn cross-zone balancing of " + lb.id + " on"})
				continue
			}
			out = append(out, p.toTarget(lb, node, g, t, h)...)
		}
	}
	return out
}

// wanted reports whether some wanted interface may have one of the addresses.
func (p *probe) wanted(dst addrs) bool {
	for i := range p.want {
		if p.e.interfaces[i].private.Overlaps(dst) {
			return true
		}
	}
	return p.want == nil
}

// sendsAcross reports whether nodes use targets of other zones: application
// and classic load balancers do, network ones when told to, and a target group
// may override either
// (https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html).
func (lb *loadBalancer) sendsAcross(g *targetGroup) bool {
	switch g.crossZone {
	case "true":
		return true
	case "false":
		return false
	}
	return lb.crossZone
}

// toTarget is the second leg: from the node to one target. A network load
// balancer may keep the client's address; everything else opens a connection of
// its own.
func (p *probe) toTarget(lb *loadBalancer, node int32, g *targetGroup, t *target, f flight) []outcome {
	y := &p.e.interfaces[t.iface]
	dst := t.dst
	if dst.Empty() {
		dst = y.private
	}
	sport, want := p.sport, p.want
	defer func() { p.sport, p.want = sport, want }()
	if y.anyAddress && want == nil {
		p.want = map[int32]bool{t.iface: true} // it is found by no address
	}
	kept, own := p.clientAddresses(lb, node, g, dst, f)
	var out []outcome
	if !kept.space.Empty() {
		for _, h := range p.keepingClient(lb, node, g, t, dst, kept) {
			out = append(out, outcome{onInterface, t.iface, h})
		}
	}
	if own.space.Empty() {
		return out
	}
	second := own
	second.hops, second.crossed, second.from = 0, sameVPC, node
	p.sport = anyClientPort
	second.space = packets(p.e.interfaces[node].private, dst, targetServices(own.space, t.port))
	for _, o := range p.fromInterface(node, second) {
		if o.place == onInterface && o.index == t.iface && !o.space.Empty() {
			o.space = own.space
			out = append(out, o)
		}
	}
	return out
}

func sameProtocol(a, b services) bool {
	for _, proto := range []uint8{headerspace.TCP, headerspace.UDP} {
		p := headerspace.Protocol(proto)
		if a.Overlaps(p) && b.Overlaps(p) {
			return true
		}
	}
	return false
}

// targetServices are the target's port in the protocols of the request.
func targetServices(s space, port uint16) services {
	var out services
	svc := s.Services()
	for _, proto := range []uint8{headerspace.TCP, headerspace.UDP} {
		if svc.Overlaps(headerspace.Protocol(proto)) {
			out = out.Union(headerspace.Ports(proto, port, port))
		}
	}
	return out
}
