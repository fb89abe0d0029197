package reach

import (
	"slices"

	"github.com/cairn-security/cairn/analysis/reach/headerspace"
)

// behindBalancers follows packets to a resource through every load balancer
// that forwards to it.
func (q *query) behindBalancers(r *Resource) {
	want := map[int32]bool{}
	for _, j := range r.ifaces {
		want[j] = true
	}
	for i := range q.e.balancers {
		lb := &q.e.balancers[i]
		if !q.e.forwardsTo(lb, want, r.index, 0) || r.index == lb.resource {
			continue
		}
		for _, n := range lb.nodes {
			legs := q.legs(n)
			q.p.want = want
			for _, o := range legs {
				for _, x := range q.p.throughBalancer(lb, n, o.flight) {
					if (x.place == onInterface || x.place == onListener) && want[x.index] || x.place == onFunction && x.index == r.index {
						q.take(x, LayerLB)
					}
				}
			}
			q.p.want = nil
		}
	}
	q.byDetour(want, r)
}

// byDetour follows packets that reach the resource by a relay at the provider's
// edge or through PrivateLink.
func (q *query) byDetour(want map[int32]bool, r *Resource) {
	ends := func(list []outcome, layer Layer) {
		for _, x := range list {
			switch {
			case x.place == onInterface && want[x.index], x.place == onFunction && x.index == r.index,
				x.place == onListener && r.balancer > 0 && want[x.index]:
				q.take(x, layer)
			}
		}
	}
	q.p.want = want
	defer func() { q.p.want = nil }()
	if q.src.kind == theInternet && !q.o.DestAddress.IsValid() {
		src := publicSpace
		if q.o.SourceAddress.IsValid() {
			src = src.Intersect(headerspace.One(headerspace.AddrOf(q.o.SourceAddress)))
		}
		for _, relay := range q.e.relays() {
			if relay.index != r.index && q.e.relaysTo(relay, want, r.index) {
				ends(q.p.throughRelay(relay, flight{space: packets(src, headerspace.All, q.svc), from: none, crossed: noReferences}), LayerService)
			}
		}
		return
	}
	if len(q.e.services) == 0 {
		return
	}
	for i := range q.e.endpoints {
		for _, j := range q.e.endpoints[i].ifaces {
			legs := q.legs(j)
			for _, o := range legs {
				if o.place == onInterface && o.index == j {
					ends(q.p.privateLink(j, o.flight), LayerLB)
				}
			}
		}
	}
}

// forwardsTo reports whether a load balancer has one of the interfaces or the
// function among its targets.
func (e *Estate) forwardsTo(lb *loadBalancer, want map[int32]bool, res int32, depth int) bool {
	for _, l := range lb.listeners {
		for _, g := range l.groups {
			for k := range e.targets[g].members {
				t := &e.targets[g].members[k]
				switch {
				case t.iface != none && want[t.iface]:
					return true
				case t.alb != none && e.balancers[t.alb].resource == res:
					return true
				case t.alb != none && depth < 3 && e.forwardsTo(&e.balancers[t.alb], want, res, depth+1):
					return true
				case e.targets[g].kind == "lambda" && slices.Contains(e.resources[res].aliases, t.id):
					return true
				}
			}
		}
	}
	return false
}
