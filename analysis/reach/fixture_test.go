package reach_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cairn-security/cairn/analysis/reach"
	"github.com/cairn-security/cairn/graph"
)

// conformance returns the folder of the conformance cases or skips.
func conformance(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("CAIRN_CONFORMANCE")
	if dir == "" {
		t.Skip("CAIRN_CONFORMANCE is not set")
	}
	if !filepath.IsAbs(dir) {
		root, err := filepath.Abs("../..")
		if err != nil {
			t.Fatal(err)
		}
		dir = filepath.Join(root, dir)
	}
	return dir
}

// listKinds maps the top-level members of AWS replies to kinds.
var listKinds = map[string]graph.Kind{
	"Vpcs": graph.KindVPC, "Subnets": graph.KindSubnet, "RouteTables": graph.KindRouteTable,
	"InternetGateways": graph.KindInternetGateway, "EgressOnlyInternetGateways": graph.KindEgressOnlyGateway,
	"NatGateways": graph.KindNATGateway, "NetworkAcls": graph.KindNetworkACL, "SecurityGroups": graph.KindSecurityGroup,
	"PrefixLists": graph.KindPrefixList, "ManagedPrefixLists": graph.KindPrefixList, "NetworkInterfaces": graph.KindInterface,
	"Addresses": graph.KindAddress, "VpcPeeringConnections": graph.KindPeering, "TransitGateways": graph.KindTransitGateway,
	"TransitGatewayAttachments": graph.KindTransitAttachment, "TransitGatewayVpcAttachments": graph.KindTransitAttachment,
	"TransitGatewayRouteTables": graph.KindTransitRouteTable, "VpcEndpoints": graph.KindVPCEndpoint,
	"VpnGateways": graph.KindVPNGateway, "VpnConnections": graph.KindVPNConnection, "LoadBalancers": graph.KindLoadBalancer,
	"LoadBalancerDescriptions": graph.KindLoadBalancer, "TargetGroups": graph.KindTargetGroup, "DBInstances": graph.KindDBInstance,
	"DBClusters": graph.KindDBCluster, "ClusterSubnetGroups": graph.KindSubnetGroup, "DomainStatusList": graph.KindSearchDomain,
	"ClusterInfoList": graph.KindStream, "RestApis": graph.KindAPI, "tasks": graph.KindTask, "Functions": graph.KindFunction,
}

var listOperations = map[string]string{
	"Vpcs": "DescribeVpcs", "RouteTables": "DescribeRouteTables", "InternetGateways": "DescribeInternetGateways",
	"NetworkAcls": "DescribeNetworkAcls", "SecurityGroups": "DescribeSecurityGroups", "NetworkInterfaces": "DescribeNetworkInterfaces",
	"EgressOnlyInternetGateways": "DescribeEgressOnlyInternetGateways",
}

// load feeds a folder of AWS replies straight into a builder.
func load(t testing.TB, dir string) *reach.Estate {
	t.Helper()
	b := reach.NewBuilder()
	props := map[string]map[string]json.RawMessage{}
	var held []reach.Item
	add := func(kind graph.Kind, region string, raw json.RawMessage) {
		held = append(held, reach.Item{Kind: kind, Node: graph.NoRef, Region: region, Raw: raw})
	}
	attach := func(raw json.RawMessage, id, member, prop string) {
		var m map[string]json.RawMessage
		if json.Unmarshal(raw, &m) != nil {
			return
		}
		var key string
		_ = json.Unmarshal(m[id], &key)
		if props[key] == nil {
			props[key] = map[string]json.RawMessage{}
		}
		props[key][prop] = m[member]
	}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var reply map[string]json.RawMessage
		if json.Unmarshal(raw, &reply) != nil {
			return nil
		}
		region := "r"
		for name, list := range reply {
			if op := listOperations[name]; op != "" {
				b.Collected(op, "", region)
			}
			if name == "DomainStatus" {
				add(graph.KindSearchDomain, region, list)
			}
			var items []json.RawMessage
			if json.Unmarshal(list, &items) != nil {
				continue
			}
			for _, it := range items {
				switch name {
				case "Reservations":
					var r struct{ Instances []json.RawMessage }
					_ = json.Unmarshal(it, &r)
					for _, i := range r.Instances {
						add(graph.KindInstance, region, i)
					}
				case "Clusters":
					if strings.Contains(string(it), "ClusterIdentifier") {
						add(graph.KindWarehouse, region, it)
					} else {
						add(graph.KindCluster, region, it)
					}
				case "LoadBalancerListeners":
					attach(it, "LoadBalancerArn", "Listeners", graph.PropListeners)
				case "LoadBalancerTargetHealth":
					attach(it, "TargetGroupArn", "TargetHealthDescriptions", graph.PropHealth)
				case "LoadBalancerAttributes":
					attach(it, "LoadBalancerArn", "Attributes", graph.PropAttributes)
				case "TransitGatewayPropagations":
					attach(it, "TransitGatewayRouteTableId", "TransitGatewayRouteTablePropagations", graph.PropPropagations)
				case "TransitGatewayStaticRoutes":
					attach(it, "TransitGatewayRouteTableId", "Routes", graph.PropRoutes)
				default:
					if kind, ok := listKinds[name]; ok {
						add(kind, region, it)
					}
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, it := range held {
		var m map[string]json.RawMessage
		_ = json.Unmarshal(it.Raw, &m)
		for _, id := range []string{"LoadBalancerArn", "TargetGroupArn", "TransitGatewayRouteTableId"} {
			var key string
			if _ = json.Unmarshal(m[id], &key); key != "" && it.Props == nil {
				it.Props = props[key]
			}
		}
		b.Add(it)
	}
	return b.Build()
}
