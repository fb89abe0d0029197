package reach

import (
	"fmt"
	"math"
	"strconv"

	"github.com/cairn-security/cairn/analysis/reach/headerspace"
)

// group is a security group. Groups allow only; what no rule of any group of
// an interface allows does not pass
// (https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html).
type group struct {
	origin
	name    string
	account string
	region  string
	vpc     int32
	in, out []groupRule
	members []int32
	// private addresses of the members: what a reference to the group matches.
	memberAddrs addrs
}

// groupRule is one permission with one peer.
type groupRule struct {
	svc     services
	peers   addrs  // CIDR block or prefix list
	ref     int32  // referenced group, none when the rule has addresses or is stale
	peer    string // as written: CIDR block, list or group id
	unread  string // why the peer is not known, "" when it is
	pointer string
}

// groupSet is the set of groups of an interface, interned.
type groupSet struct {
	groups  []int32
	missing []string // groups that were not read
}

// permissionServices reads protocol and ports of a permission. ICMP keeps the
// type in FromPort and the code in ToPort, -1 for any
// (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html).
func permissionServices(p *permissionDoc) (services, error) {
	proto, any, err := headerspace.ParseProtocol(p.IpProtocol)
	if err != nil {
		return nil, err
	}
	if any {
		return headerspace.AnyService, nil
	}
	from, to := -1, -1
	if p.FromPort != nil {
		from = *p.FromPort
	}
	if p.ToPort != nil {
		to = *p.ToPort
	}
	switch {
	case headerspace.IsICMP(proto):
		return icmpServices(proto, from, to)
	case !headerspace.HasPorts(proto):
		return headerspace.Protocol(proto), nil
	case p.FromPort == nil && p.ToPort == nil, from == -1 && to == -1:
		return headerspace.Protocol(proto), nil
	}
	return portServices(proto, from, to)
}

func portServices(proto uint8, from, to int) (services, error) {
	if from < 0 || to > math.MaxUint16 || from > to {
		return nil, fmt.Errorf("port range %d-%d is not one", from, to)
	}
	return headerspace.Ports(proto, uint16(from), uint16(to)), nil
}

func icmpServices(proto uint8, typ, code int) (services, error) {
	switch {
	case typ < -1 || typ > 255 || code < -1 || code > 255:
		return nil, fmt.Errorf("ICMP type %d code %d is out of range", typ, code)
	case typ == -1:
		return headerspace.Protocol(proto), nil
	case code == -1:
		return headerspace.Ports(proto, uint16(typ)<<8, uint16(typ)<<8|255), nil
	}
	k := uint16(typ)<<8 | uint16(code)
	return headerspace.Ports(proto, k, k), nil
}

// compilePermissions turns permissions into rules, one per peer.
func (b *Builder) compilePermissions(g *group, list []permissionDoc, member string) []groupRule {
	var rules []groupRule
	for i := range list {
		p := &list[i]
		at := "/" + member + "/" + strconv.Itoa(i)
		broken := func(err error, svc services) {
			b.problem("security group %s %s: %v", g.id, at, err)
			rules = append(rules, groupRule{svc: svc, ref: none, pointer: at, unread: fmt.Sprintf("rule %s of security group %s cannot be read", at, g.id)})
		}
		svc, err := permissionServices(p)
		if err != nil {
			broken(err, headerspace.AnyService)
			continue
		}
		add := func(kind string, j int, r groupRule) {
			r.svc, r.pointer = svc, fmt.Sprintf("%s/%s/%d", at, kind, j)
			rules = append(rules, r)
		}
		cidr := func(kind string, j int, text string) {
			set, err := headerspace.ParsePrefix(text)
			if err != nil {
				broken(err, svc)
				return
			}
			add(kind, j, groupRule{peers: set, ref: none, peer: text})
		}
		for j, r := range p.IpRanges {
			cidr("IpRanges", j, r.CidrIp)
		}
		for j, r := range p.Ipv6Ranges {
			cidr("Ipv6Ranges", j, r.CidrIpv6)
		}
		for j, r := range p.PrefixListIds {
			set, why := b.est.prefixes(r.PrefixListId, g.account, g.region)
			add("PrefixListIds", j, groupRule{peers: set, ref: none, peer: r.PrefixListId, unread: why})
		}
		for j, r := range p.UserIdGroupPairs {
			// A peer group that no longer exists leaves a stale rule that matches nothing
			// (https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html).
			if r.PeeringStatus != "" && r.PeeringStatus != "active" {
				continue
			}
			rule := groupRule{ref: none, peer: r.GroupId}
			if x, ok := b.est.byID[r.GroupId]; ok && x.kind == isGroup {
				rule.ref = x.index
			} else {
				rule.unread = b.est.unread("security group", r.GroupId, "DescribeSecurityGroups", r.UserId, g.region)
			}
			add("UserIdGroupPairs", j, rule)
		}
	}
	return rules
}

// describe renders a rule for people.
func (r *groupRule) describe(g *group, inbound bool) string {
	dir, word := "outbound", "to"
	if inbound {
		dir, word = "inbound", "from"
	}
	return fmt.Sprintf("%s %s %s %s %s", g.id, dir, headerspace.Describe(r.svc), word, r.peer)
}
