package reach_test

import (
	"encoding/json"
	"fmt"
	"net/netip"

	"pgregory.net/rapid"

	"github.com/cairn-security/cairn/analysis/reach"
	"github.com/cairn-security/cairn/graph"
)

// The small universe: 256 addresses (64 per VPC, 128 public) and 16 port
// blocks of 4,096 ports. Every rule is a union of prefixes of the one and
// blocks of the other, so one packet per address and block stands for all.
const (
	portBlock = 4096
	vpcBlock  = 64
)

func privateAddr(v, host int) netip.Addr {
	return netip.AddrFrom4([4]byte{10, 0, 0, byte(v*vpcBlock + host)})
}
func publicAddr(i int) netip.Addr { return netip.AddrFrom4([4]byte{50, 0, 0, byte(i)}) }

type world struct {
	VPCs     [2]worldVPC
	Subnets  []worldSubnet
	Ifaces   []worldIface
	Groups   []worldGroup
	Tables   []worldTable
	ACLs     []worldACL
	Peering  string // status, "" when there is none
	Transit  bool
	Link     string // what most routes between the VPCs point at
	AttachTo [2]int // subnet of each VPC's transit gateway attachment
	Routes   []worldTransitRoute
	NAT      int // interface of the NAT gateway, -1
}

type worldVPC struct{ IGW bool }

type worldSubnet struct {
	VPC, Table, ACL int
	Block           netip.Prefix
	Zone            string
}

type worldIface struct {
	Subnet   int
	Private  netip.Addr
	Public   netip.Addr // zero when it has none
	Groups   []int
	Forwards bool
	NAT      bool
}

type worldRule struct {
	Proto    int // -1 all, 6, 17
	From, To int // port blocks
	Peer     netip.Prefix
	Group    int // -1: by prefix
}

type worldGroup struct {
	VPC     int
	In, Out []worldRule
}

type worldEntry struct {
	worldRule
	Number int
	Allow  bool
}

type worldACL struct{ In, Out []worldEntry }

type worldRoute struct {
	Dest      netip.Prefix
	Target    string // local, igw, nat, pcx, tgw, eni-N
	Blackhole bool
}

type worldTable struct {
	VPC    int
	Routes []worldRoute
}

type worldTransitRoute struct {
	Dest netip.Prefix
	VPC  int // -1 blackhole
}

func drawPrefix(t *rapid.T, label string) netip.Prefix {
	switch rapid.IntRange(0, 4).Draw(t, label+" kind") {
	case 0:
		return netip.MustParsePrefix("0.0.0.0/0")
	case 1:
		return netip.PrefixFrom(netip.MustParseAddr("10.0.0.0"), rapid.IntRange(8, 25).Draw(t, label+" bits")).Masked()
	case 2:
		return netip.PrefixFrom(publicAddr(rapid.IntRange(0, 127).Draw(t, label)), rapid.IntRange(25, 32).Draw(t, label+" bits")).Masked()
	case 3:
		return netip.MustParsePrefix([]string{"0.0.0.0/1", "128.0.0.0/1", "0.0.0.0/3", "32.0.0.0/3"}[rapid.IntRange(0, 3).Draw(t, label+" half")])
	}
	return netip.PrefixFrom(privateAddr(rapid.IntRange(0, 1).Draw(t, label+" vpc"), rapid.SampledFrom([]int{4, 5, 36, 37}).Draw(t, label)), rapid.IntRange(27, 32).Draw(t, label+" bits")).Masked()
}

func drawRule(t *rapid.T, groups int) worldRule {
	r := worldRule{Proto: rapid.SampledFrom([]int{-1, 6, 6, 6, 17}).Draw(t, "proto"), Group: -1, Peer: drawPrefix(t, "peer")}
	r.From = rapid.IntRange(0, 15).Draw(t, "from")
	r.To = rapid.IntRange(r.From, 15).Draw(t, "to")
	if groups > 0 && rapid.IntRange(0, 2).Draw(t, "by group") == 0 {
		r.Group = rapid.IntRange(0, groups-1).Draw(t, "group")
	}
	return r
}

func drawWorld(t *rapid.T) *world {
	w := &world{NAT: -1}
	for v := range w.VPCs {
		w.VPCs[v].IGW = rapid.IntRange(0, 4).Draw(t, "igw") > 0
	}
	const groups = 4
	for i := range groups {
		g := worldGroup{VPC: i / 2}
		for range rapid.IntRange(0, 3).Draw(t, "rules in") {
			g.In = append(g.In, drawRule(t, groups))
		}
		for range rapid.IntRange(0, 3).Draw(t, "rules out") {
			g.Out = append(g.Out, drawRule(t, groups))
		}
		if rapid.Bool().Draw(t, "open out") {
			g.Out = []worldRule{{Proto: -1, To: 15, Group: -1, Peer: netip.MustParsePrefix("0.0.0.0/0")}}
		}
		w.Groups = append(w.Groups, g)
	}
	switch rapid.IntRange(0, 3).Draw(t, "link") {
	case 0:
		w.Link, w.Peering = "pcx", rapid.SampledFrom([]string{"active", "active", "active", "pending-acceptance"}).Draw(t, "status")
	case 1:
		w.Link, w.Peering, w.Transit = "tgw", "active", true
	default:
		w.Link, w.Transit = "tgw", true
	}
	for v := range w.VPCs {
		for s := range 2 {
			w.drawSubnet(t, v, s)
		}
		w.AttachTo[v] = v*2 + rapid.IntRange(0, 1).Draw(t, "attachment")
		if rapid.IntRange(0, 7).Draw(t, "propagate") > 0 {
			w.Routes = append(w.Routes, worldTransitRoute{Dest: netip.PrefixFrom(privateAddr(v, 0), 26), VPC: v})
		}
	}
	if rapid.IntRange(0, 7).Draw(t, "blackhole") == 0 {
		w.Routes = append(w.Routes, worldTransitRoute{Dest: netip.PrefixFrom(privateAddr(1, 0), rapid.IntRange(26, 29).Draw(t, "bits")), VPC: -1})
	}
	return w
}

