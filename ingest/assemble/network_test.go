package assemble

import (
	"testing"

	"github.com/cairn-security/cairn/graph"
)

func TestVPC(t *testing.T) {
	s, report := build(t,
		rec("ec2", "DescribeVpcs", `{"Vpcs":[{"VpcId":"vpc-1","CidrBlock":"10.0.0.0/16","Tags":[{"Key":"Name","Value":"prod"}]}]}`),
		rec("ec2", "DescribeSubnets", `{"Subnets":[{"SubnetId":"subnet-1","VpcId":"vpc-1"}]}`),
		rec("ec2", "DescribeRouteTables", `{"RouteTables":[{"RouteTableId":"rtb-1","VpcId":"vpc-1",
			"Associations":[{"Main":true},{"SubnetId":"subnet-1"},{"GatewayId":"igw-1"}],"PropagatingVgws":[{"GatewayId":"vgw-1"}],
			"Routes":[{"DestinationCidrBlock":"10.0.0.0/16","GatewayId":"local"},{"DestinationCidrBlock":"0.0.0.0/0","GatewayId":"igw-1"},
				{"DestinationPrefixListId":"pl-1","GatewayId":"vpce-1"},{"NatGatewayId":"nat-1"},{"TransitGatewayId":"tgw-1"},
				{"VpcPeeringConnectionId":"pcx-1"},{"NetworkInterfaceId":"eni-1"},{"EgressOnlyInternetGatewayId":"eigw-1"}]}]}`),
		rec("ec2", "DescribeNetworkAcls", `{"NetworkAcls":[{"NetworkAclId":"acl-1","VpcId":"vpc-1","Associations":[{"SubnetId":"subnet-1"}]}]}`),
		rec("ec2", "DescribeInternetGateways", `{"InternetGateways":[{"InternetGatewayId":"igw-1","Attachments":[{"VpcId":"vpc-1"}]}]}`),
		rec("ec2", "DescribeEgressOnlyInternetGateways", `{"EgressOnlyInternetGateways":[{"EgressOnlyInternetGatewayId":"eigw-1","Attachments":[{"VpcId":"vpc-1"}]}]}`),
		rec("ec2", "DescribeNatGateways", `{"NatGateways":[{"NatGatewayId":"nat-1","SubnetId":"subnet-1","NatGatewayAddresses":[{"NetworkInterfaceId":"eni-1","AllocationId":"eipalloc-1"}]}]}`),
		rec("ec2", "DescribeAddresses", `{"Addresses":[{"AllocationId":"eipalloc-1","PublicIp":"203.0.113.7","NetworkInterfaceId":"eni-1"}]}`),
		rec("ec2", "DescribeManagedPrefixLists", `{"PrefixLists":[{"PrefixListId":"pl-1","PrefixListName":"offices","PrefixListArn":"arn:aws:ec2:eu-west-1:111122223333:prefix-list/pl-1"}]}`),
		rec("ec2", "GetManagedPrefixListEntries", `{"Entries":[{"Cidr":"192.0.2.0/24"}]}`, "PrefixListId", "pl-1"),
		rec("ec2", "DescribeNetworkInterfaces", `{"NetworkInterfaces":[{"NetworkInterfaceId":"eni-1","SubnetId":"subnet-1","Groups":[{"GroupId":"sg-1"}]}]}`),
		rec("ec2", "DescribeSecurityGroups", `{"SecurityGroups":[{"GroupId":"sg-1","GroupName":"web","VpcId":"vpc-1",
			"IpPermissions":[{"UserIdGroupPairs":[{"GroupId":"sg-1","UserId":"111122223333"},{"GroupId":"sg-9","UserId":"444455556666","VpcPeeringConnectionId":"pcx-1"}],"PrefixListIds":[{"PrefixListId":"pl-1"}]}]}]}`))
	wantProblems(t, report)
	wantGraph(t, s, `
		ec2:vpc/vpc-1 CONTAINS ec2:subnet/subnet-1
		ec2:vpc/vpc-1 CONTAINS ec2:route-table/rtb-1
		ec2:vpc/vpc-1 CONTAINS ec2:network-acl/acl-1
		ec2:vpc/vpc-1 CONTAINS ec2:security-group/sg-1
		ec2:subnet/subnet-1 CONTAINS ec2:natgateway/nat-1
		ec2:subnet/subnet-1 CONTAINS ec2:network-interface/eni-1
		ec2:subnet/subnet-1 ROUTE_TABLE ec2:route-table/rtb-1
		ec2:internet-gateway/igw-1 ROUTE_TABLE ec2:route-table/rtb-1
		ec2:subnet/subnet-1 NETWORK_ACL ec2:network-acl/acl-1
		ec2:route-table/rtb-1 USES ec2:vpn-gateway/vgw-1
		unknown ec2:vpn-gateway/vgw-1
		ec2:route-table/rtb-1 USES ec2:prefix-list/pl-1
		ec2:route-table/rtb-1 ROUTES_TO ec2:internet-gateway/igw-1
		ec2:route-table/rtb-1 ROUTES_TO ec2:vpc-endpoint/vpce-1
		unknown ec2:vpc-endpoint/vpce-1
		ec2:route-table/rtb-1 ROUTES_TO ec2:natgateway/nat-1
		ec2:route-table/rtb-1 ROUTES_TO ec2:transit-gateway/tgw-1
		unknown ec2:transit-gateway/tgw-1
		ec2:route-table/rtb-1 ROUTES_TO ec2:vpc-peering-connection/pcx-1
		unknown ec2:vpc-peering-connection/pcx-1
		ec2:route-table/rtb-1 ROUTES_TO ec2:network-interface/eni-1
		ec2:route-table/rtb-1 ROUTES_TO ec2:egress-only-internet-gateway/eigw-1
		ec2:internet-gateway/igw-1 ATTACHED_TO ec2:vpc/vpc-1
		ec2:egress-only-internet-gateway/eigw-1 ATTACHED_TO ec2:vpc/vpc-1
		ec2:natgateway/nat-1 USES ec2:network-interface/eni-1
		ec2:natgateway/nat-1 USES ec2:elastic-ip/eipalloc-1
		ec2:elastic-ip/eipalloc-1 ATTACHED_TO ec2:network-interface/eni-1
		ec2:network-interface/eni-1 USES ec2:security-group/sg-1
		ec2:security-group/sg-1 REFERS ec2:security-group/sg-1
		ec2:security-group/sg-1 USES ec2:prefix-list/pl-1
		ec2:security-group/sg-1 REFERS ec2:eu-west-1:444455556666:security-group/sg-9
		unknown ec2:eu-west-1:444455556666:security-group/sg-9`)
	vpc := wantKind(t, s, regionalID("ec2", "vpc/vpc-1"), graph.KindVPC)
	if n := s.Node(vpc); n.Name != "prod" || n.Region != "eu-west-1" {
		t.Errorf("vpc is %+v", n)
	}
	wantProp(t, s, wantKind(t, s, regionalID("ec2", "prefix-list/pl-1"), graph.KindPrefixList), graph.PropEntries, `[{"Cidr":"192.0.2.0/24"}]`)
}

