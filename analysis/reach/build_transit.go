package reach

import (
	"cmp"
	"strings"

	"github.com/cairn-security/cairn/graph"
)

func (b *Builder) addTransitGateways() {
	e := b.est
	for _, it := range b.items[graph.KindTransitGateway] {
		var d transitGatewayDoc
		if !b.decode(it, &d) {
			continue
		}
		i := int32(len(e.transits))
		t := transitGateway{origin: it.origin, account: cmp.Or(d.OwnerId, it.account), region: it.region,
			groupRefs: d.Options.SecurityGroupReferencingSupport == "enable"}
		var policies []struct{ TransitGatewayPolicyTableId string }
		if b.decodeProp(it, graph.PropAssociations, &policies) && len(policies) > 0 {
			t.policyTable = policies[0].TransitGatewayPolicyTableId
		}
		if b.register(&t.origin, d.TransitGatewayId, isTransit, i) {
			e.transits = append(e.transits, t)
		}
	}
	for _, it := range b.items[graph.KindTransitRouteTable] {
		var d transitTableDoc
		if !b.decode(it, &d) {
			continue
		}
		i := int32(len(e.transitTabs))
		t := transitTable{origin: it.origin, transit: b.transitOf(d.TransitGatewayId, it.account, it.region), props: it.props}
		if b.register(&t.origin, d.TransitGatewayRouteTableId, isTransitTable, i) {
			e.transitTabs = append(e.transitTabs, t)
		}
	}
	for _, it := range b.items[graph.KindTransitAttachment] {
		var d transitAttachmentDoc
		if b.decode(it, &d) {
			b.addAttachment(&it, &d)
		}
	}
	for i := range e.attachments {
		b.mirror(int32(i))
	}
	b.addAssociations()
}

// transitOf returns a transit gateway, adding one that is only referred to:
// the gateway's owner may be another account.
func (b *Builder) transitOf(id, account, region string) int32 {
	if i := b.est.lookup(isTransit, id); i != none || id == "" {
		return i
	}
	i := int32(len(b.est.transits))
	t := transitGateway{origin: b.phantom(id), account: account, region: region}
	if !b.register(&t.origin, id, isTransit, i) {
		return none
	}
	b.est.transits = append(b.est.transits, t)
	return i
}

// addAttachment merges the descriptions of one attachment: the general list
// has the association, the list of VPC attachments the subnets and options,
// and both may stand under the same id.
func (b *Builder) addAttachment(it *item, d *transitAttachmentDoc) {
	e := b.est
	id := d.TransitGatewayAttachmentId
	if id == "" {
		b.problem("a transit gateway attachment without an id was left out")
		return
	}
	t := b.transitOf(d.TransitGatewayId, it.account, it.region)
	if t == none {
		// A peering attachment names its two gateways apart.
		if d.RequesterTgwInfo != nil {
			t = b.transitOf(d.RequesterTgwInfo.TransitGatewayId, it.account, it.region)
		}
		if t == none {
			b.problem("transit gateway attachment %s names no gateway", id)
			return
		}
	}
	i := b.attachmentOn(t, id, it.origin)
	a := &e.attachments[i]
	a.state = cmp.Or(d.State, a.state)
	kind := cmp.Or(d.ResourceType, map[bool]string{true: "vpc"}[d.VpcId != ""])
	switch kind {
	case "vpc":
		a.kind, a.resource = vpcAttachment, cmp.Or(d.VpcId, d.ResourceId)
		a.vpc = b.vpcOf(a.resource, it.account, it.region)
	case "vpn":
		a.kind, a.resource = vpnAttachment, d.ResourceId
	case "connect":
		a.kind, a.resource, a.remoteWhy = connectAttachment, d.ResourceId, "routes that "+id+" learns by BGP over Connect were not read"
	case "direct-connect-gateway":
		a.kind, a.resource, a.remoteWhy = directConnectAttachment, d.ResourceId, "prefixes of Direct Connect gateway "+d.ResourceId+" were not read"
	case "peering":
		a.kind, a.resource, a.peer = peeringAttachment, d.ResourceId, d.ResourceId
	default:
		a.resource = cmp.Or(d.ResourceId, a.resource)
		if a.kind == otherAttachment && kind != "" {
			a.remoteWhy = "what lies behind " + id + " (" + kind + ") is not evaluated"
		}
	}
	a.listed = a.listed || d.ResourceType != ""
	if d.RequesterTgwInfo != nil && d.AccepterTgwInfo != nil {
		a.kind, a.peer = peeringAttachment, d.AccepterTgwInfo.TransitGatewayId
		if a.peer == e.transits[t].id {
			a.peer = d.RequesterTgwInfo.TransitGatewayId
		}
	}
	if d.SubnetIds != nil {
		a.described = true
		a.groupRefs = d.Options.SecurityGroupReferencingSupport != "disable"
		for _, s := range d.SubnetIds {
			if k := e.lookup(isSubnet, s); k != none {
				a.subnets = append(a.subnets, k)
			} else {
				b.problem("transit gateway attachment %s is in subnet %s, which was not read", id, s)
			}
		}
	}
	if d.Association != nil && (d.Association.State == "associated" || d.Association.State == "") {
		a.table = e.lookup(isTransitTable, d.Association.TransitGatewayRouteTableId)
		if a.table == none {
			a.tableWhy = e.unread("transit gateway route table", d.Association.TransitGatewayRouteTableId, "DescribeTransitGatewayRouteTables", "", it.region)
		}
	}
}

