package demo

import "fmt"

// vpc is a virtual network of an account while it is being described.
type vpc struct {
	a        *account
	id, cidr string
	igw      string
	groups   map[string]string // name -> id
	subnets  map[string]string // name -> id
	hosts    int
}

// vpc adds a virtual network; open gives it an internet gateway.
func (a *account) vpc(name, cidr string, open bool) *vpc {
	v := &vpc{a: a, id: hexID("vpc", a.id, name), cidr: cidr, groups: map[string]string{}, subnets: map[string]string{}}
	a.add("ec2", "DescribeVpcs", "Vpcs", object{"VpcId": v.id, "CidrBlock": cidr, "State": "available", "OwnerId": a.id, "IsDefault": false,
		"CidrBlockAssociationSet": []any{object{"CidrBlock": cidr, "CidrBlockState": object{"State": "associated"}}}, "Tags": nameTag(name)})
	if open {
		v.igw = hexID("igw", a.id, name)
		a.add("ec2", "DescribeInternetGateways", "InternetGateways", object{"InternetGatewayId": v.igw, "OwnerId": a.id,
			"Attachments": []any{object{"VpcId": v.id, "State": "available"}}, "Tags": nameTag(name + "-igw")})
	}
	return v
}

// subnet adds a subnet with a route table of its own: local, to the internet
// gateway when public, and the routes given.
func (v *vpc) subnet(name, cidr string, public bool, routes ...object) string {
	id := hexID("subnet", v.a.id, name)
	v.subnets[name] = id
	v.a.add("ec2", "DescribeSubnets", "Subnets", object{"SubnetId": id, "VpcId": v.id, "CidrBlock": cidr, "AvailabilityZone": region + "a",
		"AvailabilityZoneId": "euw1-az1", "State": "available", "OwnerId": v.a.id, "MapPublicIpOnLaunch": public, "Tags": nameTag(name),
		"SubnetArn": v.a.arn("ec2", "subnet/"+id)})
	table := []any{object{"DestinationCidrBlock": v.cidr, "GatewayId": "local", "Origin": "CreateRouteTable", "State": "active"}}
	if public {
		table = append(table, object{"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": v.igw, "Origin": "CreateRoute", "State": "active"})
	}
	for _, r := range routes {
		table = append(table, r)
	}
	rtb := hexID("rtb", v.a.id, name)
	v.a.add("ec2", "DescribeRouteTables", "RouteTables", object{"RouteTableId": rtb, "VpcId": v.id, "OwnerId": v.a.id, "Routes": table,
		"Associations": []any{object{"RouteTableAssociationId": hexID("rtbassoc", v.a.id, name), "RouteTableId": rtb, "SubnetId": id, "Main": false,
			"AssociationState": object{"State": "associated"}}}, "PropagatingVgws": []any{}, "Tags": nameTag(name + "-routes")})
	v.acl(name, id)
	return id
}

// acl gives a subnet the default network ACL: everything passes.
func (v *vpc) acl(name, subnet string) {
	id := hexID("acl", v.a.id, name)
	entry := func(egress bool, number int, action string) object {
		return object{"CidrBlock": "0.0.0.0/0", "Egress": egress, "Protocol": "-1", "RuleAction": action, "RuleNumber": number}
	}
	v.a.add("ec2", "DescribeNetworkAcls", "NetworkAcls", object{"NetworkAclId": id, "VpcId": v.id, "OwnerId": v.a.id, "IsDefault": false,
		"Associations": []any{object{"NetworkAclAssociationId": hexID("aclassoc", v.a.id, name), "NetworkAclId": id, "SubnetId": subnet}},
		"Entries":      []any{entry(true, 100, "allow"), entry(true, 32767, "deny"), entry(false, 100, "allow"), entry(false, 32767, "deny")}})
}

// rule is an inbound rule of a security group.
func rule(from, to int, peers ...object) object {
	o := object{"IpProtocol": "tcp", "FromPort": from, "ToPort": to, "IpRanges": []any{}, "Ipv6Ranges": []any{}, "PrefixListIds": []any{}, "UserIdGroupPairs": []any{}}
	for _, p := range peers {
		if _, cidr := p["CidrIp"]; cidr {
			o["IpRanges"] = append(o["IpRanges"].([]any), p)
		} else {
			o["UserIdGroupPairs"] = append(o["UserIdGroupPairs"].([]any), p)
		}
	}
	return o
}

func cidr(block, why string) object { return object{"CidrIp": block, "Description": why} }

const anywhere = "0.0.0.0/0"

