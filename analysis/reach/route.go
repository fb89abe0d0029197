package reach

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"github.com/cairn-security/cairn/analysis/reach/headerspace"
)

// targetKind is what a route points at.
type targetKind uint8

const (
	toLocal targetKind = iota
	toInternetGateway
	toEgressOnly
	toNAT
	toInterface
	toPeering
	toTransit
	toVPNGateway
	toGatewayEndpoint
	toInspection // Gateway Load Balancer endpoint
	toAttachment // inside a transit gateway
	toUnknown
)

// route is one entry of a route table.
type route struct {
	kind      targetKind
	index     int32  // of the target
	target    string // its id
	blackhole bool
	unread    string // why the target is not known
	pointer   string
	text      string
}

// routeTable routes by longest prefix; a blackhole route still wins
// (https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html).
type routeTable struct {
	origin
	vpc     int32
	routes  []route
	lookup  []interval
	unknown []route // routes whose prefix list was not read: they may match anything
}

// Priorities among routes of one prefix, higher wins.
const (
	propagatedRoute = iota
	listRoute
	staticRoute
	localRoute
)

// prefix is one destination block of a route.
type prefix struct {
	headerspace.AddrRange
	priority int
	route    int32
}

// interval is a run of addresses that one route wins.
type interval struct {
	headerspace.AddrRange
	route int32
}

// flatten resolves longest-prefix match and ties once: blocks are nested or
// disjoint, so one sweep with a stack of open blocks yields who wins where.
// O(n log n).
func flatten(list []prefix) []interval {
	slices.SortFunc(list, func(a, b prefix) int {
		return cmp.Or(a.First.Compare(b.First), b.Last.Compare(a.Last), cmp.Compare(a.priority, b.priority))
	})
	var out []interval
	var open []prefix
	var at addr
	emit := func(last addr, r int32) {
		if at.Compare(last) > 0 {
			return
		}
		if n := len(out); n > 0 && out[n-1].route == r && out[n-1].Last.Next() == at {
			out[n-1].Last = last
			return
		}
		out = append(out, interval{headerspace.AddrRange{First: at, Last: last}, r})
	}
	closeTop := func() {
		top := open[len(open)-1]
		open = open[:len(open)-1]
		emit(top.Last, top.route)
		if at.Compare(top.Last) <= 0 && !top.Last.IsMax() {
			at = top.Last.Next()
		}
	}
	for _, p := range list {
		for len(open) > 0 && open[len(open)-1].Last.Compare(p.First) < 0 {
			closeTop()
		}
		if len(open) > 0 && at.Compare(p.First) < 0 {
			emit(p.First.Prev(), open[len(open)-1].route)
		}
		at = p.First
		open = append(open, p)
	}
	for len(open) > 0 {
		top := open[len(open)-1]
		closeTop()
		if top.Last.IsMax() {
			break
		}
	}
	return out
}

// share is a part of a destination set that one route wins.
type share struct {
	route int32 // none: no route
	dst   addrs
}

// split divides destinations by the route that wins them, in address order of
// their first use; the last share may be the unrouted rest.
func split(lookup []interval, dst addrs) []share {
	var out []share
	add := func(r int32, iv headerspace.AddrRange) {
		for i := range out {
			if out[i].route == r {
				out[i].dst = append(out[i].dst, iv)
				return
			}
		}
		out = append(out, share{r, addrs{iv}})
	}
	for _, d := range dst {
		i, _ := slices.BinarySearchFunc(lookup, d.First, func(iv interval, a addr) int { return iv.Last.Compare(a) })
		at, done := d.First, false
		for ; i < len(lookup) && lookup[i].First.Compare(d.Last) <= 0; i++ {
			iv := lookup[i]
			if at.Compare(iv.First) < 0 {
				add(none, headerspace.AddrRange{First: at, Last: iv.First.Prev()})
				at = iv.First
			}
			last := iv.Last
			if last.Compare(d.Last) >= 0 {
				last, done = d.Last, true
			}
			add(iv.route, headerspace.AddrRange{First: at, Last: last})
			if done {
				break
			}
			at = last.Next()
		}
		if !done {
			add(none, headerspace.AddrRange{First: at, Last: d.Last})
		}
	}
	return out
}

// covered returns the destinations that some route of the table for which want
// holds wins.
func (t *routeTable) covered(want func(*route) bool) addrs {
	var list []headerspace.AddrRange
	for _, iv := range t.lookup {
		if want(&t.routes[iv.route]) {
			list = append(list, iv.AddrRange)
		}
	}
	return headerspace.NewSet(list...)
}

