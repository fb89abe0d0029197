package reach

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/analysis/reach/headerspace"
	"github.com/cairn-security/cairn/graph"
)

// addGroups makes groups known, so that rules can refer to them; their rules
// are compiled when members are known.
func (b *Builder) addGroups() []securityGroupDoc {
	e := b.est
	var docs []securityGroupDoc
	for _, x := range decodeAll[securityGroupDoc](b, graph.KindSecurityGroup) {
		i := int32(len(e.groups))
		g := group{origin: x.item.origin, name: x.doc.GroupName, account: cmp.Or(x.doc.OwnerId, x.item.account), region: x.item.region}
		if !b.register(&g.origin, x.doc.GroupId, isGroup, i) {
			continue
		}
		g.vpc = b.vpcOf(x.doc.VpcId, g.account, g.region)
		e.groups = append(e.groups, g)
		docs = append(docs, x.doc)
	}
	return docs
}

func (b *Builder) compileGroups(docs []securityGroupDoc) {
	e := b.est
	sets := make([][]headerspace.AddrRange, len(e.groups))
	for i := range e.interfaces {
		x := &e.interfaces[i]
		for _, g := range e.groupSets[x.groupSet].groups {
			e.groups[g].members = append(e.groups[g].members, int32(i))
			sets[g] = append(sets[g], x.private...)
		}
	}
	for i := range docs {
		g := &e.groups[i]
		g.memberAddrs = headerspace.NewSet(sets[i]...)
		g.in = b.compilePermissions(g, docs[i].IpPermissions, "IpPermissions")
		g.out = b.compilePermissions(g, docs[i].IpPermissionsEgress, "IpPermissionsEgress")
	}
}

// groupSet interns a set of group ids.
func (b *Builder) groupSet(ids []string) int32 {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	key := strings.Join(ids, "\x00")
	if i, ok := b.seen[key]; ok {
		return int32(i)
	}
	var s groupSet
	for _, id := range ids {
		if g := b.est.lookup(isGroup, id); g != none {
			s.groups = append(s.groups, g)
		} else {
			s.missing = append(s.missing, id)
		}
	}
	slices.Sort(s.groups)
	b.seen[key] = len(b.est.groupSets)
	b.est.groupSets = append(b.est.groupSets, s)
	return int32(len(b.est.groupSets) - 1)
}

func (b *Builder) addACLs() {
	e := b.est
	docs := decodeAll[networkACLDoc](b, graph.KindNetworkACL)
	b.placeGaps()
	for _, x := range docs {
		i := int32(len(e.acls))
		acl := networkACL{origin: x.item.origin}
		if !b.register(&acl.origin, x.doc.NetworkAclId, isACL, i) {
			continue
		}
		acl.vpc = b.vpcOf(x.doc.VpcId, x.item.account, x.item.region)
		b.compileACL(&acl, &x.doc)
		e.acls = append(e.acls, acl)
		if x.doc.IsDefault && acl.vpc != none {
			e.vpcs[acl.vpc].defaultACL = i
		}
		for _, a := range x.doc.Associations {
			if s := e.lookup(isSubnet, a.SubnetId); s != none {
				if e.subnets[s].acl != none {
					b.problem("subnet %s is associated with two network ACLs, %s counts", a.SubnetId, e.acls[e.subnets[s].acl].id)
					continue
				}
				e.subnets[s].acl = i
			}
		}
	}
	// A subnet without an association of its own has the default list.
	whole := e.whole("DescribeNetworkAcls")
	for i := range e.subnets {
		if s := &e.subnets[i]; s.acl == none && whole(s.vpc) {
			s.acl = e.vpcs[s.vpc].defaultACL
		}
	}
}