func TestTransitGateway(t *testing.T) {
	owner := func(service, operation, body string, params ...string) (r recordT) {
		r = rec(service, operation, body, params...)
		r.Account = "444455556666"
		return r
	}
	s, report := build(t,
		rec("ec2", "DescribeTransitGatewayVpcAttachments", `{"TransitGatewayVpcAttachments":[{"TransitGatewayAttachmentId":"tgw-attach-1","TransitGatewayId":"tgw-1","VpcId":"vpc-1","VpcOwnerId":"111122223333","SubnetIds":["subnet-1"]}]}`),
		rec("ec2", "DescribeVpcs", `{"Vpcs":[{"VpcId":"vpc-1"}]}`),
		owner("ec2", "DescribeTransitGateways", `{"TransitGateways":[{"TransitGatewayId":"tgw-1","OwnerId":"444455556666"}]}`),
		owner("ec2", "DescribeTransitGatewayAttachments", `{"TransitGatewayAttachments":[{"TransitGatewayAttachmentId":"tgw-attach-1","TransitGatewayId":"tgw-1","ResourceOwnerId":"111122223333","ResourceType":"vpc","ResourceId":"vpc-1","Association":{"TransitGatewayRouteTableId":"tgw-rtb-1"}}]}`),
		owner("ec2", "DescribeTransitGatewayRouteTables", `{"TransitGatewayRouteTables":[{"TransitGatewayRouteTableId":"tgw-rtb-1","TransitGatewayId":"tgw-1"}]}`),
		owner("ec2", "SearchTransitGatewayRoutes", `{"Routes":[{"DestinationCidrBlock":"10.0.0.0/8","TransitGatewayAttachments":[{"TransitGatewayAttachmentId":"tgw-attach-1"}]}],"AdditionalRoutesAvailable":true}`, "TransitGatewayRouteTableId", "tgw-rtb-1"),
		owner("ec2", "GetTransitGatewayRouteTablePropagations", `{"TransitGatewayRouteTablePropagations":[{"ResourceId":"vpc-1"}]}`, "TransitGatewayRouteTableId", "tgw-rtb-1"))
	wantProblems(t, report)
	const other = "ec2:eu-west-1:444455556666:"
	wantGraph(t, s, `
		ec2:transit-gateway-attachment/tgw-attach-1 USES `+other+`transit-gateway/tgw-1
		ec2:transit-gateway-attachment/tgw-attach-1 ATTACHED_TO ec2:vpc/vpc-1
		ec2:transit-gateway-attachment/tgw-attach-1 USES ec2:subnet/subnet-1
		unknown ec2:subnet/subnet-1
		ec2:transit-gateway-attachment/tgw-attach-1 ROUTE_TABLE `+other+`transit-gateway-route-table/tgw-rtb-1
		`+other+`transit-gateway-route-table/tgw-rtb-1 USES `+other+`transit-gateway/tgw-1
		`+other+`transit-gateway-route-table/tgw-rtb-1 ROUTES_TO ec2:transit-gateway-attachment/tgw-attach-1`)
	attachment := wantKind(t, s, regionalID("ec2", "transit-gateway-attachment/tgw-attach-1"), graph.KindTransitAttachment)
	var both struct {
		SubnetIds    []string
		ResourceType string
	}
	if _, err := s.Decode(attachment, graph.PropResource, &both); err != nil || len(both.SubnetIds) != 1 || both.ResourceType != "vpc" {
		t.Errorf("the two descriptions of the attachment are not one: %s", s.Prop(attachment, graph.PropResource))
	}
	table := wantKind(t, s, "arn:aws:ec2:eu-west-1:444455556666:transit-gateway-route-table/tgw-rtb-1", graph.KindTransitRouteTable)
	wantProp(t, s, table, graph.PropPropagations, `[{"ResourceId":"vpc-1"}]`)
	if gaps := s.GapsOf(table); len(gaps) != 1 || gaps[0].Outcome != graph.OutcomeTruncated {
		t.Errorf("a table with more routes than were returned has gaps %+v", gaps)
	}
}

