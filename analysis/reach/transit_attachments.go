package reach

import (
	"fmt"
	"strings"

	"github.com/cairn-security/cairn/graph"
)

// toAttachment delivers what a transit gateway routed to an attachment.
func (w *walk) toAttachment(i int32, f flight) {
	a := &w.e.attachments[i]
	at := step{element: a.id, kind: "transit gateway attachment", decision: "deny", support: []evidence{a.at("")}}
	if a.state != "" && a.state != "available" {
		at.rule = "state " + a.state
		w.stop(f, at, a.id+" is "+a.state)
		return
	}
	switch a.kind {
	case vpcAttachment:
		w.intoVPC(i, f)
	case vpnAttachment, connectAttachment, directConnectAttachment:
		if a.remoteWhy != "" {
			f = f.maybe(a.remoteWhy)
		}
		w.arrivals = append(w.arrivals, arrival{kind: atOnPrem, index: i, via: attachmentRef{true, i}, flight: f})
	case peeringAttachment:
		f.crossed = noReferences // references do not cross Regions
		if x, ok := w.e.byID[a.peer]; ok && x.kind == isTransit {
			if j := w.e.attachmentOf(x.index, a.id); j != none {
				w.fromAttachment(j, w.mark(f, step{element: a.id, kind: "transit gateway peering", decision: "forward", rule: "to " + a.peer, support: []evidence{a.at("")}}))
				return
			}
		}
		fallthrough
	default:
		why := "what lies behind " + a.id + " (" + a.resource + ") was not read"
		w.unknown(f, at, why)
	}
}

// intoVPC enters a VPC by the interface of its attachment and uses the table of
// that interface's subnet. Inside the attachment's own subnet no network ACL is
// applied; elsewhere its outbound rules are, and the other subnet's inbound
// rules (https://docs.aws.amazon.com/vpc/latest/tgw/tgw-nacls.html).
func (w *walk) intoVPC(i int32, f flight) {
	a := &w.e.attachments[i]
	at := step{element: a.id, kind: "transit gateway attachment", decision: "unknown", support: []evidence{a.at("")}}
	tg := &w.e.transits[a.transit]
	if !tg.groupRefs || !a.groupRefs {
		f.crossed = noReferences
	}
	if a.vpc == none || !w.e.vpcs[a.vpc].described {
		why := w.e.unread("VPC", a.resource, "DescribeVpcs", "", "")
		w.unknown(f, at, why)
		return
	}
	s := w.e.entrySubnet(a, f.zone)
	if s == none {
		if a.described {
			at.decision, at.rule = "deny", "no subnet"
			w.stop(f, at, a.id+" has no subnet")
			return
		}
		w.local(a.vpc, none, f.maybe("subnets of "+a.id+" were not read"))
		return
	}
	at.decision, at.rule = "forward", "by "+w.e.subnets[s].id
	f = w.mark(f, at)
	near, far := f, f
	near.space = f.space.Restrict(cube{Dst: w.e.subnets[s].addrs})
	far.space = f.space.Minus(near.space)
	if !near.space.Empty() {
		w.arrive(atSubnet, s, near)
	}
	if !far.space.Empty() {
		w.leave(s, far)
	}
}

// evidence points at a transit gateway route: static routes stand in the list
// of routes, propagated ones in that of propagations.
func (r *route) evidence(t *transitTable) evidence {
	property := graph.PropRoutes
	if strings.HasPrefix(r.text, "propagated from") {
		property = graph.PropPropagations
	}
	return evidence{node: t.node, property: property, pointer: r.pointer, raw: t.props[property]}
}

