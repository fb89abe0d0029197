package reach

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/cairn-security/cairn/analysis/reach/headerspace"
)

// transitGateway routes between its attachments
// (https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html).
type transitGateway struct {
	origin
	account, region string
	groupRefs       bool // references to groups across it work
	policyTable     string
	attachments     []int32
}

type attachmentKind uint8

const (
	vpcAttachment attachmentKind = iota
	vpnAttachment
	connectAttachment // GRE over another attachment, to a third-party appliance
	directConnectAttachment
	peeringAttachment
	otherAttachment
)

// attachment is one end of a transit gateway. A peering has one attachment per
// gateway, both with the same id.
type attachment struct {
	origin
	kind      attachmentKind
	transit   int32
	resource  string
	vpc       int32
	subnets   []int32
	state     string
	table     int32  // associated route table, none where there is none
	listed    bool   // a description says what it is associated with
	tableWhy  string // why the association is not known
	groupRefs bool
	described bool // subnets and options are known
	peer      string
	remote    addrs // what lies behind a VPN, Connect or Direct Connect attachment
	remoteWhy string
}

// transitTable is a transit gateway route table.
type transitTable struct {
	origin
	transit int32
	props   map[string]json.RawMessage
	routes  []route // toAttachment
	lookup  []interval
	unknown []route
}

// Priorities of transit gateway routes of one prefix
// (https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html#tgw-route-evaluation-overview).
const (
	transitPeering = iota
	transitVPN
	transitConnect
	transitDirectConnect
	transitVPC
	transitList
	transitStatic
)

func (a *attachment) priority() int {
	switch a.kind {
	case vpcAttachment:
		return transitVPC
	case directConnectAttachment:
		return transitDirectConnect
	case connectAttachment:
		return transitConnect
	case vpnAttachment:
		return transitVPN
	}
	return transitPeering
}

// compileTransitTable unites static routes with what the propagations bring.
// Routes that a search reply lists as propagated are taken as they stand.
func (b *Builder) compileTransitTable(t *transitTable, routes []transitRouteDoc, props []transitPropagationDoc, account, region string) {
	e := b.est
	var list []prefix
	add := func(r route, dest addrs, priority int) {
		for _, iv := range dest {
			list = append(list, prefix{iv, priority, int32(len(t.routes))})
		}
		t.routes = append(t.routes, r)
	}
	listed := map[string]bool{}
	for i := range routes {
		d := &routes[i]
		r := route{kind: toAttachment, index: none, pointer: "/" + strconv.Itoa(i), blackhole: d.State == "blackhole"}
		dest := cmp.Or(d.DestinationCidrBlock, d.PrefixListId)
		priority := transitStatic
		if len(d.TransitGatewayAttachments) > 0 {
			id := d.TransitGatewayAttachments[0].TransitGatewayAttachmentId
			r.target = id
			r.index = e.attachmentOf(t.transit, id)
			if r.index == none {
				r.kind, r.unread = toUnknown, e.unread("transit gateway attachment", id, "DescribeTransitGatewayAttachments", account, region)
			} else if d.Type == "propagated" {
				priority = e.attachments[r.index].priority()
			}
			listed[id] = listed[id] || d.Type == "propagated"
		}
		r.text = fmt.Sprintf("%s %s to %s", cmp.Or(d.Type, "static"), dest, r.target)
		if r.blackhole {
			r.text = fmt.Sprintf("%s %s blackhole", cmp.Or(d.Type, "static"), dest)
		}
		set, why := e.transitDestination(d, account, region)
		if why != "" {
			r.unread = why
			t.unknown = append(t.unknown, r)
			continue
		}
		if d.PrefixListId != "" {
			priority = transitList
		}
		add(r, set, priority)
	}
	for i := range props {
		d := &props[i]
		if d.State != "enabled" && d.State != "" || listed[d.TransitGatewayAttachmentId] {
			continue
		}
		r := route{kind: toAttachment, target: d.TransitGatewayAttachmentId, pointer: "/" + strconv.Itoa(i)}
		r.index = e.attachmentOf(t.transit, d.TransitGatewayAttachmentId)
		if r.index == none {
			r.unread = e.unread("transit gateway attachment", r.target, "DescribeTransitGatewayAttachments", account, region)
			t.unknown = append(t.unknown, r)
			continue
		}
		a := &e.attachments[r.index]
		r.text = "propagated from " + a.resource
		dest := a.remote
		if a.kind == vpcAttachment && a.vpc != none {
			dest = e.vpcs[a.vpc].cidrs
		}
		if a.remoteWhy != "" || a.kind == vpcAttachment && (a.vpc == none || !e.vpcs[a.vpc].described) {
			r.unread = cmp.Or(a.remoteWhy, e.unread("VPC", a.resource, "DescribeVpcs", "", region))
			t.unknown = append(t.unknown, r)
		}
		add(r, dest, a.priority())
	}
	t.lookup = flatten(list)
}

func (e *Estate) transitDestination(d *transitRouteDoc, account, region string) (addrs, string) {
	if d.PrefixListId != "" {
		return e.prefixes(d.PrefixListId, account, region)
	}
	set, err := headerspace.ParsePrefix(d.DestinationCidrBlock)
	if err != nil {
		return nil, err.Error()
	}
	return set, ""
}

// attachmentOf finds an attachment by id on one gateway.
func (e *Estate) attachmentOf(transit int32, id string) int32 {
	if transit == none {
		return none
	}
	for _, i := range e.transits[transit].attachments {
		if e.attachments[i].id == id {
			return i
		}
	}
	return none
}

// attachmentFor returns the VPC's available attachment to a gateway.
func (e *Estate) attachmentFor(transit, vpc int32) int32 {
	for _, i := range e.transits[transit].attachments {
		if a := &e.attachments[i]; a.kind == vpcAttachment && a.vpc == vpc {
			return i
		}
	}
	return none
}

// entrySubnet picks the attachment subnet that traffic to a VPC enters by: the
// one in the zone it came from where there is one, else the first.
func (e *Estate) entrySubnet(a *attachment, at zone) int32 {
	for _, s := range a.subnets {
		if e.subnets[s].zone.is(at) {
			return s
		}
	}
	if len(a.subnets) > 0 {
		return a.subnets[0]
	}
	return none
}
