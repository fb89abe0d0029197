package permission

import (
	"strings"

	"github.com/cairn-security/cairn/analysis/policy"
)

// PolicyType is a type of policy as the evaluation logic distinguishes them.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
type PolicyType uint8

// Policy types.
const (
	IdentityPolicy PolicyType = iota
	PermissionsBoundary
	SessionPolicy
	ServiceControlPolicy
	ResourceControlPolicy
	ResourcePolicy
	TrustPolicy
	KeyPolicy
	KeyGrant
	AccessControlList
	EndpointPolicy
	PublicAccessBlock
	// OwnedByAWS is no policy: what the request would change is AWS's own.
	OwnedByAWS
)

func (t PolicyType) String() string {
	return [...]string{"identity policy", "permissions boundary", "session policy", "service control policy",
		"resource control policy", "resource policy", "trust policy", "key policy", "grant",
		"access control list", "VPC endpoint policy", "public access block", "ownership by AWS"}[t]
}

// Request is one question: may the caller do this.
type Request struct {
	policy.Request
	Caller          policy.Caller
	ResourceAccount string // owner of the resource; empty: the caller's own account
	// ServiceLinked: the caller is a service-linked role, which SCPs and RCPs
	// do not bind.
	ServiceLinked bool
	// AWSManagedKey: the resource is a KMS key that AWS manages, which RCPs do
	// not bind.
	AWSManagedKey bool

	mode mode
	// outside: the caller's own side is not known and taken to allow.
	outside bool
}

// mode is what kind of resource policy decides.
type mode uint8

const (
	modeOrdinary mode = iota
	// modeOwnPolicy: the resource's own policy must allow, by itself or by
	// delegating to the account (role trust, KMS keys).
	modeOwnPolicy
)

// Ask builds a request. Cost: one lower-casing of the action; no allocation if
// it is lower case already.
func Ask(caller policy.Caller, action, resource, resourceAccount string, ctx *policy.Context) Request {
	r := Request{Request: policy.NewRequest(action, resource, ctx), Caller: caller, ResourceAccount: resourceAccount}
	r.Prepare()
	return r
}

// Prepare derives what follows from action and resource. Call it after a
// change of either.
func (r *Request) Prepare() {
	r.mode = modeOrdinary
	switch r.Service {
	case "sts":
		if strings.HasPrefix(r.Action, "sts:assumerole") || isRoleARN(r.Resource) {
			r.mode = modeOwnPolicy
		}
	case "kms":
		if strings.Contains(r.Resource, ":key/") {
			r.mode = modeOwnPolicy
		}
	}
	r.ServiceLinked = strings.Contains(r.Caller.RoleARN, ":role/aws-service-role/")
}

// CallerFromARN reads a caller from the ARN or name a request log shows:
// "anonymous", a service host name, or an ARN of a user, role, session, root
// user or identity provider. A role ARN means a session of unknown name.
func CallerFromARN(arn string) policy.Caller {
	if arn == "anonymous" || arn == "*" {
		return policy.Caller{Kind: policy.CallerAnonymous}
	}
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 {
		if len(arn) == 12 && strings.Trim(arn, "0123456789") == "" {
			return policy.Caller{Kind: policy.CallerRoot, ARN: "arn:aws:iam::" + arn + ":root", Account: arn}
		}
		if strings.HasSuffix(arn, ".amazonaws.com") || strings.HasSuffix(arn, ".amazonaws.com.cn") || strings.HasSuffix(arn, ".amazon.com") {
			return policy.Caller{Kind: policy.CallerService, ARN: arn}
		}
		return policy.Caller{Kind: policy.CallerFederated, ARN: arn}
	}
	c := policy.Caller{ARN: arn, Account: parts[4]}
	kind, rest, _ := strings.Cut(parts[5], "/")
	switch kind {
	case "root":
		c.Kind = policy.CallerRoot
	case "role":
		c.Kind, c.ARN, c.RoleARN, c.RolePathKnown, c.SessionUnknown = policy.CallerRole, "", arn, true, true
	case "assumed-role":
		name, _, _ := strings.Cut(rest, "/")
		c.Kind, c.RoleARN = policy.CallerRole, "arn:"+parts[1]+":iam::"+parts[4]+":role/"+name
		if strings.HasPrefix(name, "AWSServiceRoleFor") {
			c.RoleARN = "arn:" + parts[1] + ":iam::" + parts[4] + ":role/aws-service-role/" + name
		}
	case "federated-user":
		c.Kind = policy.CallerFederatedUser
	case "saml-provider", "oidc-provider":
		c.Kind = policy.CallerFederated
	}
	return c
}

func isRoleARN(arn string) bool {
	return strings.Contains(arn, ":role/") && strings.Contains(arn, ":iam:")
}

// sameAccount reports whether caller and resource belong to one account.
func (r *Request) sameAccount() bool {
	return r.ResourceAccount == "" || r.Caller.Account == r.ResourceAccount
}

// Policies are all policies that bear on a request. A nil set is a type that
// does not apply; an empty set of a type that must allow denies.
type Policies struct {
	Identity *Set
	Boundary *Set
	Session  *Set
	SCPs     []*Set // one per level, root first; each must allow
	RCPs     []*Set // one per level; only their denies matter
	// Resource are the resource's own policies: policy, grants, ACL.
	Resource []*Set
	Endpoint []*Set // each must allow
}