// group adds a security group: the inbound rules given, everything outbound.
func (v *vpc) group(name, why string, inbound ...object) string {
	id := hexID("sg", v.a.id, name)
	v.groups[name] = id
	rules := make([]any, 0, len(inbound))
	for _, r := range inbound {
		rules = append(rules, r)
	}
	v.a.add("ec2", "DescribeSecurityGroups", "SecurityGroups", object{"GroupId": id, "GroupName": name + "-sg", "Description": why, "VpcId": v.id, "OwnerId": v.a.id,
		"IpPermissions": rules, "IpPermissionsEgress": []any{object{"IpProtocol": "-1", "IpRanges": []any{object{"CidrIp": anywhere}},
			"Ipv6Ranges": []any{}, "PrefixListIds": []any{}, "UserIdGroupPairs": []any{}}}, "Tags": nameTag(name + "-sg")})
	return id
}

// member refers to a group as the peer of a rule.
func (v *vpc) member(group string) object {
	return object{"GroupId": v.groups[group], "UserId": v.a.id}
}

// endpoint adds a gateway endpoint of a service.
func (v *vpc) endpoint(service string) {
	v.a.add("ec2", "DescribeVpcEndpoints", "VpcEndpoints", object{"VpcEndpointId": hexID("vpce", v.a.id, service), "VpcEndpointType": "Gateway", "VpcId": v.id,
		"ServiceName": "com.amazonaws." + region + "." + service, "State": "available", "OwnerId": v.a.id, "RouteTableIds": []string{}, "SubnetIds": []string{},
		"Groups": []any{}, "NetworkInterfaceIds": []string{}, "PrivateDnsEnabled": false})
}

// machine is an instance to add.
type machine struct {
	name, subnet, group, role string
	address                   string // private
	public                    string // empty: none
	tokens                    string // optional or required
	tags                      object
}

// instance adds an instance with its interface and returns its id.
func (v *vpc) instance(m machine) string {
	a := v.a
	id, eni := hexID("i", a.id, m.name), hexID("eni", a.id, m.name)
	groupSet := []any{object{"GroupId": v.groups[m.group], "GroupName": m.group + "-sg"}}
	private := object{"Primary": true, "PrivateIpAddress": m.address}
	if m.public != "" {
		private["Association"] = object{"PublicIp": m.public, "IpOwnerId": "amazon"}
	}
	iface := object{"NetworkInterfaceId": eni, "VpcId": v.id, "SubnetId": v.subnets[m.subnet], "OwnerId": a.id, "Status": "in-use", "InterfaceType": "interface",
		"PrivateIpAddress": m.address, "PrivateIpAddresses": []any{private}, "Groups": groupSet, "SourceDestCheck": true, "Ipv6Addresses": []any{}}
	o := object{"InstanceId": id, "ImageId": hexID("ami", a.id, "base"), "InstanceType": "m6i.large", "State": object{"Code": 16, "Name": "running"},
		"VpcId": v.id, "SubnetId": v.subnets[m.subnet], "PrivateIpAddress": m.address, "SecurityGroups": groupSet, "SourceDestCheck": true,
		"LaunchTime": a.c.daysAgo(60), "Placement": object{"AvailabilityZone": region + "a"}, "NetworkInterfaces": []any{iface},
		"MetadataOptions": object{"State": "applied", "HttpEndpoint": "enabled", "HttpTokens": m.tokens, "HttpPutResponseHopLimit": 1},
		"Tags":            append(nameTag(m.name), tagList(m.tags)...)}
	if m.public != "" {
		o["PublicIpAddress"] = m.public
		iface["Association"] = private["Association"]
	}
	if m.role != "" {
		o["IamInstanceProfile"] = object{"Arn": a.arn("iam", "instance-profile/"+m.role), "Id": uid("AIPA", a.id, m.role)}
	}
	a.add("ec2", "DescribeInstances", "Reservations", object{"ReservationId": hexID("r", a.id, m.name), "OwnerId": a.id, "Groups": []any{}, "Instances": []any{o}})
	full := object{}
	for k, x := range iface {
		full[k] = x
	}
	full["Attachment"] = object{"InstanceId": id, "InstanceOwnerId": a.id, "Status": "attached", "DeviceIndex": 0}
	a.add("ec2", "DescribeNetworkInterfaces", "NetworkInterfaces", full)
	return id
}

