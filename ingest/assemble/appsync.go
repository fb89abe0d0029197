package assemble

import (
	"github.com/cairn-security/cairn/graph"
)

// appsyncOperations are GraphQL APIs and the data sources they answer from.
var appsyncOperations = []operation{
	describe("appsync", "ListGraphqlApis", "graphqlApis/*", graphqlAPI),
	{service: "appsync", name: "GetGraphqlApi", params: []string{"apiId"}, items: []list{{"graphqlApi/*", graphqlAPI}}},
	perResource("appsync", "ListDataSources", "apiId", graphqlAPI,
		fact{"dataSources", graph.PropAttributes, readPage},
		fact{"dataSources/*/serviceRoleArn", "", uses(byID)},
		fact{"dataSources/*/lambdaConfig/lambdaFunctionArn", "", linked(graph.EdgeTargets, byID)},
		fact{"dataSources/*/dynamodbConfig/tableName", "", linked(graph.EdgeTargets, to(dynamoTable))},
		fact{"dataSources/*/relationalDatabaseConfig/rdsHttpEndpointConfig/dbClusterIdentifier", "", linked(graph.EdgeTargets, to(dbCluster))},
		fact{"dataSources/*/relationalDatabaseConfig/rdsHttpEndpointConfig/awsSecretStoreArn", "", uses(byID)},
		fact{"dataSources/*/eventBridgeConfig/eventBusArn", "", linked(graph.EdgeTargets, byID)}),
}

// graphqlAPI: who may call stands in the description (authenticationType,
// additionalAuthenticationProviders), whether it answers outside its VPC too
// (visibility); there is no policy.
var graphqlAPI = &spec{
	kind: graph.KindAPI, service: "appsync", typ: "apis/", arn: "arn", id: "apiId", name: "name", tags: "tags",
	links: []link{
		{path: "lambdaAuthorizerConfig/authorizerUri", kind: graph.EdgeUses, to: byID},
		{path: "additionalAuthenticationProviders/*/lambdaAuthorizerConfig/authorizerUri", kind: graph.EdgeUses, to: byID},
		{path: "mergedApiExecutionRoleArn", kind: graph.EdgeUses, to: byID}},
}
