package assemble

import (
	"testing"

	"github.com/cairn-security/cairn/graph"
)

// TestDirectConnect: gateways lead on premises and to what they are associated
// with; an interface may lead straight to a VPC's own gateway.
func TestDirectConnect(t *testing.T) {
	s, report := build(t,
		rec("directconnect", "DescribeVirtualInterfaces", `{"virtualInterfaces":[
			{"virtualInterfaceId":"dxvif-1","directConnectGatewayId":"dx-1","virtualInterfaceState":"available"},
			{"virtualInterfaceId":"dxvif-2","virtualGatewayId":"vgw-1","directConnectGatewayId":"","virtualInterfaceState":"down"},
			{"virtualInterfaceId":"dxvif-3","virtualGatewayId":"vgw-2","virtualInterfaceState":"deleted"}]}`),
		rec("directconnect", "DescribeDirectConnectGatewayAssociations", `{"directConnectGatewayAssociations":[
			{"directConnectGatewayId":"dx-1","associatedGateway":{"id":"tgw-1","type":"transitGateway"},"allowedPrefixesToDirectConnectGateway":[{"cidr":"10.0.0.0/8"}]},
			{"directConnectGatewayId":"dx-1","virtualGatewayId":"vgw-2"}]}`, "directConnectGatewayId", "dx-1"),
		rec("directconnect", "DescribeDirectConnectGateways", `{"directConnectGateways":[{"directConnectGatewayId":"dx-1","directConnectGatewayName":"hall","ownerAccount":"111122223333"}]}`),
		rec("ec2", "DescribeVpnGateways", `{"VpnGateways":[{"VpnGatewayId":"vgw-1"},{"VpnGatewayId":"vgw-2"}]}`),
		rec("ec2", "DescribeTransitGateways", `{"TransitGateways":[{"TransitGatewayId":"tgw-1"}]}`))
	wantProblems(t, report)
	hall := s.ByKind(graph.KindDirectConnectGateway)
	if len(hall) != 1 || s.Node(hall[0]).Name != "hall" {
		t.Fatalf("gateways %v", hall)
	}
	id := s.Node(hall[0]).ID
	wantEdges(t, s, graph.EdgeAttachedTo, id+" -> "+regionalID("ec2", "transit-gateway/tgw-1"), id+" -> "+regionalID("ec2", "vpn-gateway/vgw-2"), id+" -> onprem",
		regionalID("ec2", "vpn-gateway/vgw-1")+" -> onprem")
	if id != "arn:aws:directconnect::111122223333:dx-gateway/dx-1" {
		t.Errorf("id %s", id)
	}
	wantProp(t, s, hall[0], graph.PropAssociations, `[{"directConnectGatewayId":"dx-1","associatedGateway":{"id":"tgw-1","type":"transitGateway"},"allowedPrefixesToDirectConnectGateway":[{"cidr":"10.0.0.0/8"}]},{"directConnectGatewayId":"dx-1","virtualGatewayId":"vgw-2"}]`)
	wantProp(t, s, wantKind(t, s, regionalID("ec2", "vpn-gateway/vgw-2"), graph.KindVPNGateway), graph.PropAssociations, `[{"directConnectGatewayId":"dx-1","virtualGatewayId":"vgw-2"}]`)
}

// TestHTTPAPI: routes of an API, and what they are integrated with.
func TestHTTPAPI(t *testing.T) {
	s, report := build(t,
		rec("apigatewayv2", "GetApis", `{"Items":[{"ApiId":"a1","Name":"shop","ProtocolType":"HTTP"}]}`),
		rec("apigatewayv2", "GetRoutes", `{"Items":[{"RouteKey":"GET /x","AuthorizationType":"NONE","Target":"integrations/i1"}]}`, "ApiId", "a1"),
		rec("apigatewayv2", "GetIntegrations", `{"Items":[{"IntegrationId":"i1","IntegrationType":"AWS_PROXY"}]}`, "ApiId", "a1"))
	wantProblems(t, report)
	apis := s.ByKind(graph.KindAPI)
	if len(apis) != 1 {
		t.Fatalf("apis %v", apis)
	}
	wantProp(t, s, apis[0], graph.PropRoutes, `[{"RouteKey":"GET /x","AuthorizationType":"NONE","Target":"integrations/i1"}]`)
	wantProp(t, s, apis[0], graph.PropAssociations, `[{"IntegrationId":"i1","IntegrationType":"AWS_PROXY"}]`)
}

