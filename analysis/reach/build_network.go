package reach

import (
	"cmp"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/analysis/reach/headerspace"
	"github.com/cairn-security/cairn/graph"
)

func (b *Builder) addVPCs() {
	for _, it := range b.items[graph.KindVPC] {
		var d vpcDoc
		if !b.decode(it, &d) {
			continue
		}
		i := int32(len(b.est.vpcs))
		v := vpc{origin: it.origin, account: cmp.Or(d.OwnerId, it.account), region: it.region, igw: none, eigw: none, vgw: none,
			mainTable: none, defaultACL: none, described: true, peeringsTo: map[int32]bool{}}
		v.cidrs = b.blocks("VPC "+d.VpcId, d.CidrBlock, append(d.CidrBlockAssociationSet, d.Ipv6CidrBlockAssociationSet...))
		v.block, v.blockFrom = blockState(&v.origin, d.BlockPublicAccessStates.InternetGatewayBlockMode)
		if b.register(&v.origin, d.VpcId, isVPC, i) {
			b.est.vpcs = append(b.est.vpcs, v)
		}
	}
}

// blocks unites the associated address blocks of a VPC or subnet.
func (b *Builder) blocks(what, first string, list []cidrAssociationDoc) addrs {
	var all []headerspace.AddrRange
	add := func(text string) {
		if text == "" {
			return
		}
		set, err := headerspace.ParsePrefix(text)
		if err != nil {
			b.problem("%s: %v", what, err)
			return
		}
		all = append(all, set...)
	}
	add(first)
	for _, a := range list {
		state := cmp.Or(a.CidrBlockState.State, a.Ipv6CidrBlockState.State)
		if state == "" || state == "associated" || state == "associating" {
			add(a.CidrBlock)
			add(a.Ipv6CidrBlock)
		}
	}
	return headerspace.NewSet(all...)
}

func blockState(o *origin, mode string) (blockMode, evidence) {
	from := o.at("/BlockPublicAccessStates")
	switch mode {
	case "block-bidirectional":
		return blockBidirectional, from
	case "block-ingress":
		return blockIngress, from
	case "off":
		return blockOff, from
	}
	return blockOff, evidence{}
}

func (b *Builder) addSubnets() {
	for _, it := range b.items[graph.KindSubnet] {
		var d subnetDoc
		if !b.decode(it, &d) {
			continue
		}
		i := int32(len(b.est.subnets))
		s := subnet{origin: it.origin, account: cmp.Or(d.OwnerId, it.account), region: it.region, zone: zone{cmp.Or(d.AvailabilityZone, d.AvailabilityZoneId), d.AvailabilityZoneId},
			table: none, acl: none, described: true}
		s.addrs = b.blocks("subnet "+d.SubnetId, d.CidrBlock, d.Ipv6CidrBlockAssociationSet)
		s.block, s.blockFrom = blockState(&s.origin, d.BlockPublicAccessStates.InternetGatewayBlockMode)
		if d.VpcId == "" {
			b.problem("subnet %s names no VPC and was left out", d.SubnetId)
			continue
		}
		if !b.register(&s.origin, d.SubnetId, isSubnet, i) {
			continue
		}
		s.vpc = b.vpcOf(d.VpcId, s.account, s.region)
		if s.vpc == none {
			b.problem("subnet %s: %s is no VPC", d.SubnetId, d.VpcId)
			delete(b.est.byID, d.SubnetId)
			continue
		}
		v := &b.est.vpcs[s.vpc]
		if v.described && !v.cidrs.Covers(s.addrs) {
			b.problem("subnet %s lies outside the blocks of %s", d.SubnetId, v.id)
		}
		for _, o := range v.subnets {
			if b.est.subnets[o].addrs.Overlaps(s.addrs) {
				b.problem("subnets %s and %s of %s overlap", b.est.subnets[o].id, d.SubnetId, v.id)
				break
			}
		}
		v.subnets = append(v.subnets, i)
		b.est.subnets = append(b.est.subnets, s)
	}
}

func (b *Builder) addGateways() {
	e := b.est
	add := func(kind graph.Kind, gk gatewayKind, set func(v *vpc, i int32)) {
		for _, it := range b.items[kind] {
			var d gatewayDoc
			if !b.decode(it, &d) {
				continue
			}
			i := int32(len(e.gateways))
			g := gateway{origin: it.origin, kind: gk, account: it.account, region: it.region, edgeTable: none}
			if !b.register(&g.origin, cmp.Or(d.InternetGatewayId, d.EgressOnlyInternetGatewayId, d.VpnGatewayId), isGateway, i) {
				continue
			}
			if gk == vpnGateway && (len(it.props[graph.PropAttributes]) > 0 || len(it.props[graph.PropAssociations]) > 0) {
				// Its virtual interfaces and Direct Connect gateways learn routes by BGP.
				g.remoteUnread = "routes that " + g.id + " learns over Direct Connect were not read"
			}
			for _, a := range append(d.Attachments, d.VpcAttachments...) {
				if a.State != "available" && a.State != "attached" && a.State != "" {
					continue
				}
				v := b.vpcOf(a.VpcId, it.account, it.region)
				if v == none {
					continue
				}
				g.vpcs = append(g.vpcs, v)
				set(&e.vpcs[v], i)
			}
			e.gateways = append(e.gateways, g)
		}
	}
	add(graph.KindInternetGateway, internetGateway, func(v *vpc, i int32) { v.igw = i })
	add(graph.KindEgressOnlyGateway, egressOnlyGateway, func(v *vpc, i int32) { v.eigw = i })
	add(graph.KindVPNGateway, vpnGateway, func(v *vpc, i int32) { v.vgw = i })
}

