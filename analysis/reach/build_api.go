package reach

import (
	"cmp"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/graph"
)

// addAPI: a private REST API answers through interface endpoints only
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-apis.html).
func (b *Builder) addAPI(it item, d *apiDoc) {
	id := cmp.Or(d.Id, d.ApiId)
	r := Resource{origin: it.origin, ID: cmp.Or(it.id, id), Name: d.Name, Kind: it.kind, Account: it.account, Region: it.region, listens: tcp(443)}
	private := d.Visibility == "PRIVATE"
	for _, t := range d.EndpointConfiguration.Types {
		private = private || t == "PRIVATE"
	}
	switch {
	case private:
		r.notPublic, r.notPublicFrom = "it is a private API", it.origin.at("/endpointConfiguration/types")
		r.service, r.private = []string{"execute-api"}, &publicEndpoint{listens: tcp(443), rule: "private API", from: r.notPublicFrom,
			policyProperty: graph.PropPolicy, policy: b.policyOf(it, d.Policy), action: "execute-api:Invoke"}
		if d.Visibility != "" {
			r.service, r.private.action = []string{"appsync-api"}, ""
		}
	case d.DisableExecuteApiEndpoint:
		r.notPublic, r.notPublicFrom = "its default endpoint is disabled (custom domain names are not)", it.origin.at("/disableExecuteApiEndpoint")
	default:
		r.public = &publicEndpoint{sources: publicSpace, listens: tcp(443), rule: "public API endpoint", from: it.origin.at("/endpointConfiguration/types")}
		if policy := b.policyOf(it, d.Policy); policy != nil {
			r.public.policyProperty, r.public.policy, r.public.action = graph.PropPolicy, policy, "execute-api:Invoke"
		}
		if d.AuthenticationType != "" {
			r.public.auth = d.AuthenticationType
		}
	}
	if p := r.answersBy(); p != nil && d.AuthenticationType == "" {
		b.addMethods(it, d, p)
	}
	b.resource(r, id, d.Name)
}

// resourceDoc is a resource of a REST API with its methods, or a route of an
// HTTP API.
type resourceDoc struct {
	Path            string
	ResourceMethods map[string]*methodDoc

	RouteKey, AuthorizationType string
	ApiKeyRequired              bool
}

type methodDoc struct {
	AuthorizationType string
	ApiKeyRequired    bool
	MethodIntegration struct{ Type string }
}

// addMethods reads who may call the methods of an API: as soon as one asks for
// nothing, anyone may call it; where all ask for a signature, a token or a key,
// nobody without one gets in. The answers to preflight requests, which must not
// ask for anything, do not count
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-to-api.html,
// https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-cors.html).
func (b *Builder) addMethods(it item, d *apiDoc, p *publicEndpoint) {
	operation := "GetResources"
	if d.ApiId != "" {
		operation = "GetRoutes"
	}
	var list []resourceDoc
	if !b.decodeProp(it, graph.PropRoutes, &list) {
		if b.est.gap(operation, it.account, it.region) != nil {
			p.unread = b.est.unread("methods of", cmp.Or(d.Name, d.Id, d.ApiId), operation, it.account, it.region)
		}
		return
	}
	var asked []string
	open, known := false, true
	count := func(method, auth string, key bool, integration string) {
		switch {
		case method == "OPTIONS" && integration != "HTTP" && integration != "HTTP_PROXY" && integration != "AWS" && integration != "AWS_PROXY":
		case auth == "" && d.ApiId == "":
			known = false // its name alone is listed
		case auth != "" && auth != "NONE":
			asked = append(asked, auth)
		case key:
			asked = append(asked, "API key")
		default:
			open = true
		}
	}
	for _, r := range list {
		for name, m := range r.ResourceMethods {
			if m == nil {
				m = &methodDoc{}
			}
			count(name, m.AuthorizationType, m.ApiKeyRequired, m.MethodIntegration.Type)
		}
		if r.RouteKey != "" {
			method, _, _ := strings.Cut(r.RouteKey, " ")
			count(method, r.AuthorizationType, r.ApiKeyRequired, "")
		}
	}
	slices.Sort(asked)
	asked = slices.Compact(asked)
	switch {
	case open || !known:
	case len(asked) == 0:
		p.closed = "it has no methods"
	default:
		p.closed = "every method asks for authorization: " + strings.Join(asked, ", ")
	}
}
