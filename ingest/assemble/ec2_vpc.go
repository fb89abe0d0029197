package assemble

import (
	"encoding/json"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/ingest/fields"
)

// describe is a describe call over everything.
func describe(service, name, items string, s *spec) operation {
	return operation{service: service, name: name, items: []list{{items, s}}}
}

var vpcOperations = []operation{
	describe("ec2", "DescribeVpcs", "Vpcs/*", &spec{
		kind: graph.KindVPC, service: "ec2", typ: "vpc/", id: "VpcId", owner: "OwnerId", anywhere: true}),
	describe("ec2", "DescribeSubnets", "Subnets/*", &spec{
		kind: graph.KindSubnet, service: "ec2", typ: "subnet/", arn: "SubnetArn", id: "SubnetId", owner: "OwnerId", anywhere: true,
		links: []link{inVPC}}),
	describe("ec2", "DescribeRouteTables", "RouteTables/*", &spec{
		kind: graph.KindRouteTable, service: "ec2", typ: "route-table/", id: "RouteTableId", owner: "OwnerId", anywhere: true,
		links: []link{inVPC,
			{path: "Associations/*/SubnetId", kind: graph.EdgeRouteTable, to: toSubnet, in: true},
			{path: "Associations/*/GatewayId", kind: graph.EdgeRouteTable, to: ec2, in: true},
			{path: "PropagatingVgws/*/GatewayId", kind: graph.EdgeUses, to: ec2},
			route("GatewayId"), route("NatGatewayId"), route("TransitGatewayId"), route("VpcPeeringConnectionId"),
			route("NetworkInterfaceId"), route("EgressOnlyInternetGatewayId"), route("LocalGatewayId"), route("CarrierGatewayId"),
			route("CoreNetworkArn"),
			{path: "Routes/*/DestinationPrefixListId", kind: graph.EdgeUses, to: ec2Typed("prefix-list")},
		}}),
	describe("ec2", "DescribeNetworkAcls", "NetworkAcls/*", &spec{
		kind: graph.KindNetworkACL, service: "ec2", typ: "network-acl/", id: "NetworkAclId", owner: "OwnerId", anywhere: true,
		links: []link{inVPC, {path: "Associations/*/SubnetId", kind: graph.EdgeNetworkACL, to: toSubnet, in: true}}}),
	describe("ec2", "DescribeSecurityGroups", "SecurityGroups/*", &spec{
		kind: graph.KindSecurityGroup, service: "ec2", typ: "security-group/", arn: "SecurityGroupArn", id: "GroupId", name: "GroupName",
		owner: "OwnerId", anywhere: true,
		links: []link{inVPC,
			{path: "IpPermissions/*/PrefixListIds/*/PrefixListId", kind: graph.EdgeUses, to: ec2Typed("prefix-list")},
			{path: "IpPermissionsEgress/*/PrefixListIds/*/PrefixListId", kind: graph.EdgeUses, to: ec2Typed("prefix-list")}},
		facts: []fact{{"IpPermissions/*/UserIdGroupPairs/*", "", groupPair}, {"IpPermissionsEgress/*/UserIdGroupPairs/*", "", groupPair}}}),
	{service: "ec2", name: "DescribeSecurityGroupRules"},
	describe("ec2", "DescribeManagedPrefixLists", "PrefixLists/*", prefixList),
	describe("ec2", "DescribePrefixLists", "PrefixLists/*", &spec{
		kind: graph.KindPrefixList, service: "ec2", typ: "prefix-list/", id: "PrefixListId", name: "PrefixListName", anywhere: true, mode: yields,
		facts: []fact{{"Cidrs", graph.PropEntries, cidrEntries}}}),
	{service: "ec2", name: "GetManagedPrefixListEntries", params: []string{"PrefixListId"}, about: param("PrefixListId", to(prefixList)),
		facts: []fact{{"Entries", graph.PropEntries, readPage}}},
	describe("ec2", "DescribeNetworkInterfaces", "NetworkInterfaces/*", networkInterface),
	describe("ec2", "DescribeAddresses", "Addresses/*", &spec{
		kind: graph.KindAddress, service: "ec2", typ: "elastic-ip/", id: "AllocationId", name: "PublicIp", anywhere: true,
		links: []link{
			{path: "NetworkInterfaceId", kind: graph.EdgeAttachedTo, to: toInterface},
			{path: "InstanceId", kind: graph.EdgeAttachedTo, to: toInstance}}}),
	{service: "ec2", name: "DescribeVpcBlockPublicAccessOptions", handle: blockPublicAccess},
	describe("ec2", "DescribeVpcBlockPublicAccessExclusions", "VpcBlockPublicAccessExclusions/*", &spec{
		kind: graph.KindBlockPublicAccess, service: "ec2", typ: "vpc-block-public-access-exclusion/", id: "ExclusionId", anywhere: true,
		links: []link{{path: "ResourceArn", kind: graph.EdgeUses, to: byID}}}),
	{service: "ec2", name: "DescribeRegions"},
	{service: "ec2", name: "DescribeAvailabilityZones"},
	{service: "ec2", name: "DescribeFlowLogs"},
}

