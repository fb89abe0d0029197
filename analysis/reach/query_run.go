package reach

import (
	"fmt"
	"strings"

	"github.com/cairn-security/cairn/analysis/reach/headerspace"
	"github.com/cairn-security/cairn/graph"
)

// query answers one question; it is used once.
type query struct {
	e        *Estate
	o        *Options
	svc      services
	src, dst party
	p        probe
	sure     []outcome
	open     []outcome
	layer    Layer
	service  *Service
	owned    bool // some interface asked for has the asked destination address
}

func (q *query) run() *Answer {
	q.follow()
	return q.answer()
}

// follow collects what arrives and where the rest ends.
func (q *query) follow() {
	q.layer = LayerNetwork
	if r := q.dst.res; r != nil {
		q.toResource(r)
	} else {
		q.toPlace()
	}
}

// take sorts outcomes that answer the question into certain and possible ones.
func (q *query) take(o outcome, layer Layer) {
	if o.space.Empty() {
		return
	}
	if layer != LayerNetwork {
		q.layer = layer
	}
	if len(o.missing) > 0 {
		q.open = append(q.open, o)
	} else {
		q.sure = append(q.sure, o)
	}
}

func (q *query) stop(s step, why string, ways ...way) {
	q.p.drops = append(q.p.drops, drop{step: s, why: why, ways: ways})
}

// toResource follows packets to a resource: directly, through load balancers,
// and to an endpoint outside any VPC.
func (q *query) toResource(r *Resource) {
	if start := (change{kind: startIt, index: r.index}); r.down != "" && !q.p.made[start] {
		var ways []way
		switch {
		case r.Kind == graph.KindInstance && strings.HasPrefix(r.down, "stop"):
			ways = []way{{start, "start " + r.ID}}
		case r.down == "pendingAcceptance":
			ways = []way{{start, "accept the connection of " + r.ID}}
		}
		q.stop(step{element: r.ID, kind: r.Kind.String(), rule: "state " + r.down, decision: "deny", support: []evidence{r.at("/State")}}, r.ID+" is "+r.down, ways...)
		return
	}
	if r.endpoint > 0 {
		q.toGatewayEndpoint(r)
		return
	}
	if r.balancer > 0 {
		q.layer = LayerLB
		lb := &q.e.balancers[r.balancer-1]
		for _, n := range lb.nodes {
			for _, o := range q.legs(n) {
				for _, x := range q.p.throughBalancer(lb, n, o.flight) {
					if x.place == onListener {
						q.take(x, LayerLB)
					}
				}
			}
		}
		if len(lb.nodes) == 0 {
			q.p.drops = append(q.p.drops, drop{step: step{element: lb.id, kind: "load balancer", decision: "unknown"}, why: "nodes of " + lb.id + " were not read", missing: []string{"nodes of " + lb.id}})
		}
		q.behindBalancers(r)
		q.explainAddress(r)
		return
	}
	if len(r.unread) > 0 && (q.src.kind != theInternet || r.notPublic == "" && r.public == nil) {
		for _, why := range r.unread {
			q.p.drops = append(q.p.drops, drop{step: step{element: r.ID, kind: r.Kind.String(), rule: why, decision: "unknown"}, why: why, missing: []string{why}})
		}
	}
	if !r.egressOnly || r.Kind.String() == "nat-gateway" {
		q.direct(r)
	}
	if r.public != nil || len(r.ifaces) == 0 && r.notPublic != "" {
		q.toPublic(r)
	}
	if r.Kind != 0 {
		q.behindBalancers(r)
	}
	q.explainAddress(r)
}

