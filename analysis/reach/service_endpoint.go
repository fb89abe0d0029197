package reach

import (
	"slices"
	"strings"

	"github.com/cairn-security/cairn/graph"
)

// answersBy returns the endpoint that a service runs for the resource: the
// public one, else the one behind interface endpoints; nil when it has neither.
func (r *Resource) answersBy() *publicEndpoint {
	if r.public != nil {
		return r.public
	}
	return r.private
}

// leadsTo reports whether an endpoint is one of the service that answers for a
// resource: com.amazonaws.REGION.SERVICE. Endpoints lead to their own Region
// (https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html).
func (ep *vpcEndpoint) leadsTo(r *Resource) bool {
	part := strings.SplitN(ep.service, ".", 4)
	if len(part) < 4 || part[1] != "amazonaws" && part[0] != "cn" {
		return false
	}
	if part[0] == "cn" { // cn.com.amazonaws.REGION.SERVICE
		if part = strings.SplitN(ep.service, ".", 5)[1:]; len(part) < 4 {
			return false
		}
	}
	return slices.Contains(r.service, part[3]) && (r.Region == "" || r.Region == "global" || r.Region == part[2])
}

// interfacesTo visits the interfaces by which a VPC reaches the service that
// answers for a resource.
func (e *Estate) interfacesTo(r *Resource, each func(ep *vpcEndpoint, j int32)) {
	if len(r.service) == 0 {
		return
	}
	for i := range e.endpoints {
		ep := &e.endpoints[i]
		if ep.kind != "Interface" || !ep.available() || !ep.leadsTo(r) {
			continue
		}
		for _, j := range ep.ifaces {
			each(ep, j)
		}
	}
}

// byServiceEndpoint follows packets to a service by the interface endpoints that
// the source reaches.
func (q *query) byServiceEndpoint(r *Resource, p *publicEndpoint) {
	q.e.interfacesTo(r, func(ep *vpcEndpoint, j int32) {
		for _, o := range q.legs(j) {
			if o.place != onInterface || o.index != j {
				continue
			}
			w := q.p.walk()
			f := o.flight
			if f.space = f.space.Restrict(cube{Svc: p.listens}); f.space.Empty() {
				continue
			}
			if ep.policy {
				f = f.assuming("the policy of " + ep.id + " lets the request through")
			}
			q.take(outcome{onInternet, none, w.mark(f, step{element: ep.id, kind: "interface endpoint", rule: ep.service, decision: "forward", support: []evidence{ep.at("/ServiceName")}})}, LayerService)
		}
	})
}

// gatewayLeadsTo reports whether what a gateway endpoint's route takes is
// traffic of the service that answers for a resource. Of an endpoint that only a
// route speaks of the service is not known.
func (e *Estate) gatewayLeadsTo(endpoint int32, r *Resource) bool {
	if endpoint == none {
		return r.Kind == graph.KindBucket
	}
	return e.endpoints[endpoint].leadsTo(r)
}
