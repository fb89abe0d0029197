package reach

import (
	"fmt"

	"github.com/cairn-security/cairn/analysis/reach/headerspace"
)

// maxHops bounds route lookups of one flight: more is a loop.
const maxHops = 12

// leave takes packets out of a subnet: its network ACL, then its routes.
func (w *walk) leave(s int32, f flight) {
	if s == none {
		w.unknown(f, step{element: "subnet", kind: "subnet"}, "the subnet of an interface on the way was not read")
		return
	}
	f.zone = w.e.subnets[s].zone
	for _, f := range w.acl(s, false, f) {
		w.routeFrom(s, f)
	}
}

// acl passes packets through the network ACL of a subnet. Packets are split
// where the list is not known.
func (w *walk) acl(s int32, entering bool, f flight) []flight {
	if s == none {
		return []flight{f.maybe("the subnet of an interface on the way was not read")}
	}
	sub := &w.e.subnets[s]
	word, dir := "outbound", "leave"
	if entering {
		word, dir = "inbound", "enter"
	}
	if sub.acl == none {
		if why := w.e.unreadOf("network ACL of", sub.id, "DescribeNetworkAcls", sub.vpc); why != "" {
			return []flight{f.maybe(why)}
		}
		return []flight{f.assuming("network ACLs are no part of the source: the default one, no filter")}
	}
	acl := &w.e.acls[sub.acl]
	if acl.unread != "" {
		return []flight{f.maybe(acl.unread)}
	}
	d := &acl.out
	if entering {
		d = &acl.in
	}
	at := step{element: acl.id, kind: "network ACL", decision: "allow"}
	before := f.space
	f.space = d.pass(f.space, entering)
	if f.space.Empty() {
		at.decision, at.rule = "deny", word+" end of list"
		open := change{kind: addACLRule, index: sub.acl, inbound: entering}
		if f.space = before; w.made[open] {
			return []flight{w.supposed(f, at, "a new rule")}
		}
		peers, side := before.Destinations(), "to"
		if entering {
			peers, side = before.Sources(), "from"
		}
		opens := fmt.Sprintf("an %s rule of %s that allows %s %s %s", word, acl.id, headerspace.Describe(before.Services()), side, describeAddrs(peers))
		if e := d.denying(before, entering); e != nil {
			at.rule, at.support = word+" "+e.text, []evidence{acl.at(e.pointer)}
			if !e.allow && e.number < lastRule {
				opens += fmt.Sprintf(", before rule %d", e.number)
			}
		}
		f.space = nil
		w.stop(f, at, fmt.Sprintf("network ACL %s does not let it %s %s", acl.id, dir, sub.id), way{open, opens})
		return nil
	}
	if w.trace {
		for _, e := range d.deciding(f.space, entering) {
			at.rule = word + " " + e.text
			at.support = append(at.support, acl.at(e.pointer))
		}
		if len(at.support) > 1 {
			at.rule = fmt.Sprintf("%s rules (%d apply, first %s)", word, len(at.support), d.deciding(f.space, entering)[0].text)
		}
		f = w.mark(f, at)
	}
	return []flight{f}
}

// enter brings packets into a subnet from elsewhere.
func (w *walk) enter(s int32, f flight) {
	for _, f := range w.acl(s, true, f) {
		w.arrive(atSubnet, s, f)
	}
}

// routeFrom looks the packets up in the table of a subnet.
func (w *walk) routeFrom(s int32, f flight) {
	sub := &w.e.subnets[s]
	if sub.table == none {
		w.routeWithoutTable(s, f)
		return
	}
	t := &w.e.tables[sub.table]
	w.route(t.lookup, t.routes, t.unknown, &t.origin, sub.vpc, s, f)
}

// routeWithoutTable applies the default for tables that are no part of the
// source: the VPC itself and an internet gateway.
func (w *walk) routeWithoutTable(s int32, f flight) {
	sub := &w.e.subnets[s]
	v := &w.e.vpcs[sub.vpc]
	unread := w.e.unreadOf("route table of", sub.id, "DescribeRouteTables", sub.vpc)
	if unread != "" {
		f = f.maybe(unread)
	} else {
		f = f.assuming("route tables are no part of the source: an interface with a public address has a route to an internet gateway")
	}
	in, out := f, f
	in.space = f.space.Restrict(cube{Dst: v.cidrs})
	out.space = f.space.Restrict(cube{Dst: headerspace.All.Minus(v.cidrs)})
	if !in.space.Empty() {
		w.local(sub.vpc, s, in)
	}
	if out.space.Empty() {
		return
	}
	w.arrive(atInternet, v.igw, out)
	if unread != "" { // and anywhere else
		w.unknown(out, step{element: sub.id, kind: "route table"}, unread)
	}
}

