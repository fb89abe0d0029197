package reach_test

import (
	"fmt"
	"net/netip"

	"github.com/cairn-security/cairn/graph"
)

func (w *world) addRest(add func(graph.Kind, doc, ...any)) {
	for i, s := range w.Subnets {
		add(graph.KindSubnet, doc{"SubnetId": fmt.Sprintf("subnet-%d", i), "VpcId": fmt.Sprintf("vpc-%d", s.VPC), "CidrBlock": s.Block.String(), "AvailabilityZone": s.Zone})
		a := w.ACLs[s.ACL]
		var entries []doc
		for egress, list := range map[bool][]worldEntry{false: a.In, true: a.Out} {
			for _, e := range list {
				d := doc{"Egress": egress, "RuleNumber": e.Number, "Protocol": fmt.Sprint(e.Proto), "RuleAction": map[bool]string{true: "allow", false: "deny"}[e.Allow], "CidrBlock": e.Peer.String()}
				if e.Proto >= 0 {
					d["PortRange"] = doc{"From": e.From * portBlock, "To": e.To*portBlock + portBlock - 1}
				}
				entries = append(entries, d)
			}
		}
		add(graph.KindNetworkACL, doc{"NetworkAclId": fmt.Sprintf("acl-%d", i), "VpcId": fmt.Sprintf("vpc-%d", s.VPC), "Associations": []doc{{"SubnetId": fmt.Sprintf("subnet-%d", i)}}, "Entries": entries})
		w.addTable(add, i)
	}
	for i, g := range w.Groups {
		add(graph.KindSecurityGroup, doc{"GroupId": fmt.Sprintf("sg-%d", i), "VpcId": fmt.Sprintf("vpc-%d", g.VPC), "OwnerId": "1",
			"IpPermissions": permissionDocs(g.In), "IpPermissionsEgress": permissionDocs(g.Out)})
	}
	for i, x := range w.Ifaces {
		d := doc{"NetworkInterfaceId": fmt.Sprintf("eni-%d", i), "SubnetId": fmt.Sprintf("subnet-%d", x.Subnet), "PrivateIpAddress": x.Private.String(), "SourceDestCheck": !x.Forwards}
		if x.Public.IsValid() {
			d["Association"] = doc{"PublicIp": x.Public.String()}
		}
		var groups []doc
		for _, g := range x.Groups {
			groups = append(groups, doc{"GroupId": fmt.Sprintf("sg-%d", g)})
		}
		d["Groups"] = groups
		if x.NAT {
			d["InterfaceType"] = "nat_gateway"
			add(graph.KindNATGateway, doc{"NatGatewayId": "nat-0", "State": "available", "ConnectivityType": "public", "SubnetId": fmt.Sprintf("subnet-%d", x.Subnet),
				"NatGatewayAddresses": []doc{{"NetworkInterfaceId": fmt.Sprintf("eni-%d", i), "PrivateIp": x.Private.String(), "PublicIp": x.Public.String()}}})
		}
		add(graph.KindInterface, d)
	}
	if w.Peering != "" {
		side := func(v int) doc {
			return doc{"VpcId": fmt.Sprintf("vpc-%d", v), "Region": "r", "OwnerId": "1", "CidrBlock": netip.PrefixFrom(privateAddr(v, 0), 26).String()}
		}
		add(graph.KindPeering, doc{"VpcPeeringConnectionId": "pcx-0", "RequesterVpcInfo": side(0), "AccepterVpcInfo": side(1), "Status": doc{"Code": w.Peering}})
	}
	if w.Transit {
		w.addTransit(add)
	}
}

func (w *world) addTable(add func(graph.Kind, doc, ...any), i int) {
	t := w.Tables[i]
	var routes []doc
	for _, r := range t.Routes {
		d := doc{"DestinationCidrBlock": r.Dest.String(), "State": map[bool]string{true: "blackhole", false: "active"}[r.Blackhole], "Origin": "CreateRoute"}
		switch r.Target {
		case "local":
			d["GatewayId"] = "local"
		case "igw":
			d["GatewayId"] = fmt.Sprintf("igw-%d", t.VPC)
		case "nat":
			d["NatGatewayId"] = "nat-0"
		case "pcx":
			d["VpcPeeringConnectionId"] = "pcx-0"
		case "tgw":
			d["TransitGatewayId"] = "tgw-0"
		case "appliance":
			d["NetworkInterfaceId"] = fmt.Sprintf("eni-%d", w.appliance(t.VPC))
		}
		if !w.exists(r.Target, t.VPC) {
			continue // AWS refuses a route to nothing
		}
		routes = append(routes, d)
	}
	add(graph.KindRouteTable, doc{"RouteTableId": fmt.Sprintf("rtb-%d", i), "VpcId": fmt.Sprintf("vpc-%d", t.VPC), "Routes": routes,
		"Associations": []doc{{"SubnetId": fmt.Sprintf("subnet-%d", i)}}})
}

// appliance is the interface that routes to an appliance point at.
func (w *world) appliance(v int) int {
	for i, x := range w.Ifaces {
		if w.Subnets[x.Subnet].VPC == v && !x.NAT {
			return i
		}
	}
	return -1
}

func (w *world) exists(target string, v int) bool {
	switch target {
	case "igw":
		return w.VPCs[v].IGW
	case "nat":
		return w.NAT >= 0 && w.Subnets[w.Ifaces[w.NAT].Subnet].VPC == v
	case "pcx":
		return w.Peering != ""
	case "tgw":
		return w.Transit
	}
	return true
}

func (w *world) addTransit(add func(graph.Kind, doc, ...any)) {
	add(graph.KindTransitGateway, doc{"TransitGatewayId": "tgw-0", "Options": doc{"SecurityGroupReferencingSupport": "enable"}})
	var static, props []doc
	for _, r := range w.Routes {
		if r.VPC < 0 {
			static = append(static, doc{"DestinationCidrBlock": r.Dest.String(), "Type": "static", "State": "blackhole"})
			continue
		}
		props = append(props, doc{"TransitGatewayAttachmentId": fmt.Sprintf("tgw-attach-%d", r.VPC), "ResourceType": "vpc", "State": "enabled"})
	}
	if static == nil {
		static = []doc{}
	}
	add(graph.KindTransitRouteTable, doc{"TransitGatewayRouteTableId": "tgw-rtb-0", "TransitGatewayId": "tgw-0"}, graph.PropRoutes, static, graph.PropPropagations, props)
	for v := range w.VPCs {
		add(graph.KindTransitAttachment, doc{"TransitGatewayAttachmentId": fmt.Sprintf("tgw-attach-%d", v), "TransitGatewayId": "tgw-0", "ResourceType": "vpc", "VpcId": fmt.Sprintf("vpc-%d", v),
			"State": "available", "SubnetIds": []string{fmt.Sprintf("subnet-%d", w.AttachTo[v])}, "Association": doc{"TransitGatewayRouteTableId": "tgw-rtb-0", "State": "associated"}})
	}
}

func permissionDocs(rules []worldRule) []doc {
	var out []doc
	for _, r := range rules {
		d := doc{"IpProtocol": fmt.Sprint(r.Proto)}
		if r.Proto >= 0 {
			d["FromPort"], d["ToPort"] = r.From*portBlock, r.To*portBlock+portBlock-1
		}
		if r.Group >= 0 {
			d["UserIdGroupPairs"] = []doc{{"GroupId": fmt.Sprintf("sg-%d", r.Group), "UserId": "1"}}
		} else {
			d["IpRanges"] = []doc{{"CidrIp": r.Peer.String()}}
		}
		out = append(out, d)
	}
	return out
}
