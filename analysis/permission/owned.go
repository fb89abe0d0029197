package permission

import (
	"strings"

	"github.com/cairn-security/cairn/analysis/policy"
)

// fixed is an answer that no policy changes.
type fixed uint8

const (
	byPolicies fixed = iota
	alwaysAllowed
	neverAllowed
)

// fix finds the requests whose answer AWS fixes.
func (r *Request) fix() fixed {
	switch {
	case r.Action == callerIdentity && hasAccount(&r.Caller):
		return alwaysAllowed
	case r.Service == "iam" && protected(r.Action, r.Resource):
		return neverAllowed
	}
	return byPolicies
}

// callerIdentity is the one action that needs no permission and that no policy
// denies.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
const callerIdentity = "sts:getcalleridentity"

// protected reports whether an action would change a policy or a role that
// stands in accounts but is AWS's own: managed policies of AWS, service-linked
// roles, and the roles that Identity Center makes for permission sets.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html#aws-managed-policies
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html (UnmodifiableEntity)
// https://docs.aws.amazon.com/singlesignon/latest/userguide/permissionsetsconcept.html
func protected(action, resource string) bool {
	switch action {
	case "iam:createpolicyversion", "iam:deletepolicyversion", "iam:setdefaultpolicyversion", "iam:deletepolicy", "iam:tagpolicy", "iam:untagpolicy":
		return strings.Contains(resource, ":iam::aws:policy/")
	case "iam:attachrolepolicy", "iam:detachrolepolicy", "iam:putrolepolicy", "iam:deleterolepolicy", "iam:updateassumerolepolicy",
		"iam:putrolepermissionsboundary", "iam:deleterolepermissionsboundary", "iam:deleterole", "iam:updaterole", "iam:updateroledescription":
		return strings.Contains(resource, ":role/aws-service-role/") || strings.Contains(resource, ":role/aws-reserved/")
	}
	return false
}

// truth is the answer, of a request that policies do not decide.
func (f fixed) truth() policy.Truth {
	if f == alwaysAllowed {
		return policy.True
	}
	return policy.False
}
