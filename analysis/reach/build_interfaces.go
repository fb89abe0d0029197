package reach

import (
	"cmp"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/analysis/reach/headerspace"
	"github.com/cairn-security/cairn/graph"
)

func (b *Builder) addInterfaces() {
	docs := decodeAll[interfaceDoc](b, graph.KindInterface)
	b.est.interfaces = make([]iface, 0, len(docs)+len(docs)/8)
	for i := range docs {
		x := &docs[i]
		b.addInterface(x.item, &x.doc, x.item.origin, false)
	}
	for _, it := range b.items[graph.KindAddress] {
		var d addressDoc
		if !b.decode(it, &d) || d.NetworkInterfaceId == "" || d.PublicIp == "" {
			continue
		}
		if i := b.est.lookup(isInterface, d.NetworkInterfaceId); i != none {
			b.mapPublic(&b.est.interfaces[i], d.PrivateIpAddress, d.PublicIp)
		}
	}
}

// addInterface adds a described interface and returns its index. Inside an
// instance's description (nested) the same id with another address is a second
// interface: dumps with made-up ids must not lose one.
func (b *Builder) addInterface(it *item, d *interfaceDoc, o origin, nested bool) int32 {
	e := b.est
	if i := e.lookup(isInterface, d.NetworkInterfaceId); i != none {
		a, err := headerspace.ParseAddr(d.PrivateIpAddress)
		if !nested || err != nil || e.interfaces[i].private.Contains(a) {
			return i
		}
		b.problem("interface %s is described with two addresses, both are kept", d.NetworkInterfaceId)
	}
	i := int32(len(e.interfaces))
	x := iface{origin: o, name: d.NetworkInterfaceId, account: it.account, subnet: e.lookup(isSubnet, d.SubnetId), resource: none,
		kind: interfaceKind(d), forwards: d.SourceDestCheck != nil && !*d.SourceDestCheck}
	if x.name == "" {
		b.problem("an interface without an id (%s) was left out", o.id)
		return none
	}
	if x.subnet != none {
		x.vpc = e.subnets[x.subnet].vpc
	} else {
		x.vpc = b.vpcOf(d.VpcId, it.account, it.region)
		if d.SubnetId != "" {
			b.problem("interface %s is in subnet %s, which was not read", x.name, d.SubnetId)
		}
	}
	ids := make([]string, 0, len(d.Groups))
	for _, g := range d.Groups {
		ids = append(ids, g.GroupId)
	}
	x.groupSet = b.groupSet(ids)
	b.addAddresses(&x, d)
	if len(ids) == 0 && x.kind == plainInterface {
		x.unread = "groups of interface " + x.name + " are not listed"
	}
	e.interfaces = append(e.interfaces, x)
	if _, ok := e.byID[x.name]; !ok {
		e.byID[x.name] = entity{isInterface, i}
		if o.id != "" && !nested {
			if _, ok := e.byID[o.id]; !ok {
				e.byID[o.id] = entity{isInterface, i}
			}
		}
	}
	b.index(i)
	if d.Attachment != nil && d.Attachment.InstanceId != "" {
		b.attached[d.Attachment.InstanceId] = append(b.attached[d.Attachment.InstanceId], i)
	}
	if d.Description != "" && d.Description != "Primary network interface" && !nested {
		b.descriptions[d.Description] = append(b.descriptions[d.Description], i)
	}
	return i
}

// interfaceKind tells interfaces that do not behave like a host's. Descriptions
// are those that AWS writes on requester-managed interfaces.
func interfaceKind(d *interfaceDoc) ifaceKind {
	switch d.InterfaceType {
	case "nat_gateway", "natGateway":
		return natInterface
	case "transit_gateway":
		return transitInterface
	case "network_load_balancer", "load_balancer", "gateway_load_balancer":
		return balancerInterface
	case "gateway_load_balancer_endpoint":
		return gatewayBalancerEndpoint
	case "vpc_endpoint":
		return endpointInterface
	case "lambda":
		return lambdaInterface
	}
	switch {
	case strings.HasPrefix(d.Description, "ELB "):
		return balancerInterface
	case strings.HasPrefix(d.Description, "Interface for NAT Gateway"):
		return natInterface
	case strings.HasPrefix(d.Description, "VPC Endpoint Interface"):
		return endpointInterface
	case strings.HasPrefix(d.Description, "AWS Lambda VPC ENI"):
		return lambdaInterface
	}
	return plainInterface
}

func (b *Builder) addAddresses(x *iface, d *interfaceDoc) {
	var all []headerspace.AddrRange
	add := func(text string) {
		a, err := headerspace.ParseAddr(text)
		if err != nil {
			b.problem("interface %s: %v", x.name, err)
			return
		}
		all = append(all, headerspace.AddrRange{First: a, Last: a})
	}
	if d.PrivateIpAddress != "" {
		add(d.PrivateIpAddress)
	}
	for _, p := range d.PrivateIpAddresses {
		if p.PrivateIpAddress != d.PrivateIpAddress {
			add(p.PrivateIpAddress)
		}
	}
	for _, p := range d.Ipv6Addresses {
		add(p.Ipv6Address)
	}
	x.private = all
	if len(all) > 1 {
		x.private = headerspace.NewSet(all...)
	}
	if d.Association != nil && d.Association.PublicIp != "" {
		b.mapPublic(x, d.PrivateIpAddress, d.Association.PublicIp)
	}
	for _, p := range d.PrivateIpAddresses {
		if p.Association != nil && p.Association.PublicIp != "" {
			b.mapPublic(x, p.PrivateIpAddress, p.Association.PublicIp)
		}
	}
}

