package reach

import (
	"fmt"

	"github.com/cairn-security/cairn/analysis/reach/headerspace"
)

// toGateway sends packets out of an internet or egress-only gateway.
func (w *walk) toGateway(g, v int32, f flight) {
	gw := &w.e.gateways[g]
	if open := (change{kind: attachGateway, index: v, to: g}); !gw.attached(v) && !w.made[open] {
		w.stop(f, step{element: gw.id, kind: "internet gateway", rule: "not attached", decision: "deny", support: []evidence{gw.without("attachment to " + w.e.vpcs[v].id)}},
			fmt.Sprintf("%s is not attached to %s", gw.id, w.e.vpcs[v].id), way{open, fmt.Sprintf("attach %s to %s", gw.id, w.e.vpcs[v].id)})
		return
	}
	if gw.assumed {
		f = f.assuming(gw.id + " is attached: gateways are no part of the source, its route is active")
	}
	w.arrive(atInternet, g, f)
}

// blocked applies VPC block public access to a subnet. Bidirectional mode
// stops everything, ingress mode all but NAT and egress-only gateways, an
// egress exclusion only what is opened from outside
// (https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html).
func (w *walk) blocked(s int32, opened direction, f flight) bool {
	mode, from := w.e.blockOf(s)
	switch {
	case mode == blockOff, mode == blockInbound && opened != fromOutside, mode == blockIngress && opened == byTranslation:
		return false
	}
	v := &w.e.vpcs[w.e.subnets[s].vpc]
	open := change{kind: unblock, index: w.e.subnets[s].vpc}
	if w.made[open] {
		return false
	}
	w.stop(f, step{element: v.id, kind: "VPC block public access", rule: mode.String(), decision: "deny", support: []evidence{from}},
		"VPC block public access stops internet traffic of "+v.id, way{open, "exclude " + v.id + " from VPC block public access"})
	return true
}

// direction says who opened the connection that a packet belongs to.
type direction uint8

const (
	fromInside    direction = iota
	byTranslation           // from inside, by a NAT or egress-only gateway
	fromOutside
)

func (e *Estate) blockOf(s int32) (blockMode, evidence) {
	if s == none {
		return blockOff, evidence{}
	}
	sub := &e.subnets[s]
	if sub.blockFrom.property != "" {
		return sub.block, sub.blockFrom
	}
	return e.vpcs[sub.vpc].block, e.vpcs[sub.vpc].blockFrom
}

// toNAT hands packets to a NAT gateway: they enter its subnet.
func (w *walk) toNAT(n, from int32, f flight) {
	nat := &w.e.nats[n]
	at := step{element: nat.id, kind: "NAT gateway", decision: "deny", support: []evidence{nat.at("")}}
	switch {
	case w.reply:
		at.rule = "no session"
		w.stop(f, at, "the reply goes to "+nat.id+", which knows no such session", w.e.replyWays(&f)...)
		return
	case nat.state != "" && nat.state != "available":
		at.rule = "state " + nat.state
		w.stop(f, at, nat.id+" is "+nat.state)
		return
	case nat.iface == none:
		why := "interface of " + nat.id + " was not read"
		w.unknown(f, at, why)
		return
	}
	g := f
	g.space = f.space.Restrict(cube{Svc: natServices})
	if g.space.Empty() {
		at.rule = "protocol"
		w.stop(f, at, nat.id+" carries TCP, UDP and ICMP only")
		return
	}
	s := w.e.interfaces[nat.iface].subnet
	if s == from {
		w.arrive(atNAT, n, g)
		return
	}
	for _, h := range w.acl(s, true, g) {
		w.arrive(atNAT, n, h)
	}
}

// appliance sends packets through an interface that forwards them unchanged.
func (w *walk) appliance(i, from int32, f flight) {
	x := &w.e.interfaces[i]
	at := step{element: x.name, kind: "appliance", decision: "forward", rule: "assumed to forward", support: []evidence{x.at("/SourceDestCheck")}}
	if open := (change{kind: forwardOthers, index: i}); !x.forwards && !w.made[open] {
		at.decision, at.rule = "deny", "source/destination check is on"
		w.stop(f, at, x.name+" drops packets that are not its own", way{open, "turn the source/destination check of " + x.name + " off"})
		return
	}
	in := []flight{f}
	if x.subnet != from {
		in = w.acl(x.subnet, true, f)
	}
	if x.subnet == none {
		w.unknown(f, at, "subnet of "+x.name+" was not read")
		return
	}
	for _, f := range in {
		pass := []flight{f}
		if !w.reply || !w.passed[i] {
			pass = nil
			for _, g := range w.groupsIn(i, f) {
				pass = append(pass, w.groupsOut(i, g)...)
			}
		}
		for _, g := range pass {
			if !w.reply {
				w.passed[i] = true
			}
			g.from, g.crossed = none, noReferences
			g = w.mark(g.assuming(x.name+" forwards what it is sent"), at)
			near, far := g, g
			near.space = g.space.Restrict(cube{Dst: w.e.subnets[x.subnet].addrs})
			far.space = g.space.Restrict(cube{Dst: headerspace.All.Minus(w.e.subnets[x.subnet].addrs)})
			if !near.space.Empty() {
				w.arrive(atSubnet, x.subnet, near)
			}
			if !far.space.Empty() {
				w.leave(x.subnet, far)
			}
		}
	}
}

