package graphtest

import (
	"fmt"

	"github.com/cairn-security/cairn/graph"
)

// network lays out one VPC: a public and private subnets, their tables, a
// gateway and the groups that workloads join.
func (a *account) network() {
	a.vpcID = a.thing("vpc")
	a.vpc = a.add(graph.KindVPC, a.vpcID, "main")
	a.set(a.vpc, graph.PropResource, a.originEC2, `{"VpcId":%q,"CidrBlock":"10.0.0.0/16","State":"available"}`, a.vpcID)
	igw := a.thing("igw")
	gateway := a.add(graph.KindInternetGateway, igw, "")
	a.set(gateway, graph.PropResource, a.originEC2, `{"InternetGatewayId":%q,"Attachments":[{"VpcId":%q,"State":"available"}]}`, igw, a.vpcID)
	a.link(gateway, a.vpc, graph.EdgeAttachedTo)
	a.link(gateway, a.internet, graph.EdgeRoutesTo)
	aclID := a.thing("acl")
	acl := a.add(graph.KindNetworkACL, aclID, "")
	associations := ""
	for i := range 4 {
		id := a.subnet(i, igw, gateway, acl)
		if i > 0 {
			associations += ","
		}
		associations += fmt.Sprintf(`{"NetworkAclId":%q,"SubnetId":%q}`, aclID, id)
	}
	a.set(acl, graph.PropResource, a.originEC2, `{"NetworkAclId":%q,"VpcId":%q,"Associations":[%s],"Entries":[{"RuleNumber":100,"Protocol":"-1","RuleAction":"allow","Egress":false,"CidrBlock":"0.0.0.0/0"},{"RuleNumber":100,"Protocol":"-1","RuleAction":"allow","Egress":true,"CidrBlock":"0.0.0.0/0"}]}`,
		aclID, a.vpcID, associations)
	for i := range 8 {
		a.group(i)
	}
}

// subnet adds the i-th one with a table of its own; the first is public.
func (a *account) subnet(i int, igw string, gateway, acl graph.Handle) (id string) {
	id = a.thing("subnet")
	subnet := a.add(graph.KindSubnet, id, fmt.Sprintf("net-%d", i))
	a.set(subnet, graph.PropResource, a.originEC2, `{"SubnetId":%q,"VpcId":%q,"CidrBlock":"10.0.%d.0/20","MapPublicIpOnLaunch":%t}`, id, a.vpcID, 16*i, i == 0)
	tableID := a.thing("rtb")
	table := a.add(graph.KindRouteTable, tableID, "")
	routes := `{"DestinationCidrBlock":"10.0.0.0/16","GatewayId":"local","State":"active"}`
	if i == 0 {
		routes += fmt.Sprintf(`,{"DestinationCidrBlock":"0.0.0.0/0","GatewayId":%q,"State":"active"}`, igw)
		a.link(table, gateway, graph.EdgeRoutesTo)
	}
	a.set(table, graph.PropResource, a.originEC2, `{"RouteTableId":%q,"VpcId":%q,"Associations":[{"SubnetId":%q,"AssociationState":{"State":"associated"}}],"Routes":[%s]}`, tableID, a.vpcID, id, routes)
	a.link(a.vpc, subnet, graph.EdgeContains)
	a.link(subnet, table, graph.EdgeRouteTable)
	a.link(subnet, acl, graph.EdgeNetworkACL)
	a.subnets = append(a.subnets, subnet)
	return id
}

// databaseGroup is the index of the group that databases are in.
const databaseGroup = 7

