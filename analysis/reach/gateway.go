package reach

import (
	"strings"

	"github.com/cairn-security/cairn/analysis/reach/headerspace"
)

type gatewayKind uint8

const (
	internetGateway gatewayKind = iota
	egressOnlyGateway
	vpnGateway
)

// gateway is an internet, egress-only or VPN gateway of one VPC.
type gateway struct {
	origin
	kind      gatewayKind
	account   string
	region    string
	vpcs      []int32 // attached
	edgeTable int32   // gateway route table, none where there is none
	assumed   bool    // only a route speaks of it
	// remote is what is known behind a VPN gateway.
	remote       addrs
	remoteUnread string
	connections  []int32
}

// natGateway translates connections that its VPC opens
// (https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html).
type natGateway struct {
	origin
	private bool
	state   string
	iface   int32
}

// natServices are what a NAT gateway carries.
var natServices = headerspace.Protocol(headerspace.TCP).Union(headerspace.Protocol(headerspace.UDP)).
	Union(headerspace.Protocol(headerspace.ICMP)).Union(headerspace.Protocol(headerspace.ICMPv6))

// peering connects two VPCs and carries nothing beyond their own blocks
// (https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html).
type peering struct {
	origin
	status    string
	sides     [2]peerSide
	sameplace bool // both sides in one Region: group references work
}

type peerSide struct {
	vpcID   string
	vpc     int32 // none: not read
	account string
	region  string
	blocks  addrs
}

// vpcEndpoint is a gateway, interface or Gateway Load Balancer endpoint.
type vpcEndpoint struct {
	origin
	kind    string // Gateway, Interface, GatewayLoadBalancer
	service string
	vpc     int32
	subnets []int32
	ifaces  []int32
	state   string
	policy  bool // it has one of its own
}

// available reports whether the endpoint takes packets: its service has accepted
// it and it is not on its way out
// (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEndpoint.html).
func (ep *vpcEndpoint) available() bool {
	return ep.state == "" || strings.EqualFold(ep.state, "available")
}

// endpointService is a PrivateLink service that the estate offers.
type endpointService struct {
	origin
	name      string
	balancers []string // ARNs
}

// assumeGateway adds a gateway that only a route speaks of.
func (b *Builder) assumeGateway(kind gatewayKind, id string, vpc int32, account, region string) int32 {
	e := b.est
	i := int32(len(e.gateways))
	e.gateways = append(e.gateways, gateway{origin: b.phantom(id), kind: kind, account: account, region: region, edgeTable: none, assumed: true, vpcs: []int32{vpc}})
	e.byID[id] = entity{isGateway, i}
	if vpc != none {
		if kind == internetGateway {
			e.vpcs[vpc].igw = i
		} else {
			e.vpcs[vpc].eigw = i
		}
	}
	return i
}

// attached reports whether the gateway is attached to a VPC.
func (g *gateway) attached(vpc int32) bool {
	for _, v := range g.vpcs {
		if v == vpc {
			return true
		}
	}
	return false
}