// toTransit sends packets from a VPC into a transit gateway. The network ACL
// of an attachment subnet checks what comes from elsewhere on its way in
// (https://docs.aws.amazon.com/vpc/latest/tgw/tgw-nacls.html).
func (w *walk) toTransit(t, v, from int32, f flight) {
	tg := &w.e.transits[t]
	at := step{element: tg.id, kind: "transit gateway", decision: "deny"}
	i := w.e.attachmentFor(t, v)
	if i == none {
		if w.e.gap("DescribeTransitGatewayAttachments", "", "") != nil || len(tg.attachments) == 0 {
			why := w.e.unread("transit gateway attachment of", w.e.vpcs[v].id, "DescribeTransitGatewayAttachments", "", "")
			w.unknown(f, at, why)
			return
		}
		at.rule = "no attachment"
		w.stop(f, at, w.e.vpcs[v].id+" has no attachment to "+tg.id)
		return
	}
	a := &w.e.attachments[i]
	at.support = []evidence{a.at("")}
	if a.state != "" && a.state != "available" {
		at.rule = "attachment " + a.state
		w.stop(f, at, a.id+" is "+a.state)
		return
	}
	in := []flight{f}
	switch {
	case !a.described:
		in = []flight{f.maybe("subnets of " + a.id + " were not read")}
	case from != none && w.made[change{kind: addZone, index: i}]:
	case from != none:
		s := w.e.entrySubnet(a, f.zone)
		if s == none || !w.e.subnets[s].zone.is(f.zone) {
			at.rule = "no subnet in zone " + f.zone.name
			w.stop(f, at, fmt.Sprintf("%s has no subnet in %s, the zone of %s", a.id, f.zone.name, w.e.subnets[from].id),
				way{change{kind: addZone, index: i}, "add a subnet in " + f.zone.name + " to " + a.id})
			return
		}
		in = w.acl(s, true, f)
	}
	for _, f := range in {
		w.fromAttachment(i, f)
	}
}

// fromAttachment looks packets up in the table associated with the attachment
// they came by.
func (w *walk) fromAttachment(i int32, f flight) {
	a := &w.e.attachments[i]
	tg := &w.e.transits[a.transit]
	if f.crossed == sameVPC && tg.groupRefs && a.groupRefs {
		f.crossed = overTransit
	} else {
		f.crossed = noReferences
	}
	table := a.table
	if table == none {
		table = w.madeTo(associate, i)
	}
	if table == none {
		at := step{element: a.id, kind: "transit gateway attachment", rule: "no associated route table", decision: "deny", support: []evidence{a.without("association")}}
		if a.tableWhy != "" {
			w.unknown(f, at, a.tableWhy)
		} else {
			w.stop(f, at, a.id+" is associated with no route table", w.e.associateWays(i)...)
		}
		return
	}
	t := &w.e.transitTabs[table]
	if f.hops++; f.hops > maxHops {
		w.stop(f, step{element: t.id, kind: "transit gateway route table", rule: "loop", decision: "deny"}, "routes go round in a loop")
		return
	}
	for k := range t.unknown {
		r := &t.unknown[k]
		at := step{element: t.id, kind: "transit gateway route table", rule: r.text, support: []evidence{r.evidence(t)}}
		if r.kind == toAttachment && r.index != none && len(f.missing) == 0 {
			w.toAttachment(r.index, w.mark(f.maybe(r.unread), at))
			continue
		}
		w.unknown(f, at, r.unread)
	}
	for _, part := range split(t.lookup, f.space.Destinations()) {
		g := f
		g.space = f.space.Restrict(cube{Dst: part.dst})
		if g.space.Empty() {
			continue
		}
		at := step{element: t.id, kind: "transit gateway route table", decision: "deny", rule: "no route"}
		if to := w.madeTo(addTransitRoute, table); to != none && (part.route == none || t.routes[part.route].blackhole) {
			w.toAttachment(to, w.supposed(g, at, "a new route"))
			continue
		}
		if part.route == none {
			at.support = []evidence{t.without("route to " + describeAddrs(g.space.Destinations()))}
			w.stop(g, at, fmt.Sprintf("%s has no route to %s", t.id, describeAddrs(g.space.Destinations())), w.e.transitWays(table, g, "")...)
			continue
		}
		r := &t.routes[part.route]
		at.rule, at.support = r.text, []evidence{r.evidence(t)}
		if r.blackhole {
			w.stop(g, at, "the route of "+t.id+" is a blackhole", w.e.transitWays(table, g, r.text)...)
			continue
		}
		if r.kind != toAttachment {
			w.unknown(g, at, r.unread)
			continue
		}
		at.decision = "route"
		w.toAttachment(r.index, w.mark(g, at))
	}
}