func (b *Builder) compileRoutes(t *routeTable, doc *routeTableDoc, account, region string) {
	var list []prefix
	for i := range doc.Routes {
		d := &doc.Routes[i]
		r := b.routeTarget(d, t.vpc, account, region)
		r.pointer = "/Routes/" + strconv.Itoa(i)
		r.blackhole = d.State == "blackhole"
		dest := cmp.Or(d.DestinationCidrBlock, d.DestinationIpv6CidrBlock, d.DestinationPrefixListId)
		r.text = fmt.Sprintf("%s to %s", dest, r.target)
		if r.blackhole {
			r.text += " (blackhole)"
		}
		priority := staticRoute
		switch {
		case r.kind == toLocal:
			priority = localRoute
		case d.Origin == "EnableVgwRoutePropagation":
			priority = propagatedRoute
		}
		index := int32(len(t.routes))
		if id := d.DestinationPrefixListId; id != "" {
			set, why := b.est.prefixes(id, account, region)
			if why != "" {
				r.unread = why
				t.unknown = append(t.unknown, r)
				continue
			}
			for _, p := range headerspace.Prefixes(set) {
				for _, iv := range headerspace.AddrsOf(p) {
					list = append(list, prefix{iv, listRoute, index})
				}
			}
		} else {
			set, err := headerspace.ParsePrefix(dest)
			if err != nil {
				b.problem("route table %s route %d: %v", t.id, i, err)
				r.unread = fmt.Sprintf("route %d of %s cannot be read", i, t.id)
				t.unknown = append(t.unknown, r)
				continue
			}
			for _, iv := range set {
				list = append(list, prefix{iv, priority, index})
			}
		}
		t.routes = append(t.routes, r)
	}
	t.lookup = flatten(list)
}

// routeTarget resolves what a route points at.
func (b *Builder) routeTarget(d *routeDoc, vpc int32, account, region string) route {
	id := cmp.Or(d.NatGatewayId, d.TransitGatewayId, d.VpcPeeringConnectionId, d.NetworkInterfaceId,
		d.EgressOnlyInternetGatewayId, d.VpcEndpointId, d.GatewayId, d.InstanceId, d.LocalGatewayId, d.CarrierGatewayId, d.CoreNetworkArn)
	r := route{kind: toUnknown, index: none, target: id}
	if id == "local" {
		r.kind, r.index = toLocal, vpc
		return r
	}
	x, ok := b.est.byID[id]
	if !ok {
		r.unread = b.missingTarget(&r, d, vpc, account, region)
		return r
	}
	r.index = x.index
	switch x.kind {
	case isGateway:
		r.kind = map[gatewayKind]targetKind{internetGateway: toInternetGateway, egressOnlyGateway: toEgressOnly, vpnGateway: toVPNGateway}[b.est.gateways[x.index].kind]
	case isNAT:
		r.kind = toNAT
	case isInterface:
		r.kind = toInterface
	case isPeering:
		r.kind = toPeering
	case isTransit:
		r.kind = toTransit
	case isEndpoint:
		r.kind = toGatewayEndpoint
		if b.est.endpoints[x.index].kind == "GatewayLoadBalancer" {
			r.kind = toInspection
		}
	default:
		r.unread = fmt.Sprintf("route target %s is of a kind that is not evaluated", id)
	}
	return r
}

// missingTarget decides what a route to something undescribed is worth. AWS
// turns a route whose internet gateway is gone into a blackhole, so an active
// one proves the gateway where gateways are no part of the source.
func (b *Builder) missingTarget(r *route, d *routeDoc, vpc int32, account, region string) string {
	switch {
	case len(r.target) > 4 && r.target[:4] == "igw-" && b.est.absent("DescribeInternetGateways", account, region):
		r.kind, r.index = toInternetGateway, b.assumeGateway(internetGateway, r.target, vpc, account, region)
		return ""
	case len(r.target) > 5 && r.target[:5] == "eigw-" && b.est.absent("DescribeEgressOnlyInternetGateways", account, region):
		r.kind, r.index = toEgressOnly, b.assumeGateway(egressOnlyGateway, r.target, vpc, account, region)
		return ""
	case len(r.target) > 5 && r.target[:5] == "vpce-" && d.DestinationPrefixListId != "":
		r.kind = toGatewayEndpoint
		return ""
	}
	return b.est.unread("route target", r.target, "", account, region)
}
