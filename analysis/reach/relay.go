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
	for _, name := range relay.public.forwards {
		to := e.forwardTarget(name)
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
	f.space = f.space.Restrict(cube{Src: relay.public.sources, Svc: relay.public.listens})
	if f.space.Empty() {
		return nil
	}
	f = w.mark(f, step{element: relay.ID, kind: relay.Kind.String(), rule: relay.public.rule, decision: "accept", support: []evidence{relay.public.from}})
	var out []outcome
	for _, name := range relay.public.forwards {
		to := p.e.forwardTarget(name)
		if to == nil || to.index == relay.index || to.down != "" {
			continue
		}
		for _, j := range to.ifaces {
			for _, o := range p.relayed(relay, j, f) {
				if to.balancer == 0 {
					o.space = f.space
					out = append(out, o)
					continue
				}
				for _, x := range p.throughBalancer(&p.e.balancers[to.balancer-1], j, o.flight) {
					x.space = f.space
					out = append(out, x)
				}
			}
		}
	}
	return out
}

// relayed brings packets of a relay to one interface.
func (p *probe) relayed(relay *Resource, j int32, f flight) []outcome {
	y := &p.e.interfaces[j]
	if y.subnet == none {
		return nil
	}
	w := p.walk()
	defer p.keep(w)
	g := f
	g.from, g.crossed, g.hops = none, noReferences, 0
	if relay.Kind != graph.KindDistribution {
		g.space = f.space.Restrict(cube{})
		for k := range g.space {
			g.space[k].Dst = y.private
		}
		return p.fromEdge(w, j, g)
	}
	if !y.hasPublic4() {
		// A VPC origin: CloudFront's interfaces stand in the origin's VPC.
		g.space = packets(p.e.vpcs[y.vpc].cidrs, y.private, relay.public.listens)
		return []outcome{{onInterface, j, g.assuming("the groups of " + y.name + " let CloudFront's interfaces in")}}
	}
	var out []outcome
	for _, m := range append(slices.Clone(y.public), publicMapping{public: unknownPublic}) {
		if m.public == unknownPublic && !y.publicGuess {
			continue
		}
		g.space = packets(p.e.cloudFront(), headerspace.One(m.public), relay.public.listens)
		out = append(out, p.fromOutside(j, m.public, g, nil)...)
	}
	return out
}

// cloudFront returns CloudFront's own addresses, or all of the internet's
// where its prefix list was not read.
func (e *Estate) cloudFront() addrs {
	for _, l := range e.prefixLists {
		if l.name == originFacing && !l.unread {
			return l.addrs
		}
	}
	return public4
}

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
		w.stop(f, step{element: v.id, kind: "VPC", rule: "no internet gateway", decision: "deny"}, "an accelerator reaches only VPCs with an internet gateway", "attach an internet gateway")
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

// privateLink takes what arrived at an interface endpoint on to the load
// balancers of the service behind it, where that service is the estate's own.
// Targets see the load balancer, never the client; its groups apply to such
// traffic unless told otherwise
// (https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html).
func (p *probe) privateLink(endpoint int32, f flight) []outcome {
	ep := p.e.endpointOf(endpoint)
	if ep == nil || !ep.available() {
		return nil
	}
	w := p.walk()
	defer p.keep(w)
	var out []outcome
	for i := range p.e.services {
		s := &p.e.services[i]
		if s.name != ep.service {
			continue
		}
		for _, arn := range s.balancers {
			k := p.e.lookup(isBalancer, arn)
			if k == none {
				w.unknown(f, step{element: arn, kind: "load balancer"}, arn+" was not read")
				continue
			}
			lb := &p.e.balancers[k]
			at := w.mark(f, step{element: s.id, kind: "endpoint service", rule: s.name, decision: "forward", support: []evidence{s.at("")}})
			for _, node := range lb.nodes {
				in := []flight{at}
				if lb.enforce {
					in = w.groupsIn(node, at)
				}
				for _, g := range in {
					svc := g.space
					h := g
					h.space, h.from, h.crossed = packets(p.e.interfaces[node].private, p.e.interfaces[node].private, g.space.Services()), node, sameVPC
					for _, x := range p.throughBalancer(lb, node, h) {
						x.space = svc.Restrict(cube{Svc: x.space.Services()})
						out = append(out, x)
					}
				}
			}
		}
	}
	return out
}

// endpointOf returns the interface endpoint an interface belongs to.
func (e *Estate) endpointOf(i int32) *vpcEndpoint {
	if r := e.interfaces[i].resource; r == none || e.resources[r].Kind != graph.KindVPCEndpoint {
		return nil
	}
	for k := range e.endpoints {
		if slices.Contains(e.endpoints[k].ifaces, i) {
			return &e.endpoints[k]
		}
	}
	return nil
}
