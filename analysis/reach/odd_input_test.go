package reach_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cairn-security/cairn/analysis/reach"
	"github.com/cairn-security/cairn/graph"
)

// kindsOf are all kinds that the builder reads.
func kindsOf() []graph.Kind {
	var out []graph.Kind
	for _, k := range graph.Kinds() {
		if k.Network() || k.Compute() || k.Datastore() {
			out = append(out, k)
		}
	}
	return out
}

// askEverything runs every kind of question over an estate.
func askEverything(est *reach.Estate) {
	for i := range est.Exposed(reach.Options{}) {
		_ = i
	}
	var all []reach.Position
	for p := range est.Positions() {
		all = append(all, reach.Position(p))
		for r := range est.From(reach.Position(p)) {
			_ = r.Decision()
		}
	}
	est.Lateral(all[:min(1, len(all))], nil)
	names := []string{"internet", "onprem", "ip:10.0.0.1", "ip:50.0.0.1"}
	for i, r := range est.Resources() {
		if i < 6 {
			names = append(names, r.ID)
		}
	}
	for _, from := range names {
		for _, to := range names {
			if a, err := est.Query(from, to, reach.Options{}); err == nil {
				_ = a.Decision()
			}
		}
	}
}

type oddItem struct {
	kind graph.Kind
	text string
}

