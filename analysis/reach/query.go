package reach

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/reach/headerspace"
)

// Options narrow a question. The zero value asks for any packet, both ways.
type Options struct {
	Protocol      string // tcp, udp, icmp, icmpv6, a number; "" any
	Port          int    // 0 any; alone it means TCP and UDP
	ICMP          string // "type/code" or "type"
	SourceAddress netip.Addr
	DestAddress   netip.Addr
	SourcePort    int  // 0: any port that clients use
	Forward       bool // the request only, no reply
	Policy        PolicyFunc
}

// PolicyFunc answers whether an anonymous caller may take an action on a
// resource of the estate under its own policy. Conditions on aws:SourceIp
// become sources of the answer.
type PolicyFunc func(r *Resource, action string) *attack.Decision

// services returns the services asked for; six selects ICMPv6 for "icmp".
func (o *Options) services(six bool) (services, error) {
	if o.Port < 0 || o.Port > 65535 {
		return nil, fmt.Errorf("port %d: want 1 to 65535", o.Port)
	}
	if o.SourcePort < 0 || o.SourcePort > 65535 {
		return nil, fmt.Errorf("source port %d: want 1 to 65535", o.SourcePort)
	}
	proto, any, err := uint8(0), true, error(nil)
	if o.Protocol != "" {
		if proto, any, err = headerspace.ParseProtocol(o.Protocol); err != nil {
			return nil, err
		}
	}
	if o.ICMP != "" {
		if any {
			proto, any = headerspace.ICMP, false
		}
		if !headerspace.IsICMP(proto) {
			return nil, fmt.Errorf("ICMP type %q with protocol %s", o.ICMP, o.Protocol)
		}
	}
	if proto == headerspace.ICMP && six {
		proto = headerspace.ICMPv6
	}
	switch {
	case o.ICMP != "":
		typ, code, found := strings.Cut(o.ICMP, "/")
		t, err := strconv.Atoi(strings.TrimSpace(typ))
		c := -1
		if err == nil && found {
			c, err = strconv.Atoi(strings.TrimSpace(code))
		}
		if err != nil {
			return nil, fmt.Errorf("ICMP %q: want TYPE/CODE", o.ICMP)
		}
		return icmpServices(proto, t, c)
	case any && o.Port == 0:
		return headerspace.AnyService, nil
	case any:
		return headerspace.Ports(headerspace.TCP, uint16(o.Port), uint16(o.Port)).Union(headerspace.Ports(headerspace.UDP, uint16(o.Port), uint16(o.Port))), nil
	case o.Port == 0 || !headerspace.HasPorts(proto):
		return headerspace.Protocol(proto), nil
	}
	return headerspace.Ports(proto, uint16(o.Port), uint16(o.Port)), nil
}

// partyKind is what a side of a question is.
type partyKind uint8

const (
	aResource partyKind = iota
	theInternet
	theOnPrem
	anAddress
	aVPC
	aVPNGateway
)

type party struct {
	kind partyKind
	name string
	res  *Resource
	addr addr
	// index is the VPC or gateway of a party that is one; only limits onprem.
	index int32
}

func (e *Estate) party(name string) (party, error) {
	switch {
	case name == "internet":
		return party{kind: theInternet, name: name}, nil
	case name == "onprem":
		return party{kind: theOnPrem, name: name, index: none}, nil
	case strings.HasPrefix(name, "ip:"):
		a, err := headerspace.ParseAddr(name[3:])
		return party{kind: anAddress, name: name, addr: a}, err
	}
	if x, ok := e.byID[name]; ok {
		switch x.kind {
		case isVPC:
			return party{kind: aVPC, name: name, index: x.index}, nil
		case isGateway:
			switch e.gateways[x.index].kind {
			case vpnGateway:
				return party{kind: theOnPrem, name: name, index: x.index}, nil
			case internetGateway:
				return party{kind: theInternet, name: name}, nil
			}
		}
	}
	r, err := e.Resource(name)
	if err != nil {
		return party{}, err
	}
	if one := e.oneInterface(name, r); one != nil {
		r = one
	}
	return party{name: name, res: r}, nil
}

// oneInterface narrows a resource to the interface that was asked for by its
// own id, nil when the name is not that of an interface inside it.
func (e *Estate) oneInterface(name string, r *Resource) *Resource {
	i := e.lookup(isInterface, name)
	if i == none || name == r.ID || len(r.ifaces) < 2 {
		return nil
	}
	x := &e.interfaces[i]
	if x.virtual || x.resource != r.index || name != x.name && name != x.id {
		return nil
	}
	one := *r
	one.ifaces = []int32{i}
	return &one
}

// Query answers whether packets get from one side to the other. A side is the
// id or name of a resource, "internet", "onprem", "ip:ADDRESS", or (as a
// source) a VPC or VPN gateway. Errors are about the arguments only; what is
// missing in the estate makes the answer unknown.
//
// Cost: the product of both sides' addresses times the filters on the way,
// typically well under a millisecond.
func (e *Estate) Query(from, to string, o Options) (*Answer, error) {
	src, err := e.party(from)
	if err != nil {
		return nil, err
	}
	dst, err := e.party(to)
	if err != nil {
		return nil, err
	}
	svc, err := o.services(dst.kind == anAddress && !dst.addr.Is4() || o.DestAddress.IsValid() && o.DestAddress.Is6() && !o.DestAddress.Is4In6())
	if err != nil {
		return nil, err
	}
	q := &query{e: e, o: &o, svc: svc, src: src, dst: dst}
	q.p = probe{e: e, trace: true, forward: o.Forward, sport: anyClientPort}
	if o.SourcePort > 0 {
		q.p.sport = [2]uint16{uint16(o.SourcePort), uint16(o.SourcePort)}
	}
	return q.run(), nil
}