func (a *account) group(i int) {
	id := a.thing("sg")
	group := a.add(graph.KindSecurityGroup, id, fmt.Sprintf("group-%d", i))
	source, port := `"IpRanges":[{"CidrIp":"10.0.0.0/16"}]`, 443
	if i == databaseGroup {
		port = 5432
	}
	switch {
	case i == 0:
		source = `"IpRanges":[{"CidrIp":"0.0.0.0/0"}]`
	case len(a.groups) > 0:
		peer := a.groups[a.skewed(len(a.groups))]
		source = fmt.Sprintf(`"UserIdGroupPairs":[{"GroupId":%q}]`, a.b.Node(peer).ID)
		a.link(group, peer, graph.EdgeRefers)
	}
	a.set(group, graph.PropResource, a.originEC2, `{"GroupId":%q,"VpcId":%q,"IpPermissions":[{"IpProtocol":"tcp","FromPort":%d,"ToPort":%d,%s}],"IpPermissionsEgress":[{"IpProtocol":"-1","IpRanges":[{"CidrIp":"0.0.0.0/0"}]}]}`, id, a.vpcID, port, port, source)
	a.link(a.vpc, group, graph.EdgeContains)
	a.groups = append(a.groups, group)
}

func (a *account) instance() {
	id, n := a.thing("i"), a.next()
	instance := a.add(graph.KindInstance, a.arn("ec2", "instance/"+id), fmt.Sprintf("web-%d", n))
	i := a.rng.IntN(len(a.subnets))
	subnet := a.subnets[i]
	a.link(subnet, instance, graph.EdgeContains)
	eniID := a.thing("eni")
	eni := a.add(graph.KindInterface, eniID, "")
	a.link(eni, instance, graph.EdgeAttachedTo)
	a.link(subnet, eni, graph.EdgeContains)
	var groups string
	for i := range 1 + a.rng.IntN(3) {
		g := a.groups[a.skewed(len(a.groups))]
		if i > 0 {
			groups += ","
		}
		groups += fmt.Sprintf(`{"GroupId":%q}`, a.b.Node(g).ID)
		a.link(instance, g, graph.EdgeUses)
		a.link(eni, g, graph.EdgeUses)
	}
	public, association, private := "", "", a.address(i)
	if i == 0 {
		address := fmt.Sprintf("52.%d.%d.%d", n>>16, n>>8%256, n%256)
		public, association = fmt.Sprintf(`"PublicIpAddress":%q,`, address), fmt.Sprintf(`"Association":{"PublicIp":%q},`, address)
	}
	a.set(eni, graph.PropResource, a.originEC2, `{"NetworkInterfaceId":%q,"VpcId":%q,"SubnetId":%q,"InterfaceType":"interface","PrivateIpAddress":%q,%s"Groups":[%s],"Attachment":{"InstanceId":%q,"DeviceIndex":0}}`,
		eniID, a.vpcID, a.b.Node(subnet).ID, private, association, groups, id)
	profile := a.profiles[a.skewed(len(a.profiles))]
	a.link(instance, profile, graph.EdgeHasProfile)
	a.set(instance, graph.PropResource, a.originEC2, `{"InstanceId":%q,"InstanceType":"m5.large","State":{"Name":"running"},"VpcId":%q,"SubnetId":%q,%s"PrivateIpAddress":%q,"SecurityGroups":[%s],"IamInstanceProfile":{"Arn":%q},"MetadataOptions":{"HttpTokens":"%s","HttpEndpoint":"enabled","HttpPutResponseHopLimit":1}}`,
		id, a.vpcID, a.b.Node(subnet).ID, public, private, groups, a.b.Node(profile).ID, [2]string{"optional", "required"}[a.rng.IntN(2)])
	a.set(instance, graph.PropTags, a.originEC2, `{"Name":"web-%d","env":"%s","owner":"team-%d"}`, n, [2]string{"prod", "dev"}[a.rng.IntN(2)], a.rng.IntN(3))
	volume := a.add(graph.KindVolume, a.arn("ec2", "volume/"+a.thing("vol")), "")
	a.link(volume, instance, graph.EdgeAttachedTo)
	a.link(volume, a.key(), graph.EdgeEncryptedBy)
}

// address is the next free one in the i-th subnet.
func (a *account) address(i int) string {
	a.hosts++
	return fmt.Sprintf("10.0.%d.%d", 16*i+a.hosts/250, 4+a.hosts%250)
}

func (a *account) key() graph.Handle { return a.keys[a.skewed(len(a.keys))] }
