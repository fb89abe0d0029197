package assemble

import (
	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/ingest/fields"
)

var dynamodbOperations = []operation{
	names("dynamodb", "ListTables", "TableNames/*", dynamoTable),
	{service: "dynamodb", name: "DescribeTable", params: []string{"TableName"}, about: param("TableName", to(dynamoTable)), items: []list{{"Table/*", dynamoTable}}},
	perResource("dynamodb", "GetResourcePolicy", "ResourceArn", dynamoTable, fact{"Policy", graph.PropPolicy, readPolicy}),
	perResource("dynamodb", "ListTagsOfResource", "ResourceArn", dynamoTable, fact{"Tags", graph.PropTags, readTags}),
	{service: "dynamodb", name: "DescribeContinuousBackups", params: []string{"TableName"}},
	{service: "dynamodb", name: "ListBackups"},
	{service: "dynamodb", name: "ListExports"},

	names("kinesis", "ListStreams", "StreamNames/*", stream),
	{service: "kinesis", name: "DescribeStream", params: []string{"StreamName"}, items: []list{{"StreamDescription/*", stream}}},
	{service: "kinesis", name: "DescribeStreamSummary", params: []string{"StreamName"}, items: []list{{"StreamDescriptionSummary/*", stream}}},
	perResource("kinesis", "GetResourcePolicy", "ResourceARN", stream, fact{"Policy", graph.PropPolicy, readPolicy}),
	perResource("kinesis", "ListTagsForStream", "StreamName", stream, fact{"Tags", graph.PropTags, readTags}),
}

// names is a listing that names things and says no more of them.
func names(service, name, path string, s *spec) operation {
	shape := fields.New(path)
	return operation{service: service, name: name, listing: path, handle: func(c *call, _ node) {
		shape.Scan(c.rec.Body, func(_ int, v []byte) {
			if n := s.named(c, fields.Text(v)); n != none {
				c.nodes[n].evident = true
			}
		})
	}}
}

var dynamoTable = &spec{
	kind: graph.KindTable, service: "dynamodb", typ: "table/", arn: "TableArn", id: "TableName", name: "TableName",
	links: []link{
		{path: "SSEDescription/KMSMasterKeyArn", kind: graph.EdgeEncryptedBy, to: key},
		{path: "LatestStreamArn", kind: graph.EdgeRefers, to: byID}},
}

var stream = &spec{
	kind: graph.KindStream, service: "kinesis", typ: "stream/", arn: "StreamARN", id: "StreamName", name: "StreamName",
	links: []link{{path: "KeyId", kind: graph.EdgeEncryptedBy, to: key}},
}
