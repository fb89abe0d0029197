package reach

import (
	"slices"

	"github.com/cairn-security/cairn/analysis/reach/headerspace"
)

// Endpoint says what the internet, partners and the account's own networks can
// reach of one resource.
type Endpoint struct {
	Resource *Resource
	Class    Class
	Layer    Layer
	// Flows are the packets that arrive from the internet for certain, seen
	// from there: listener ports where a load balancer stands between.
	Flows   headerspace.Space
	Service *Service // the policy's part, nil where none applies
	Assumed []string
	Missing []string
	// Through lists what stands between: load balancers, distributions,
	// accelerators.
	Through []*Resource

	estate *Estate
	policy PolicyFunc
}

// Ranges lists the flows for people and machines.
func (x *Endpoint) Ranges() []Range { return rangesOf(x.Flows) }

// Answer explains the endpoint: the question from the internet to it, with the
// chain of elements, or what blocks it. Costs one [Estate.Query].
func (x *Endpoint) Answer() *Answer {
	e := x.estate
	q := &query{e: e, o: &Options{Policy: x.policy}, svc: headerspace.AnyService, src: party{kind: theInternet, name: "internet"}, dst: party{res: x.Resource, name: x.Resource.ID}}
	q.p = probe{e: e, trace: true, sport: anyClientPort}
	return q.run()
}

// exposer computes exposures of all resources in one pass. Interfaces of one
// subnet with equal groups fare alike, so each such class is followed once.
type exposer struct {
	e    *Estate
	o    Options
	p    probe
	memo map[exposureKey]exposed
	out  []Endpoint
}

type exposureKey struct {
	subnet, groupSet int32
	six, filtered    bool
	own              addr // set where an edge table tells addresses apart
}

// exposed is what arrives at a class: sources and services.
type exposed struct {
	flows   space
	assumed []string
	missing []string
}

// Exposed returns one entry per resource that packets may reach, in the order
// of [Estate.Resources]. Of the options only Policy and Forward count.
//
// Cost: one evaluation per class of interfaces with a public address, plus the
// targets of load balancers; see the package's benchmarks.
func (e *Estate) Exposed(o Options) []Endpoint {
	x := exposer{e: e, o: o, memo: map[exposureKey]exposed{}, p: probe{e: e, forward: o.Forward, sport: anyClientPort}}
	x.out = make([]Endpoint, len(e.resources))
	for i := range e.resources {
		r := &e.resources[i]
		x.out[i] = Endpoint{Resource: r, Class: ClassNone, Layer: LayerNetwork, estate: e, policy: o.Policy}
		if r.balancer == 0 {
			x.direct(r, &x.out[i])
		}
		if r.public != nil || len(r.ifaces) == 0 && r.notPublic != "" {
			x.service(r, &x.out[i])
		}
	}
	for i := range e.balancers {
		x.balancer(&e.balancers[i])
	}
	for _, relay := range e.relays() {
		x.relay(relay)
	}
	in := e.insider()
	kept := x.out[:0]
	for i := range x.out {
		end := &x.out[i]
		// What only opens connections is an endpoint where something lets it be one.
		if r := end.Resource; end.Flows.Empty() && len(end.Missing) == 0 && (r.egressOnly && r.public == nil || r.endpoint > 0) {
			continue
		}
		end.classify(in)
		kept = append(kept, *end)
	}
	return kept
}

// relay adds what reaches resources through a distribution or accelerator.
func (x *exposer) relay(relay *Resource) {
	x.p.drops = x.p.drops[:0]
	for _, o := range x.p.throughRelay(relay, flight{space: x.out[relay.index].Flows, from: none, crossed: noReferences}) {
		to := &x.out[relay.index]
		switch o.place {
		case onInterface, onListener:
			r := x.e.interfaces[o.index].resource
			if r == none {
				continue
			}
			to = &x.out[r]
		case onFunction:
			to = &x.out[o.index]
		}
		if to.Flows.Empty() && !o.space.Empty() {
			to.Layer = LayerService
		}
		x.by(to, relay, &o)
	}
}

// direct adds what reaches the resource's own interfaces.
func (x *exposer) direct(r *Resource, out *Endpoint) {
	if r.down != "" || r.egressOnly {
		return
	}
	if r.notPublic == "" && r.public == nil {
		out.Missing = appendNew(out.Missing, r.unread...)
	}
	listens := r.listens
	if !r.publicListens.Empty() {
		listens = r.publicListens
	}
	for _, j := range r.ifaces {
		for _, got := range x.interfaceFlows(j) {
			flows := got.flows
			if listens != nil {
				flows = flows.Restrict(cube{Svc: listens})
			}
			out.add(flows, got)
		}
	}
}

func (x *Endpoint) add(flows space, got exposed) {
	if !flows.Empty() {
		x.Flows = append(x.Flows, flows...).Merge()
		x.Assumed = appendNew(x.Assumed, got.assumed...)
	}
	x.Missing = appendNew(x.Missing, got.missing...)
}