// TestOddInput: contradictory or broken descriptions are each reported once,
// never panic, and do not take the rest with them.
func TestOddInput(t *testing.T) {
	sound := []oddItem{
		{graph.KindVPC, `{"VpcId":"vpc-1","CidrBlock":"10.0.0.0/16"}`},
		{graph.KindInternetGateway, `{"InternetGatewayId":"igw-1","Attachments":[{"VpcId":"vpc-1","State":"available"}]}`},
		{graph.KindSubnet, `{"SubnetId":"subnet-1","VpcId":"vpc-1","CidrBlock":"10.0.1.0/24"}`},
		{graph.KindRouteTable, `{"RouteTableId":"rtb-1","VpcId":"vpc-1","Associations":[{"Main":true}],"Routes":[{"DestinationCidrBlock":"10.0.0.0/16","GatewayId":"local"},{"DestinationCidrBlock":"0.0.0.0/0","GatewayId":"igw-1"}]}`},
		{graph.KindSecurityGroup, `{"GroupId":"sg-1","VpcId":"vpc-1","IpPermissions":[{"IpProtocol":"tcp","FromPort":443,"ToPort":443,"IpRanges":[{"CidrIp":"0.0.0.0/0"}]}]}`},
		{graph.KindInterface, `{"NetworkInterfaceId":"eni-1","SubnetId":"subnet-1","PrivateIpAddress":"10.0.1.5","Groups":[{"GroupId":"sg-1"}],"Association":{"PublicIp":"50.0.0.1"}}`},
	}
	for name, c := range map[string]struct {
		items []oddItem
		want  string // part of the problem
	}{
		"not JSON":               {[]oddItem{{graph.KindSubnet, `{"SubnetId":`}}, "not JSON"},
		"wrong type":             {[]oddItem{{graph.KindSecurityGroup, `{"GroupId":"sg-2","IpPermissions":{"IpProtocol":"tcp"}}`}}, "another type"},
		"overlapping subnets":    {[]oddItem{{graph.KindSubnet, `{"SubnetId":"subnet-2","VpcId":"vpc-1","CidrBlock":"10.0.1.128/25"}`}}, "overlap"},
		"subnet outside its VPC": {[]oddItem{{graph.KindSubnet, `{"SubnetId":"subnet-2","VpcId":"vpc-1","CidrBlock":"192.168.0.0/24"}`}}, "outside the blocks"},
		"subnet without VPC":     {[]oddItem{{graph.KindSubnet, `{"SubnetId":"subnet-2","CidrBlock":"10.0.2.0/24"}`}}, "names no VPC"},
		"missing subnet":         {[]oddItem{{graph.KindInterface, `{"NetworkInterfaceId":"eni-2","SubnetId":"subnet-9","VpcId":"vpc-1","PrivateIpAddress":"10.0.9.5","Groups":[{"GroupId":"sg-1"}]}`}}, "was not read"},
		"bad block":              {[]oddItem{{graph.KindVPC, `{"VpcId":"vpc-2","CidrBlock":"10.0.0.0/99"}`}}, "not a CIDR block"},
		"inverted ports":         {[]oddItem{{graph.KindSecurityGroup, `{"GroupId":"sg-2","VpcId":"vpc-1","IpPermissions":[{"IpProtocol":"tcp","FromPort":443,"ToPort":80,"IpRanges":[{"CidrIp":"0.0.0.0/0"}]}]}`}}, "port range 443-80"},
		"unknown protocol":       {[]oddItem{{graph.KindNetworkACL, `{"NetworkAclId":"acl-1","VpcId":"vpc-1","Entries":[{"RuleNumber":1,"Protocol":"quic","RuleAction":"allow","CidrBlock":"0.0.0.0/0"}]}`}}, `protocol "quic"`},
		"bad address":            {[]oddItem{{graph.KindInterface, `{"NetworkInterfaceId":"eni-2","SubnetId":"subnet-1","PrivateIpAddress":"10.0.1.999","Groups":[{"GroupId":"sg-1"}]}`}}, "not an IPv4 or IPv6 address"},
		"address outside":        {[]oddItem{{graph.KindInterface, `{"NetworkInterfaceId":"eni-2","SubnetId":"subnet-1","PrivateIpAddress":"172.16.0.1","Groups":[{"GroupId":"sg-1"}]}`}}, "outside the blocks of its subnet"},
		"address twice":          {[]oddItem{{graph.KindInterface, `{"NetworkInterfaceId":"eni-2","SubnetId":"subnet-1","PrivateIpAddress":"10.0.1.5","Groups":[{"GroupId":"sg-1"}]}`}}, "belongs to both"},
		"two tables":             {[]oddItem{{graph.KindRouteTable, `{"RouteTableId":"rtb-2","VpcId":"vpc-1","Associations":[{"SubnetId":"subnet-1"}]}`}, {graph.KindRouteTable, `{"RouteTableId":"rtb-3","VpcId":"vpc-1","Associations":[{"SubnetId":"subnet-1"}]}`}}, "two route tables"},
		"unknown attachment":     {[]oddItem{{graph.KindTransitAttachment, `{"ResourceType":"vpc","ResourceId":"vpc-1"}`}}, "attachment without an id"},
		"one id, two things":     {[]oddItem{{graph.KindSubnet, `{"SubnetId":"vpc-1","VpcId":"vpc-1","CidrBlock":"10.0.7.0/24"}`}}, "two different things"},
		"no id":                  {[]oddItem{{graph.KindSecurityGroup, `{"VpcId":"vpc-1"}`}}, "without an id"},
	} {
		t.Run(name, func(t *testing.T) {
			b := reach.NewBuilder()
			for _, it := range append(slices.Clone(sound), c.items...) {
				b.Add(reach.Item{Kind: it.kind, Node: graph.NoRef, Account: "1", Region: "r", Raw: json.RawMessage(it.text)})
			}
			est := b.Build()
			if !slices.ContainsFunc(est.Problems(), func(p string) bool { return strings.Contains(p, c.want) }) {
				t.Errorf("problems %q lack %q", est.Problems(), c.want)
			}
			askEverything(est)
			if name == "two tables" {
				return // the odd tables really take the route away
			}
			a, err := est.Query("internet", "eni-1", reach.Options{Protocol: "tcp", Port: 443})
			if err != nil || a.Verdict != reach.Reachable {
				t.Errorf("the sound part no longer answers: %v %v", a, err)
			}
		})
	}
}

