package reach_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/reach"
	"github.com/cairn-security/cairn/graph"
)

// snapshot makes nodes with ARNs as ids, as importers do.
func snapshot(t *testing.T, nodes map[string]oddItem) *graph.Snapshot {
	t.Helper()
	b := graph.NewBuilder()
	origin := b.Origin(graph.Origin{Source: "test", Account: "111122223333", Region: "r", Service: "ec2", Operation: "Describe"})
	for id, it := range nodes {
		h, _ := b.Add(graph.Node{ID: id, Kind: it.kind, Account: "111122223333", Region: "r"})
		if err := b.Set(h, graph.PropResource, json.RawMessage(it.text), origin); err != nil {
			t.Fatal(err)
		}
	}
	snap, err := b.Build(graph.Meta{ID: "s"})
	if err != nil {
		t.Fatal(err)
	}
	return snap
}

const prefix = "arn:aws:ec2:r:111122223333:"

func publicHost() map[string]oddItem {
	return map[string]oddItem{
		prefix + "vpc/vpc-1":               {graph.KindVPC, `{"VpcId":"vpc-1","CidrBlock":"10.0.0.0/16"}`},
		prefix + "internet-gateway/igw-1":  {graph.KindInternetGateway, `{"InternetGatewayId":"igw-1","Attachments":[{"VpcId":"vpc-1","State":"available"}]}`},
		prefix + "subnet/subnet-1":         {graph.KindSubnet, `{"SubnetId":"subnet-1","VpcId":"vpc-1","CidrBlock":"10.0.1.0/24"}`},
		prefix + "route-table/rtb-1":       {graph.KindRouteTable, `{"RouteTableId":"rtb-1","VpcId":"vpc-1","Associations":[{"Main":true}],"Routes":[{"DestinationCidrBlock":"10.0.0.0/16","GatewayId":"local"},{"DestinationCidrBlock":"0.0.0.0/0","GatewayId":"igw-1"}]}`},
		prefix + "network-acl/acl-1":       {graph.KindNetworkACL, `{"NetworkAclId":"acl-1","VpcId":"vpc-1","IsDefault":true,"Entries":[{"RuleNumber":100,"Protocol":"6","RuleAction":"allow","CidrBlock":"0.0.0.0/0","PortRange":{"From":0,"To":65535}},{"RuleNumber":100,"Protocol":"-1","RuleAction":"allow","Egress":true,"CidrBlock":"0.0.0.0/0"}]}`},
		prefix + "security-group/sg-1":     {graph.KindSecurityGroup, `{"GroupId":"sg-1","VpcId":"vpc-1","IpPermissions":[{"IpProtocol":"tcp","FromPort":22,"ToPort":22,"IpRanges":[{"CidrIp":"198.51.100.0/24"}]},{"IpProtocol":"tcp","FromPort":443,"ToPort":443,"IpRanges":[{"CidrIp":"0.0.0.0/1"},{"CidrIp":"128.0.0.0/1"}]}],"IpPermissionsEgress":[{"IpProtocol":"-1","IpRanges":[{"CidrIp":"0.0.0.0/0"}]}]}`},
		prefix + "security-group/sg-db":    {graph.KindSecurityGroup, `{"GroupId":"sg-db","VpcId":"vpc-1","IpPermissions":[{"IpProtocol":"tcp","FromPort":5432,"ToPort":5432,"UserIdGroupPairs":[{"GroupId":"sg-1","UserId":"111122223333"}]}]}`},
		prefix + "network-interface/eni-1": {graph.KindInterface, `{"NetworkInterfaceId":"eni-1","SubnetId":"subnet-1","PrivateIpAddress":"10.0.1.5","Groups":[{"GroupId":"sg-1"}],"Association":{"PublicIp":"50.0.0.1"},"Attachment":{"InstanceId":"i-1"}}`},
		prefix + "instance/i-1":            {graph.KindInstance, `{"InstanceId":"i-1","State":{"Name":"running","Code":16},"Tags":[{"Key":"Name","Value":"web"}]}`},
		prefix + "db/pg":                   {graph.KindDBInstance, `{"DBInstanceIdentifier":"pg","Endpoint":{"Port":5432},"PubliclyAccessible":false,"VpcSecurityGroups":[{"VpcSecurityGroupId":"sg-db"}],"DBSubnetGroup":{"Subnets":[{"SubnetIdentifier":"subnet-1"}]}}`},
	}
}