func TestPeeringIsOneNodeForBothAccounts(t *testing.T) {
	body := `{"VpcPeeringConnections":[{"VpcPeeringConnectionId":"pcx-1","Status":{"Code":"active"},
		"RequesterVpcInfo":{"OwnerId":"111122223333","VpcId":"vpc-1","Region":"eu-west-1"},
		"AccepterVpcInfo":{"OwnerId":"444455556666","VpcId":"vpc-2","Region":"us-east-1"}}]}`
	requester, accepter := rec("ec2", "DescribeVpcPeeringConnections", body), rec("ec2", "DescribeVpcPeeringConnections", body)
	accepter.Account, accepter.Region = "444455556666", "us-east-1"
	s, report := build(t, requester, accepter)
	wantProblems(t, report)
	wantGraph(t, s, `
		ec2:vpc-peering-connection/pcx-1 ATTACHED_TO ec2:vpc/vpc-1
		ec2:vpc-peering-connection/pcx-1 ATTACHED_TO ec2:us-east-1:444455556666:vpc/vpc-2
		unknown ec2:vpc/vpc-1
		unknown ec2:us-east-1:444455556666:vpc/vpc-2`)
}

func TestEndpointsAndWaysOut(t *testing.T) {
	s, report := build(t,
		rec("ec2", "DescribeVpcEndpoints", `{"VpcEndpoints":[{"VpcEndpointId":"vpce-1","VpcId":"vpc-1","ServiceName":"com.amazonaws.vpce.eu-west-1.vpce-svc-1",
			"SubnetIds":["subnet-1"],"Groups":[{"GroupId":"sg-1"}],"PolicyDocument":"{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\"}]}"},
			{"VpcEndpointId":"vpce-2","VpcId":"vpc-1","ServiceName":"com.amazonaws.eu-west-1.s3","RouteTableIds":["rtb-1"]}]}`),
		rec("ec2", "DescribeVpcEndpointServiceConfigurations", `{"ServiceConfigurations":[{"ServiceId":"vpce-svc-1","ServiceName":"com.amazonaws.vpce.eu-west-1.vpce-svc-1","NetworkLoadBalancerArns":["`+regionalID("elasticloadbalancing", "loadbalancer/net/n/1")+`"]}]}`),
		rec("ec2", "DescribeVpcEndpointServicePermissions", `{"AllowedPrincipals":[{"Principal":"*"}]}`, "ServiceId", "vpce-svc-1"),
		rec("ec2", "DescribeVpnConnections", `{"VpnConnections":[{"VpnConnectionId":"vpn-1","VpnGatewayId":"vgw-1","CustomerGatewayId":"cgw-1"}]}`),
		rec("ec2", "DescribeVpnGateways", `{"VpnGateways":[{"VpnGatewayId":"vgw-1","VpcAttachments":[{"VpcId":"vpc-1"}]}]}`),
		rec("ec2", "DescribeCustomerGateways", `{"CustomerGateways":[{"CustomerGatewayId":"cgw-1"}]}`),
		rec("ec2", "DescribeVpcBlockPublicAccessOptions", `{"VpcBlockPublicAccessOptions":{"InternetGatewayBlockMode":"block-ingress"}}`))
	wantProblems(t, report)
	wantGraph(t, s, `
		ec2:vpc/vpc-1 CONTAINS ec2:vpc-endpoint/vpce-1
		ec2:vpc/vpc-1 CONTAINS ec2:vpc-endpoint/vpce-2
		unknown ec2:vpc/vpc-1
		ec2:vpc-endpoint/vpce-1 USES ec2:subnet/subnet-1
		unknown ec2:subnet/subnet-1
		ec2:vpc-endpoint/vpce-1 USES ec2:security-group/sg-1
		unknown ec2:security-group/sg-1
		ec2:vpc-endpoint/vpce-1 REFERS any-aws-principal
		ec2:vpc-endpoint/vpce-1 TARGETS ec2:vpc-endpoint-service/vpce-svc-1
		ec2:vpc-endpoint/vpce-2 USES ec2:route-table/rtb-1
		unknown ec2:route-table/rtb-1
		ec2:vpc-endpoint-service/vpce-svc-1 TARGETS elasticloadbalancing:loadbalancer/net/n/1
		unknown elasticloadbalancing:loadbalancer/net/n/1
		ec2:vpn-connection/vpn-1 ATTACHED_TO ec2:vpn-gateway/vgw-1
		ec2:vpn-connection/vpn-1 USES ec2:customer-gateway/cgw-1
		ec2:vpn-gateway/vgw-1 ATTACHED_TO ec2:vpc/vpc-1
		ec2:customer-gateway/cgw-1 ATTACHED_TO onprem`)
	block := wantKind(t, s, regionalID("ec2", "vpc-block-public-access-options/eu-west-1"), graph.KindBlockPublicAccess)
	wantProp(t, s, block, graph.PropResource, `{"InternetGatewayBlockMode":"block-ingress"}`)
}