func (b *Builder) addTables() {
	e := b.est
	docs := decodeAll[routeTableDoc](b, graph.KindRouteTable)
	b.placeGaps()
	kept := docs[:0]
	for _, x := range docs {
		i := int32(len(e.tables))
		t := routeTable{origin: x.item.origin}
		if !b.register(&t.origin, x.doc.RouteTableId, isTable, i) {
			continue
		}
		t.vpc = b.vpcOf(x.doc.VpcId, x.item.account, x.item.region)
		e.tables = append(e.tables, t)
		kept = append(kept, x)
		for _, a := range x.doc.Associations {
			if a.AssociationState.State != "" && a.AssociationState.State != "associated" {
				continue
			}
			b.associate(i, t.vpc, a.Main, a.SubnetId, a.GatewayId)
		}
	}
	for i, x := range kept {
		b.compileRoutes(&e.tables[i], &x.doc, x.item.account, x.item.region)
	}
	whole := e.whole("DescribeRouteTables")
	for i := range e.subnets {
		if s := &e.subnets[i]; s.table == none && whole(s.vpc) {
			s.table = e.vpcs[s.vpc].mainTable
		}
	}
	b.addRemotes(kept)
}

func (b *Builder) associate(table, v int32, main bool, subnet, gateway string) {
	e := b.est
	switch {
	case main && v != none:
		e.vpcs[v].mainTable = table
	case subnet != "":
		s := e.lookup(isSubnet, subnet)
		switch {
		case s == none:
			b.problem("route table %s is associated with %s, which was not read", e.tables[table].id, subnet)
		case e.subnets[s].table != none:
			b.problem("subnet %s is associated with two route tables, %s counts", subnet, e.tables[e.subnets[s].table].id)
		default:
			e.subnets[s].table = table
		}
	case gateway != "":
		if g := e.lookup(isGateway, gateway); g != none {
			e.gateways[g].edgeTable = table
		}
	}
}

// addRemotes collects what is known behind VPN gateways and attachments:
// static routes of VPN connections and what gateways propagate into tables.
func (b *Builder) addRemotes(tables []decoded[routeTableDoc]) {
	e := b.est
	add := func(g *gateway, text string) {
		if set, err := headerspace.ParsePrefix(text); err == nil {
			g.remote = g.remote.Union(set)
		}
	}
	for _, x := range tables {
		for _, r := range x.doc.Routes {
			if r.Origin == "EnableVgwRoutePropagation" && r.State != "blackhole" {
				if i := e.lookup(isGateway, r.GatewayId); i != none {
					add(&e.gateways[i], cmp.Or(r.DestinationCidrBlock, r.DestinationIpv6CidrBlock))
				}
			}
		}
	}
	for _, it := range b.items[graph.KindVPNConnection] {
		var d vpnConnectionDoc
		if !b.decode(it, &d) || strings.HasPrefix(d.State, "delet") {
			continue
		}
		b.est.byID[d.VpnConnectionId] = entity{isVPN, 0}
		var static addrs
		for _, r := range d.Routes {
			set, err := headerspace.ParsePrefix(r.DestinationCidrBlock)
			if err != nil {
				b.problem("VPN connection %s: %v", d.VpnConnectionId, err)
				continue
			}
			static = static.Union(set)
		}
		why := ""
		if !d.Options.StaticRoutesOnly {
			why = fmt.Sprintf("routes that %s learns by BGP were not read", d.VpnConnectionId)
		}
		if i := e.lookup(isGateway, d.VpnGatewayId); i != none {
			g := &e.gateways[i]
			g.remote = g.remote.Union(static)
			g.remoteUnread = cmp.Or(g.remoteUnread, why)
		}
		for i := range e.attachments {
			if a := &e.attachments[i]; a.kind == vpnAttachment && a.resource == d.VpnConnectionId {
				a.remote, a.remoteWhy = a.remote.Union(static), why
			}
		}
	}
	for i := range e.gateways {
		e.onprem = e.onprem.Union(e.gateways[i].remote)
	}
	for i := range e.attachments {
		e.onprem = e.onprem.Union(e.attachments[i].remote)
	}
}
