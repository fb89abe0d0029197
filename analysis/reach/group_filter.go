package reach

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/analysis/reach/headerspace"
)

// groupsIn passes packets through the inbound rules of an interface. Rules of
// all its groups are united. Packets that only an unread rule could allow
// travel on as a flight of their own.
func (w *walk) groupsIn(i int32, f flight) []flight { return w.groupFilter(i, none, true, f) }

// groupsOut is the same for the outbound rules of the sender.
func (w *walk) groupsOut(i int32, f flight) []flight { return w.groupFilter(i, none, false, f) }

// filtered reports whether groups apply to an interface at all: not to those
// of NAT and transit gateways and Gateway Load Balancers, nor to a Network
// Load Balancer that was made without groups
// (https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html).
func (e *Estate) filtered(x *iface) bool {
	switch x.kind {
	case natInterface, transitInterface, gatewayBalancerEndpoint:
		return false
	case balancerInterface:
		return x.unread != "" || len(e.groupSets[x.groupSet].groups)+len(e.groupSets[x.groupSet].missing) > 0
	}
	return true
}

// groupFilter applies one direction; peer is the other interface where it is
// known, so that outbound references are checked against it and not only
// against addresses.
func (w *walk) groupFilter(i, peer int32, inbound bool, f flight) []flight {
	x := &w.e.interfaces[i]
	if !w.e.filtered(x) {
		return []flight{f}
	}
	if x.unread != "" {
		return []flight{f.maybe(x.unread)}
	}
	if w.made[change{kind: addGroupRule, index: i, inbound: inbound}] {
		return []flight{w.supposed(f, step{element: x.name, kind: "security groups"}, "a new rule")}
	}
	set := &w.e.groupSets[x.groupSet]
	sure, open := f, []flight(nil)
	sure.space = nil
	at := step{element: x.name, kind: "security groups", decision: "allow"}
	var rules []string
	for _, gi := range set.groups {
		g := &w.e.groups[gi]
		list := g.out
		if inbound {
			list = g.in
		}
		for k := range list {
			r := &list[k]
			if r.unread != "" && !(inbound && f.space.Sources().Overlaps(r.peers)) {
				m := f.maybe(r.unread)
				m.space = f.space.Restrict(cube{Svc: r.svc})
				if !m.space.Empty() {
					open = append(open, m)
				}
				continue
			}
			part := w.matching(r, x, peer, inbound, f)
			if part.Empty() {
				continue
			}
			sure.space = append(sure.space, part...)
			if w.trace {
				at.support = append(at.support, g.at(r.pointer))
				rules = append(rules, r.describe(g, inbound))
				at.element = g.id
			}
		}
	}
	for _, id := range set.missing {
		open = append(open, f.maybe(w.e.unread("security group", id, "DescribeSecurityGroups", x.account, "")))
	}
	out := w.certain(sure, open, at, rules)
	if len(out) == 0 {
		w.refuse(i, set, inbound, f)
	}
	return out
}

// certain puts what rules allow for certain and what unread ones may allow into
// at most one flight each: paths must not multiply with every unread rule.
func (w *walk) certain(sure flight, open []flight, at step, rules []string) []flight {
	var out []flight
	if !sure.space.Empty() {
		sure.space = sure.space.Merge()
		at.rule = strings.Join(rules, "; ")
		out = append(out, w.mark(sure, at))
	}
	if len(open) == 0 {
		return out
	}
	may := open[0]
	for _, m := range open[1:] {
		may.space = append(may.space[:len(may.space):len(may.space)], m.space...)
		may.missing = appendNew(may.missing[:len(may.missing):len(may.missing)], m.missing...)
	}
	if len(out) > 0 && len(sure.missing) > 0 {
		out[0].space = out[0].space.Union(may.space)
		out[0].missing = may.missing
		return out
	}
	if may.space = may.space.Minus(sure.space).Merge(); !may.space.Empty() {
		out = append(out, may)
	}
	return out
}

// matching returns the packets of f that one rule allows.
func (w *walk) matching(r *groupRule, x *iface, peer int32, inbound bool, f flight) space {
	if r.ref == none {
		if r.peers.Empty() {
			return nil
		}
		if inbound {
			return f.space.Restrict(cube{Src: r.peers, Svc: r.svc})
		}
		return f.space.Restrict(cube{Dst: r.peers, Svc: r.svc})
	}
	if inbound {
		return w.referenced(r, x, f)
	}
	g := &w.e.groups[r.ref]
	if g.vpc != x.vpc && !w.e.vpcs[x.vpc].peeringsTo[g.vpc] || f.crossed >= overTransit {
		return nil
	}
	if peer != none && !w.e.carries(peer, r.ref) {
		return nil
	}
	if g.memberAddrs.Empty() {
		return nil
	}
	return f.space.Restrict(cube{Dst: g.memberAddrs, Svc: r.svc})
}

// referenced applies an inbound rule that names a group: the sender must carry
// it and be seen by one of its private addresses
// (https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html#security-group-referencing).
func (w *walk) referenced(r *groupRule, x *iface, f flight) space {
	if f.from == none || f.crossed == noReferences || !w.e.carries(f.from, r.ref) {
		return nil
	}
	seen := w.e.interfaces[f.from].private
	if f.crossed == sameVPC && w.e.interfaces[f.from].vpc != x.vpc {
		return nil
	}
	// A Network Load Balancer that keeps the client's address still counts as
	// a member of its groups.
	if w.e.interfaces[f.from].kind == balancerInterface {
		return f.space.Restrict(cube{Svc: r.svc})
	}
	if seen.Empty() {
		return nil
	}
	return f.space.Restrict(cube{Src: seen, Svc: r.svc})
}

// carries reports whether an interface has a group.
func (e *Estate) carries(i, g int32) bool {
	_, ok := slices.BinarySearch(e.groupSets[e.interfaces[i].groupSet].groups, g)
	return ok
}

// refuse records that no rule allows, with the smallest rule that would.
func (w *walk) refuse(i int32, set *groupSet, inbound bool, f flight) {
	x := &w.e.interfaces[i]
	word, dir := "outbound", "to"
	peers := f.space.Destinations()
	if inbound {
		word, dir, peers = "inbound", "from", f.space.Sources()
	}
	at := step{element: x.name, kind: "security groups", rule: "no " + word + " rule", decision: "deny"}
	var ways []way
	if len(set.groups) > 0 {
		g := &w.e.groups[set.groups[0]]
		ways = []way{{change{kind: addGroupRule, index: i, inbound: inbound},
			fmt.Sprintf("an %s rule of %s: %s %s %s", word, g.id, headerspace.Describe(f.space.Services()), dir, describeAddrs(peers))}}
		for _, gi := range set.groups {
			at.support = append(at.support, w.e.groups[gi].without(word+" rule that allows it"))
		}
	}
	w.stop(f, at, fmt.Sprintf("no %s rule of the groups of %s allows %s %s %s", word, x.name, headerspace.Describe(f.space.Services()), dir, describeAddrs(peers)), ways...)
}
