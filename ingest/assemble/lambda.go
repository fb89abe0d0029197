package assemble

import (
	"bytes"
	"encoding/json"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/ingest/fields"
)

var lambdaOperations = []operation{
	describe("lambda", "ListFunctions", "Functions/*", function),
	{service: "lambda", name: "GetFunction", params: []string{"FunctionName"}, items: []list{{"Configuration/*", plainFunction}}},
	{service: "lambda", name: "GetFunctionConfiguration", params: []string{"FunctionName"}, items: []list{{".", plainFunction}}},
	perResource("lambda", "GetPolicy", "FunctionName", function, fact{"Policy", graph.PropPolicy, readFunctionPolicy}),
	perResource("lambda", "GetFunctionUrlConfig", "FunctionName", function, fact{".", graph.PropURL, nil}),
	{service: "lambda", name: "ListFunctionUrlConfigs", params: []string{"FunctionName"}, about: param("FunctionName", to(function)),
		handle: functionURLs},
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

var urlsShape = fields.New("FunctionUrlConfigs/*")
var urlAuth = fields.New("AuthType")

// functionURLs keeps the most open of a function's addresses: the function and
// each of its aliases may have one, and whoever reaches one runs the code.
func functionURLs(c *call, of node) {
	var kept []byte
	urlsShape.Scan(c.rec.Body, func(_ int, url []byte) {
		open := false
		urlAuth.Scan(url, func(_ int, v []byte) { open = fields.Text(v) == "NONE" })
		if kept == nil || open {
			kept = url
		}
	})
	c.set(of, graph.PropURL, kept)
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

// readFunctionPolicy reads the policy of a function. Emulators hand back the
// parameter FunctionUrlAuthType of AddPermission where AWS writes the condition
// it stands for; both say the same.
// https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
func readFunctionPolicy(c *call, of node, key string, value []byte) {
	if doc, ok := document(value); ok && bytes.Contains(doc, []byte(`"FunctionUrlAuthType"`)) {
		if plain := urlConditions(doc); plain != nil {
			value = plain
		}
	}
	readPolicy(c, of, key, value)
}

// urlConditions is the document with the parameter as the condition; nil where
// nothing was to be changed.
func urlConditions(doc []byte) []byte {
	var policy map[string]any
	if json.Unmarshal(doc, &policy) != nil {
		return nil
	}
	statements, _ := policy["Statement"].([]any)
	changed := false
	for _, s := range statements {
		statement, _ := s.(map[string]any)
		kind, ok := statement["FunctionUrlAuthType"].(string)
		if !ok {
			continue
		}
		condition, ok := statement["Condition"].(map[string]any)
		if !ok {
			condition = map[string]any{}
		}
		equals, ok := condition["StringEquals"].(map[string]any)
		if !ok {
			equals = map[string]any{}
		}
		equals["lambda:FunctionUrlAuthType"] = kind
		condition["StringEquals"] = equals
		statement["Condition"] = condition
		delete(statement, "FunctionUrlAuthType")
		changed = true
	}
	if !changed {
		return nil
	}
	out, err := json.Marshal(policy)
	if err != nil {
		return nil
	}
	return out
}
