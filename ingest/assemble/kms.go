package assemble

import (
	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/ingest/fields"
)

var kmsOperations = []operation{
	describe("kms", "ListKeys", "Keys/*", &spec{kind: graph.KindKey, service: "kms", typ: "key/", arn: "KeyArn", id: "KeyId", mode: yields, unnamed: true}),
	{service: "kms", name: "DescribeKey", params: []string{"KeyId"}, items: []list{{"KeyMetadata/*", kmsKey}}},
	keyCall("GetKeyPolicy", fact{"Policy", graph.PropPolicy, readPolicy}),
	keyCall("ListGrants", fact{"Grants", graph.PropGrants, readPage},
		fact{"Grants/*/GranteePrincipal", "", func(c *call, of node, _ string, v []byte) {
			c.link(of, c.grantee(fields.Text(v)), graph.EdgeRefers)
		}}),
	keyCall("ListResourceTags", fact{"Tags", graph.PropTags, readTags}),
	keyCall("GetKeyRotationStatus"),
	{service: "kms", name: "ListAliases", listing: "Aliases/*", handle: keyAliases},
}

func keyCall(name string, facts ...fact) operation {
	return operation{service: "kms", name: name, params: []string{"KeyId"}, about: param("KeyId", existingKey), facts: facts}
}

// existingKey is the key that a call was made about.
func existingKey(c *call, id string) node {
	n := key(c, id)
	if n != none {
		c.nodes[n].Kind, c.nodes[n].Node.Name = graph.KindKey, ""
	}
	return n
}

var kmsKey = &spec{kind: graph.KindKey, service: "kms", typ: "key/", arn: "Arn", id: "KeyId", owner: "AWSAccountId", unnamed: true}

// grantee is whom a grant names: a principal, or a service by its host name.
func (c *call) grantee(name string) node {
	if len(name) > 4 && name[:4] == "arn:" {
		return c.principal("AWS", name)
	}
	return c.service(name)
}

var aliasesShape = fields.New("Aliases/*")
var keyAliasFields = fields.New("AliasName", "TargetKeyId")

// keyAliases names keys. AWS lists aliases for keys it has not made yet, which
// have no target.
func keyAliases(c *call, _ node) {
	aliasesShape.Scan(c.rec.Body, func(_ int, item []byte) {
		var name, target string
		keyAliasFields.Scan(item, func(path int, v []byte) {
			if path == 0 {
				name = fields.Text(v)
			} else {
				target = fields.Text(v)
			}
		})
		if name == "" || target == "" {
			return
		}
		if n := existingKey(c, target); n != none {
			c.nodes[n].Node.Name, c.nodes[n].evident = name, true
			c.aliases = append(c.aliases, alias{n, "kms:" + name})
		}
	})
}