// TestGraphQL: an API, whom it asks and what answers behind it.
func TestGraphQL(t *testing.T) {
	s, report := build(t,
		rec("appsync", "ListGraphqlApis", `{"graphqlApis":[{"apiId":"a1","name":"orders","arn":"`+regionalID("appsync", "apis/a1")+`","authenticationType":"API_KEY","visibility":"GLOBAL",
			"additionalAuthenticationProviders":[{"authenticationType":"AWS_LAMBDA","lambdaAuthorizerConfig":{"authorizerUri":"`+regionalID("lambda", "function:judge")+`"}}],"tags":{"stage":"prod"}}]}`),
		rec("appsync", "ListDataSources", `{"dataSources":[{"name":"t","type":"AMAZON_DYNAMODB","serviceRoleArn":"`+iamID("role/r")+`","dynamodbConfig":{"tableName":"orders","awsRegion":"eu-west-1"}}]}`, "apiId", "a1"),
		rec("appsync", "ListDataSources", `{"dataSources":[{"name":"f","type":"AWS_LAMBDA","lambdaConfig":{"lambdaFunctionArn":"`+regionalID("lambda", "function:f")+`"}}]}`, "apiId", "a1"),
		rec("dynamodb", "ListTables", `{"TableNames":["orders"]}`))
	wantProblems(t, report)
	api := wantKind(t, s, regionalID("appsync", "apis/a1"), graph.KindAPI)
	wantProp(t, s, api, graph.PropTags, `{"stage":"prod"}`)
	wantEdges(t, s, graph.EdgeTargets, s.Node(api).ID+" -> "+regionalID("dynamodb", "table/orders"), s.Node(api).ID+" -> "+regionalID("lambda", "function:f"))
	wantEdges(t, s, graph.EdgeUses, s.Node(api).ID+" -> "+iamID("role/r"), s.Node(api).ID+" -> "+regionalID("lambda", "function:judge"))
}

// TestAccelerator: endpoint groups come listener by listener and all belong to
// the accelerator.
func TestAccelerator(t *testing.T) {
	const acc = "arn:aws:globalaccelerator::111122223333:accelerator/a"
	s, report := build(t,
		rec("globalaccelerator", "ListAccelerators", `{"Accelerators":[{"AcceleratorArn":"`+acc+`","Name":"front","Enabled":true}]}`),
		rec("globalaccelerator", "ListListeners", `{"Listeners":[{"ListenerArn":"`+acc+`/listener/1"},{"ListenerArn":"`+acc+`/listener/2"}]}`, "AcceleratorArn", acc),
		rec("globalaccelerator", "ListEndpointGroups", `{"EndpointGroups":[{"EndpointGroupArn":"`+acc+`/listener/1/endpoint-group/1","EndpointDescriptions":[{"EndpointId":"i-1"}]}]}`, "ListenerArn", acc+"/listener/1"),
		rec("globalaccelerator", "ListEndpointGroups", `{"EndpointGroups":[{"EndpointGroupArn":"`+acc+`/listener/2/endpoint-group/1","EndpointDescriptions":[]}]}`, "ListenerArn", acc+"/listener/2"))
	wantProblems(t, report)
	wantProp(t, s, wantKind(t, s, acc, graph.KindAccelerator), graph.PropAssociations,
		`[{"EndpointGroupArn":"`+acc+`/listener/1/endpoint-group/1","EndpointDescriptions":[{"EndpointId":"i-1"}]},{"EndpointGroupArn":"`+acc+`/listener/2/endpoint-group/1","EndpointDescriptions":[]}]`)
}

// TestPolicyTables: a table that picks route tables by the packet belongs to its
// gateway until it is deleted.
func TestPolicyTables(t *testing.T) {
	s, report := build(t,
		rec("ec2", "DescribeTransitGatewayPolicyTables", `{"TransitGatewayPolicyTables":[{"TransitGatewayPolicyTableId":"tgw-ptb-1","TransitGatewayId":"tgw-1","State":"available"},{"TransitGatewayPolicyTableId":"tgw-ptb-2","TransitGatewayId":"tgw-1","State":"deleted"}]}`),
		rec("ec2", "DescribeTransitGateways", `{"TransitGateways":[{"TransitGatewayId":"tgw-1"}]}`))
	wantProblems(t, report)
	wantProp(t, s, wantKind(t, s, regionalID("ec2", "transit-gateway/tgw-1"), graph.KindTransitGateway), graph.PropAssociations,
		`[{"TransitGatewayPolicyTableId":"tgw-ptb-1","TransitGatewayId":"tgw-1","State":"available"}]`)
}

// TestMethods: the resources of a REST API and the routes of an HTTP API, page
// by page, stay with it.
func TestMethods(t *testing.T) {
	s, report := build(t,
		rec("apigateway", "GetRestApis", `{"items":[{"id":"a1","name":"rest"}]}`),
		rec("apigateway", "GetResources", `{"items":[{"path":"/","resourceMethods":{"GET":{"authorizationType":"NONE"}}}]}`, "restApiId", "a1"),
		rec("apigatewayv2", "GetApis", `{"Items":[{"ApiId":"a2","Name":"http","ProtocolType":"HTTP"}]}`),
		rec("apigatewayv2", "GetRoutes", `{"Items":[{"RouteKey":"GET /x","AuthorizationType":"JWT"}]}`, "ApiId", "a2"))
	wantProblems(t, report)
	for _, ref := range s.ByKind(graph.KindAPI) {
		want := map[string]string{"rest": `[{"path":"/","resourceMethods":{"GET":{"authorizationType":"NONE"}}}]`, "http": `[{"RouteKey":"GET /x","AuthorizationType":"JWT"}]`}
		wantProp(t, s, ref, graph.PropRoutes, want[s.Node(ref).Name])
	}
}
