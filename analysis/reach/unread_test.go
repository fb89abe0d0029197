package reach_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/cairn-security/cairn/analysis/reach"
	"github.com/cairn-security/cairn/graph"
)

// hall is a VPC with a gateway to the premises and a peering, every filter open.
func hall(more func(*reach.Builder), gateway map[string]json.RawMessage) *reach.Estate {
	b := reach.NewBuilder()
	add := func(kind graph.Kind, id, raw string, props map[string]json.RawMessage) {
		b.Add(reach.Item{Kind: kind, ID: id, Account: "111122223333", Region: "eu-west-1", Raw: json.RawMessage(raw), Props: props})
	}
	add(graph.KindVPC, "vpc-1", `{"VpcId":"vpc-1","CidrBlock":"10.0.0.0/16"}`, nil)
	add(graph.KindSubnet, "subnet-1", `{"SubnetId":"subnet-1","VpcId":"vpc-1","CidrBlock":"10.0.1.0/24"}`, nil)
	add(graph.KindSecurityGroup, "sg-1", `{"GroupId":"sg-1","VpcId":"vpc-1","IpPermissions":[{"IpProtocol":"-1","IpRanges":[{"CidrIp":"0.0.0.0/0"}]}]}`, nil)
	add(graph.KindInterface, "eni-1", `{"NetworkInterfaceId":"eni-1","SubnetId":"subnet-1","VpcId":"vpc-1","Groups":[{"GroupId":"sg-1"}],"PrivateIpAddress":"10.0.1.5","PrivateIpAddresses":[{"PrivateIpAddress":"10.0.1.5"}]}`, nil)
	add(graph.KindVPNGateway, "vgw-1", `{"VpnGatewayId":"vgw-1","VpcAttachments":[{"VpcId":"vpc-1","State":"attached"}]}`, gateway)
	if more != nil {
		more(b)
	}
	add(graph.KindRouteTable, "rtb-1", `{"RouteTableId":"rtb-1","VpcId":"vpc-1","Associations":[{"Main":true}],"Routes":[
		{"DestinationCidrBlock":"10.0.0.0/16","GatewayId":"local","State":"active"},{"DestinationCidrBlock":"192.168.0.0/16","GatewayId":"vgw-1","State":"active"}]}`, nil)
	return b.Build()
}

