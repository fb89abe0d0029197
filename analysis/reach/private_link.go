package reach

import (
	"slices"

	"github.com/cairn-security/cairn/graph"
)

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