// interfaceFlows returns what reaches an interface from the internet, per
// family, with destinations left open.
func (x *exposer) interfaceFlows(j int32) []exposed {
	y := &x.e.interfaces[j]
	if y.subnet == none || y.kind == natInterface {
		return nil
	}
	var out []exposed
	if y.hasPublic4() {
		public := unknownPublic
		if len(y.public) > 0 {
			public = y.public[0].public
		}
		out = append(out, x.family(j, public, public4))
	}
	for _, r := range y.private {
		if !r.First.Is4() && publicSpace.Contains(r.First) && r.First == r.Last {
			out = append(out, x.family(j, r.First, public6))
			break
		}
	}
	return out
}

func (x *exposer) family(j int32, public addr, sources addrs) exposed {
	y := &x.e.interfaces[j]
	key := exposureKey{subnet: y.subnet, groupSet: y.groupSet, six: !public.Is4(), filtered: x.e.filtered(y)}
	if g := x.e.vpcs[y.vpc].igw; g != none && x.e.gateways[g].edgeTable != none {
		key.own = public
	}
	if y.unread != "" {
		key.own = public
	}
	if got, ok := x.memo[key]; ok {
		return got
	}
	var got exposed
	x.p.drops = x.p.drops[:0]
	f := flight{space: packets(sources, headerspace.One(public), headerspace.AnyService), from: none, crossed: noReferences}
	for _, o := range x.p.fromOutside(j, public, f, nil) {
		if len(o.missing) > 0 {
			got.missing = appendNew(got.missing, o.missing...)
			continue
		}
		for _, c := range o.space {
			c.Dst = headerspace.All
			got.flows = append(got.flows, c)
		}
		got.assumed = appendNew(got.assumed, o.assumed...)
	}
	for i := range x.p.drops {
		got.missing = appendNew(got.missing, x.p.drops[i].missing...)
	}
	x.memo[key] = got
	return got
}

// service adds an endpoint outside any VPC.
func (x *exposer) service(r *Resource, out *Endpoint) {
	out.Layer = LayerService
	if r.public == nil {
		return
	}
	q := query{e: x.e, o: &x.o, svc: headerspace.AnyService, src: party{kind: theInternet, name: "internet"}, dst: party{res: r, name: r.ID}}
	q.p = probe{e: x.e, sport: anyClientPort, forward: x.o.Forward}
	q.toPublic(r)
	for _, o := range q.sure {
		out.Flows = append(out.Flows, o.space...)
	}
	out.Flows = out.Flows.Merge()
	for _, o := range q.open {
		out.Missing = appendNew(out.Missing, o.missing...)
	}
	out.Service = q.service
	if s := q.service; s != nil {
		switch s.Verdict {
		case Blocked:
			out.Flows = nil
		case Unknown:
			out.Flows, out.Missing = nil, appendNew(out.Missing, s.Why)
		}
	}
}

// balancer adds what reaches a load balancer's listeners and, through them,
// its targets.
func (x *exposer) balancer(lb *loadBalancer) {
	self := &x.out[lb.resource]
	self.Layer = LayerLB
	for _, n := range lb.nodes {
		for _, got := range x.interfaceFlows(n) {
			if got.flows.Empty() {
				self.Missing = appendNew(self.Missing, got.missing...)
				continue
			}
			x.p.drops = x.p.drops[:0]
			f := flight{space: got.flows, from: none, crossed: noReferences, assumed: got.assumed}
			for _, o := range x.p.throughBalancer(lb, n, f) {
				x.reached(lb, &o)
			}
			for i := range x.p.drops {
				self.Missing = appendNew(self.Missing, x.p.drops[i].missing...)
			}
		}
	}
}

func (x *exposer) reached(lb *loadBalancer, o *outcome) {
	to := &x.out[lb.resource]
	switch o.place {
	case onInterface, onListener:
		r := x.e.interfaces[o.index].resource
		if r == none {
			return
		}
		to = &x.out[r]
	case onFunction:
		to = &x.out[o.index]
	}
	if to.Resource.index == lb.resource {
		x.by(to, nil, o)
		return
	}
	to.Layer = LayerLB
	x.by(to, &x.e.resources[lb.resource], o)
}

// by adds what reaches a resource through another one.
func (x *exposer) by(to *Endpoint, through *Resource, o *outcome) {
	if len(o.missing) > 0 {
		to.Missing = appendNew(to.Missing, o.missing...)
		return
	}
	if to.Resource.down != "" {
		return
	}
	to.Flows = append(to.Flows, o.space...).Merge()
	to.Assumed = appendNew(to.Assumed, o.assumed...)
	if through != nil && through.index != to.Resource.index && !slices.Contains(to.Through, through) {
		to.Through = append(to.Through, through)
	}
}

// classify sets the class: by measure of the public sources, else by who else
// gets there.
func (x *Endpoint) classify(in *insider) {
	x.Class = ClassOf(x.Flows.Sources())
	switch {
	case x.Class != ClassNone:
	case len(x.Missing) > 0:
		x.Class = ClassUnknown
	default:
		x.Class = in.classOf(x.Resource)
	}
}
