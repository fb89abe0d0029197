package assemble

import (
	"encoding/json"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/ingest/fields"
)

var lambdaOperations = []operation{
	describe("lambda", "ListFunctions", "Functions/*", function),
	{service: "lambda", name: "GetFunction", params: []string{"FunctionName"}, items: []list{{"Configuration/*", plainFunction}}},
	{service: "lambda", name: "GetFunctionConfiguration", params: []string{"FunctionName"}, items: []list{{".", plainFunction}}},
	perResource("lambda", "GetPolicy", "FunctionName", function, fact{"Policy", graph.PropPolicy, readPolicy}),
	perResource("lambda", "GetFunctionUrlConfig", "FunctionName", function, fact{".", graph.PropURL, nil}),
	{service: "lambda", name: "ListFunctionUrlConfigs", params: []string{"FunctionName"}, about: param("FunctionName", to(function)),
		facts: []fact{{"FunctionUrlConfigs/*", graph.PropURL, nil}}},
	{service: "lambda", name: "ListEventSourceMappings", listing: "EventSourceMappings/*", handle: eventSources},
	{service: "lambda", name: "ListAliases", params: []string{"FunctionName"}},
	perResource("lambda", "ListTags", "Resource", function, fact{"Tags", graph.PropTags, readTags}),
}

var function = &spec{
	kind: graph.KindFunction, service: "lambda", typ: "function:", arn: "FunctionArn", id: "FunctionName", name: "FunctionName",
	links: []link{
		{path: "Role", kind: graph.EdgeHasRole, to: role},
		{path: "VpcConfig/SubnetIds/*", kind: graph.EdgeUses, to: toSubnet},
		{path: "VpcConfig/SecurityGroupIds/*", kind: graph.EdgeUses, to: toGroup},
		{path: "KMSKeyArn", kind: graph.EdgeEncryptedBy, to: key},
		{path: "FileSystemConfigs/*/Arn", kind: graph.EdgeUses, to: byID},
		{path: "DeadLetterConfig/TargetArn", kind: graph.EdgeRefers, to: byID}},
	facts: []fact{{"Environment/Variables", graph.PropEnvironment, nil}},
}

var plainFunction = plain(function)

var mappingsShape = fields.New("EventSourceMappings/*")
var mappingFields = fields.New("FunctionArn", "EventSourceArn")

func eventSources(c *call, _ node) {
	mappingsShape.Scan(c.rec.Body, func(_ int, item []byte) {
		var of, source string
		mappingFields.Scan(item, func(path int, v []byte) {
			if path == 0 {
				of = fields.Text(v)
			} else {
				source = fields.Text(v)
			}
		})
		c.link(c.refer(of, graph.KindUnknown), c.refer(source, graph.KindUnknown), graph.EdgeRefers)
	})
}

var variableName = fields.New("name", "Name")

// variableNames gives a node the names of variables that stand in lists of
// pairs; what they held was removed before.
func variableNames(c *call, of node, item []byte, path string) {
	names := map[string]string{}
	fields.New(path).Scan(item, func(_ int, pair []byte) {
		variableName.Scan(pair, func(_ int, v []byte) { names[fields.Text(v)] = "" })
	})
	if len(names) == 0 {
		return
	}
	if object, err := json.Marshal(names); err == nil {
		c.set(of, graph.PropEnvironment, object)
	}
}