func (b *Builder) addPeerings() {
	e := b.est
	for _, it := range b.items[graph.KindPeering] {
		var d peeringDoc
		if !b.decode(it, &d) {
			continue
		}
		i := int32(len(e.peerings))
		p := peering{origin: it.origin, status: d.Status.Code}
		if !b.register(&p.origin, d.VpcPeeringConnectionId, isPeering, i) {
			continue
		}
		for k, s := range []*peerVPCDoc{&d.RequesterVpcInfo, &d.AccepterVpcInfo} {
			side := peerSide{vpcID: s.VpcId, account: s.OwnerId, region: s.Region, vpc: e.lookup(isVPC, s.VpcId)}
			if side.vpc != none && !e.vpcs[side.vpc].described {
				side.vpc = none
			}
			var list []cidrAssociationDoc
			for _, c := range s.CidrBlockSet {
				list = append(list, cidrAssociationDoc{CidrBlock: c.CidrBlock})
			}
			for _, c := range s.Ipv6CidrBlockSet {
				list = append(list, cidrAssociationDoc{Ipv6CidrBlock: c.Ipv6CidrBlock})
			}
			side.blocks = b.blocks("peering "+p.id, s.CidrBlock, list)
			p.sides[k] = side
		}
		p.sameplace = p.sides[0].region == p.sides[1].region
		if x, y := p.sides[0].vpc, p.sides[1].vpc; x != none && y != none && p.sameplace && p.status == "active" {
			e.vpcs[x].peeringsTo[y], e.vpcs[y].peeringsTo[x] = true, true
		}
		e.peerings = append(e.peerings, p)
	}
}

func (b *Builder) addEndpoints() {
	e := b.est
	for _, it := range b.items[graph.KindVPCEndpoint] {
		var d vpcEndpointDoc
		if !b.decode(it, &d) {
			continue
		}
		i := int32(len(e.endpoints))
		ep := vpcEndpoint{origin: it.origin, kind: cmp.Or(d.VpcEndpointType, "Gateway"), service: d.ServiceName, state: d.State, policy: restricts(it.props[graph.PropPolicy])}
		if !b.register(&ep.origin, d.VpcEndpointId, isEndpoint, i) {
			continue
		}
		ep.vpc = b.vpcOf(d.VpcId, it.account, it.region)
		for _, s := range d.SubnetIds {
			if k := e.lookup(isSubnet, s); k != none {
				ep.subnets = append(ep.subnets, k)
			}
		}
		e.endpoints = append(e.endpoints, ep)
	}
	for _, it := range b.items[graph.KindEndpointService] {
		var d endpointServiceDoc
		if !b.decode(it, &d) {
			continue
		}
		s := endpointService{origin: it.origin, name: d.ServiceName, balancers: append(d.NetworkLoadBalancerArns, d.GatewayLoadBalancerArns...)}
		if len(s.balancers) > 0 {
			e.services = append(e.services, s)
		}
	}
}

// addBlocks applies the account-wide mode of VPC block public access and its
// exclusions to VPCs and subnets whose own description does not carry the mode.
func (b *Builder) addBlocks() {
	e := b.est
	type exclusion struct {
		mode blockMode
		from evidence
	}
	exclusions := map[string]exclusion{}
	type wide struct {
		account, region string
		mode            blockMode
		from            evidence
	}
	var modes []wide
	for _, it := range b.items[graph.KindBlockPublicAccess] {
		var d blockPublicAccessDoc
		if !b.decode(it, &d) {
			continue
		}
		if d.VpcBlockPublicAccessOptions != nil {
			d.InternetGatewayBlockMode = d.VpcBlockPublicAccessOptions.InternetGatewayBlockMode
		}
		switch {
		case d.ResourceArn != "":
			if strings.HasPrefix(d.State, "delete") || strings.HasPrefix(d.State, "disable") {
				continue
			}
			x := exclusion{blockOff, it.origin.at("")}
			if d.InternetGatewayExclusionMode == "allow-egress" {
				x.mode = blockInbound
			}
			exclusions[d.ResourceArn[strings.LastIndexByte(d.ResourceArn, '/')+1:]] = x
		case d.InternetGatewayBlockMode != "":
			m, from := blockState(&it.origin, d.InternetGatewayBlockMode)
			from.pointer = "/InternetGatewayBlockMode"
			modes = append(modes, wide{it.account, it.region, m, from})
		}
	}
	for i := range e.vpcs {
		v := &e.vpcs[i]
		for _, m := range modes {
			if v.blockFrom.property == "" && m.account == v.account && m.region == v.region {
				v.block, v.blockFrom = m.mode, m.from
			}
		}
		if x, ok := exclusions[v.id]; ok && v.block != blockOff {
			v.block, v.blockFrom = x.mode, x.from
		}
	}
	for i := range e.subnets {
		s := &e.subnets[i]
		if x, ok := exclusions[s.id]; ok && e.vpcs[s.vpc].block != blockOff {
			s.block, s.blockFrom = x.mode, x.from
		}
	}
	slices.SortFunc(e.gaps, func(x, y graph.Gap) int { return cmp.Compare(x.ID, y.ID) })
}
