package technique

import (
	"cmp"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/permission"
	"github.com/cairn-security/cairn/graph"
)

// place is a position inside a network from which requests to a service carry
// aws:SourceVpc and aws:SourceVpce: behind a VPC endpoint of that service.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies-vpc-endpoint.html
type place struct {
	vpc, endpoint string // ids
	state         attack.State
}

// placesFor are the positions that the conditions left over of a decision ask
// for, as far as the estate has them. The state of a place follows from
// executing on any compute inside it.
func (e *Estate) placesFor(d *attack.Decision, service string, emit func(attack.Step)) []place {
	var list []place
	for _, alternative := range d.Conditions {
		for _, c := range alternative {
			key := strings.ToLower(c.Key)
			if c.Negated || (key != "aws:sourcevpc" && key != "aws:sourcevpce") {
				continue
			}
			for _, p := range e.endpointPlaces(service) {
				if slices.Contains(c.Values, p.vpc) || slices.Contains(c.Values, p.endpoint) {
					list = append(list, e.enter(p, emit))
				}
			}
		}
	}
	slices.SortFunc(list, func(a, b place) int { return cmp.Compare(a.endpoint, b.endpoint) })
	return slices.CompactFunc(list, func(a, b place) bool { return a.endpoint == b.endpoint })
}

// endpointPlaces lists the VPC endpoints of a service.
func (e *Estate) endpointPlaces(service string) []place {
	var list []place
	for _, ref := range e.Snap.ByKind(graph.KindVPCEndpoint) {
		var doc struct {
			VpcEndpointID string `json:"VpcEndpointId"`
			VpcID         string `json:"VpcId"`
			ServiceName   string
			State         string
		}
		if ok, err := e.Snap.Decode(ref, graph.PropResource, &doc); !ok || err != nil || !strings.HasSuffix(doc.ServiceName, "."+service) {
			continue
		}
		if doc.State != "" && !strings.EqualFold(doc.State, "available") {
			continue
		}
		list = append(list, place{vpc: doc.VpcID, endpoint: doc.VpcEndpointID})
	}
	return list
}

// enter gives a place its state and, the first time, the steps into it.
func (e *Estate) enter(p place, emit func(attack.Step)) place {
	if e.places == nil {
		e.places = map[string]attack.State{}
	}
	state, known := e.places[p.endpoint]
	if !known {
		state = e.newAux()
		e.places[p.endpoint] = state
		for ref := range e.Snap.Refs() {
			if runsCode(e.Snap.Kind(ref)) && e.vpcOf(ref) == p.vpc {
				emit(attack.Step{Technique: networkReach, Premises: []attack.State{executes(ref)}, Conclusion: state, Auxiliary: true})
			}
		}
	}
	p.state = state
	return p
}

// vpcOf is the id of the VPC a compute stands in, "" for none.
func (e *Estate) vpcOf(compute graph.Ref) string {
	var doc struct {
		VpcID     string `json:"VpcId"`
		VpcConfig struct {
			VpcID string `json:"VpcId"`
		}
	}
	if ok, err := e.Snap.Decode(compute, graph.PropResource, &doc); ok && err == nil && cmp.Or(doc.VpcID, doc.VpcConfig.VpcID) != "" {
		return cmp.Or(doc.VpcID, doc.VpcConfig.VpcID)
	}
	for at, depth := compute, 0; depth < 4; depth++ {
		parent := graph.NoRef
		for p := range e.Snap.InKind(at, graph.EdgeContains) {
			if k := e.Snap.Kind(p); k == graph.KindSubnet || k == graph.KindVPC {
				parent = p
			}
		}
		if parent == graph.NoRef {
			return ""
		}
		if e.Snap.Kind(parent) == graph.KindVPC {
			id := e.Snap.Node(parent).ID
			return id[strings.LastIndexByte(id, '/')+1:]
		}
		at = parent
	}
	return ""
}

// fromPlace is what is given of a request that passes a place.
func (e *Estate) fromPlace(p place) permission.Given {
	g := e.given()
	g.VPC, g.Endpoint = p.vpc, p.endpoint
	return g
}

// serviceOf is the name VPC endpoints give the service of a datastore.
func serviceOf(k graph.Kind) string {
	switch k {
	case graph.KindBucket:
		return "s3"
	case graph.KindTable:
		return "dynamodb"
	case graph.KindQueue:
		return "sqs"
	case graph.KindTopic:
		return "sns"
	case graph.KindSecret:
		return "secretsmanager"
	case graph.KindParameter:
		return "ssm"
	}
	return ""
}
