package assemble

import (
	"strings"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/ingest/fields"
)

var gatewayOperations = []operation{
	describe("ec2", "DescribeInternetGateways", "InternetGateways/*", &spec{
		kind: graph.KindInternetGateway, service: "ec2", typ: "internet-gateway/", id: "InternetGatewayId", owner: "OwnerId", anywhere: true,
		links: []link{attachedVPC("Attachments/*/VpcId")}}),
	describe("ec2", "DescribeEgressOnlyInternetGateways", "EgressOnlyInternetGateways/*", &spec{
		kind: graph.KindEgressOnlyGateway, service: "ec2", typ: "egress-only-internet-gateway/", id: "EgressOnlyInternetGatewayId", anywhere: true,
		links: []link{attachedVPC("Attachments/*/VpcId")}}),
	describe("ec2", "DescribeNatGateways", "NatGateways/*", &spec{
		kind: graph.KindNATGateway, service: "ec2", typ: "natgateway/", id: "NatGatewayId", anywhere: true,
		links: []link{inSubnet,
			{path: "NatGatewayAddresses/*/NetworkInterfaceId", kind: graph.EdgeUses, to: toInterface},
			{path: "NatGatewayAddresses/*/AllocationId", kind: graph.EdgeUses, to: ec2Typed("elastic-ip")}}}),
	describe("ec2", "DescribeVpcPeeringConnections", "VpcPeeringConnections/*", &spec{
		// Both accounts list a peering: it is the requester's.
		kind: graph.KindPeering, service: "ec2", typ: "vpc-peering-connection/", id: "VpcPeeringConnectionId",
		owner: "RequesterVpcInfo/OwnerId", region: "RequesterVpcInfo/Region", anywhere: true,
		facts: []fact{{"RequesterVpcInfo", "", peer}, {"AccepterVpcInfo", "", peer}}}),

	describe("ec2", "DescribeTransitGateways", "TransitGateways/*", &spec{
		kind: graph.KindTransitGateway, service: "ec2", typ: "transit-gateway/", arn: "TransitGatewayArn", id: "TransitGatewayId",
		owner: "OwnerId", anywhere: true}),
	describe("ec2", "DescribeTransitGatewayAttachments", "TransitGatewayAttachments/*", transitAttachment),
	describe("ec2", "DescribeTransitGatewayVpcAttachments", "TransitGatewayVpcAttachments/*", &spec{
		kind: graph.KindTransitAttachment, service: "ec2", typ: "transit-gateway-attachment/", id: "TransitGatewayAttachmentId",
		owner: "VpcOwnerId", anywhere: true, mode: merges,
		links: []link{
			{path: "TransitGatewayId", kind: graph.EdgeUses, to: ec2Typed("transit-gateway")}, attachedVPC("VpcId"),
			{path: "SubnetIds/*", kind: graph.EdgeUses, to: toSubnet}}}),
	describe("ec2", "DescribeTransitGatewayPeeringAttachments", "TransitGatewayPeeringAttachments/*", &spec{
		kind: graph.KindTransitAttachment, service: "ec2", typ: "transit-gateway-attachment/", id: "TransitGatewayAttachmentId",
		owner: "RequesterTgwInfo/OwnerId", region: "RequesterTgwInfo/Region", anywhere: true, mode: merges,
		links: []link{
			{path: "RequesterTgwInfo/TransitGatewayId", kind: graph.EdgeUses, to: ec2Typed("transit-gateway")},
			{path: "AccepterTgwInfo/TransitGatewayId", kind: graph.EdgeUses, to: ec2Typed("transit-gateway")}}}),
	describe("ec2", "DescribeTransitGatewayRouteTables", "TransitGatewayRouteTables/*", transitRouteTable),
	{service: "ec2", name: "DescribeTransitGatewayPolicyTables", listing: "TransitGatewayPolicyTables/*", handle: policyTables},
	{service: "ec2", name: "SearchTransitGatewayRoutes", params: []string{"TransitGatewayRouteTableId"},
		about: param("TransitGatewayRouteTableId", to(transitRouteTable)),
		facts: []fact{{"Routes", graph.PropRoutes, nil},
			{"Routes/*/TransitGatewayAttachments/*/TransitGatewayAttachmentId", "", func(c *call, of node, _ string, v []byte) {
				c.link(of, to(transitAttachment)(c, fields.Text(v)), graph.EdgeRoutesTo)
			}},
			{"AdditionalRoutesAvailable", "", func(c *call, of node, _ string, v []byte) {
				if fields.Text(v) == "true" {
					c.gaps = append(c.gaps, gap{c.newGap(graph.OutcomeTruncated, "more routes exist than one call returns"), of})
				}
			}}}},
	{service: "ec2", name: "GetTransitGatewayRouteTablePropagations", params: []string{"TransitGatewayRouteTableId"},
		about: param("TransitGatewayRouteTableId", to(transitRouteTable)),
		facts: []fact{{"TransitGatewayRouteTablePropagations", graph.PropPropagations, readPage}}},
	{service: "ec2", name: "GetTransitGatewayRouteTableAssociations", params: []string{"TransitGatewayRouteTableId"},
		about: param("TransitGatewayRouteTableId", to(transitRouteTable)),
		facts: []fact{{"Associations", graph.PropAssociations, readPage},
			{"Associations/*/TransitGatewayAttachmentId", "", func(c *call, of node, _ string, v []byte) {
				c.link(to(transitAttachment)(c, fields.Text(v)), of, graph.EdgeRouteTable)
			}}}},

	describe("ec2", "DescribeVpcEndpoints", "VpcEndpoints/*", &spec{
		kind: graph.KindVPCEndpoint, service: "ec2", typ: "vpc-endpoint/", id: "VpcEndpointId", owner: "OwnerId", anywhere: true,
		links: []link{inVPC,
			{path: "SubnetIds/*", kind: graph.EdgeUses, to: toSubnet},
			{path: "Groups/*/GroupId", kind: graph.EdgeUses, to: toGroup},
			{path: "RouteTableIds/*", kind: graph.EdgeUses, to: ec2Typed("route-table")},
			{path: "NetworkInterfaceIds/*", kind: graph.EdgeUses, to: toInterface},
			{path: "ServiceName", kind: graph.EdgeTargets, to: endpointServiceName}},
		facts: []fact{{"PolicyDocument", graph.PropPolicy, readPolicy}}}),
	describe("ec2", "DescribeVpcEndpointServiceConfigurations", "ServiceConfigurations/*", endpointService),
	{service: "ec2", name: "DescribeVpcEndpointServices"}, // the services one may connect to, not what one has
	{service: "ec2", name: "DescribeVpcEndpointServicePermissions", params: []string{"ServiceId"}, about: param("ServiceId", to(endpointService)),
		facts: []fact{{"AllowedPrincipals", graph.PropAttributes, readPage}}},

	describe("ec2", "DescribeVpnConnections", "VpnConnections/*", &spec{
		kind: graph.KindVPNConnection, service: "ec2", typ: "vpn-connection/", id: "VpnConnectionId", anywhere: true,
		links: []link{
			{path: "VpnGatewayId", kind: graph.EdgeAttachedTo, to: ec2Typed("vpn-gateway")},
			{path: "TransitGatewayId", kind: graph.EdgeAttachedTo, to: ec2Typed("transit-gateway")},
			{path: "CustomerGatewayId", kind: graph.EdgeUses, to: ec2Typed("customer-gateway")}}}),
	describe("ec2", "DescribeVpnGateways", "VpnGateways/*", &spec{
		kind: graph.KindVPNGateway, service: "ec2", typ: "vpn-gateway/", id: "VpnGatewayId", anywhere: true,
		links: []link{attachedVPC("VpcAttachments/*/VpcId")}}),
	describe("ec2", "DescribeCustomerGateways", "CustomerGateways/*", &spec{
		kind: graph.KindCustomerGateway, service: "ec2", typ: "customer-gateway/", id: "CustomerGatewayId", anywhere: true, each: onPrem}),
}

