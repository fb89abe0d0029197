package reach_test

import (
	"encoding/json"
	"testing"

	"github.com/cairn-security/cairn/analysis/reach"
	"github.com/cairn-security/cairn/graph"
)

// twoNetworks are alike and open to the internet.
func twoNetworks(b *reach.Builder) {
	add := func(kind graph.Kind, raw string) {
		b.Add(reach.Item{Kind: kind, Account: "111122223333", Region: "eu-west-1", Raw: json.RawMessage(raw)})
	}
	for _, n := range []string{"1", "2"} {
		add(graph.KindVPC, `{"VpcId":"vpc-`+n+`","CidrBlock":"10.`+n+`.0.0/16"}`)
		add(graph.KindInternetGateway, `{"InternetGatewayId":"igw-`+n+`","Attachments":[{"VpcId":"vpc-`+n+`","State":"available"}]}`)
		add(graph.KindSubnet, `{"SubnetId":"subnet-`+n+`","VpcId":"vpc-`+n+`","CidrBlock":"10.`+n+`.1.0/24"}`)
		add(graph.KindSecurityGroup, `{"GroupId":"sg-`+n+`","VpcId":"vpc-`+n+`","IpPermissions":[{"IpProtocol":"tcp","FromPort":443,"ToPort":443,"IpRanges":[{"CidrIp":"0.0.0.0/0"}]}]}`)
		add(graph.KindInterface, `{"NetworkInterfaceId":"eni-`+n+`","SubnetId":"subnet-`+n+`","PrivateIpAddress":"10.`+n+`.1.5","Groups":[{"GroupId":"sg-`+n+`"}],"Association":{"PublicIp":"50.0.0.`+n+`"}}`)
		add(graph.KindRouteTable, `{"RouteTableId":"rtb-`+n+`","VpcId":"vpc-`+n+`","Associations":[{"Main":true}],"Routes":[{"DestinationCidrBlock":"10.`+n+`.0.0/16","GatewayId":"local"},{"DestinationCidrBlock":"0.0.0.0/0","GatewayId":"igw-`+n+`"}]}`)
		add(graph.KindNetworkACL, `{"NetworkAclId":"acl-`+n+`","VpcId":"vpc-`+n+`","IsDefault":true,"Entries":[{"RuleNumber":100,"Protocol":"-1","RuleAction":"allow","CidrBlock":"0.0.0.0/0"},{"RuleNumber":100,"Egress":true,"Protocol":"-1","RuleAction":"allow","CidrBlock":"0.0.0.0/0"}]}`)
	}
}

// TestBrokenElements: a rule, route or list that cannot be read makes unknown
// what it may decide, in its own VPC where that can be told, and nothing else.
func TestBrokenElements(t *testing.T) {
	for name, c := range map[string]struct {
		kind          graph.Kind
		raw           string
		first, second reach.Verdict // of eni-1 and eni-2, on 443
	}{
		"nothing":                      {graph.KindVPC, `{"VpcId":"vpc-3","CidrBlock":"10.3.0.0/16"}`, reach.Reachable, reach.Reachable},
		"a table of the first":         {graph.KindRouteTable, `{"RouteTableId":"rtb-9","VpcId":"vpc-1","Associations":"subnet-1"}`, reach.Unknown, reach.Reachable},
		"a table of nobody knows what": {graph.KindRouteTable, `["subnet-1"]`, reach.Unknown, reach.Unknown},
		"a list of the first":          {graph.KindNetworkACL, `{"NetworkAclId":"acl-9","VpcId":"vpc-1","Entries":{}}`, reach.Unknown, reach.Reachable},
		"a rule of a list":             {graph.KindNetworkACL, `{"NetworkAclId":"acl-9","VpcId":"vpc-1","Associations":[{"SubnetId":"subnet-1"}],"Entries":[{"RuleNumber":90,"Protocol":"6","RuleAction":"deny","CidrBlock":"anything"},{"RuleNumber":100,"Protocol":"-1","RuleAction":"allow","CidrBlock":"0.0.0.0/0"},{"RuleNumber":100,"Egress":true,"Protocol":"-1","RuleAction":"allow","CidrBlock":"0.0.0.0/0"}]}`, reach.Unknown, reach.Reachable},
		"a route":                      {graph.KindRouteTable, `{"RouteTableId":"rtb-9","VpcId":"vpc-1","Associations":[{"SubnetId":"subnet-1"}],"Routes":[{"DestinationCidrBlock":"everything","GatewayId":"igw-1"}]}`, reach.Unknown, reach.Reachable},
	} {
		t.Run(name, func(t *testing.T) {
			b := reach.NewBuilder()
			twoNetworks(b)
			b.Add(reach.Item{Kind: c.kind, Account: "111122223333", Region: "eu-west-1", Raw: json.RawMessage(c.raw)})
			est := b.Build()
			if len(est.Problems()) == 0 && name != "nothing" {
				t.Error("no problem is reported")
			}
			wantVerdicts(t, est, c.first, c.second)
		})
	}
}

