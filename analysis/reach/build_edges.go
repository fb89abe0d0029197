package reach

import (
	"cmp"
	"encoding/json"
	"strings"

	"github.com/cairn-security/cairn/graph"
)

// addEdges reads endpoints that the provider runs outside any VPC. Their
// network part is open to the internet unless a setting says otherwise; what
// their policy lets through is asked for apart.
func (b *Builder) addEdges() {
	for _, it := range b.items[graph.KindAPI] {
		var d apiDoc
		if b.decode(it, &d) {
			b.addAPI(it, &d)
		}
	}
	for _, it := range b.items[graph.KindDistribution] {
		var d distributionDoc
		if b.decode(it, &d) {
			b.addDistribution(it, &d)
		}
	}
	for _, it := range b.items[graph.KindAppService] {
		var d appRunnerDoc
		if !b.decode(it, &d) {
			continue
		}
		r := Resource{origin: it.origin, ID: cmp.Or(it.id, d.ServiceArn), Name: d.ServiceName, Kind: it.kind, Account: it.account, Region: it.region, listens: tcp(443)}
		if p := d.NetworkConfiguration.IngressConfiguration.IsPubliclyAccessible; p == nil || *p {
			r.public = &publicEndpoint{sources: publicSpace, listens: tcp(443), rule: "publicly accessible", from: it.origin.at("/NetworkConfiguration/IngressConfiguration"), auth: "none"}
		} else {
			r.notPublic, r.notPublicFrom = "it is reachable by a VPC endpoint only", it.origin.at("/NetworkConfiguration/IngressConfiguration")
			r.service, r.private = []string{"apprunner.requests"}, &publicEndpoint{listens: tcp(443), rule: "VPC ingress", from: r.notPublicFrom}
		}
		b.resource(r, d.ServiceName)
	}
	for _, it := range b.items[graph.KindAccelerator] {
		var d acceleratorDoc
		if b.decode(it, &d) {
			b.addAccelerator(it, &d)
		}
	}
	for _, kind := range []graph.Kind{graph.KindBucket, graph.KindQueue, graph.KindTopic, graph.KindRepository} {
		for _, it := range b.items[kind] {
			b.addServiceStore(it)
		}
	}
}

// serviceActions are the anonymous requests that show a store is open.
var serviceActions = map[graph.Kind]string{
	graph.KindBucket: "s3:GetObject", graph.KindQueue: "sqs:ReceiveMessage", graph.KindTopic: "sns:Subscribe", graph.KindRepository: "ecr:BatchGetImage",
}

// serviceNames are how VPC endpoints call the services of stores.
var serviceNames = map[graph.Kind][]string{
	graph.KindBucket: {"s3"}, graph.KindQueue: {"sqs"}, graph.KindTopic: {"sns"}, graph.KindRepository: {"ecr.dkr", "ecr.api"},
}

// addServiceStore adds a store that is reached through its service's regional
// endpoint: the network part is open by nature, the policy decides.
func (b *Builder) addServiceStore(it item) {
	r := Resource{origin: it.origin, ID: it.id, Kind: it.kind, Account: it.account, Region: it.region, listens: tcp(443)}
	r.Name, r.service = it.id[strings.LastIndexAny(it.id, ":/")+1:], serviceNames[it.kind]
	r.public = &publicEndpoint{sources: publicSpace, listens: tcp(443), rule: "regional service endpoint", from: it.origin.at(""),
		policyProperty: graph.PropPolicy, policy: it.props[graph.PropPolicy], action: serviceActions[it.kind]}
	b.resource(r, r.Name)
}

// addFunctionURL: a function URL with authentication type NONE is open where
// the function's policy lets everyone invoke it
// (https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html).
func (b *Builder) addFunctionURL(it item, u *functionURLDoc, id string, raw []byte) {
	from := evidence{node: it.node, property: graph.PropURL, pointer: "/AuthType", raw: raw}
	if it.kind == graph.KindFunctionURL {
		from.property = graph.PropResource
	}
	p := &publicEndpoint{sources: publicSpace, listens: tcp(443), rule: "function URL, authentication " + u.AuthType, from: from,
		policyProperty: graph.PropPolicy, policy: it.props[graph.PropPolicy], action: "lambda:InvokeFunctionUrl", auth: "none"}
	if u.AuthType == "AWS_IAM" {
		p.auth = "iam"
	}
	if it.kind == graph.KindFunction {
		// The function itself is what a person names; the URL is its endpoint.
		r := &b.est.resources[len(b.est.resources)-1]
		r.public, r.listens = p, tcp(443)
		return
	}
	r := Resource{origin: it.origin, ID: id, Kind: graph.KindFunctionURL, Account: it.account, Region: it.region, listens: tcp(443), public: p}
	b.resource(r, u.FunctionUrl)
}

// restricts reports whether an endpoint has a policy other than the one that
// AWS gives it, which lets everything through.
func restricts(policy json.RawMessage) bool {
	var doc struct{ Statement json.RawMessage }
	if len(policy) == 0 || json.Unmarshal(policy, &doc) != nil {
		return false
	}
	var list []struct {
		Effect                      string
		Principal, Action, Resource any
		Condition                   map[string]any
	}
	if json.Unmarshal(doc.Statement, &list) != nil {
		return true
	}
	return len(list) != 1 || list[0].Effect != "Allow" || list[0].Principal != "*" || list[0].Action != "*" || list[0].Resource != "*" || len(list[0].Condition) > 0
}

// addDistribution: an enabled distribution answers anyone on 80 and 443
// (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HowCloudFrontWorks.html).
func (b *Builder) addDistribution(it item, d *distributionDoc) {
	r := Resource{origin: it.origin, ID: cmp.Or(it.id, d.ARN), Name: d.DomainName, Kind: it.kind, Account: it.account, Region: it.region, listens: tcp(80, 443)}
	if d.Enabled == nil || *d.Enabled {
		r.public = &publicEndpoint{sources: publicSpace, listens: tcp(80, 443), rule: "enabled", from: it.origin.at("/Enabled"), auth: "none"}
		for _, o := range d.Origins.Items {
			f := forward{target: o.DomainName, on: r.listens, to: r.listens, hides: true}
			if c := o.CustomOriginConfig; c != nil {
				f.to = c.ports()
			}
			r.public.forwards = append(r.public.forwards, f)
		}
	} else {
		r.notPublic, r.notPublicFrom = "it is disabled", it.origin.at("/Enabled")
	}
	b.resource(r, d.Id, d.DomainName)
}