func attachedVPC(path string) link { return link{path: path, kind: graph.EdgeAttachedTo, to: toVPC} }

var transitAttachment = &spec{
	// The owner of the resource owns the attachment; the gateway's owner lists it
	// too. Two calls describe it, this one with the association, that of its kind
	// with subnets and options: the node's description is both.
	kind: graph.KindTransitAttachment, service: "ec2", typ: "transit-gateway-attachment/", id: "TransitGatewayAttachmentId",
	owner: "ResourceOwnerId", anywhere: true, mode: merges,
	links: []link{
		{path: "TransitGatewayId", kind: graph.EdgeUses, to: ec2Typed("transit-gateway")},
		{path: "ResourceId", kind: graph.EdgeAttachedTo, to: attachedResource},
		{path: "Association/TransitGatewayRouteTableId", kind: graph.EdgeRouteTable, to: ec2Typed("transit-gateway-route-table")}},
}

var transitRouteTable = &spec{
	kind: graph.KindTransitRouteTable, service: "ec2", typ: "transit-gateway-route-table/", id: "TransitGatewayRouteTableId", anywhere: true,
	links: []link{{path: "TransitGatewayId", kind: graph.EdgeUses, to: ec2Typed("transit-gateway")}},
}

var endpointService = &spec{
	kind: graph.KindEndpointService, service: "ec2", typ: "vpc-endpoint-service/", id: "ServiceId", name: "ServiceName", anywhere: true,
	links: []link{
		{path: "NetworkLoadBalancerArns/*", kind: graph.EdgeTargets, to: byID},
		{path: "GatewayLoadBalancerArns/*", kind: graph.EdgeTargets, to: byID}},
}