func wantVerdicts(t *testing.T, est *reach.Estate, want ...reach.Verdict) {
	t.Helper()
	for i, to := range []string{"eni-1", "eni-2"} {
		a, err := est.Query("internet", to, reach.Options{Protocol: "tcp", Port: 443})
		if err != nil {
			t.Fatal(err)
		}
		if a.Verdict != want[i] {
			t.Errorf("%v, want %v (missing %q)", a, want[i], a.Missing)
		}
	}
}

// TestBrokenGroupRule: a rule that cannot be read may let anything in.
func TestBrokenGroupRule(t *testing.T) {
	for _, rule := range []string{`{"IpProtocol":"tcp","FromPort":9,"ToPort":1}`, `{"IpProtocol":"tcp","FromPort":22,"ToPort":22,"IpRanges":[{"CidrIp":"the office"}]}`} {
		b := reach.NewBuilder()
		twoNetworks(b)
		add := func(kind graph.Kind, raw string) {
			b.Add(reach.Item{Kind: kind, Account: "111122223333", Region: "eu-west-1", Raw: json.RawMessage(raw)})
		}
		add(graph.KindSecurityGroup, `{"GroupId":"sg-9","VpcId":"vpc-1","IpPermissions":[`+rule+`]}`)
		add(graph.KindInterface, `{"NetworkInterfaceId":"eni-9","SubnetId":"subnet-1","PrivateIpAddress":"10.1.1.9","Groups":[{"GroupId":"sg-9"}],"Association":{"PublicIp":"50.0.0.9"}}`)
		a, err := b.Build().Query("internet", "eni-9", reach.Options{Protocol: "tcp", Port: 22})
		if err != nil || a.Verdict != reach.Unknown {
			t.Errorf("%s: %v, %v", rule, a, err)
		}
	}
}

// TestContradictedTable: descriptions of a table that contradict each other
// leave subnets of other VPCs alone.
func TestContradictedTable(t *testing.T) {
	for _, kind := range []graph.Kind{graph.KindRouteTable, graph.KindNetworkACL} {
		operation := map[graph.Kind]string{graph.KindRouteTable: "DescribeRouteTables", graph.KindNetworkACL: "DescribeNetworkAcls"}[kind]
		b := graph.NewBuilder()
		origin := b.Origin(graph.Origin{Service: "ec2", Operation: "DescribeVpcs", Account: "111122223333", Region: "eu-west-1"})
		var first graph.Handle
		add := func(kind graph.Kind, id, raw string) graph.Handle {
			h, _ := b.Add(graph.Node{ID: id, Kind: kind, Account: "111122223333", Region: "eu-west-1"})
			if raw != "" {
				if err := b.Set(h, graph.PropResource, json.RawMessage(raw), origin); err != nil {
					t.Fatal(err)
				}
			}
			return h
		}
		for _, n := range []string{"1", "2"} {
			v := add(graph.KindVPC, "vpc-"+n, `{"VpcId":"vpc-`+n+`","CidrBlock":"10.`+n+`.0.0/16"}`)
			if n == "1" {
				first = v
			}
			add(graph.KindInternetGateway, "igw-"+n, `{"InternetGatewayId":"igw-`+n+`","Attachments":[{"VpcId":"vpc-`+n+`","State":"available"}]}`)
			add(graph.KindSubnet, "subnet-"+n, `{"SubnetId":"subnet-`+n+`","VpcId":"vpc-`+n+`","CidrBlock":"10.`+n+`.1.0/24"}`)
			add(graph.KindSecurityGroup, "sg-"+n, `{"GroupId":"sg-`+n+`","VpcId":"vpc-`+n+`","IpPermissions":[{"IpProtocol":"tcp","FromPort":443,"ToPort":443,"IpRanges":[{"CidrIp":"0.0.0.0/0"}]}]}`)
			add(graph.KindInterface, "eni-"+n, `{"NetworkInterfaceId":"eni-`+n+`","SubnetId":"subnet-`+n+`","PrivateIpAddress":"10.`+n+`.1.5","Groups":[{"GroupId":"sg-`+n+`"}],"Association":{"PublicIp":"50.0.0.`+n+`"}}`)
			add(graph.KindRouteTable, "rtb-"+n, `{"RouteTableId":"rtb-`+n+`","VpcId":"vpc-`+n+`","Associations":[{"Main":true}],"Routes":[{"DestinationCidrBlock":"10.`+n+`.0.0/16","GatewayId":"local"},{"DestinationCidrBlock":"0.0.0.0/0","GatewayId":"igw-`+n+`"}]}`)
		}
		b.Link(first, add(kind, "contradicted", ""), graph.EdgeContains)
		b.Gap(graph.Gap{ID: "gap", Account: "111122223333", Region: "eu-west-1", Service: "ec2", Operation: operation, Outcome: graph.OutcomeMalformed, Affects: []string{"contradicted"}})
		snap, err := b.Build(graph.Meta{ID: "s"})
		if err != nil {
			t.Fatal(err)
		}
		wantVerdicts(t, reach.FromSnapshot(snap), reach.Unknown, reach.Reachable)
	}
}
