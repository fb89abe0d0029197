package reach

import (
	"cmp"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/analysis/reach/headerspace"
	"github.com/cairn-security/cairn/graph"
)

// addAccelerator: an enabled accelerator answers on its listeners' ports and
// sends each listener's traffic to the endpoints of its groups
// (https://docs.aws.amazon.com/global-accelerator/latest/dg/introduction-components.html).
func (b *Builder) addAccelerator(it item, d *acceleratorDoc) {
	r := Resource{origin: it.origin, ID: cmp.Or(it.id, d.AcceleratorArn), Name: d.Name, Kind: it.kind, Account: it.account, Region: it.region}
	p := &publicEndpoint{sources: publicSpace, rule: "enabled", from: it.origin.at("/Enabled"), auth: "none"}
	list := d.Listeners
	b.decodeProp(it, graph.PropListeners, &list)
	var groups []endpointGroupDoc
	b.decodeProp(it, graph.PropAssociations, &groups)
	for _, l := range list {
		var on services
		for _, ports := range l.PortRanges {
			proto := uint8(headerspace.TCP)
			if l.Protocol == "UDP" {
				proto = headerspace.UDP
			}
			set, err := portServices(proto, ports.FromPort, ports.ToPort)
			if err != nil {
				b.problem("accelerator %s: %v", d.Name, err)
				continue
			}
			on = on.Union(set)
		}
		p.listens = p.listens.Union(on)
		for _, g := range slices.Concat(l.EndpointGroups, groups) {
			if l.ListenerArn == "" || g.EndpointGroupArn == "" || strings.HasPrefix(g.EndpointGroupArn, l.ListenerArn+"/") {
				p.forwards = append(p.forwards, g.forwards(on)...)
			}
		}
	}
	if list == nil {
		p.unread = b.est.unread("listeners of", d.Name, "ListListeners", it.account, it.region)
		p.listens = headerspace.AnyService
	}
	if d.Enabled == nil || *d.Enabled {
		r.public, r.listens = p, p.listens
	} else {
		r.notPublic, r.notPublicFrom = "it is disabled", it.origin.at("/Enabled")
	}
	b.resource(r, d.Name)
}

// forwards are the endpoints of a group. One with weight 0 or a traffic dial of
// 0 gets nothing; a port override changes the port asked for. Clients are seen
// by instances and load balancers unless told otherwise, never through an
// Elastic IP address
// (https://docs.aws.amazon.com/global-accelerator/latest/dg/preserve-client-ip-address.html).
func (g *endpointGroupDoc) forwards(on services) []forward {
	if g.TrafficDialPercentage != nil && *g.TrafficDialPercentage == 0 {
		return nil
	}
	var out []forward
	for _, x := range g.EndpointDescriptions {
		if x.Weight != nil && *x.Weight == 0 {
			continue
		}
		hides := strings.HasPrefix(x.EndpointId, "eipalloc-") || x.ClientIPPreservationEnabled != nil && !*x.ClientIPPreservationEnabled
		rest := on
		for _, o := range g.PortOverrides {
			from, to := tcp(o.ListenerPort).Union(udp(o.ListenerPort)).Intersect(on), tcp(o.EndpointPort).Union(udp(o.EndpointPort))
			if !from.Empty() {
				out = append(out, forward{target: x.EndpointId, on: from, to: to, hides: hides})
				rest = rest.Minus(from)
			}
		}
		if !rest.Empty() {
			out = append(out, forward{target: x.EndpointId, on: rest, hides: hides})
		}
	}
	return out
}

func udp(port int) services {
	if port < 1 || port > 65535 {
		return nil
	}
	return headerspace.Ports(headerspace.UDP, uint16(port), uint16(port))
}
