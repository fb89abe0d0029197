package reach

// fromInternet brings packets in by the internet gateway of a VPC.
func (w *walk) fromInternet(v int32, f flight) {
	vp := &w.e.vpcs[v]
	if vp.igw == none {
		if why := w.e.unreadOf("internet gateway of", vp.id, "DescribeInternetGateways", v); why != "" {
			f = f.maybe(why)
		} else if w.e.absent("DescribeInternetGateways", vp.account, vp.region) {
			f = f.assuming("internet gateways are no part of the source: one is attached to " + vp.id)
		} else if open := (change{kind: attachGateway, index: v, to: none}); !w.made[open] {
			w.stop(f, step{element: vp.id, kind: "VPC", rule: "no internet gateway", decision: "deny", support: []evidence{vp.without("internet gateway")}},
				"no internet gateway is attached to "+vp.id, way{open, "attach an internet gateway to " + vp.id})
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
