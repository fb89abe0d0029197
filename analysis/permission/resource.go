package permission

import (
	"encoding/json"
	"strings"

	"github.com/cairn-security/cairn/analysis/policy"
	"github.com/cairn-security/cairn/graph"
)

// resource is a node that requests are about, with its own policies.
type resource struct {
	ref     graph.Ref
	node    graph.Node
	account *account
	sets    []*Set // policy, grants, ACL
	// awsManagedKey: a KMS key that AWS manages for the account.
	awsManagedKey bool
	// restricted: S3 cuts everyone outside the account off, because public
	// access is blocked and the bucket policy is public; restrictedBy is the
	// setting.
	restricted   bool
	restrictedBy place
	// outside are sets that callers from outside the account need on top: what
	// was not read of the public access block.
	outside     []*Set
	assumptions []string
	ctx         *policy.Context
	point       *accessPoint // of an access point
}

// policyReads are the calls that read a kind's own policy; a refused one makes
// the policy unknown.
var policyReads = map[graph.Kind][]string{
	graph.KindBucket:         {"s3 GetBucketPolicy"},
	graph.KindAccessPoint:    {"s3control GetAccessPointPolicy"},
	graph.KindKey:            {"kms GetKeyPolicy"},
	graph.KindQueue:          {"sqs GetQueueAttributes"},
	graph.KindTopic:          {"sns GetTopicAttributes"},
	graph.KindFunction:       {"lambda GetPolicy"},
	graph.KindSecret:         {"secretsmanager GetResourcePolicy"},
	graph.KindRepository:     {"ecr GetRepositoryPolicy"},
	graph.KindTable:          {"dynamodb GetResourcePolicy"},
	graph.KindStream:         {"kinesis GetResourcePolicy"},
	graph.KindFileSystem:     {"efs DescribeFileSystemPolicy", "elasticfilesystem DescribeFileSystemPolicy"},
	graph.KindSearchDomain:   {"opensearch DescribeDomains", "opensearch DescribeDomain", "es DescribeElasticsearchDomains"},
	graph.KindBackupVault:    {"backup GetBackupVaultAccessPolicy"},
	graph.KindRole:           {"iam GetRole", "iam GetAccountAuthorizationDetails"},
	graph.KindAPI:            {"apigateway GetRestApis"},
	graph.KindVolumeSnapshot: {"ec2 DescribeSnapshotAttribute"},
	graph.KindImage:          {"ec2 DescribeImageAttribute"},
	graph.KindDBSnapshot:     {"rds DescribeDBSnapshotAttributes", "rds DescribeDBClusterSnapshotAttributes"},
}

// readResource reads a node's own policies; nil for nodes that have none and
// never can.
func (e *Engine) readResource(ref graph.Ref) *resource {
	n := e.snap.Node(ref)
	switch {
	case n.Kind == graph.KindRole, n.Kind == graph.KindKey, n.Kind.Datastore():
	case e.snap.Prop(ref, graph.PropPolicy) != nil, policyReads[n.Kind] != nil:
	default:
		return nil
	}
	r := &resource{ref: ref, node: n, account: e.account(n.Account)}
	r.ctx = e.resourceContext(n, ref)
	e.readOwnPolicy(r)
	switch n.Kind {
	case graph.KindAccessPoint:
		r.point = e.readAccessPoint(ref)
		r.ctx = r.point.keys.Over(r.ctx)
		e.readPublicAccessBlock(r)
	case graph.KindKey:
		e.readKey(r)
	case graph.KindBucket:
		e.readACL(r)
		e.readPublicAccessBlock(r)
	case graph.KindVolumeSnapshot, graph.KindImage, graph.KindDBSnapshot:
		e.readSharing(r)
	}
	return r
}

// ownKind is the type of a node's own policy and the property it stands in.
func ownKind(k graph.Kind) (PolicyType, string) {
	switch k {
	case graph.KindRole:
		return TrustPolicy, graph.PropTrust
	case graph.KindKey:
		return KeyPolicy, graph.PropPolicy
	}
	return ResourcePolicy, graph.PropPolicy
}

func (e *Engine) readOwnPolicy(r *resource) {
	kind, prop := ownKind(r.node.Kind)
	d := e.attached(r.ref, prop)
	if d != nil {
		r.sets = append(r.sets, e.shared(kind, "", []*Attached{d}, nil))
		return
	}
	var unread []string
	for _, call := range policyReads[r.node.Kind] {
		service, op, _ := strings.Cut(call, " ")
		if g := e.snap.Gap(r.ref, service, op); g != nil {
			unread = append(unread, g.ID)
		} else if e.notCollected(r.ref, service, op) {
			r.assumptions = []string{"the " + kind.String() + " of " + r.node.Kind.String() + " resources is no part of the source: none is taken to be in force"}
		}
	}
	if unread != nil {
		r.sets = append(r.sets, e.shared(kind, "", nil, unread))
	}
}

// notCollected reports whether a call is no part of the source.
func (e *Engine) notCollected(ref graph.Ref, service, op string) bool {
	for _, at := range [2]graph.Ref{ref, e.snap.AccountOf(ref)} {
		if at == graph.NoRef {
			continue
		}
		for _, g := range e.snap.GapsOf(at) {
			if !g.Refused() && g.Service == service && (g.Operation == op || g.Operation == "" || g.Operation == "*") {
				return true
			}
		}
	}
	return false
}

// synthetic makes a set of statements that a property says in other words than
// policy language: grants of a key, entries of an access control list.
func (e *Engine) synthetic(at graph.Ref, kind PolicyType, prop, version string, statements []policy.Statement) *Set {
	doc := &policy.Document{Name: e.snap.Node(at).ID + "#" + prop, Version: version, Statements: statements}
	a := e.register(at, prop, "", policy.Compile(doc))
	a.Name = doc.Name
	return e.shared(kind, "", []*Attached{a}, nil)
}

// element is a statement that stands for an element of a property.
func element(raw json.RawMessage, pointer string, principal policy.Principal, actions []string, resources []string) policy.Statement {
	return policy.Statement{Pointer: pointer, Anchor: graph.Anchor(raw), Principals: []policy.Principal{principal}, HasPrincipal: true,
		Actions: actions, Resources: resources, HasResource: true}
}