// FuzzBuilder feeds descriptions of any kind and content.
func FuzzBuilder(f *testing.F) {
	kinds := kindsOf()
	w := `{"VpcId":"vpc-1","CidrBlock":"10.0.0.0/16","SubnetId":"subnet-1","NetworkInterfaceId":"eni-1","PrivateIpAddress":"10.0.0.5","Groups":[{"GroupId":"sg-1"}],"Association":{"PublicIp":"50.0.0.1"},"Attachments":[{"VpcId":"vpc-1","State":"available"}],"InternetGatewayId":"igw-1"}`
	for i := range kinds {
		f.Add(uint8(i), uint8(i+1), w, w)
	}
	f.Add(uint8(3), uint8(0), `{"RouteTableId":"rtb-1","VpcId":"vpc-1","Associations":[{"Main":true,"GatewayId":"igw-1"}],"Routes":[{"DestinationCidrBlock":"0.0.0.0/0","NetworkInterfaceId":"eni-1"},{"DestinationIpv6CidrBlock":"::/0","GatewayId":"vpce-1"}]}`, `[{"A":1}]`)
	f.Add(uint8(1), uint8(2), `{"LoadBalancerArn":"arn:aws:elasticloadbalancing:r:1:loadbalancer/app/x/1","Type":"network","Scheme":"internet-facing","AvailabilityZones":[{"SubnetId":"subnet-1"}]}`, `[{"Port":80,"Protocol":"TCP","DefaultActions":[{"Type":"forward","TargetGroupArn":"tg"}]}]`)
	f.Fuzz(func(t *testing.T, k1, k2 uint8, one, two string) {
		b := reach.NewBuilder()
		add := func(k graph.Kind, text string) {
			props := map[string]json.RawMessage{}
			for _, p := range []string{graph.PropListeners, graph.PropHealth, graph.PropRoutes, graph.PropPropagations, graph.PropAssociations, graph.PropEntries, graph.PropURL} {
				props[p] = json.RawMessage(two)
			}
			b.Add(reach.Item{Kind: k, Node: graph.NoRef, ID: "node", Raw: json.RawMessage(text), Props: props})
		}
		for _, k := range []graph.Kind{graph.KindVPC, graph.KindSubnet, graph.KindInterface, graph.KindInternetGateway} {
			add(k, w)
		}
		add(kinds[int(k1)%len(kinds)], one)
		add(kinds[int(k2)%len(kinds)], one)
		add(kinds[int(k2)%len(kinds)], two)
		askEverything(b.Build())
	})
}

// TestScrambled replaces members of sound descriptions by what does not belong
// there: whatever comes out, nothing panics and every question has an answer.
func TestScrambled(t *testing.T) {
	pool := []any{"", nil, true, -1, 1e9, "igw-0", "vpc-1", "subnet-2", "eni-0", "nat-0", "tgw-0", "pcx-0", "sg-1", "10.0.0.0/8", "10.0.0.70", "::/0", "2600::1", "0.0.0.0/0", []any{}, map[string]any{"State": "x"}}
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		b := reach.NewBuilder()
		w.describe(func(kind graph.Kind, d doc, props ...any) {
			if rapid.IntRange(0, 2).Draw(t, "spare") > 0 {
				for _, k := range slices.Sorted(maps.Keys(d)) {
					if rapid.IntRange(0, 5).Draw(t, "hit") == 0 {
						d[k] = rapid.SampledFrom(pool).Draw(t, "value")
					}
				}
			}
			raw, err := json.Marshal(d)
			if err != nil {
				t.Fatal(err)
			}
			it := reach.Item{Kind: kind, Node: graph.NoRef, Account: "1", Region: "r", Raw: raw, Props: map[string]json.RawMessage{}}
			for i := 0; i+1 < len(props); i += 2 {
				it.Props[props[i].(string)], _ = json.Marshal(props[i+1])
			}
			b.Add(it)
		})
		askEverything(b.Build())
	})
}