// route splits packets by longest prefix and sends each part to its target.
// from is the subnet looked up for, none at a gateway's edge.
func (w *walk) route(lookup []interval, routes, unknown []route, o *origin, v, from int32, f flight) {
	if f.hops++; f.hops > maxHops {
		w.stop(f, step{element: o.id, kind: "route table", rule: "loop", decision: "deny"}, "routes go round in a loop")
		return
	}
	for i := range unknown {
		r := &unknown[i]
		at := step{element: o.id, kind: "route table", rule: r.text, decision: "unknown", support: []evidence{o.at(r.pointer)}}
		if len(f.missing) > 0 {
			// Followed already once: paths must not multiply with every unread list.
			w.unknown(f, at, r.unread)
			continue
		}
		w.follow(r, v, from, w.mark(f.maybe(r.unread), at))
	}
	table := w.e.lookup(isTable, o.id)
	if more := w.madeRoutes(table); len(more) > 0 && v != none {
		far := f
		far.space = f.space.Restrict(cube{Dst: headerspace.All.Minus(w.e.vpcs[v].cidrs)})
		for i := range more {
			if !far.space.Empty() {
				w.follow(&more[i], v, from, w.supposed(far, step{element: o.id, kind: "route table"}, more[i].text))
			}
		}
		f.space = f.space.Restrict(cube{Dst: w.e.vpcs[v].cidrs})
	}
	ways := func(f flight) []way {
		if !w.trace || table == none || v == none {
			return nil
		}
		return w.e.routeWays(table, v, from, f, w.reply)
	}
	for _, part := range split(lookup, f.space.Destinations()) {
		g := f
		g.space = f.space.Restrict(cube{Dst: part.dst})
		if g.space.Empty() {
			continue
		}
		if part.route == none {
			w.stop(g, step{element: o.id, kind: "route table", rule: "no route", decision: "deny", support: []evidence{o.without("route to " + describeAddrs(g.space.Destinations()))}},
				fmt.Sprintf("%s has no route to %s", o.id, describeAddrs(g.space.Destinations())), ways(g)...)
			continue
		}
		r := &routes[part.route]
		at := step{element: o.id, kind: "route table", rule: r.text, decision: "route", support: []evidence{o.at(r.pointer)}}
		if r.blackhole {
			at.decision = "deny"
			w.stop(g, at, fmt.Sprintf("the route of %s is a blackhole", o.id), ways(g)...)
			continue
		}
		w.follow(r, v, from, w.mark(g, at))
	}
}

// follow sends packets to a route's target.
func (w *walk) follow(r *route, v, from int32, f flight) {
	switch r.kind {
	case toLocal:
		w.local(v, from, f)
	case toInternetGateway:
		w.toGateway(r.index, v, f)
	case toEgressOnly:
		f.space = f.space.Restrict(cube{Dst: headerspace.All6})
		if !f.space.Empty() {
			w.toGateway(r.index, v, f)
		}
	case toNAT:
		w.toNAT(r.index, from, f)
	case toInterface:
		w.appliance(r.index, from, f)
	case toPeering:
		w.peer(r.index, v, f)
	case toTransit:
		w.toTransit(r.index, v, from, f)
	case toVPNGateway:
		w.toVPN(r.index, f)
	case toGatewayEndpoint:
		if r.index == none {
			f = f.assuming("gateway endpoint " + r.target + " is available")
		} else if ep := &w.e.endpoints[r.index]; !ep.available() {
			w.stop(f, step{element: ep.id, kind: "gateway endpoint", rule: "state " + ep.state, decision: "deny"}, "gateway endpoint "+ep.id+" is "+ep.state)
			return
		}
		w.arrive(atGatewayEndpoint, r.index, f)
	case toInspection:
		w.inspection(r.index, from, f)
	default:
		w.unknown(f, step{element: r.target, kind: "route target", rule: r.text}, r.unread)
	}
}

// local delivers inside a VPC. Packets for the subnet they come from arrive
// without a network ACL.
func (w *walk) local(v, from int32, f flight) {
	rest := f.space.Destinations()
	for _, s := range w.e.vpcs[v].subnets {
		sub := &w.e.subnets[s]
		if !sub.addrs.Overlaps(rest) {
			continue
		}
		g := f
		g.space = f.space.Restrict(cube{Dst: sub.addrs})
		rest = rest.Minus(sub.addrs)
		if s == from {
			w.arrive(atSubnet, s, g)
		} else {
			w.enter(s, g)
		}
		if rest.Empty() {
			return
		}
	}
	f.space = f.space.Restrict(cube{Dst: rest})
	if w.e.vpcs[v].described {
		w.stop(f, step{element: w.e.vpcs[v].id, kind: "VPC", rule: "no subnet for " + describeAddrs(rest), decision: "deny"},
			fmt.Sprintf("no subnet of %s holds %s", w.e.vpcs[v].id, describeAddrs(rest)))
		return
	}
	why := w.e.unread("VPC", w.e.vpcs[v].id, "DescribeVpcs", w.e.vpcs[v].account, w.e.vpcs[v].region)
	w.unknown(f, step{element: w.e.vpcs[v].id, kind: "VPC", rule: why}, why)
}

func describeAddrs(s addrs) string {
	p := headerspace.Prefixes(s)
	switch {
	case len(p) == 0:
		return "nothing"
	case s.Covers(publicSpace.Intersect(headerspace.All4)) && s.Covers(publicSpace.Intersect(headerspace.All6)):
		return "the internet"
	case s.Covers(publicSpace.Intersect(headerspace.All4)):
		return "the internet (IPv4)"
	case headerspace.Size4(s) == 0 && headerspace.Size6(s) > 0.99*headerspace.Size6(public6):
		return "the internet (IPv6)"
	case len(p) == 1 && p[0].IsSingleIP():
		return p[0].Addr().String()
	case len(p) == 1:
		return p[0].String()
	}
	return fmt.Sprintf("%s and %d more", p[0], len(p)-1)
}