func (w *world) drawSubnet(t *rapid.T, v, s int) {
	at := len(w.Subnets)
	var acl worldACL
	draw := func() (list []worldEntry) {
		for i := range rapid.IntRange(0, 4).Draw(t, "entries") {
			list = append(list, worldEntry{worldRule: drawRule(t, 0), Number: 100 - 10*i, Allow: rapid.IntRange(0, 2).Draw(t, "allow") > 0})
		}
		if rapid.IntRange(0, 3).Draw(t, "open") > 0 {
			list = append(list, worldEntry{worldRule: worldRule{Proto: -1, To: 15, Group: -1, Peer: netip.MustParsePrefix("0.0.0.0/0")}, Number: 200, Allow: true})
		}
		return list
	}
	acl.In, acl.Out = draw(), draw()
	w.ACLs = append(w.ACLs, acl)
	table := worldTable{VPC: v, Routes: []worldRoute{{Dest: netip.PrefixFrom(privateAddr(v, 0), 26), Target: "local"}}}
	other := netip.PrefixFrom(privateAddr(1-v, 0), 26)
	used := map[netip.Prefix]bool{}
	if rapid.IntRange(0, 3).Draw(t, "linked") > 0 {
		used[other] = true
		table.Routes = append(table.Routes, worldRoute{Dest: other, Target: w.Link})
	}
	for range rapid.IntRange(0, 4).Draw(t, "routes") {
		r := worldRoute{Target: rapid.SampledFrom([]string{"igw", "igw", "nat", "pcx", "tgw", "appliance"}).Draw(t, "target"), Blackhole: rapid.IntRange(0, 9).Draw(t, "blackhole") == 0}
		r.Dest = rapid.SampledFrom([]netip.Prefix{netip.MustParsePrefix("0.0.0.0/0"), other, netip.MustParsePrefix("0.0.0.0/1"), netip.PrefixFrom(publicAddr(0), 26), netip.PrefixFrom(privateAddr(1-v, 32), 27)}).Draw(t, "dest")
		if !used[r.Dest] {
			used[r.Dest] = true
			table.Routes = append(table.Routes, r)
		}
	}
	w.Tables = append(w.Tables, table)
	w.Subnets = append(w.Subnets, worldSubnet{VPC: v, Table: at, ACL: at, Block: netip.PrefixFrom(privateAddr(v, s*32), 27), Zone: string(rune('a' + s))})
	for i := range 2 {
		x := worldIface{Subnet: at, Private: privateAddr(v, s*32+4+i)}
		alike := i > 0 && rapid.Bool().Draw(t, "groups of its neighbour")
		if alike {
			x.Groups = w.Ifaces[len(w.Ifaces)-1].Groups
		}
		for g := range w.Groups {
			if !alike && w.Groups[g].VPC == v && rapid.Bool().Draw(t, "member") {
				x.Groups = append(x.Groups, g)
			}
		}
		if len(x.Groups) == 0 {
			x.Groups = []int{2 * v}
		}
		if rapid.Bool().Draw(t, "public") {
			x.Public = publicAddr(100 + len(w.Ifaces))
		}
		x.Forwards = rapid.IntRange(0, 2).Draw(t, "forwards") == 0
		w.Ifaces = append(w.Ifaces, x)
	}
	if w.NAT < 0 && rapid.Bool().Draw(t, "nat here") {
		w.NAT = len(w.Ifaces)
		w.Ifaces = append(w.Ifaces, worldIface{Subnet: at, Private: privateAddr(v, s*32+9), Public: publicAddr(99), NAT: true})
	}
}

// doc is a JSON object of a description.
type doc = map[string]any

// estate writes the world as AWS would describe it and builds it.
func (w *world) estate() *reach.Estate {
	b := reach.NewBuilder()
	add := func(kind graph.Kind, d doc, props ...any) {
		raw, err := json.Marshal(d)
		if err != nil {
			panic(err)
		}
		it := reach.Item{Kind: kind, Node: graph.NoRef, Account: "1", Region: "r", Raw: raw, Props: map[string]json.RawMessage{}}
		for i := 0; i+1 < len(props); i += 2 {
			it.Props[props[i].(string)], _ = json.Marshal(props[i+1])
		}
		b.Add(it)
	}
	for _, op := range listOperations {
		b.Collected(op, "1", "r")
	}
	w.describe(add)
	return b.Build()
}

// describe writes every description of the world.
func (w *world) describe(add func(graph.Kind, doc, ...any)) {
	for v := range w.VPCs {
		id := fmt.Sprintf("vpc-%d", v)
		add(graph.KindVPC, doc{"VpcId": id, "CidrBlock": netip.PrefixFrom(privateAddr(v, 0), 26).String()})
		if w.VPCs[v].IGW {
			add(graph.KindInternetGateway, doc{"InternetGatewayId": fmt.Sprintf("igw-%d", v), "Attachments": []doc{{"VpcId": id, "State": "available"}}})
		}
	}
	w.addRest(add)
}