// mapPublic adds a one-to-one mapping; an empty private address means the
// first one.
func (b *Builder) mapPublic(x *iface, private, public string) {
	pub, err := headerspace.ParseAddr(public)
	if err != nil {
		b.problem("interface %s: public %v", x.name, err)
		return
	}
	m := publicMapping{public: pub}
	if private != "" {
		if m.private, err = headerspace.ParseAddr(private); err != nil {
			b.problem("interface %s: %v", x.name, err)
			return
		}
	} else if len(x.private) > 0 {
		m.private = x.private[0].First
	} else {
		return
	}
	if !x.private.Contains(m.private) {
		x.private = x.private.Union(headerspace.One(m.private))
	}
	if !slices.Contains(x.public, m) {
		x.public = append(x.public, m)
	}
	if i, ok := b.est.byID[x.name]; ok && i.kind == isInterface {
		b.est.byPublic[pub] = i.index
	}
}

// index makes the addresses of an interface findable and notes those outside
// the blocks of its subnet, which then count as part of it.
func (b *Builder) index(i int32) {
	e := b.est
	x := &e.interfaces[i]
	for _, m := range x.public {
		if j, ok := e.byPublic[m.public]; ok && j != i && e.interfaces[j].name != x.name {
			b.problem("public address %s belongs to both %s and %s", m.public, e.interfaces[j].name, x.name)
			continue
		}
		e.byPublic[m.public] = i
	}
	if x.anyAddress {
		return
	}
	for _, r := range x.private {
		if !r.First.Is4() {
			e.byPublic[r.First] = i
		}
		key := privateKey{x.vpc, r.First}
		if j, ok := e.byPrivate[key]; ok && e.interfaces[j].name != x.name {
			b.problem("address %s in one VPC belongs to both %s and %s", r.First, e.interfaces[j].name, x.name)
		} else if !ok {
			e.byPrivate[key] = i
		}
	}
	if x.subnet == none {
		return
	}
	if s := &e.subnets[x.subnet]; !s.addrs.Covers(x.private) {
		b.problem("interface %s: an address lies outside the blocks of its subnet %s", x.name, s.id)
		s.addrs = s.addrs.Union(x.private)
		e.vpcs[x.vpc].cidrs = e.vpcs[x.vpc].cidrs.Union(x.private)
	}
}

// standIn adds an interface that a service must have but nothing described:
// somewhere in a subnet, or at given addresses.
func (b *Builder) standIn(o origin, name, account string, subnet int32, groups []string, private addrs, kind ifaceKind) int32 {
	e := b.est
	i := int32(len(e.interfaces))
	x := iface{origin: o, name: name, account: account, subnet: subnet, kind: kind, virtual: true, resource: none, private: private, groupSet: b.groupSet(groups)}
	if private.Empty() {
		x.anyAddress, x.private = true, e.subnets[subnet].addrs
	}
	x.vpc = e.subnets[subnet].vpc
	if len(groups) == 0 && kind == plainInterface {
		x.unread = "groups of " + name + " are not listed"
	}
	e.interfaces = append(e.interfaces, x)
	b.index(i)
	return i
}

func (b *Builder) addNATs() {
	e := b.est
	for _, it := range b.items[graph.KindNATGateway] {
		var d natDoc
		if !b.decode(it, &d) {
			continue
		}
		i := int32(len(e.nats))
		n := natGateway{origin: it.origin, private: d.ConnectivityType == "private", state: d.State, iface: none}
		if !b.register(&n.origin, d.NatGatewayId, isNAT, i) {
			continue
		}
		sub := e.lookup(isSubnet, d.SubnetId)
		for _, a := range d.NatGatewayAddresses {
			k := e.lookup(isInterface, a.NetworkInterfaceId)
			if k == none && sub != none {
				if p, err := headerspace.ParseAddr(a.PrivateIp); err == nil {
					k = b.standIn(n.origin, cmp.Or(a.NetworkInterfaceId, n.id), it.account, sub, nil, headerspace.One(p), natInterface)
				}
			}
			if k == none {
				continue
			}
			x := &e.interfaces[k]
			x.kind, x.unread = natInterface, ""
			if a.PublicIp != "" && !n.private {
				b.mapPublic(x, a.PrivateIp, a.PublicIp)
				for _, m := range x.public {
					e.byPublic[m.public] = k
				}
			}
			if n.iface == none {
				n.iface = k
			}
		}
		e.nats = append(e.nats, n)
		r := Resource{ID: n.id, Kind: graph.KindNATGateway, origin: n.origin, Account: it.account, Region: it.region, egressOnly: true}
		if n.iface != none {
			r.ifaces = []int32{n.iface}
		}
		b.resource(r, d.NatGatewayId)
	}
}
