package reach

import "fmt"

// changeKind is what can be changed about an element so that packets pass it.
type changeKind uint8

const (
	addGroupRule    changeKind = iota // index: interface
	addACLRule                        // index: network ACL
	addRoute                          // index: route table; over, to: the target
	addTransitRoute                   // index: transit gateway table; to: attachment
	associate                         // index: attachment; to: table
	addZone                           // index: attachment
	attachGateway                     // index: VPC; to: gateway, none for a new one
	givePublic                        // index: interface
	unblock                           // index: VPC
	acceptPeering                     // index: peering
	forwardOthers                     // index: interface
	crossZones                        // index: resource of a load balancer
	addListener                       // index: resource of a load balancer
	allowSource                       // index: resource
	makePublic                        // index: resource
	startIt                           // index: resource
)

// change is one thing that a person could change. Two changes are equal when
// they are the same.
type change struct {
	kind    changeKind
	index   int32
	inbound bool
	over    targetKind
	to      int32
}

// way is a change in words: what would let the packets of a drop pass there.
type way struct {
	change
	text string
}

// changes are those that a what-if takes for made; nil in ordinary questions.
type changes map[change]bool

// routeWays are the routes that could carry packets on from a table of a VPC:
// only such as lead towards the destination.
func (e *Estate) routeWays(table, v, from int32, f flight, reply bool) []way {
	dst := f.space.Destinations()
	what := "a route of " + e.tables[table].id + " to " + describeAddrs(dst)
	var out []way
	add := func(kind targetKind, to int32, id string) {
		out = append(out, way{change{kind: addRoute, index: table, over: kind, to: to}, what + " via " + id})
	}
	if dst.Overlaps(e.vpcs[v].cidrs) {
		return nil // the local route is there by nature
	}
	for i := range e.peerings {
		p := &e.peerings[i]
		for k := range p.sides {
			if p.sides[k].vpc == v && p.sides[1-k].blocks.Overlaps(dst) && p.status == "active" {
				add(toPeering, int32(i), p.id)
			}
		}
	}
	for i := range e.transits {
		if !dst.Overlaps(publicSpace) && e.attachmentFor(int32(i), v) != none {
			add(toTransit, int32(i), e.transits[i].id)
		}
	}
	if g := e.vpcs[v].vgw; g != none && e.gateways[g].remote.Overlaps(dst) {
		add(toVPNGateway, g, e.gateways[g].id)
	}
	if !dst.Overlaps(publicSpace) {
		return out
	}
	if g := e.vpcs[v].igw; g != none {
		add(toInternetGateway, g, e.gateways[g].id)
	}
	for i := range e.nats {
		if n := &e.nats[i]; !reply && !n.private && n.iface != none && e.interfaces[n.iface].vpc == v && e.interfaces[n.iface].subnet != from {
			add(toNAT, int32(i), n.id)
		}
	}
	return out
}

// madeRoutes are the routes that a what-if adds to a table.
func (w *walk) madeRoutes(table int32) []route {
	var out []route
	for c := range w.made {
		if c.kind == addRoute && c.index == table {
			out = append(out, route{kind: c.over, index: c.to, text: "a new route"})
		}
	}
	return out
}

// transitWays are the attachments that a table of a transit gateway could lead
// packets to, in the place of a blackhole where there is one.
func (e *Estate) transitWays(table int32, f flight, blackhole string) []way {
	t := &e.transitTabs[table]
	if t.transit == none {
		return nil
	}
	dst := f.space.Destinations()
	var out []way
	for _, i := range e.transits[t.transit].attachments {
		a := &e.attachments[i]
		leads, verb := a.remote.Overlaps(dst), "propagate"
		if a.kind == vpcAttachment && a.vpc != none {
			leads = e.vpcs[a.vpc].cidrs.Overlaps(dst)
		}
		if a.kind == peeringAttachment {
			leads, verb = true, "route "+describeAddrs(dst)+" to"
		}
		if leads && (a.state == "" || a.state == "available") {
			text := fmt.Sprintf("%s %s (%s) in %s", verb, a.id, a.resource, t.id)
			if blackhole != "" {
				text = fmt.Sprintf("replace %q of %s by a route to %s (%s)", blackhole, t.id, a.id, a.resource)
			}
			out = append(out, way{change{kind: addTransitRoute, index: table, to: i}, text})
		}
	}
	return out
}

// madeTo returns what a what-if leads an element to by a change of a kind, none
// where it makes no such change.
func (w *walk) madeTo(kind changeKind, index int32) int32 {
	for c := range w.made {
		if c.kind == kind && c.index == index {
			return c.to
		}
	}
	return none
}

// associateWays are the tables that an attachment could be associated with.
func (e *Estate) associateWays(i int32) []way {
	a := &e.attachments[i]
	var out []way
	for k := range e.transitTabs {
		if e.transitTabs[k].transit == a.transit {
			out = append(out, way{change{kind: associate, index: i, to: int32(k)}, "associate " + a.id + " with " + e.transitTabs[k].id})
		}
	}
	return out
}

// publicWay is what would give an interface an address on the internet.
func (e *Estate) publicWay(i int32) []way {
	x := &e.interfaces[i]
	switch x.kind {
	case natInterface, lambdaInterface, transitInterface, endpointInterface, gatewayBalancerEndpoint:
		return nil
	case balancerInterface:
		return []way{{change{kind: givePublic, index: i}, "make the load balancer of " + x.name + " internet-facing"}}
	}
	return []way{{change{kind: givePublic, index: i}, "give " + x.name + " a public address"}}
}

// replyWays are other routes that replies could take at the last table on their
// way.
func (e *Estate) replyWays(f *flight) []way {
	for t := f.trail; t != nil; t = t.prev {
		if t.step.kind == "route table" {
			if i := e.lookup(isTable, t.step.element); i != none && e.tables[i].vpc != none {
				return e.routeWays(i, e.tables[i].vpc, none, *f, true)
			}
		}
	}
	return nil
}
