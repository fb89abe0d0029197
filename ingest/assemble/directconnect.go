package assemble

import (
	"strings"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/arn"
	"github.com/cairn-security/cairn/ingest/fields"
)

// directConnectOperations are what leads on premises without a VPN.
var directConnectOperations = []operation{
	describe("directconnect", "DescribeDirectConnectGateways", "directConnectGateways/*", directConnectGateway),
	{service: "directconnect", name: "DescribeDirectConnectGatewayAssociations", params: []string{"directConnectGatewayId"}, handle: directConnectAssociations},
	{service: "directconnect", name: "DescribeDirectConnectGatewayAttachments", params: []string{"directConnectGatewayId"}}, // the interface names its gateway
	{service: "directconnect", name: "DescribeVirtualInterfaces", listing: "virtualInterfaces/*", handle: virtualInterfaces},
}

var directConnectGateway = &spec{
	kind: graph.KindDirectConnectGateway, service: "directconnect", id: "directConnectGatewayId", name: "directConnectGatewayName",
	owner: "ownerAccount", anywhere: true, each: onPrem,
	build: func(c *call, id string) string {
		if c.region = ""; c.account == "" { // a gateway stands in no region
			return id
		}
		return arn.Global("directconnect", c.account, "dx-gateway/"+id)
	},
}

var associationsShape = fields.New("directConnectGatewayAssociations/*")
var associationFields = fields.New("directConnectGatewayId", "associatedGateway/id", "virtualGatewayId")

func directConnectAssociations(c *call, _ node) {
	associationsShape.Scan(c.rec.Body, func(_ int, item []byte) {
		var id, to string
		associationFields.Scan(item, func(path int, v []byte) {
			if path == 0 {
				id = fields.Text(v)
			} else if s := fields.Text(v); s != "" {
				to = s
			}
		})
		of := c.directConnect(id)
		c.setAs(joins, of, graph.PropAssociations, listOf(item))
		gateway := ec2(c, to)
		c.link(of, gateway, graph.EdgeAttachedTo)
		if strings.HasPrefix(to, "vgw-") {
			c.setAs(joins, gateway, graph.PropAssociations, listOf(item))
		}
	})
}

// directConnect refers to a Direct Connect gateway by its id.
func (c *call) directConnect(id string) node {
	n := c.byName(id, id, true)
	if n != none {
		c.nodes[n].Region = ""
	}
	return n
}

var interfacesShape = fields.New("virtualInterfaces/*")
var interfaceFields = fields.New("virtualGatewayId", "directConnectGatewayId", "virtualInterfaceState")

// virtualInterfaces are the lines between premises and a gateway, Direct
// Connect's or a VPC's own. One that was deleted or rejected leads nowhere.
// https://docs.aws.amazon.com/directconnect/latest/APIReference/API_VirtualInterface.html
func virtualInterfaces(c *call, _ node) {
	interfacesShape.Scan(c.rec.Body, func(_ int, item []byte) {
		to := none
		gone := false
		interfaceFields.Scan(item, func(path int, v []byte) {
			switch s := fields.Text(v); {
			case s == "":
			case path == 0:
				to = ec2(c, s)
			case path == 1:
				to = c.directConnect(s)
			default:
				gone = s == "deleted" || s == "deleting" || s == "rejected"
			}
		})
		if to != none && !gone {
			c.setAs(joins, to, graph.PropAttributes, listOf(item))
			onPrem(c, to, nil)
		}
	})
}
