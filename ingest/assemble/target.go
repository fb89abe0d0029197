package assemble

import (
	"strings"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/arn"
)

// byID refers by an ARN, or by whatever else the provider uses as an id.
func byID(c *call, value string) node { return c.refer(value, graph.KindUnknown) }

// to refers to a kind of node by its bare id or ARN.
func to(s *spec) target {
	return func(c *call, id string) node { return s.named(c, id) }
}

// ec2Types are the ARN types of EC2 resources by the prefix of their ids.
var ec2Types = map[string]string{
	"vpc": "vpc", "subnet": "subnet", "rtb": "route-table", "igw": "internet-gateway",
	"eigw": "egress-only-internet-gateway", "nat": "natgateway", "acl": "network-acl", "sg": "security-group",
	"pl": "prefix-list", "eni": "network-interface", "eipalloc": "elastic-ip", "pcx": "vpc-peering-connection",
	"tgw": "transit-gateway", "tgw-attach": "transit-gateway-attachment", "tgw-rtb": "transit-gateway-route-table",
	"vpce": "vpc-endpoint", "vpce-svc": "vpc-endpoint-service", "vgw": "vpn-gateway", "vpn": "vpn-connection",
	"cgw": "customer-gateway", "i": "instance", "vol": "volume", "snap": "snapshot", "ami": "image",
	"lgw": "local-gateway", "cagw": "carrier-gateway",
}

// ec2 refers to an EC2 resource by its id, whose prefix says what it is. Values
// that are no resource ("local", an address) refer to nothing.
func ec2(c *call, id string) node {
	if strings.HasPrefix(id, "arn:") {
		return byID(c, id)
	}
	for prefix := id; ; {
		cut := strings.LastIndexByte(prefix, '-')
		if cut < 0 {
			return none
		}
		prefix = prefix[:cut]
		if typ, ok := ec2Types[prefix]; ok {
			return c.ec2(typ, id)
		}
	}
}

// ec2 refers to an EC2 resource of a known type by its id.
func (c *call) ec2(typ, id string) node {
	if id == "" || strings.HasPrefix(id, "arn:") {
		return c.refer(id, graph.KindUnknown)
	}
	if built := arn.Regional("ec2", c.region, c.account, typ+"/"+id); built != "" {
		return c.byName(built, id, true)
	}
	return c.byName(id, id, true)
}

func ec2Typed(typ string) target {
	return func(c *call, id string) node { return c.ec2(typ, id) }
}

var (
	toVPC       = ec2Typed("vpc")
	toSubnet    = ec2Typed("subnet")
	toGroup     = ec2Typed("security-group")
	toInterface = ec2Typed("network-interface")
	toInstance  = ec2Typed("instance")
)

// key refers to a KMS key by ARN, id or alias in any of its spellings.
func key(c *call, value string) node {
	resource := value
	account, region := c.account, c.region
	if a, ok := arn.Parse(value); ok {
		resource, account, region = a.Resource, accountOf(a), a.Region
	} else if strings.HasPrefix(value, "arn:") {
		return none
	} else if !strings.HasPrefix(value, "alias/") && !strings.HasPrefix(value, "key/") {
		resource = "key/" + value
	}
	id := arn.Regional("kms", region, account, resource)
	if id == "" {
		id = value
	}
	n := c.byName(id, "kms:"+resource, false)
	c.nodes[n].Account, c.nodes[n].Region = account, region
	return n
}

// role refers to a role by ARN or by name, whose path is not known then.
func role(c *call, value string) node {
	if strings.HasPrefix(value, "arn:") {
		return byID(c, value)
	}
	return c.iam("role", value)
}

// iam refers to a user, group or role of the account by its name.
func (c *call) iam(typ, name string) node {
	id := arn.Global("iam", c.account, typ+"/"+name)
	if id == "" {
		id = name
	}
	n := c.byName(id, "iam:"+typ+"/"+name, false)
	if n != none {
		c.nodes[n].Region = ""
	}
	return n
}

// account refers to an account: one that nothing describes lies outside.
func (c *call) accountNode(id string) node {
	if !arn.IsAccount(id) {
		return none
	}
	return c.add(entry{Node: graph.Node{ID: graph.AccountID(id), Kind: graph.KindExternalAccount, Name: id, Account: id}})
}

// own is the account that was read.
func own(c *call) node { return c.accountNode(c.rec.Account) }

// param refers to what the call asked for by one of its parameters.
func param(name string, to target) func(*call) node {
	return func(c *call) node {
		if value := c.rec.Params[name]; value != "" {
			return to(c, value)
		}
		return none
	}
}

// principal refers to a principal of a policy. kind is the field it stands
// under: AWS, Service, Federated or CanonicalUser.
func (c *call) principal(field, value string) node {
	switch field {
	case "Service":
		return c.service(value)
	case "Federated":
		n := c.refer(value, graph.KindIdentityProvider)
		return n
	case "CanonicalUser":
		return none // an id of S3's own that names no account
	}
	if value == "*" {
		return c.refer("any-aws-principal", graph.KindAnyPrincipal)
	}
	if arn.IsAccount(value) {
		return c.accountNode(value)
	}
	a, ok := arn.Parse(value)
	switch {
	case !ok || strings.ContainsAny(a.Resource, "*?"):
		if ok && arn.IsAccount(a.Account) {
			return c.accountNode(a.Account)
		}
		return c.refer(value, graph.KindUnknown) // the id of a principal that was deleted
	case a.Service == "iam" && a.Resource == "root":
		return c.accountNode(a.Account)
	case a.Service == "sts" && a.Type() == "assumed-role":
		name, _, _ := strings.Cut(a.ID(), "/")
		n := c.byName(arn.Global("iam", a.Account, "role/"+name), "iam:role/"+name, false)
		return n
	}
	c.accountNode(a.Account) // one that was not read becomes visible as such
	return c.refer(value, graph.KindUnknown)
}

func (c *call) service(host string) node {
	return c.add(entry{Node: graph.Node{ID: "service:" + host, Kind: graph.KindService, Name: host}})
}
