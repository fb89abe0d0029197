package reach

import (
	"strings"

	"github.com/cairn-security/cairn/graph"
)

// toAttachment delivers what a transit gateway routed to an attachment.
func (w *walk) toAttachment(i int32, f flight) {
	a := &w.e.attachments[i]
	at := step{element: a.id, kind: "transit gateway attachment", decision: "deny", support: []evidence{a.at("")}}
	if a.state != "" && a.state != "available" {
		at.rule = "state " + a.state
		w.stop(f, at, a.id+" is "+a.state, "")
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
			w.stop(f, at, a.id+" has no subnet", "add a subnet to "+a.id)
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

// fromInternet brings packets in by the internet gateway of a VPC.
func (w *walk) fromInternet(v int32, f flight) {
	vp := &w.e.vpcs[v]
	if vp.igw == none {
		if why := w.e.unreadOf("internet gateway of", vp.id, "DescribeInternetGateways", v); why != "" {
			f = f.maybe(why)
		} else if w.e.absent("DescribeInternetGateways", vp.account, vp.region) {
			f = f.assuming("internet gateways are no part of the source: one is attached to " + vp.id)
		} else {
			w.stop(f, step{element: vp.id, kind: "VPC", rule: "no internet gateway", decision: "deny", support: []evidence{vp.without("internet gateway")}},
				"no internet gateway is attached to "+vp.id, "attach an internet gateway to "+vp.id)
			return
		}
	} else {
		gw := &w.e.gateways[vp.igw]
		f = w.mark(f, step{element: gw.id, kind: "internet gateway", rule: "attached to " + vp.id, decision: "forward", support: []evidence{gw.at("/Attachments")}})
		if gw.edgeTable != none {
			t := &w.e.tables[gw.edgeTable]
			w.route(t.lookup, t.routes, t.unknown, &t.origin, v, none, f)
			return
		}
	}
	w.local(v, none, f)
}

// fromVPN brings packets in by the VPN gateway of a VPC.
func (w *walk) fromVPN(n, v int32, f flight) {
	gw := &w.e.gateways[n]
	f = w.mark(f, step{element: gw.id, kind: "VPN gateway", rule: "attached to " + w.e.vpcs[v].id, decision: "forward", support: []evidence{gw.at("/VpcAttachments")}})
	if gw.edgeTable != none {
		t := &w.e.tables[gw.edgeTable]
		w.route(t.lookup, t.routes, t.unknown, &t.origin, v, none, f)
		return
	}
	w.local(v, none, f)
}