func TestFactsOfAnswer(t *testing.T) {
	snap := snapshot(t, publicHost())
	est := reach.FromSnapshot(snap)
	a, err := est.Query("internet", "web", reach.Options{Protocol: "tcp", Port: 443})
	if err != nil {
		t.Fatal(err)
	}
	d := a.Decision()
	if !d.Certain() {
		t.Fatalf("%v is not certain", a)
	}
	var kinds []string
	for _, s := range a.Chain {
		kinds = append(kinds, s.Kind+" "+s.Decision)
		if len(s.Facts) == 0 {
			t.Errorf("step %+v rests on nothing", s)
		}
	}
	want := "internet gateway forward, network ACL allow, security groups allow, network ACL reply allow, route table reply route"
	if got := strings.Join(kinds, ", "); got != want {
		t.Errorf("chain %q, want %q", got, want)
	}
	group, _ := snap.Lookup(prefix + "security-group/sg-1")
	var open attack.Group
	for _, g := range d.Support {
		if g[0].Node == group {
			open = g
		}
	}
	if len(open) != 2 || open[0].Pointer != "/IpPermissions/1/IpRanges/0" || open[0].Anchor == "" || open[0].Anchor == open[1].Anchor {
		t.Errorf("the two halves are alternatives with anchors of their own: %+v", open)
	}
	if a.Ranges[0].Sources[0].String() != "0.0.0.0/0" {
		t.Errorf("sources %v", a.Ranges[0].Sources)
	}

	no, err := est.Query("internet", "web", reach.Options{Protocol: "tcp", Port: 80})
	if err != nil {
		t.Fatal(err)
	}
	d = no.Decision()
	if d.Allowed || len(d.Support) != 1 || !d.Support[0][0].Absent || no.Opens() == "" {
		t.Errorf("a refusal rests on an absent rule and says what would open it: %+v, %q", d, no.Opens())
	}
}

func TestReachedDecision(t *testing.T) {
	snap := snapshot(t, publicHost())
	est := reach.FromSnapshot(snap)
	node, _ := snap.Lookup(prefix + "instance/i-1")
	web := est.ResourceOf(node)
	if web == nil {
		t.Fatal("the instance is no resource")
	}
	for _, p := range est.PositionsOf(web) {
		for r := range est.From(p) {
			if r.Resource.Name != "pg" {
				t.Errorf("reached %s", r.Resource.ID)
				continue
			}
			if r.Ports(3)[0] != 5432 || len(r.Ports(3)) != 1 {
				t.Errorf("ports %v", r.Ports(3))
			}
			if d := r.Decision(); !d.Certain() || len(d.Support) != 2 {
				t.Errorf("decision %+v", d)
			}
			return
		}
	}
	t.Error("the database is not reached")
}

func TestClassOf(t *testing.T) {
	for text, want := range map[string]reach.Class{
		"0.0.0.0/0": reach.ClassInternet, "::/0": reach.ClassInternet, "0.0.0.0/1": reach.ClassBroad, "52.0.0.0/7": reach.ClassBroad,
		"52.0.0.0/8": reach.ClassRestricted, "1.2.3.4/32": reach.ClassRestricted, "10.0.0.0/8": reach.ClassNone, "2600::/16": reach.ClassBroad, "2600:1f00::/24": reach.ClassRestricted,
	} {
		if got := reach.ClassOf(sources(t, text)); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
	if got := reach.ClassOf(sources(t, "0.0.0.0/1", "128.0.0.0/1")); got != reach.ClassInternet {
		t.Errorf("two halves: %s", got)
	}
	var many []string
	for i := range 200 {
		many = append(many, "60."+strconv.Itoa(i)+".0.0/16")
	}
	if got := reach.ClassOf(sources(t, many...)); got != reach.ClassRestricted {
		t.Errorf("200 /16: %s", got)
	}
	for i := range 200 {
		many = append(many, "61."+strconv.Itoa(i)+".0.0/16")
	}
	if got := reach.ClassOf(sources(t, many...)); got != reach.ClassBroad {
		t.Errorf("400 /16: %s", got)
	}
}