// attachmentOn returns the attachment with an id on a gateway, adding it.
func (b *Builder) attachmentOn(t int32, id string, o origin) int32 {
	e := b.est
	if i := e.attachmentOf(t, id); i != none {
		return i
	}
	i := int32(len(e.attachments))
	a := attachment{origin: o, transit: t, vpc: none, table: none, groupRefs: true, kind: otherAttachment}
	a.id = id
	e.attachments = append(e.attachments, a)
	e.transits[t].attachments = append(e.transits[t].attachments, i)
	if _, ok := e.byID[id]; !ok {
		e.byID[id] = entity{isAttachment, i}
	}
	return i
}

// mirror adds a peering attachment to the gateway at its other end, which has
// it under the same id.
func (b *Builder) mirror(i int32) {
	e := b.est
	a := e.attachments[i]
	t := e.lookup(isTransit, a.peer)
	if a.kind != peeringAttachment || t == none || t == a.transit {
		return
	}
	j := b.attachmentOn(t, a.id, a.origin)
	m := &e.attachments[j]
	m.kind, m.resource, m.peer, m.state = peeringAttachment, e.transits[a.transit].id, e.transits[a.transit].id, a.state
}

// addAssociations reads associations listed per route table.
func (b *Builder) addAssociations() {
	e := b.est
	for _, it := range b.items[graph.KindTransitRouteTable] {
		var list []transitAssociationDoc
		var d transitTableDoc
		if !b.decodeProp(it, graph.PropAssociations, &list) || !b.decode(it, &d) {
			continue
		}
		t := e.lookup(isTransitTable, d.TransitGatewayRouteTableId)
		if t == none {
			continue
		}
		for _, x := range list {
			if i := e.attachmentOf(e.transitTabs[t].transit, x.TransitGatewayAttachmentId); i != none && (x.State == "associated" || x.State == "") {
				e.attachments[i].table, e.attachments[i].tableWhy = t, ""
			}
		}
	}
}

func (b *Builder) addTransitTables() {
	b.markUnreadAttachments()
	e := b.est
	for _, it := range b.items[graph.KindTransitRouteTable] {
		var d transitTableDoc
		if !b.decode(it, &d) {
			continue
		}
		i := e.lookup(isTransitTable, d.TransitGatewayRouteTableId)
		if i == none || len(e.transitTabs[i].lookup) > 0 {
			continue
		}
		var routes []transitRouteDoc
		var props []transitPropagationDoc
		hasRoutes := b.decodeProp(it, graph.PropRoutes, &routes)
		hasProps := b.decodeProp(it, graph.PropPropagations, &props)
		t := &e.transitTabs[i]
		b.compileTransitTable(t, routes, props, it.account, it.region)
		if !hasRoutes && !hasProps {
			why := e.unread("routes of", t.id, "SearchTransitGatewayRoutes", it.account, it.region)
			t.unknown = append(t.unknown, route{kind: toUnknown, text: "routes not read", unread: why})
		}
	}
}

// markUnreadAttachments says why associations and remote routes are not known:
// the tables are the gateway owner's to describe, and a policy table picks one
// by the packet
// (https://docs.aws.amazon.com/vpc/latest/tgw/tgw-policy-tables-overview.html).
func (b *Builder) markUnreadAttachments() {
	e := b.est
	known := map[int32]bool{}
	for i := range e.transitTabs {
		known[e.transitTabs[i].transit] = true
	}
	for i := range e.attachments {
		a := &e.attachments[i]
		t := &e.transits[a.transit]
		if a.table != none || a.tableWhy != "" {
			continue
		}
		switch {
		case t.policyTable != "":
			a.tableWhy = "rules of policy table " + t.policyTable + ", which may pick a route table, are not evaluated"
		case b.policyTablesRefused(t):
			a.tableWhy = e.unread("policy tables of", t.id, policyTables, t.account, t.region)
		case t.raw == nil || !known[a.transit] && e.foreign(t.account):
			a.tableWhy = "route tables of " + t.id + " were not read"
		case !a.listed && !b.associationsRead(a.transit):
			a.tableWhy = e.unread("association of", a.id, "DescribeTransitGatewayAttachments", "", t.region)
		}
	}
	for i := range e.attachments {
		if a := &e.attachments[i]; a.kind == vpnAttachment && a.remoteWhy == "" && a.remote.Empty() && strings.HasPrefix(a.resource, "vpn-") {
			if _, ok := e.byID[a.resource]; !ok {
				a.remoteWhy = e.unread("VPN connection", a.resource, "DescribeVpnConnections", "", "")
			}
		}
	}
}

const policyTables = "DescribeTransitGatewayPolicyTables"

// policyTablesRefused: where the operation does not exist there are none.
func (b *Builder) policyTablesRefused(t *transitGateway) bool {
	g := b.est.gap(policyTables, t.account, t.region)
	return g != nil && g.Outcome != graph.OutcomeUnsupported
}

// associationsRead reports whether the tables of a gateway list who is
// associated with them.
func (b *Builder) associationsRead(transit int32) bool {
	for _, it := range b.items[graph.KindTransitRouteTable] {
		var d transitTableDoc
		if len(it.props[graph.PropAssociations]) > 0 && b.decode(it, &d) && b.est.lookup(isTransit, d.TransitGatewayId) == transit {
			return true
		}
	}
	return false
}
