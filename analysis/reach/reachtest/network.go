package reachtest

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"

	"github.com/cairn-security/cairn/analysis/reach"
	"github.com/cairn-security/cairn/graph"
)

// Shape says how large a network is. Zero fields take their defaults.
type Shape struct {
	Interfaces int
	PerVPC     int // interfaces per VPC; 250
	Subnets    int // per VPC; 10
	Groups     int // per VPC; 25
	// Full gives interfaces all the members that AWS lists (1.2 kB each)
	// instead of those that matter.
	Full bool
	Seed uint64
}

type doc = map[string]any

type generator struct {
	shape Shape
	rnd   *rand.Rand
	emit  func(reach.Item)
}

// Generate emits the items of a network. Equal shapes give equal networks.
func Generate(s Shape, emit func(reach.Item)) {
	if s.PerVPC == 0 {
		s.PerVPC = 250
	}
	if s.Subnets == 0 {
		s.Subnets = 10
	}
	if s.Groups == 0 {
		s.Groups = 25
	}
	g := &generator{shape: s, rnd: rand.New(rand.NewPCG(s.Seed, 1)), emit: emit}
	vpcs := max(2, (s.Interfaces+s.PerVPC-1)/s.PerVPC)
	g.transit(vpcs)
	left := s.Interfaces
	for v := range vpcs {
		n := min(s.PerVPC, left)
		g.vpc(v, n)
		left -= n
		if v%2 == 1 {
			g.add(graph.KindPeering, doc{"VpcPeeringConnectionId": fmt.Sprintf("pcx-%d", v), "Status": doc{"Code": "active"}, "RequesterVpcInfo": side(v - 1), "AccepterVpcInfo": side(v)}, nil)
		}
	}
}

// Estate builds a network.
func Estate(s Shape) *reach.Estate {
	b := reach.NewBuilder()
	Generate(s, b.Add)
	return b.Build()
}

func (g *generator) add(k graph.Kind, d doc, props map[string]json.RawMessage) {
	raw, err := json.Marshal(d)
	if err != nil {
		panic(err) // maps of strings and numbers always marshal
	}
	g.emit(reach.Item{Kind: k, Node: graph.NoRef, Account: "111122223333", Region: "eu-west-1", Raw: raw, Props: props})
}

// block is the /22 of a VPC, subnet its /26 blocks.
func block(v int) string          { return fmt.Sprintf("10.%d.%d.0/22", v/64, v%64*4) }
func subnetBlock(v, s int) string { return fmt.Sprintf("%s/26", address(v, s, 0)) }
func address(v, s, host int) string {
	at := s*64 + host
	return fmt.Sprintf("10.%d.%d.%d", v/64, v%64*4+at/256, at%256)
}

func side(v int) doc {
	return doc{"VpcId": fmt.Sprintf("vpc-%d", v), "OwnerId": "111122223333", "Region": "eu-west-1", "CidrBlock": block(v)}
}

// onTransit tells the tenth of the VPCs that hang on the transit gateway.
func onTransit(v int) bool { return v%10 == 0 }

func (g *generator) transit(vpcs int) {
	g.add(graph.KindTransitGateway, doc{"TransitGatewayId": "tgw-0", "Options": doc{"SecurityGroupReferencingSupport": "disable"}}, nil)
	var props []doc
	for v := 0; v < vpcs; v += 10 {
		id := fmt.Sprintf("tgw-attach-%d", v)
		props = append(props, doc{"TransitGatewayAttachmentId": id, "ResourceType": "vpc", "State": "enabled"})
		var subnets []string
		for s := range g.shape.Subnets {
			if s < 3 {
				subnets = append(subnets, fmt.Sprintf("subnet-%d-%d", v, s))
			}
		}
		g.add(graph.KindTransitAttachment, doc{"TransitGatewayAttachmentId": id, "TransitGatewayId": "tgw-0", "ResourceType": "vpc", "VpcId": fmt.Sprintf("vpc-%d", v), "State": "available",
			"SubnetIds": subnets, "Association": doc{"TransitGatewayRouteTableId": "tgw-rtb-0", "State": "associated"}}, nil)
	}
	raw, _ := json.Marshal(props)
	g.add(graph.KindTransitRouteTable, doc{"TransitGatewayRouteTableId": "tgw-rtb-0", "TransitGatewayId": "tgw-0"},
		map[string]json.RawMessage{graph.PropPropagations: raw, graph.PropRoutes: json.RawMessage("[]")})
}

