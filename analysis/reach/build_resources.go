package reach

import (
	"cmp"
	"strings"

	"github.com/cairn-security/cairn/analysis/reach/headerspace"
	"github.com/cairn-security/cairn/graph"
)

func (b *Builder) addResources() {
	b.addInstances()
	b.addTasks()
	b.addContainerServices()
	b.addFunctions()
	b.addEndpointResources()
	b.addBalancers()
	b.addDatabases()
	b.addManaged()
	b.addEdges()
}

func (b *Builder) addInstances() {
	e := b.est
	for _, x := range decodeAll[instanceDoc](b, graph.KindInstance) {
		d := &x.doc
		r := Resource{origin: x.item.origin, ID: cmp.Or(x.item.id, d.InstanceId), Kind: graph.KindInstance, Account: x.item.account, Region: x.item.region, Name: nameTag(d.Tags)}
		if s := d.State.Name; s != "" && s != "running" && s != "pending" {
			r.down = s
		}
		for k := range d.NetworkInterfaces {
			n := &d.NetworkInterfaces[k]
			if n.NetworkInterfaceId == "" {
				continue
			}
			if n.SourceDestCheck == nil {
				n.SourceDestCheck = d.SourceDestCheck
			}
			if i := b.addInterface(x.item, n, x.item.origin, true); i != none && !containsInterface(r.ifaces, i) {
				r.ifaces = append(r.ifaces, i)
			}
		}
		for _, i := range b.attached[d.InstanceId] {
			if !containsInterface(r.ifaces, i) {
				r.ifaces = append(r.ifaces, i)
			}
		}
		// A list without interfaces still says address, subnet and groups.
		if sub := e.lookup(isSubnet, d.SubnetId); len(r.ifaces) == 0 && sub != none && d.PrivateIpAddress != "" {
			if p, err := headerspace.ParseAddr(d.PrivateIpAddress); err == nil {
				var ids []string
				for _, g := range d.SecurityGroups {
					ids = append(ids, g.GroupId)
				}
				i := b.standIn(x.item.origin, d.InstanceId, x.item.account, sub, ids, headerspace.One(p), plainInterface)
				if d.PublicIpAddress != "" {
					b.mapPublic(&e.interfaces[i], d.PrivateIpAddress, d.PublicIpAddress)
					b.index(i)
				}
				r.ifaces = append(r.ifaces, i)
			}
		}
		b.resource(r, d.InstanceId)
		if _, ok := e.byID[d.InstanceId]; !ok && len(r.ifaces) > 0 {
			e.byID[d.InstanceId] = entity{isInterface, r.ifaces[0]}
		}
	}
}

func nameTag(tags []tagDoc) string {
	for _, t := range tags {
		if t.Key == "Name" {
			return t.Value
		}
	}
	return ""
}

// addFunctions gives functions in a VPC their way out; nothing can connect to
// them over it (https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html).
func (b *Builder) addFunctions() {
	for _, it := range b.items[graph.KindFunction] {
		var d functionDoc
		if !b.decode(it, &d) {
			continue
		}
		r := Resource{origin: it.origin, ID: cmp.Or(it.id, d.FunctionArn), Name: d.FunctionName, Kind: graph.KindFunction, Account: it.account, Region: it.region, egressOnly: true}
		if d.VpcConfig != nil {
			r.ifaces = b.standIns(it, r.ID, d.VpcConfig.SubnetIds, d.VpcConfig.SecurityGroupIds, lambdaInterface)
		}
		b.resource(r, d.FunctionName)
		if raw := it.props[graph.PropURL]; len(raw) > 0 {
			var u functionURLDoc
			if b.decodeProp(it, graph.PropURL, &u) && u.FunctionUrl != "" {
				b.addFunctionURL(it, &u, r.ID, raw)
			}
		}
	}
	for _, it := range b.items[graph.KindFunctionURL] {
		var u functionURLDoc
		if b.decode(it, &u) && u.FunctionUrl != "" {
			b.addFunctionURL(it, &u, cmp.Or(it.id, u.FunctionUrl), it.raw)
		}
	}
}

// standIns places an interface in every given subnet that was read.
func (b *Builder) standIns(it item, name string, subnets, groups []string, kind ifaceKind) []int32 {
	var out []int32
	for _, id := range subnets {
		if s := b.est.lookup(isSubnet, id); s != none {
			out = append(out, b.standIn(it.origin, name, it.account, s, groups, nil, kind))
		} else {
			b.problem("%s is in subnet %s, which was not read", name, id)
			if b.unplaced == nil {
				b.unplaced = map[string][]string{}
			}
			b.unplaced[it.origin.id] = append(b.unplaced[it.origin.id], b.est.unread("subnet", id, "DescribeSubnets", it.account, it.region))
		}
	}
	return out
}

func (b *Builder) addEndpointResources() {
	e := b.est
	for _, it := range b.items[graph.KindVPCEndpoint] {
		var d vpcEndpointDoc
		if !b.decode(it, &d) {
			continue
		}
		i := e.lookup(isEndpoint, d.VpcEndpointId)
		if i == none || e.endpoints[i].raw == nil {
			continue
		}
		ep := &e.endpoints[i]
		r := Resource{origin: it.origin, ID: cmp.Or(it.id, d.VpcEndpointId), Kind: graph.KindVPCEndpoint, Account: it.account, Region: it.region, Name: ep.service}
		if !ep.available() {
			r.down = ep.state
		}
		if ep.kind == "Interface" {
			if len(ep.ifaces) == 0 {
				ep.ifaces = b.described(d.NetworkInterfaceIds)
				var groups []string
				for _, g := range d.Groups {
					groups = append(groups, g.GroupId)
				}
				for _, i := range ep.ifaces {
					// Groups of an endpoint are set on the endpoint.
					if e.interfaces[i].kind = endpointInterface; len(groups) > 0 {
						e.interfaces[i].groupSet = b.groupSet(groups)
					}
				}
				if len(ep.ifaces) == 0 {
					ep.ifaces = b.standIns(it, r.ID, d.SubnetIds, groups, endpointInterface)
				}
			}
			r.ifaces = ep.ifaces
		} else {
			r.endpoint = i + 1
		}
		b.resource(r, d.VpcEndpointId, ep.service, ep.service[strings.LastIndexByte(ep.service, '.')+1:])
	}
}

// described returns the interfaces among ids that were read.
func (b *Builder) described(ids []string) []int32 {
	var out []int32
	for _, id := range ids {
		if i := b.est.lookup(isInterface, id); i != none {
			out = append(out, i)
		}
	}
	return out
}
