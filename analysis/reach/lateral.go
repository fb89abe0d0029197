package reach

import (
	"iter"
	"sync"

	"github.com/cairn-security/cairn/analysis/attack"

	"github.com/cairn-security/cairn/analysis/reach/headerspace"
	"github.com/cairn-security/cairn/graph"
)

// Reached is one endpoint that a position reaches: a resource on some
// services.
type Reached struct {
	Resource *Resource
	Services headerspace.Services
	// Through is the load balancer that stands between, nil for a direct way;
	// Services are then those of its listeners.
	Through *Resource
	// Missing is not empty where the way depends on something that was not read.
	Missing []string

	why func() *attack.Decision
}

// Ports returns the first n TCP ports of the services, in order.
func (r *Reached) Ports(n int) []uint16 {
	var out []uint16
	for _, iv := range r.Services.Intersect(headerspace.Protocol(headerspace.TCP)) {
		for k := iv.First; len(out) < n; k++ {
			out = append(out, k.Port())
			if k == iv.Last {
				break
			}
		}
	}
	return out
}

// Decision explains the way with the facts it rests on. Endpoints of one
// network class share one decision; it is made when first asked for, at the
// cost of one traced question.
func (r *Reached) Decision() *attack.Decision { return r.why() }

// why explains the way from an interface to a resource.
func (e *Estate) why(from int32, to *Resource, svc services) func() *attack.Decision {
	return sync.OnceValue(func() *attack.Decision {
		x := &e.interfaces[from]
		source := &Resource{origin: x.origin, ID: x.name, ifaces: []int32{from}}
		q := &query{e: e, o: &Options{}, svc: svc, src: party{res: source, name: x.name}, dst: party{res: to, name: to.ID}}
		q.p = probe{e: e, trace: true, sport: anyClientPort}
		return q.run().Decision()
	})
}

// From iterates over everything a network position reaches inside the estate,
// both ways checked, by private addresses and through load balancers and
// PrivateLink. A resource comes once per class of its interfaces and way;
// nothing is stored per pair.
//
// Cost: O(receivers of the position's hubs), each checked exactly (about 5 µs);
// routes and network ACLs between two subnets are evaluated once per estate.
func (e *Estate) From(p Position) iter.Seq[Reached] { return e.FromTo(p, nil) }

// FromTo is From for the resources that want accepts; classes without one are
// not evaluated, so asking for the few datastores of a large estate is cheap.
// A nil want accepts all.
func (e *Estate) FromTo(p Position, want func(*Resource) bool) iter.Seq[Reached] {
	return func(yield func(Reached) bool) {
		c := e.index()
		i := c.positions[p].members[0]
		pass := yield
		if want != nil {
			pass = func(r Reached) bool { return !want(r.Resource) || yield(r) }
		}
		e.receivers(p, func(d Position) bool {
			j := c.positions[d].members[0]
			if d == p && len(c.positions[p].members) == 1 || want != nil && !e.holds(d, want) {
				return true
			}
			sure, open := e.pair(i, j)
			if svc := sure.Services(); !svc.Empty() && !e.yieldMembers(i, d, svc, nil, pass) {
				return false
			}
			for _, f := range open {
				if !e.yieldMembers(i, d, f.space.Services(), f.missing, pass) {
					return false
				}
			}
			return true
		})
	}
}

// holds reports whether a wanted resource stands in a class or may stand behind
// one of its members.
func (e *Estate) holds(d Position, want func(*Resource) bool) bool {
	for _, j := range e.classes.positions[d].members {
		if k := e.interfaces[j].resource; k != none {
			r := &e.resources[k]
			if r.balancer > 0 || r.Kind == graph.KindVPCEndpoint && len(e.services) > 0 || want(r) {
				return true
			}
		}
	}
	return false
}

// yieldMembers hands on the resources of a class, each with the services it
// listens on, and what load balancers among them forward to.
func (e *Estate) yieldMembers(from int32, d Position, svc services, missing []string, yield func(Reached) bool) bool {
	var why func() *attack.Decision
	for _, j := range e.classes.positions[d].members {
		x := &e.interfaces[j]
		if x.resource == none || j == from || x.resource == e.interfaces[from].resource {
			continue
		}
		r := &e.resources[x.resource]
		if r.egressOnly || r.down != "" {
			continue
		}
		if r.balancer > 0 {
			if !e.yieldBehind(from, j, r, svc, missing, yield) {
				return false
			}
			continue
		}
		s := svc
		if r.listens != nil {
			s = svc.Intersect(r.listens)
		}
		if s.Empty() {
			continue
		}
		if r.Kind == graph.KindVPCEndpoint && len(e.services) > 0 && !e.yieldBehind(from, j, r, s, missing, yield) {
			return false
		}
		if why == nil {
			why = e.why(from, r, s)
		}
		if !yield(Reached{Resource: r, Services: s, Missing: missing, why: why}) {
			return false
		}
	}
	return true
}