func (g *generator) vpc(v, interfaces int) {
	id := fmt.Sprintf("vpc-%d", v)
	g.add(graph.KindVPC, doc{"VpcId": id, "CidrBlock": block(v)}, nil)
	g.add(graph.KindInternetGateway, doc{"InternetGatewayId": fmt.Sprintf("igw-%d", v), "Attachments": []doc{{"VpcId": id, "State": "available"}}}, nil)
	for s := range g.shape.Subnets {
		g.subnet(v, s)
	}
	for i := range g.shape.Groups {
		g.group(v, i)
	}
	for i := range interfaces {
		g.iface(v, i)
	}
}

func (g *generator) subnet(v, s int) {
	id, v4 := fmt.Sprintf("subnet-%d-%d", v, s), subnetBlock(v, s)
	g.add(graph.KindSubnet, doc{"SubnetId": id, "VpcId": fmt.Sprintf("vpc-%d", v), "CidrBlock": v4, "AvailabilityZone": string(rune('a' + s%3))}, nil)
	routes := []doc{{"DestinationCidrBlock": block(v), "GatewayId": "local", "State": "active"}}
	other := v + 1 - 2*(v%2)
	routes = append(routes, doc{"DestinationCidrBlock": block(other), "VpcPeeringConnectionId": fmt.Sprintf("pcx-%d", max(v, other)), "State": "active"})
	if onTransit(v) {
		routes = append(routes, doc{"DestinationCidrBlock": "10.0.0.0/8", "TransitGatewayId": "tgw-0", "State": "active"})
	}
	if s < 3 {
		routes = append(routes, doc{"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": fmt.Sprintf("igw-%d", v), "State": "active"})
	}
	g.add(graph.KindRouteTable, doc{"RouteTableId": "rtb-" + id, "VpcId": fmt.Sprintf("vpc-%d", v), "Routes": routes, "Associations": []doc{{"SubnetId": id}}}, nil)
	g.add(graph.KindNetworkACL, doc{"NetworkAclId": "acl-" + id, "VpcId": fmt.Sprintf("vpc-%d", v), "Associations": []doc{{"SubnetId": id}}, "Entries": g.entries()}, nil)
}

// entries is the default list for four subnets in five, else one of some
// fifteen entries with denies in front.
func (g *generator) entries() []doc {
	var out []doc
	for _, egress := range []bool{false, true} {
		if g.rnd.IntN(5) == 0 {
			for i := range 6 {
				out = append(out, doc{"Egress": egress, "RuleNumber": 10 + i, "Protocol": "6", "RuleAction": []string{"deny", "allow"}[i%2],
					"CidrBlock": fmt.Sprintf("%d.%d.0.0/16", 20+g.rnd.IntN(180), g.rnd.IntN(256)), "PortRange": doc{"From": 20 + 10*i, "To": 3000 + 50*i}})
			}
		}
		out = append(out, doc{"Egress": egress, "RuleNumber": 100, "Protocol": "-1", "RuleAction": "allow", "CidrBlock": "0.0.0.0/0"})
	}
	return out
}