// publicBalancer adds an internet-facing application load balancer that
// forwards one port to instances, and returns its ARN.
func (v *vpc) publicBalancer(name, group string, port, targetPort int, instances []string, subnets ...string) string {
	a := v.a
	arn := a.arn("elasticloadbalancing", "loadbalancer/app/"+name+"/"+hexID("lb", a.id, name)[3:19])
	target := a.arn("elasticloadbalancing", "targetgroup/"+name+"/"+hexID("tg", a.id, name)[3:19])
	var zones []any
	for i, s := range subnets {
		zones = append(zones, object{"SubnetId": v.subnets[s], "ZoneName": region + "a"})
		eni := hexID("eni", a.id, name+s)
		ip := fmt.Sprintf("10.10.%d.%d", i, 200+i)
		public := object{"PublicIp": fmt.Sprintf("198.51.100.%d", 60+i), "IpOwnerId": "amazon-elb"}
		a.add("ec2", "DescribeNetworkInterfaces", "NetworkInterfaces", object{"NetworkInterfaceId": eni, "VpcId": v.id, "SubnetId": v.subnets[s], "OwnerId": a.id,
			"Status": "in-use", "InterfaceType": "interface", "RequesterId": "amazon-elb", "Description": "ELB app/" + name + "/" + arn[len(arn)-16:],
			"PrivateIpAddress": ip, "PrivateIpAddresses": []any{object{"Primary": true, "PrivateIpAddress": ip, "Association": public}},
			"Association": public, "Groups": []any{object{"GroupId": v.groups[group], "GroupName": group + "-sg"}}, "SourceDestCheck": true, "Ipv6Addresses": []any{}})
	}
	a.add("elbv2", "DescribeLoadBalancers", "LoadBalancers", object{"LoadBalancerArn": arn, "LoadBalancerName": name, "Type": "application",
		"Scheme": "internet-facing", "VpcId": v.id, "State": object{"Code": "active"}, "SecurityGroups": []string{v.groups[group]}, "AvailabilityZones": zones,
		"IpAddressType": "ipv4", "DNSName": name + "-1234567890." + region + ".elb.amazonaws.com", "CreatedTime": a.c.daysAgo(300)})
	a.add("elbv2", "DescribeTargetGroups", "TargetGroups", object{"TargetGroupArn": target, "TargetGroupName": name, "Protocol": "HTTP", "Port": targetPort,
		"VpcId": v.id, "TargetType": "instance", "LoadBalancerArns": []string{arn}, "HealthCheckEnabled": true})
	listener := a.arn("elasticloadbalancing", "listener/app/"+name+"/"+arn[len(arn)-16:]+"/"+hexID("ls", a.id, name)[3:19])
	forward := []any{object{"Type": "forward", "TargetGroupArn": target, "Order": 1}}
	a.reply("elbv2", "DescribeListeners", map[string]string{"LoadBalancerArn": arn}, object{"Listeners": []any{object{"ListenerArn": listener,
		"LoadBalancerArn": arn, "Port": port, "Protocol": "HTTPS", "DefaultActions": forward}}})
	a.reply("elbv2", "DescribeRules", map[string]string{"ListenerArn": listener}, object{"Rules": []any{object{"RuleArn": listener + "/default",
		"Priority": "default", "IsDefault": true, "Conditions": []any{}, "Actions": forward}}})
	var health []any
	for _, i := range instances {
		health = append(health, object{"Target": object{"Id": i, "Port": targetPort}, "TargetHealth": object{"State": "healthy"}, "HealthCheckPort": fmt.Sprint(targetPort)})
	}
	a.reply("elbv2", "DescribeTargetHealth", map[string]string{"TargetGroupArn": target}, object{"TargetHealthDescriptions": health})
	return arn
}

// peer connects two networks of two accounts, seen from both sides, and
// returns the route each side needs to the other.
func peer(x, y *vpc) (toY, toX object) {
	id := hexID("pcx", x.a.id, y.a.id)
	side := func(v *vpc) object {
		return object{"VpcId": v.id, "OwnerId": v.a.id, "Region": region, "CidrBlock": v.cidr, "CidrBlockSet": []any{object{"CidrBlock": v.cidr}}}
	}
	connection := object{"VpcPeeringConnectionId": id, "RequesterVpcInfo": side(x), "AccepterVpcInfo": side(y), "Status": object{"Code": "active", "Message": "Active"}, "Tags": []any{}}
	for _, a := range []*account{x.a, y.a} {
		a.add("ec2", "DescribeVpcPeeringConnections", "VpcPeeringConnections", connection)
	}
	route := func(to *vpc) object {
		return object{"DestinationCidrBlock": to.cidr, "VpcPeeringConnectionId": id, "Origin": "CreateRoute", "State": "active"}
	}
	return route(y), route(x)
}

func nameTag(name string) []any { return tagList(object{"Name": name}) }

func tagList(tags object) []any {
	list := []any{}
	for _, k := range sortedKeys(tags) {
		list = append(list, object{"Key": k, "Value": tags[k]})
	}
	return list
}