// yieldBehind follows packets through a load balancer's node or an interface
// endpoint.
func (e *Estate) yieldBehind(from, node int32, lbr *Resource, svc services, missing []string, yield func(Reached) bool) bool {
	p := probe{e: e, sport: anyClientPort}
	f := flight{space: packets(e.interfaces[from].private, e.interfaces[node].private, svc), from: from, missing: missing}
	var list []outcome
	if lbr.balancer > 0 {
		list = p.throughBalancer(&e.balancers[lbr.balancer-1], node, f)
	} else {
		list = p.privateLink(node, f)
	}
	for _, o := range list {
		r, through := lbr, (*Resource)(nil)
		switch o.place {
		case onInterface:
			if e.interfaces[o.index].resource == none {
				continue
			}
			r, through = &e.resources[e.interfaces[o.index].resource], lbr
		case onFunction:
			r, through = &e.resources[o.index], lbr
		case onListener:
			if lbr.balancer == 0 {
				continue
			}
		}
		if s := o.space.Services(); !s.Empty() && !yield(Reached{Resource: r, Services: s, Through: through, Missing: o.missing, why: e.why(from, r, s)}) {
			return false
		}
	}
	return true
}

// receivers calls visit once for every class that may accept packets from a
// position: those behind its hubs in VPCs that can be routed to.
func (e *Estate) receivers(p Position, visit func(Position) bool) {
	c := e.index()
	x := &e.interfaces[c.positions[p].members[0]]
	routable := map[int32]bool{}
	for _, v := range c.routable[x.vpc] {
		routable[v] = true
	}
	seen := map[Position]bool{}
	stop := false
	try := func(d Position) {
		if stop || seen[d] || !routable[e.subnets[c.positions[d].subnet].vpc] {
			return
		}
		seen[d] = true
		stop = !visit(d)
	}
	done := map[int32]bool{}
	c.hubs.of(e, x, func(h int32) {
		if done[h] || stop {
			return
		}
		done[h] = true
		for _, g := range c.hubs.hubs[h].groups {
			for _, d := range c.inGroup[g] {
				try(d)
			}
		}
	})
	for _, d := range c.unfiltered {
		try(d)
	}
}

// Lateral returns every position that can be held, hop by hop, from the given
// ones, if whatever is reached can be taken over; the given ones come first.
// keep decides whether a reached position is a foothold (nil: every one is).
//
// Each hub keeps, per VPC, the receivers not reached yet, so a receiver is
// checked until the first sender gets there and senders of equal standing are
// tried once: near-linear in interfaces and rules.
func (e *Estate) Lateral(from []Position, keep func(Position) bool) []Position {
	c := e.index()
	s := search{e: e, c: c, reached: make([]bool, len(c.positions)), pending: make([]map[int32][]Position, len(c.hubs.hubs)), tried: map[trial]bool{}}
	for _, p := range from {
		s.reach(p)
	}
	for at := 0; at < len(s.order); at++ {
		p := s.order[at]
		if at >= len(from) && keep != nil && !keep(p) {
			continue
		}
		s.expand(p)
	}
	return s.order
}

type search struct {
	e       *Estate
	c       *classIndex
	reached []bool
	order   []Position
	pending []map[int32][]Position // hub -> VPC -> classes not reached
	open    map[int32][]Position   // VPC -> unfiltered classes not reached
	tried   map[trial]bool
}

// trial is a sender's standing at a hub: senders of one subnet with the same
// groups and addresses that no rule tells apart fare alike there.
type trial struct{ hub, subnet, groupSet, atoms int32 }

func (s *search) reach(p Position) {
	if !s.reached[p] {
		s.reached[p] = true
		s.order = append(s.order, p)
	}
}

func (s *search) expand(p Position) {
	e, c := s.e, s.c
	i := c.positions[p].members[0]
	x := &e.interfaces[i]
	c.hubs.of(e, x, func(h int32) {
		t := trial{h, x.subnet, x.groupSet, c.positions[p].atoms}
		if s.tried[t] {
			return
		}
		s.tried[t] = true
		if s.pending[h] == nil {
			s.pending[h] = s.byVPC(h)
		}
		for _, v := range c.routable[x.vpc] {
			if list := s.pending[h][v]; len(list) > 0 {
				s.pending[h][v] = s.sweep(i, list)
			}
		}
	})
	if s.open == nil {
		s.open = map[int32][]Position{}
		for _, d := range c.unfiltered {
			v := e.subnets[c.positions[d].subnet].vpc
			s.open[v] = append(s.open[v], d)
		}
	}
	for _, v := range c.routable[x.vpc] {
		if list := s.open[v]; len(list) > 0 {
			s.open[v] = s.sweep(i, list)
		}
	}
}

// sweep checks the receivers of a list and returns those still not reached.
func (s *search) sweep(i int32, list []Position) []Position {
	left := list[:0]
	for _, d := range list {
		if s.reached[d] {
			continue
		}
		if sure, _ := s.e.pair(i, s.c.positions[d].members[0]); sure.Empty() {
			left = append(left, d)
			continue
		}
		s.reach(d)
	}
	return left
}

func (s *search) byVPC(h int32) map[int32][]Position {
	out := map[int32][]Position{}
	seen := map[Position]bool{}
	for _, g := range s.c.hubs.hubs[h].groups {
		for _, d := range s.c.inGroup[g] {
			if !s.reached[d] && !seen[d] {
				seen[d] = true
				v := s.e.subnets[s.c.positions[d].subnet].vpc
				out[v] = append(out[v], d)
			}
		}
	}
	return out
}