func (g *generator) group(v, i int) {
	var in []doc
	for range 1 + g.rnd.IntN(4) {
		port := []int{22, 80, 443, 3306, 5432, 6379, 8080, 9092}[g.rnd.IntN(8)]
		p := doc{"IpProtocol": "tcp", "FromPort": port, "ToPort": port}
		switch g.rnd.IntN(10) {
		case 0:
			p["IpRanges"] = []doc{{"CidrIp": "0.0.0.0/0"}}
		case 1:
			p["IpRanges"] = []doc{{"CidrIp": fmt.Sprintf("%d.%d.%d.0/24", 20+g.rnd.IntN(180), g.rnd.IntN(256), g.rnd.IntN(256))}}
		case 2:
			p["IpRanges"] = []doc{{"CidrIp": "10.0.0.0/8"}}
		case 3, 4:
			p["IpRanges"] = []doc{{"CidrIp": block(v)}}
		case 5:
			p["IpRanges"] = []doc{{"CidrIp": subnetBlock(v, g.rnd.IntN(g.shape.Subnets))}}
		default:
			p["UserIdGroupPairs"] = []doc{{"GroupId": fmt.Sprintf("sg-%d-%d", v, g.rnd.IntN(g.shape.Groups)), "UserId": "111122223333"}}
		}
		in = append(in, p)
	}
	g.add(graph.KindSecurityGroup, doc{"GroupId": fmt.Sprintf("sg-%d-%d", v, i), "GroupName": fmt.Sprintf("g%d", i), "VpcId": fmt.Sprintf("vpc-%d", v), "OwnerId": "111122223333",
		"IpPermissions": in, "IpPermissionsEgress": []doc{{"IpProtocol": "-1", "IpRanges": []doc{{"CidrIp": "0.0.0.0/0"}}}}}, nil)
}

func (g *generator) iface(v, i int) {
	s, host := i%g.shape.Subnets, 4+i/g.shape.Subnets
	ip := address(v, s, host)
	d := doc{"NetworkInterfaceId": fmt.Sprintf("eni-%d-%d", v, i), "VpcId": fmt.Sprintf("vpc-%d", v), "SubnetId": fmt.Sprintf("subnet-%d-%d", v, s), "PrivateIpAddress": ip, "SourceDestCheck": true, "InterfaceType": "interface"}
	var groups []doc
	for range 1 + g.rnd.IntN(2) {
		groups = append(groups, doc{"GroupId": fmt.Sprintf("sg-%d-%d", v, g.rnd.IntN(g.shape.Groups))})
	}
	d["Groups"] = groups
	private := doc{"PrivateIpAddress": ip, "Primary": true}
	if s < 3 && g.rnd.IntN(4) == 0 {
		n := v*g.shape.PerVPC + i
		a := doc{"PublicIp": fmt.Sprintf("%d.%d.%d.%d", 50+n>>24, n>>16&255, n>>8&255, n&255)}
		d["Association"], private["Association"] = a, a
	}
	if g.shape.Full {
		private["PrivateDnsName"] = fmt.Sprintf("ip-%s.eu-west-1.compute.internal", ip)
		d["PrivateIpAddresses"] = []doc{private}
		d["Attachment"] = doc{"AttachmentId": fmt.Sprintf("eni-attach-0123456789abc%d", i), "AttachTime": "2024-03-01T10:11:12+00:00", "DeleteOnTermination": true, "DeviceIndex": 0, "NetworkCardIndex": 0, "InstanceId": fmt.Sprintf("i-%d-%d", v, i), "InstanceOwnerId": "111122223333", "Status": "attached"}
		d["AvailabilityZone"], d["Description"], d["Ipv6Addresses"] = "eu-west-1"+string(rune('a'+s%3)), "Primary network interface", []doc{}
		d["MacAddress"], d["OwnerId"], d["RequesterManaged"], d["Status"] = "02:5a:0c:77:41:9e", "111122223333", false, "in-use"
		d["PrivateDnsName"] = private["PrivateDnsName"]
		d["TagSet"] = []doc{{"Key": "Name", "Value": fmt.Sprintf("service-%d", i%40)}, {"Key": "team", "Value": fmt.Sprintf("team-%d", i%7)}}
	}
	g.add(graph.KindInterface, d, nil)
}