// TestUnreadSources: what may lead to a VPC and was not read is unknown, not
// blocked.
func TestUnreadSources(t *testing.T) {
	peering := func(b *reach.Builder) {
		b.Add(reach.Item{Kind: graph.KindPeering, ID: "pcx-1", Account: "111122223333", Region: "eu-west-1", Raw: json.RawMessage(`{"VpcPeeringConnectionId":"pcx-1","Status":{"Code":"active"},
			"RequesterVpcInfo":{"VpcId":"vpc-1","OwnerId":"111122223333","Region":"eu-west-1","CidrBlock":"10.0.0.0/16"},
			"AccepterVpcInfo":{"VpcId":"vpc-9","OwnerId":"444455556666","Region":"eu-west-1","CidrBlock":"10.9.0.0/16"}}`)})
	}
	unreadTables := func(b *reach.Builder) {
		b.Gap(graph.Gap{ID: "gap", Account: "111122223333", Region: "eu-west-1", Operation: "DescribeRouteTables", Outcome: graph.OutcomeMalformed})
	}
	line := map[string]json.RawMessage{graph.PropAttributes: json.RawMessage(`[{"virtualInterfaceId":"dxvif-1"}]`)}
	associated := map[string]json.RawMessage{graph.PropAssociations: json.RawMessage(`[{"directConnectGatewayId":"dx-1"}]`)}
	for name, c := range map[string]struct {
		more    func(*reach.Builder)
		gateway map[string]json.RawMessage
		from    string
		want    reach.Verdict
		missing string
	}{
		"nothing leads here":                   {nil, nil, "ip:10.9.0.7", reach.Blocked, ""},
		"a VPC that was not read":              {peering, nil, "ip:10.9.0.7", reach.Unknown, "VPC vpc-9 of account 444455556666 was not read"},
		"an address it does not have":          {peering, nil, "ip:10.8.0.7", reach.Blocked, ""},
		"no line to the premises":              {nil, nil, "onprem", reach.Blocked, ""},
		"a virtual interface":                  {nil, line, "onprem", reach.Unknown, "Direct Connect"},
		"a Direct Connect gateway":             {nil, associated, "onprem", reach.Unknown, "Direct Connect"},
		"route tables that were read in parts": {unreadTables, line, "onprem", reach.Unknown, "route table of subnet-1"},
	} {
		t.Run(name, func(t *testing.T) {
			answer, err := hall(c.more, c.gateway).Query(c.from, "eni-1", reach.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if missing := strings.Join(answer.Missing, "; "); answer.Verdict != c.want || !strings.Contains(missing, c.missing) {
				t.Errorf("%v, missing %q; want %v, missing %q", answer.Verdict, missing, c.want, c.missing)
			}
		})
	}
}

// TestUnreadPlaces: an endpoint of which something was not read is unknown, as
// far as that could matter.
func TestUnreadPlaces(t *testing.T) {
	database := func(public string) func(*reach.Builder) {
		return func(b *reach.Builder) {
			b.Add(reach.Item{Kind: graph.KindDBInstance, ID: "orders", Account: "111122223333", Region: "eu-west-1", Raw: json.RawMessage(`{"DBInstanceIdentifier":"orders","PubliclyAccessible":` + public + `,
				"Endpoint":{"Port":5432},"DBSubnetGroup":{"VpcId":"vpc-1","Subnets":[{"SubnetIdentifier":"subnet-9"}]},"VpcSecurityGroups":[{"VpcSecurityGroupId":"sg-1"}]}`)})
		}
	}
	hidden := func(b *reach.Builder) {
		b.Hidden(reach.Item{Kind: graph.KindDBInstance, ID: "orders", Account: "111122223333", Region: "eu-west-1"}, "orders", "orders was not read")
	}
	for name, c := range map[string]struct {
		more    func(*reach.Builder)
		from    string
		want    reach.Verdict
		class   reach.Class
		missing string
	}{
		"in a subnet that was not read":     {database("true"), "internet", reach.Unknown, reach.ClassUnknown, "subnet subnet-9"},
		"private, from the internet":        {database("false"), "internet", reach.Blocked, reach.ClassNone, ""},
		"private, from inside":              {database("false"), "eni-1", reach.Unknown, reach.ClassNone, "subnet subnet-9"},
		"whose description was not read":    {hidden, "internet", reach.Unknown, reach.ClassUnknown, "orders was not read"},
		"not described either, from inside": {hidden, "eni-1", reach.Unknown, reach.ClassUnknown, "orders was not read"},
	} {
		t.Run(name, func(t *testing.T) {
			est := hall(c.more, nil)
			answer, err := est.Query(c.from, "orders", reach.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if missing := strings.Join(answer.Missing, "; "); answer.Verdict != c.want || !strings.Contains(missing, c.missing) {
				t.Errorf("%v, missing %q; want %v, missing %q", answer.Verdict, missing, c.want, c.missing)
			}
			for _, end := range est.Exposed(reach.Options{}) {
				if end.Resource.ID == "orders" && end.Class != c.class {
					t.Errorf("class %v, want %v", end.Class, c.class)
				}
			}
		})
	}
}

// TestKnownByNameOnly: what a listing names and nothing describes is there.
func TestKnownByNameOnly(t *testing.T) {
	b := graph.NewBuilder()
	b.Add(graph.Node{ID: "arn:aws:eks:eu-west-1:111122223333:cluster/shop", Kind: graph.KindCluster, Name: "shop", Account: "111122223333", Region: "eu-west-1"})
	b.Add(graph.Node{ID: "arn:aws:es:eu-west-1:111122223333:domain/logs", Kind: graph.KindSearchDomain, Name: "logs", Account: "111122223333", Region: "eu-west-1"})
	b.Add(graph.Node{ID: "arn:aws:iam::111122223333:role/r", Kind: graph.KindRole, Name: "r"})
	b.Gap(graph.Gap{ID: "gap", Service: "eks", Operation: "DescribeCluster", Outcome: graph.OutcomeDenied, Affects: []string{"arn:aws:eks:eu-west-1:111122223333:cluster/shop"}})
	snap, err := b.Build(graph.Meta{ID: "s"})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"shop": "shop was not read: DescribeCluster was denied", "logs": "logs is known by name only"}
	for _, end := range reach.FromSnapshot(snap).Exposed(reach.Options{}) {
		if missing := strings.Join(end.Missing, "; "); end.Class != reach.ClassUnknown || missing != want[end.Resource.Name] {
			t.Errorf("%s: %v, missing %q", end.Resource.Name, end.Class, missing)
		}
		if gaps := end.Answer().Gaps; end.Resource.Name == "shop" && (len(gaps) != 1 || gaps[0] != "gap") {
			t.Errorf("gaps %q", gaps)
		}
		delete(want, end.Resource.Name)
	}
	if len(want) > 0 {
		t.Errorf("not listed: %v", want)
	}
}
