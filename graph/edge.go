package graph

// EdgeKind names a structural relation that was observed. An edge never says
// that an attacker can walk it.
type EdgeKind uint8

// Structural relations; the comment reads From -> To.
const (
	EdgeContains    EdgeKind = iota // account, OU, VPC, subnet -> what stands in it
	EdgeMemberOf                    // user -> group
	EdgeHasPolicy                   // user, group, role -> managed policy
	EdgeBoundary                    // user, role -> managed policy that bounds it
	EdgeOrgPolicy                   // organization root, OU, account -> SCP or RCP attached to it
	EdgeHasRole                     // instance, function, task, instance profile -> role it runs as
	EdgeHasProfile                  // instance -> instance profile
	EdgeHasKey                      // user -> access key
	EdgeTrusts                      // role -> principal its trust policy names
	EdgeEncryptedBy                 // datastore -> KMS key
	EdgeUses                        // thing -> thing it is configured with (groups, tables, subnets)
	EdgeAttachedTo                  // interface, volume, gateway, address -> what it is attached to
	EdgeRoutesTo                    // route table -> gateway or other target
	EdgeTargets                     // listener, target group, distribution -> what it forwards to
	EdgeSnapshotOf                  // snapshot, image -> source
	EdgeNetworkACL                  // subnet -> network ACL
	EdgeRouteTable                  // subnet, gateway -> route table
	EdgeSecretOf                    // secret, parameter -> datastore whose credential it holds
	EdgeRefers                      // any other reference found in a document
	EdgeAffects                     // coverage gap -> node that depends on what was not read
	edgeCount
)

var edgeNames = [edgeCount]string{
	"CONTAINS", "MEMBER_OF", "HAS_POLICY", "BOUNDED_BY", "ORG_POLICY", "HAS_ROLE", "HAS_PROFILE",
	"HAS_KEY", "TRUSTS", "ENCRYPTED_BY", "USES", "ATTACHED_TO", "ROUTES_TO", "TARGETS",
	"SNAPSHOT_OF", "NETWORK_ACL", "ROUTE_TABLE", "SECRET_OF", "REFERS", "AFFECTS",
}

// String is the stored form and, in Neo4j, the relationship type.
func (k EdgeKind) String() string {
	if k < edgeCount {
		return edgeNames[k]
	}
	return "REFERS"
}

// EdgeKinds returns every edge kind in its canonical order.
func EdgeKinds() []EdgeKind {
	all := make([]EdgeKind, edgeCount)
	for i := range all {
		all[i] = EdgeKind(i)
	}
	return all
}

// ParseEdgeKind is the inverse of [EdgeKind.String].
func ParseEdgeKind(name string) (k EdgeKind, ok bool) {
	for i, n := range edgeNames {
		if n == name {
			return EdgeKind(i), true
		}
	}
	return EdgeRefers, false
}