// onPrem links what leads out of the cloud with what lies there.
func onPrem(c *call, n node, _ []byte) {
	c.link(n, c.refer("onprem", graph.KindOnPrem), graph.EdgeAttachedTo)
}

// attachedResource is what a transit gateway attachment attaches: a VPC, a VPN
// connection, another gateway or, under an id without a prefix, Direct Connect.
func attachedResource(c *call, id string) node {
	if n := ec2(c, id); n != none {
		return n
	}
	return c.byName(id, id, true)
}

// endpointServiceName is the service of another account behind an interface
// endpoint; AWS's own services are no nodes.
func endpointServiceName(c *call, name string) node {
	_, id, ok := strings.Cut(name, ".vpce-svc-")
	if !ok {
		return none
	}
	return c.ec2("vpc-endpoint-service", "vpce-svc-"+id)
}

var policyTablesShape = fields.New("TransitGatewayPolicyTables/*")
var policyTableFields = fields.New("TransitGatewayId", "State")

// policyTables hangs the tables that pick a route table by the packet on their
// transit gateway.
func policyTables(c *call, _ node) {
	policyTablesShape.Scan(c.rec.Body, func(_ int, item []byte) {
		var id, state string
		policyTableFields.Scan(item, func(path int, v []byte) {
			if path == 0 {
				id = fields.Text(v)
			} else {
				state = fields.Text(v)
			}
		})
		if id != "" && state != "deleted" && state != "deleting" {
			c.setAs(joins, ec2(c, id), graph.PropAssociations, listOf(item))
		}
	})
}

var peerShape = fields.New("VpcId", "OwnerId", "Region")

// peer links a peering with one of its VPCs, in that VPC's account and region.
func peer(c *call, of node, _ string, value []byte) {
	var id string
	account, region := c.account, c.region
	peerShape.Scan(value, func(path int, v []byte) {
		switch s := fields.Text(v); {
		case path == 0:
			id = s
		case path == 1 && s != "":
			c.account = s
		case path == 2 && s != "":
			c.region = s
		}
	})
	if id != "" {
		c.link(of, c.ec2("vpc", id), graph.EdgeAttachedTo)
	}
	c.account, c.region = account, region
}