// inspection sends packets through a Gateway Load Balancer endpoint, which has
// no groups and hands back what the appliances behind it let pass.
func (w *walk) inspection(n, from int32, f flight) {
	ep := &w.e.endpoints[n]
	f = f.assuming("inspection behind " + ep.id + " lets it pass")
	f = w.mark(f, step{element: ep.id, kind: "inspection endpoint", rule: ep.service, decision: "forward", support: []evidence{ep.at("")}})
	if len(ep.subnets) == 0 {
		w.unknown(f, step{element: ep.id, kind: "inspection endpoint"}, "subnet of "+ep.id+" was not read")
		return
	}
	s := ep.subnets[0]
	in := []flight{f}
	if s != from {
		in = w.acl(s, true, f)
	}
	for _, g := range in {
		w.leave(s, g)
	}
}

// peer sends packets to the other side of a peering.
func (w *walk) peer(p, v int32, f flight) {
	pc := &w.e.peerings[p]
	at := step{element: pc.id, kind: "VPC peering", decision: "deny", rule: "status " + pc.status, support: []evidence{pc.at("/Status")}}
	if open := (change{kind: acceptPeering, index: p}); pc.status != "active" && !w.made[open] {
		var ways []way
		if pc.status == "pending-acceptance" {
			ways = []way{{open, "accept " + pc.id}}
		}
		w.stop(f, at, pc.id+" is "+pc.status, ways...)
		return
	}
	own, other := &pc.sides[0], &pc.sides[1]
	if own.vpc != v {
		own, other = other, own
	}
	if own.vpc != v {
		w.stop(f, at, pc.id+" does not connect "+w.e.vpcs[v].id)
		return
	}
	if other.vpc == none {
		why := w.e.unread("VPC", other.vpcID, "DescribeVpcs", other.account, other.region)
		w.unknown(f, step{element: other.vpcID, kind: "VPC", rule: why}, why)
		return
	}
	g := f
	g.space = f.space.Restrict(cube{Src: w.e.vpcs[v].cidrs, Dst: w.e.vpcs[other.vpc].cidrs.Union(other.blocks)})
	if g.space.Empty() {
		at.rule, at.support = "not transitive", []evidence{pc.at("/AccepterVpcInfo/CidrBlock"), pc.at("/RequesterVpcInfo/CidrBlock")}
		w.stop(f, at, pc.id+" carries only traffic between the two VPCs' own blocks")
		return
	}
	if g.crossed == sameVPC && pc.sameplace {
		g.crossed = overPeering
	} else {
		g.crossed = noReferences
	}
	at.decision = "forward"
	w.local(other.vpc, none, w.mark(g, at))
}

// toVPN sends packets to what lies behind a VPN gateway.
func (w *walk) toVPN(n int32, f flight) {
	gw := &w.e.gateways[n]
	at := step{element: gw.id, kind: "VPN gateway", decision: "route", rule: "known routes", support: []evidence{gw.at("")}}
	g, rest := f, f
	g.space = f.space.Restrict(cube{Dst: gw.remote})
	rest.space = f.space.Restrict(cube{Dst: headerspace.All.Minus(gw.remote)})
	if !g.space.Empty() {
		g = w.mark(g, at)
		w.arrivals = append(w.arrivals, arrival{kind: atOnPrem, index: n, via: attachmentRef{false, n}, flight: g})
	}
	if rest.space.Empty() {
		return
	}
	at.decision, at.rule = "deny", "no route"
	if gw.remoteUnread != "" {
		rest = rest.maybe(gw.remoteUnread)
		w.arrivals = append(w.arrivals, arrival{kind: atOnPrem, index: n, via: attachmentRef{false, n}, flight: rest})
		return
	}
	w.stop(rest, at, fmt.Sprintf("%s knows no route to %s", gw.id, describeAddrs(rest.space.Destinations())))
}