var inVPC = link{path: "VpcId", kind: graph.EdgeContains, to: toVPC, in: true}
var inSubnet = link{path: "SubnetId", kind: graph.EdgeContains, to: toSubnet, in: true}

func route(to string) link {
	return link{path: "Routes/*/" + to, kind: graph.EdgeRoutesTo, to: ec2}
}

// prefixList reads entries that stand inside the list, as some tools write it.
var prefixList = &spec{
	kind: graph.KindPrefixList, service: "ec2", typ: "prefix-list/", arn: "PrefixListArn", id: "PrefixListId", name: "PrefixListName",
	owner: "OwnerId", anywhere: true, facts: []fact{{"Entries", graph.PropEntries, nil}},
}

var networkInterface = &spec{
	kind: graph.KindInterface, service: "ec2", typ: "network-interface/", arn: "NetworkInterfaceArn", id: "NetworkInterfaceId",
	owner: "OwnerId", tags: "TagSet", anywhere: true,
	links: []link{inSubnet,
		{path: "Groups/*/GroupId", kind: graph.EdgeUses, to: toGroup},
		{path: "Attachment/InstanceId", kind: graph.EdgeAttachedTo, to: toInstance}},
}

var pairShape = fields.New("GroupId", "UserId")

// groupPair links a group with one that a rule of it names, in the account
// that the rule names.
func groupPair(c *call, of node, _ string, value []byte) {
	var id, owner string
	pairShape.Scan(value, func(path int, v []byte) {
		if path == 0 {
			id = fields.Text(v)
		} else {
			owner = fields.Text(v)
		}
	})
	if id == "" {
		return
	}
	account := c.account
	if len(owner) == len("111122223333") {
		c.account = owner
	}
	c.link(of, c.ec2("security-group", id), graph.EdgeRefers)
	c.account = account
}

// cidrEntries turns the plain CIDRs of a service's prefix list into entries.
func cidrEntries(c *call, of node, key string, value []byte) {
	type entry struct {
		Cidr string
	}
	entries := []entry{}
	eachShape.Scan(value, func(_ int, v []byte) { entries = append(entries, entry{fields.Text(v)}) })
	if list, err := json.Marshal(entries); err == nil {
		c.setAs(yields, of, key, list)
	}
}

var optionsShape = fields.New("VpcBlockPublicAccessOptions")

// blockPublicAccess is the setting of a region of an account, which has no id.
func blockPublicAccess(c *call, _ node) {
	s := spec{service: "ec2", typ: "vpc-block-public-access-options"}
	id := s.nodeID(c, "/"+c.region)
	optionsShape.Scan(c.rec.Body, func(_ int, value []byte) {
		n := c.describe(graph.Node{ID: id, Kind: graph.KindBlockPublicAccess, Name: "block public access " + c.region, Account: c.account, Region: c.region}, "")
		c.nodes[n].sum = sumOf(value)
		c.set(n, graph.PropResource, value)
	})
}