// direct follows packets to the resource's own interfaces.
func (q *query) direct(r *Resource) {
	if q.src.kind == theInternet && r.public != nil && !q.anyPublic(r) {
		return // its endpoint outside the VPC answers the internet
	}
	if open := (change{kind: makePublic, index: r.index}); q.src.kind == theInternet && r.notPublic != "" && !q.anyPublic(r) && !q.p.made[open] {
		var ways []way
		if settable[r.Kind] {
			ways = []way{{open, "make " + r.ID + " publicly accessible"}}
		}
		q.stop(step{element: r.ID, kind: r.Kind.String(), rule: "no public address", decision: "deny", support: []evidence{r.notPublicFrom}}, r.ID+" has no public address: "+r.notPublic, ways...)
		return
	}
	listens := r.listens
	if q.src.kind == theInternet && !r.publicListens.Empty() {
		listens = r.publicListens
	}
	for _, j := range r.ifaces {
		before := len(q.p.drops)
		legs := q.legs(j)
		q.refusedAnyway(j, before)
		for _, o := range legs {
			if o.place != onInterface || o.index != j {
				continue
			}
			if listens != nil {
				before := o.flight
				if o.space = o.space.Restrict(cube{Svc: listens}); o.space.Empty() {
					w := q.p.walk()
					w.stop(before, step{element: r.ID, kind: r.Kind.String(), rule: "listens on " + headerspace.Describe(listens), decision: "deny"}, r.ID+" does not listen there")
					q.p.keep(w)
					continue
				}
			}
			q.take(o, LayerNetwork)
		}
	}
}

// refusedAnyway settles what is not known of the way to an interface whose
// groups let nobody in on the services asked for.
func (q *query) refusedAnyway(j int32, before int) {
	e := q.e
	x := &e.interfaces[j]
	if !e.filtered(x) || x.unread != "" || len(e.groupSets[x.groupSet].missing) > 0 || len(e.groupSets[x.groupSet].groups) == 0 {
		return
	}
	for _, g := range e.groupSets[x.groupSet].groups {
		for k := range e.groups[g].in {
			if e.groups[g].in[k].svc.Overlaps(q.svc) {
				return
			}
		}
	}
	deep, open := 0, false
	for k := before; k < len(q.p.drops); k++ {
		open = open || len(q.p.drops[k].missing) > 0
		deep, q.p.drops[k].missing = max(deep, q.p.drops[k].depth), nil
	}
	if !open {
		return
	}
	w := q.p.walk()
	w.refuse(j, &e.groupSets[x.groupSet], true, flight{space: packets(headerspace.All, x.private, q.svc), depth: deep + 1})
	q.p.keep(w)
}

// settable are kinds whose public access is a switch of their own.
var settable = map[graph.Kind]bool{graph.KindDBInstance: true, graph.KindDBCluster: true, graph.KindWarehouse: true, graph.KindBroker: true, graph.KindStream: true}

func (q *query) anyPublic(r *Resource) bool {
	for _, j := range r.ifaces {
		if x := &q.e.interfaces[j]; x.hasPublic4() || x.private.Overlaps(public6) {
			return true
		}
	}
	return false
}

// explainAddress says whose the asked destination address is when it is not
// the resource's.
func (q *query) explainAddress(r *Resource) {
	if !q.o.DestAddress.IsValid() || q.owned {
		return
	}
	a := headerspace.AddrOf(q.o.DestAddress)
	at := step{element: a.String(), kind: "address", decision: "deny", rule: "no interface of " + r.ID + " has it"}
	if j, ok := q.e.byPublic[a]; ok {
		x := &q.e.interfaces[j]
		at.element = x.name
		if x.kind == natInterface {
			at.kind, at.rule = "NAT gateway", "no session"
			q.stop(at, "a NAT gateway takes no connections from outside")
			return
		}
		q.stop(at, a.String()+" belongs to "+x.name)
		return
	}
	q.stop(at, fmt.Sprintf("%s is no address of %s", a, r.ID))
}

func (q *query) toGatewayEndpoint(r *Resource) {
	dst := headerspace.All
	if q.o.DestAddress.IsValid() {
		dst = headerspace.One(headerspace.AddrOf(q.o.DestAddress))
	}
	for _, o := range q.send(dst) {
		if o.place == onGatewayEndpoint && o.index == r.endpoint-1 {
			q.take(o, LayerNetwork)
		}
	}
}
