package assemble

import (
	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/ingest/record"
)

// cairnOperations are what was found rather than said by a provider.
var cairnOperations = []operation{
	{service: record.ServiceCairn, name: record.OpClassify, params: []string{"Node"}, about: param("Node", anyNode),
		facts: []fact{{".", graph.PropSensitivity, nil}}},
	{service: record.ServiceCairn, name: record.OpFindCredentials, params: []string{"Node"}, about: param("Node", anyNode),
		facts: []fact{{".", graph.PropCredentials, readPage}}},
	{service: record.ServiceCairn, name: record.OpReadBundle},
}

// anyNode refers to a node by its id, or by a bare resource id.
func anyNode(c *call, id string) node { return c.byName(id, id, true) }
