package demo

import (
	"encoding/base64"
	"strings"
)

// statement is one statement of a policy.
type statement struct {
	Sid         string `json:",omitempty"`
	Effect      string
	Principal   any `json:",omitempty"`
	Action      any `json:",omitempty"`
	NotAction   any `json:",omitempty"`
	Resource    any `json:",omitempty"`
	NotResource any `json:",omitempty"`
	Condition   any `json:",omitempty"`
}

type policyDocument struct {
	Version   string
	Statement []statement
}

func document(s ...statement) policyDocument { return policyDocument{"2012-10-17", s} }

func allow(sid string, action, resource any) statement {
	return statement{Sid: sid, Effect: "Allow", Action: action, Resource: resource}
}

func deny(sid string, action, resource any) statement {
	return statement{Sid: sid, Effect: "Deny", Action: action, Resource: resource}
}

// trust lets principals assume a role. principal is the element's value, such
// as object{"Service": "ec2.amazonaws.com"}.
func trust(sid string, principal any) policyDocument {
	return document(statement{Sid: sid, Effect: "Allow", Principal: principal, Action: "sts:AssumeRole"})
}

func service(host string) object { return object{"Service": host} }

func aws(principal any) object { return object{"AWS": principal} }

// identity is what users, groups and roles may be given.
type identity func(o object)

func inline(list, name string, doc policyDocument) identity {
	return func(o object) {
		all, _ := o[list].([]any)
		o[list] = append(all, object{"PolicyName": name, "PolicyDocument": doc})
	}
}

func rolePolicy(name string, s ...statement) identity {
	return inline("RolePolicyList", name, document(s...))
}

func userPolicy(name string, s ...statement) identity {
	return inline("UserPolicyList", name, document(s...))
}

func groupPolicy(name string, s ...statement) identity {
	return inline("GroupPolicyList", name, document(s...))
}

func managed(arn string) identity {
	return func(o object) {
		all, _ := o["AttachedManagedPolicies"].([]any)
		o["AttachedManagedPolicies"] = append(all, object{"PolicyName": arn[strings.LastIndexByte(arn, '/')+1:], "PolicyArn": arn})
	}
}

func boundary(arn string) identity {
	return func(o object) {
		o["PermissionsBoundary"] = object{"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn}
	}
}

func groups(names ...string) identity { return func(o object) { o["GroupList"] = names } }

// profile puts a role into an instance profile of its own name.
func (a *account) profile(role string) identity {
	return func(o object) {
		o["InstanceProfileList"] = []any{object{"InstanceProfileName": role, "InstanceProfileId": uid("AIPA", a.id, role),
			"Arn": a.arn("iam", "instance-profile/"+role), "Path": "/", "CreateDate": a.c.daysAgo(400),
			"Roles": []any{object{"RoleName": role, "Arn": a.arn("iam", "role/"+role), "Path": "/", "RoleId": uid("AROA", a.id, role)}}}}
	}
}

// role adds a role and returns its ARN.
func (a *account) role(name string, trusts policyDocument, with ...identity) string {
	arn := a.arn("iam", "role/"+name)
	o := object{"RoleName": name, "RoleId": uid("AROA", a.id, name), "Arn": arn, "Path": "/", "CreateDate": a.c.daysAgo(400),
		"AssumeRolePolicyDocument": trusts, "RolePolicyList": []any{}, "AttachedManagedPolicies": []any{}, "InstanceProfileList": []any{}}
	for _, f := range with {
		f(o)
	}
	a.roles = append(a.roles, o)
	return arn
}

// user adds a user and returns its ARN. key is the age in days of its access
// key, 0 for none; console says whether it has a password and whether with MFA.
func (a *account) user(name string, key int, console string, with ...identity) string {
	arn := a.arn("iam", "user/"+name)
	o := object{"UserName": name, "UserId": uid("AIDA", a.id, name), "Arn": arn, "Path": "/", "CreateDate": a.c.daysAgo(700),
		"GroupList": []string{}, "AttachedManagedPolicies": []any{}}
	for _, f := range with {
		f(o)
	}
	a.users = append(a.users, o)
	a.reportRow(name, arn, key, console)
	return arn
}

// accessKey makes the key of a user readable by id.
func (a *account) accessKey(user, id string, days int) {
	a.reply("iam", "ListAccessKeys", map[string]string{"UserName": user}, object{"AccessKeyMetadata": []any{
		object{"UserName": user, "AccessKeyId": id, "Status": "Active", "CreateDate": a.c.daysAgo(days)}}})
}

func (a *account) group(name string, with ...identity) {
	o := object{"GroupName": name, "GroupId": uid("AGPA", a.id, name), "Arn": a.arn("iam", "group/"+name), "Path": "/",
		"CreateDate": a.c.daysAgo(700), "GroupPolicyList": []any{}, "AttachedManagedPolicies": []any{}}
	for _, f := range with {
		f(o)
	}
	a.groups = append(a.groups, o)
}

// policy adds a managed policy and returns its ARN.
func (a *account) policy(name string, s ...statement) string {
	arn := a.arn("iam", "policy/"+name)
	a.managedPolicy(arn, name, document(s...))
	return arn
}

func (a *account) managedPolicy(arn, name string, doc policyDocument) {
	a.policies = append(a.policies, object{"PolicyName": name, "PolicyId": uid("ANPA", a.id, name), "Arn": arn, "Path": "/",
		"DefaultVersionId": "v1", "AttachmentCount": 1, "IsAttachable": true, "CreateDate": a.c.daysAgo(600),
		"PolicyVersionList": []any{object{"VersionId": "v1", "IsDefaultVersion": true, "CreateDate": a.c.daysAgo(600), "Document": doc}}})
}

const reportHeader = "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation," +
	"mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region," +
	"access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date," +
	"access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated"

func (a *account) reportRow(name, arn string, key int, console string) {
	na := "N/A"
	password, mfa, passwordUsed := "false", "false", na
	if console != "" {
		password, passwordUsed = "true", a.c.daysAgo(1)
	}
	if console == "mfa" {
		mfa = "true"
	}
	active, rotated, used := "false", na, na
	if key > 0 {
		active, rotated, used = "true", a.c.daysAgo(key), a.c.daysAgo(min(key, 2))
	}
	a.report = append(a.report, strings.Join([]string{name, arn, a.c.daysAgo(700), password, passwordUsed, na, na, mfa,
		active, rotated, used, region, "s3", "false", na, na, na, na, "false", na, "false", na}, ","))
}

func (a *account) credentialReport() {
	content := reportHeader + "\n" + strings.Join(a.report, "\n")
	a.reply("iam", "GetCredentialReport", nil, object{"Content": base64.StdEncoding.EncodeToString([]byte(content)),
		"ReportFormat": "text/csv", "GeneratedTime": a.c.daysAgo(0)})
}
