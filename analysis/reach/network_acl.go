package reach

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"github.com/cairn-security/cairn/analysis/reach/headerspace"
)

// networkACL filters what enters and leaves a subnet: entries by rule number,
// the first match decides, the end denies; stateless, IPv4 and IPv6 apart
// (https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html).
type networkACL struct {
	origin
	vpc     int32
	in, out aclDirection
	unread  string // why the list is not known as a whole
}

type aclDirection struct {
	entries []aclEntry // by rule number
	allowed []aclBlock // disjoint products the entries allow
	all     bool       // everything passes
}

type aclEntry struct {
	number  int
	allow   bool
	peers   addrs
	svc     services
	pointer string
	text    string
}

// lastRule is the number of the end of a list, which denies.
const lastRule = 32767

// aclBlock is what one entry allows once the entries before it had their say.
type aclBlock struct {
	peers addrs
	svc   services
	entry int
}

func (b *Builder) compileACL(acl *networkACL, doc *networkACLDoc) {
	for i := range doc.Entries {
		d := &doc.Entries[i]
		svc, err := aclServices(d)
		block := cmp.Or(d.CidrBlock, d.Ipv6CidrBlock)
		peers, bad := headerspace.ParsePrefix(block)
		if err = cmp.Or(err, bad); err != nil {
			b.problem("network ACL %s rule %d: %v", acl.id, d.RuleNumber, err)
			acl.unread = fmt.Sprintf("rule %d of network ACL %s cannot be read", d.RuleNumber, acl.id)
			continue
		}
		e := aclEntry{number: d.RuleNumber, allow: d.RuleAction == "allow", peers: peers, svc: svc,
			pointer: "/Entries/" + strconv.Itoa(i)}
		e.text = fmt.Sprintf("rule %d %s %s %s", d.RuleNumber, d.RuleAction, headerspace.Describe(svc), block)
		if d.Egress {
			acl.out.entries = append(acl.out.entries, e)
		} else {
			acl.in.entries = append(acl.in.entries, e)
		}
	}
	acl.in.compile()
	acl.out.compile()
}

func aclServices(d *networkACLEntryDoc) (services, error) {
	proto, any, err := headerspace.ParseProtocol(d.Protocol)
	switch {
	case err != nil:
		return nil, err
	case any:
		return headerspace.AnyService, nil
	case headerspace.IsICMP(proto) && d.IcmpTypeCode != nil:
		return icmpServices(proto, d.IcmpTypeCode.Type, d.IcmpTypeCode.Code)
	case headerspace.HasPorts(proto) && d.PortRange != nil:
		return portServices(proto, d.PortRange.From, d.PortRange.To)
	}
	return headerspace.Protocol(proto), nil
}

// compile subtracts the entries from everything in rule order. The rest is a
// list of products because each entry is one; 15 to 20 entries leave some
// dozens of them.
func (d *aclDirection) compile() {
	slices.SortStableFunc(d.entries, func(a, b aclEntry) int { return cmp.Compare(a.number, b.number) })
	rest := []aclBlock{{peers: headerspace.All, svc: headerspace.AnyService}}
	for i := range d.entries {
		e := &d.entries[i]
		var next []aclBlock
		for _, r := range rest {
			peers, svc := r.peers.Intersect(e.peers), r.svc.Intersect(e.svc)
			if peers.Empty() || svc.Empty() {
				next = append(next, r)
				continue
			}
			if e.allow {
				d.allowed = append(d.allowed, aclBlock{peers, svc, i})
			}
			if other := r.peers.Minus(e.peers); !other.Empty() {
				next = append(next, aclBlock{peers: other, svc: r.svc})
			}
			if other := r.svc.Minus(e.svc); !other.Empty() {
				next = append(next, aclBlock{peers: peers, svc: other})
			}
		}
		rest = next
	}
	// The two default allow entries are by far the commonest list.
	d.all = d.covers(headerspace.All4) && d.covers(headerspace.All6)
}

// covers reports whether one allow block passes all traffic of a family.
func (d *aclDirection) covers(family addrs) bool {
	for _, b := range d.allowed {
		if b.peers.Covers(family) && b.svc.Covers(headerspace.AnyService) {
			return true
		}
	}
	return false
}

// pass keeps what the list allows; peer picks the address that its entries
// look at (source when entering, destination when leaving).
func (d *aclDirection) pass(s space, peerIsSource bool) space {
	if d.all {
		return s
	}
	var out space
	for _, c := range s {
		for _, b := range d.allowed {
			if x := narrow(c, b.peers, b.svc, peerIsSource); !x.Empty() {
				out = append(out, x)
			}
		}
	}
	return out.Merge()
}

func narrow(c cube, peers addrs, svc services, peerIsSource bool) cube {
	c.Svc = c.Svc.Intersect(svc)
	if peerIsSource {
		c.Src = c.Src.Intersect(peers)
	} else {
		c.Dst = c.Dst.Intersect(peers)
	}
	return c
}

// deciding returns the entries that allow some packet of s, by rule number.
func (d *aclDirection) deciding(s space, peerIsSource bool) []*aclEntry {
	var out []*aclEntry
	seen := -1
	for _, b := range d.allowed {
		if b.entry == seen {
			continue
		}
		for _, c := range s {
			if !narrow(c, b.peers, b.svc, peerIsSource).Empty() {
				out = append(out, &d.entries[b.entry])
				seen = b.entry
				break
			}
		}
	}
	return out
}

// denying returns the first entry that matches some packet of s, nil when only
// the end of the list does.
func (d *aclDirection) denying(s space, peerIsSource bool) *aclEntry {
	for i := range d.entries {
		e := &d.entries[i]
		for _, c := range s {
			if !narrow(c, e.peers, e.svc, peerIsSource).Empty() {
				return e
			}
		}
	}
	return nil
}
