package assemble

import (
	"strings"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/arn"
)

// edgeOperations are the endpoints that AWS runs outside any VPC.
var edgeOperations = []operation{
	describe("apigateway", "GetRestApis", "items/*", restAPI),
	perResource("apigateway", "GetResources", "restApiId", restAPI, fact{"items", graph.PropRoutes, readPage}),
	{service: "apigateway", name: "GetStages", params: []string{"restApiId"}},
	{service: "apigateway", name: "GetAuthorizers", params: []string{"restApiId"}},
	{service: "apigateway", name: "GetDeployments", params: []string{"restApiId"}},
	{service: "apigateway", name: "GetDomainNames"},
	describe("apigatewayv2", "GetApis", "Items/*", httpAPI),
	perResource("apigatewayv2", "GetRoutes", "ApiId", httpAPI, fact{"Items", graph.PropRoutes, readPage}),
	perResource("apigatewayv2", "GetIntegrations", "ApiId", httpAPI, fact{"Items", graph.PropAssociations, readPage}),
	{service: "apigatewayv2", name: "GetStages", params: []string{"ApiId"}},

	describe("cloudfront", "ListDistributions", "DistributionList/Items/*", &spec{
		kind: graph.KindDistribution, service: "cloudfront", arn: "ARN", name: "DomainName", tags: "-",
		links: []link{{path: "Origins/Items/*/DomainName", kind: graph.EdgeTargets, to: bucketHost}}}),
	{service: "cloudfront", name: "GetDistribution", params: []string{"Id"}},
	{service: "cloudfront", name: "GetDistributionConfig", params: []string{"Id"}},
	{service: "cloudfront", name: "ListOriginAccessControls"},

	describe("globalaccelerator", "ListAccelerators", "Accelerators/*", accelerator),
	perResource("globalaccelerator", "ListListeners", "AcceleratorArn", accelerator, fact{"Listeners", graph.PropListeners, readPage}),
	{service: "globalaccelerator", name: "ListEndpointGroups", params: []string{"ListenerArn"}, about: param("ListenerArn", func(c *call, name string) node {
		accelerator, _, _ := strings.Cut(name, "/listener/")
		return c.refer(accelerator, graph.KindUnknown)
	}), facts: []fact{{"EndpointGroups", graph.PropAssociations, readPage}, {"EndpointGroups/*/EndpointDescriptions/*/EndpointId", "", linked(graph.EdgeTargets, func(c *call, id string) node {
		if strings.HasPrefix(id, "arn:") {
			return byID(c, id)
		}
		return ec2(c, id)
	})}}},
}

var restAPI = &spec{
	kind: graph.KindAPI, service: "apigateway", id: "id", name: "name", tags: "tags", anywhere: true, build: gatewayID("/restapis/"),
	links: []link{{path: "endpointConfiguration/vpcEndpointIds/*", kind: graph.EdgeUses, to: ec2Typed("vpc-endpoint")}},
	facts: []fact{{"policy", graph.PropPolicy, readPolicy}},
}

var httpAPI = &spec{kind: graph.KindAPI, service: "apigateway", id: "ApiId", name: "Name", anywhere: true, build: gatewayID("/apis/")}

var accelerator = &spec{kind: graph.KindAccelerator, service: "globalaccelerator", arn: "AcceleratorArn", name: "Name"}

// gatewayID builds the name of an API, which carries no account.
func gatewayID(path string) func(*call, string) string {
	return func(c *call, id string) string {
		if c.region == "" {
			return id
		}
		return arn.ARN{Partition: arn.Partition(c.region), Service: "apigateway", Region: c.region, Resource: path + id}.String()
	}
}

// bucketHost is the bucket behind an origin's host name, which is
// BUCKET.s3.amazonaws.com with a region in one of several places.
func bucketHost(c *call, host string) node {
	name, rest, ok := strings.Cut(host, ".s3")
	if !ok || name == "" || !strings.HasSuffix(rest, ".amazonaws.com") {
		return none
	}
	return bucket(c, name)
}
