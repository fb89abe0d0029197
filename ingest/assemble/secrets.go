package assemble

import (
	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/ingest/fields"
)

var secretOperations = []operation{
	describe("secretsmanager", "ListSecrets", "SecretList/*", secret),
	{service: "secretsmanager", name: "DescribeSecret", params: []string{"SecretId"}, items: []list{{".", plain(secret)}}},
	perResource("secretsmanager", "GetResourcePolicy", "SecretId", secret, fact{"ResourcePolicy", graph.PropPolicy, readPolicy}),

	describe("ssm", "DescribeParameters", "Parameters/*", parameter),
	perResource("ssm", "ListTagsForResource", "ResourceId", parameter, fact{"TagList", graph.PropTags, readTags}),
	{service: "ssm", name: "DescribeInstanceInformation"},
	{service: "ssm", name: "ListDocuments"},
	{service: "ssm", name: "DescribeDocumentPermission", params: []string{"Name"}},
}

var secret = &spec{
	kind: graph.KindSecret, service: "secretsmanager", typ: "secret:", arn: "ARN", id: "Name", name: "Name",
	links: []link{
		{path: "KmsKeyId", kind: graph.EdgeEncryptedBy, to: key},
		{path: "RotationLambdaARN", kind: graph.EdgeUses, to: byID}},
	each: defaultSecretKey,
}

var secretKey = fields.New("KmsKeyId")

// defaultSecretKey: a description without a key is of a secret that the key
// encrypts which AWS manages for the account, so that no other account reads it.
// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html
func defaultSecretKey(c *call, of node, item []byte) {
	named := false
	secretKey.Scan(item, func(_ int, v []byte) { named = named || fields.Text(v) != "" })
	if !named {
		managed := key(c, "alias/aws/secretsmanager")
		c.nodes[managed].Kind, c.nodes[managed].evident = graph.KindKey, true
		c.link(of, managed, graph.EdgeEncryptedBy)
	}
}

// parameter: an ARN leaves out the slash that a hierarchical name begins with.
var parameter = &spec{
	kind: graph.KindParameter, service: "ssm", typ: "parameter/", trim: "/", arn: "ARN", id: "Name", name: "Name",
	links: []link{{path: "KeyId", kind: graph.EdgeEncryptedBy, to: key}},
}
