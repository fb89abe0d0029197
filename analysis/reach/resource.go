package reach

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/graph"
)

// Resource is a thing that a person would name and that packets reach:
// instance, task, load balancer, database, function URL, API …
type Resource struct {
	origin
	ID      string // node id; the provider's own
	Name    string
	Kind    graph.Kind
	Account string
	Region  string

	index  int32
	ifaces []int32
	// listens are the services it answers; nil when that is not known (a host).
	listens services
	// publicListens replace listens for packets from the internet.
	publicListens services
	balancer      int32 // index in balancers plus one, 0 when it is none
	endpoint      int32 // gateway endpoint index plus one
	public        *publicEndpoint
	// private answers requests by interface endpoints where public is nil.
	private *publicEndpoint
	// service is what endpoints to the resource's service are called.
	service []string
	// egressOnly resources open connections but take none (functions in a VPC).
	egressOnly bool
	// notPublic says why it cannot have an internet endpoint at all.
	notPublic     string
	notPublicFrom evidence
	down          string // why it takes no packets now, e.g. "stopped"
	// unread says what was not read of where it stands: its own description, or
	// subnets of it.
	unread  []string
	aliases []string
}

// publicEndpoint is an endpoint that the provider runs outside any VPC.
type publicEndpoint struct {
	sources addrs
	listens services
	// publicListens replace listens for packets from the internet.
	publicListens services
	rule          string
	from          evidence
	unread        string
	// Question for the service's own policy; "" when the service has none.
	policyProperty string
	policy         json.RawMessage
	action         string
	forwards       []forward
	auth           string // "none", "iam", "key" …
	// closed says why no caller without credentials gets in, whatever a policy says.
	closed string
}

// forward is a resource or host name that an endpoint sends what it gets on to.
type forward struct {
	target string
	// on are the services that go there, to the ones it is asked for; nil: the
	// same.
	on, to services
	// hides: the target sees the provider's addresses, not the client's.
	hides bool
}

// Node returns the resource's node, graph.NoRef outside a snapshot.
func (r *Resource) Node() graph.Ref { return r.node }

// AmbiguousError says that a name stands for several resources.
type AmbiguousError struct {
	Name       string
	Candidates []string
}

func (e *AmbiguousError) Error() string {
	return fmt.Sprintf("%q names %d resources: %s; give the id", e.Name, len(e.Candidates), strings.Join(e.Candidates, ", "))
}

// NotFoundError says that nothing that packets reach has an id or name.
type NotFoundError struct{ Name string }

func (e *NotFoundError) Error() string {
	return fmt.Sprintf("%q is no resource, interface or address that this estate knows", e.Name)
}

// Resource finds what an argument means: a node id, a resource id, a unique
// name, the resource part of an ARN, or service:name (elb:web, vpce:sqs).
// Errors are *NotFoundError and *AmbiguousError.
func (e *Estate) Resource(arg string) (*Resource, error) {
	list := e.names[strings.ToLower(arg)]
	switch len(list) {
	case 1:
		return &e.resources[list[0]], nil
	case 0:
		return nil, &NotFoundError{arg}
	}
	ids := make([]string, len(list))
	for i, r := range list {
		ids[i] = e.resources[r].ID
		// An exact id wins over names.
		if e.resources[r].ID == arg {
			return &e.resources[r], nil
		}
	}
	return nil, &AmbiguousError{arg, ids}
}

// ResourceOf returns the resource of a node, nil when packets cannot reach it.
func (e *Estate) ResourceOf(node graph.Ref) *Resource {
	if i, ok := e.byNode[node]; ok {
		return &e.resources[i]
	}
	return nil
}

// Resources returns all resources in a stable order. The slice is shared.
func (e *Estate) Resources() []Resource { return e.resources }

// resource adds a resource; short names make it findable.
func (b *Builder) resource(r Resource, names ...string) int32 {
	e := b.est
	r.index = int32(len(e.resources))
	if r.ID == "" {
		r.ID = r.origin.id
	}
	r.aliases = append(r.aliases, r.origin.id)
	for _, n := range names {
		r.aliases = append(r.aliases, n)
		if s := servicePrefix(r.Kind, r.ID); s != "" && n != "" {
			r.aliases = append(r.aliases, s+":"+n)
		}
	}
	if strings.HasPrefix(r.ID, "arn:") {
		if parts := strings.SplitN(r.ID, ":", 6); len(parts) == 6 {
			r.aliases = append(r.aliases, parts[5])
			if i := strings.IndexAny(parts[5], "/:"); i >= 0 {
				r.aliases = append(r.aliases, parts[5][i+1:])
			}
		}
	}
	slices.Sort(r.aliases)
	r.aliases = slices.Compact(r.aliases)
	if len(r.ifaces) == 0 {
		r.unread = append(r.unread, b.unplaced[r.origin.id]...)
	}
	e.resources = append(e.resources, r)
	if _, ok := e.byNode[r.node]; !ok && r.node != graph.NoRef {
		e.byNode[r.node] = r.index
	}
	return r.index
}

// servicePrefix is how people abbreviate a service before a name.
func servicePrefix(k graph.Kind, id string) string {
	switch k {
	case graph.KindTask, graph.KindContainerService:
		return "ecs"
	case graph.KindDBInstance, graph.KindDBCluster:
		return "rds"
	case graph.KindSearchDomain:
		return "es"
	case graph.KindWarehouse:
		return "redshift"
	case graph.KindBroker:
		if strings.Contains(id, ":kafka:") {
			return "msk"
		}
		return "mq"
	case graph.KindStream:
		return "msk"
	case graph.KindVPCEndpoint:
		return "vpce"
	case graph.KindLoadBalancer:
		if strings.Contains(id, "/app/") || strings.Contains(id, "/net/") || strings.Contains(id, "/gwy/") {
			return "elbv2"
		}
		return "elb"
	case graph.KindFunction, graph.KindFunctionURL:
		return "lambda"
	case graph.KindCluster:
		return "eks"
	case graph.KindCache:
		return "elasticache"
	case graph.KindFileSystem:
		return "efs"
	case graph.KindInstance:
		return "ec2"
	}
	return ""
}

// addLooseInterfaces makes resources of interfaces that nothing read owns.
func (b *Builder) addLooseInterfaces() {
	e := b.est
	for i := range e.interfaces {
		x := &e.interfaces[i]
		if x.resource != none || x.virtual || x.kind == transitInterface || x.kind == gatewayBalancerEndpoint {
			continue
		}
		r := Resource{origin: x.origin, ID: x.id, Kind: graph.KindInterface, Account: x.account, ifaces: []int32{int32(i)}, egressOnly: x.kind == lambdaInterface || x.kind == natInterface}
		if r.ID == "" {
			r.ID = x.name
		}
		if x.subnet != none {
			r.Region = e.subnets[x.subnet].region
		}
		x.resource = b.resource(r, x.name)
	}
	// Interfaces inside a resource answer to their own id as well.
	for i := range e.interfaces {
		x := &e.interfaces[i]
		if x.resource != none {
			n := strings.ToLower(x.name)
			if !slices.Contains(e.names[n], x.resource) {
				e.names[n] = append(e.names[n], x.resource)
			}
		}
	}
}

// PolicyDocument returns the resource's own policy as it was read, nil when it
// has none.
func (r *Resource) PolicyDocument() json.RawMessage {
	if p := r.answersBy(); p != nil {
		return p.policy
	}
	return nil
}
