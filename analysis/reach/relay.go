package reach

import (
	"slices"
	"strings"

	"github.com/cairn-security/cairn/analysis/reach/headerspace"
	"github.com/cairn-security/cairn/graph"
)

// A relay is an endpoint at the provider's edge that sends what it gets on to
// a load balancer or host: a CloudFront distribution with its own connections
// (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistS3AndCustomOrigins.html),
// a Global Accelerator keeping the client's address
// (https://docs.aws.amazon.com/global-accelerator/latest/dg/preserve-client-ip-address.html).

// originFacing names the prefix list of CloudFront's own addresses.
const originFacing = "com.amazonaws.global.cloudfront.origin-facing"

// forwardTarget finds the resource that a relay's configuration names.
func (e *Estate) forwardTarget(name string) *Resource {
	list := e.names[strings.ToLower(strings.TrimPrefix(name, "dualstack."))]
	if len(list) != 1 {
		return nil
	}
	return &e.resources[list[0]]
}

// relays returns the resources that forward elsewhere, in order.
func (e *Estate) relays() []*Resource {
	var out []*Resource
	for i := range e.resources {
		if r := &e.resources[i]; r.public != nil && len(r.public.forwards) > 0 {
			out = append(out, r)
		}
	}
	return out
}

// relaysTo reports whether a relay leads to one of the interfaces or the
// function, directly or through a load balancer.
func (e *Estate) relaysTo(relay *Resource, want map[int32]bool, res int32) bool {
	for _, fw := range relay.public.forwards {
		to := e.forwardTarget(fw.target)
		if to == nil {
			continue
		}
		for _, j := range to.ifaces {
			if want[j] {
				return true
			}
		}
		if to.balancer > 0 && e.forwardsTo(&e.balancers[to.balancer-1], want, res, 0) {
			return true
		}
	}
	return false
}

// throughRelay follows packets that a relay accepted from the internet to what
// stands behind it. Outcomes are in the client's view.
func (p *probe) throughRelay(relay *Resource, f flight) []outcome {
	w := p.walk()
	defer p.keep(w)
	f.space = f.space.Restrict(cube{Src: relay.public.sources, Svc: relay.public.listens})
	if f.space.Empty() {
		return nil
	}
	f = w.mark(f, step{element: relay.ID, kind: relay.Kind.String(), rule: relay.public.rule, decision: "accept", support: []evidence{relay.public.from}})
	var out []outcome
	for k := range relay.public.forwards {
		fw := &relay.public.forwards[k]
		to := p.e.forwardTarget(fw.target)
		g := f
		g.space = f.space.Restrict(cube{Svc: fw.on})
		if to == nil || to.index == relay.index || to.down != "" || g.space.Empty() {
			continue
		}
		for _, j := range to.ifaces {
			for _, o := range p.relayed(relay, fw, j, g) {
				if to.balancer == 0 {
					o.space = asClient(g.space, o.space, fw)
					out = append(out, o)
					continue
				}
				for _, x := range p.throughBalancer(&p.e.balancers[to.balancer-1], j, o.flight) {
					x.space = asClient(g.space, x.space, fw)
					out = append(out, x)
				}
			}
		}
	}
	return out
}

// asClient returns the client's packets whose relayed form is in got: all of
// them where the relay opens connections of its own.
func asClient(asked, got space, fw *forward) space {
	if fw.hides {
		return asked
	}
	var out space
	for _, c := range got {
		part := cube{Src: c.Src, Svc: c.Svc}
		if fw.to != nil {
			part.Svc = nil // the port became another
		}
		out = append(out, asked.Restrict(part)...)
	}
	return out.Merge()
}

// relayed brings packets of a relay to one interface.
func (p *probe) relayed(relay *Resource, fw *forward, j int32, f flight) []outcome {
	y := &p.e.interfaces[j]
	if y.subnet == none {
		return nil
	}
	w := p.walk()
	defer p.keep(w)
	g := f
	g.from, g.crossed, g.hops = none, noReferences, 0
	to := f.space.Services()
	if fw.to != nil {
		to = fw.to
	}
	if !fw.hides {
		g.space = nil
		for _, c := range f.space {
			svc := c.Svc
			if fw.to != nil {
				svc = to
			}
			g.space = append(g.space, product(c.Src, y.private, svc))
		}
		return p.fromEdge(w, j, g)
	}
	if relay.Kind == graph.KindDistribution && !y.hasPublic4() {
		// A VPC origin: CloudFront's interfaces stand in the origin's VPC.
		if w.blocked(y.subnet, fromOutside, f) {
			return nil
		}
		g.space = packets(p.e.vpcs[y.vpc].cidrs, y.private, to)
		return []outcome{{onInterface, j, g.assuming("the groups of " + y.name + " let CloudFront's interfaces in")}}
	}
	var out []outcome
	for _, m := range append(slices.Clone(y.public), publicMapping{public: unknownPublic}) {
		if m.public == unknownPublic && !y.publicGuess {
			continue
		}
		g.space = packets(p.e.edgeAddresses(relay), headerspace.One(m.public), to)
		for _, o := range p.fromOutside(j, m.public, g, nil) {
			if relay.Kind != graph.KindDistribution && ClassOf(o.space.Sources()) != ClassInternet {
				o.flight = o.maybe("addresses of " + relay.ID + ", which hides its clients, were not read")
			}
			out = append(out, o)
		}
	}
	return out
}

// edgeAddresses returns the addresses that a relay which hides its clients
// comes from: CloudFront's prefix list, else all of the internet's, and one that
// stands for the list where its entries were not read.
func (e *Estate) edgeAddresses(relay *Resource) addrs {
	if relay.Kind != graph.KindDistribution {
		return public4
	}
	for _, l := range e.prefixLists {
		switch {
		case l.name != originFacing:
		case l.unread:
			return public4.Union(headerspace.One(unreadCloudFront))
		default:
			return l.addrs
		}
	}
	return public4
}

// unreadCloudFront stands for CloudFront's own addresses where the entries of
// their list were not read; no host has it.
var unreadCloudFront = headerspace.IPv4(1)

// fromEdge brings packets in by an accelerator's interface, which needs an
// internet gateway on the VPC but no route to it; replies go back the way they
// came
// (https://docs.aws.amazon.com/global-accelerator/latest/dg/secure-vpc-connections.html).
func (p *probe) fromEdge(w *walk, j int32, f flight) []outcome {
	y := &p.e.interfaces[j]
	v := &p.e.vpcs[y.vpc]
	if w.blocked(y.subnet, fromOutside, f) {
		return nil
	}
	if v.igw == none && !p.e.absent("DescribeInternetGateways", v.account, v.region) {
		w.stop(f, step{element: v.id, kind: "VPC", rule: "no internet gateway", decision: "deny"}, "an accelerator reaches only VPCs with an internet gateway")
		return nil
	}
	w.local(y.vpc, none, f)
	arrived := w.arrivals
	var out []outcome
	for _, a := range arrived {
		if a.kind != atSubnet || a.index != y.subnet {
			continue
		}
		for _, f := range w.groupsIn(j, a.flight) {
			back := func(b *walk, f flight) {
				for _, g := range b.acl(y.subnet, false, f) {
					b.arrive(atInternet, none, g)
				}
			}
			for _, f := range p.answered(w, f, back, func(a *arrival) bool { return a.kind == atInternet }) {
				out = append(out, outcome{onInterface, j, f})
			}
		}
	}
	return out
}
