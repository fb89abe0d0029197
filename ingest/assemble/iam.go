package assemble

import (
	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/arn"
	"github.com/cairn-security/cairn/ingest/fields"
)

var iamOperations = []operation{
	{service: "iam", name: "GetAccountAuthorizationDetails", items: []list{
		{"UserDetailList/*", user}, {"GroupDetailList/*", group}, {"RoleDetailList/*", iamRole}, {"Policies/*", managedPolicy}},
		uses: []*spec{instanceProfile}},
	{service: "iam", name: "ListUsers", items: []list{{"Users/*", plainUser}}},
	{service: "iam", name: "ListGroups", items: []list{{"Groups/*", plainGroup}}},
	{service: "iam", name: "ListRoles", items: []list{{"Roles/*", plainRole}}},
	{service: "iam", name: "GetUser", params: []string{"UserName"}, items: []list{{"User/*", plainUser}}},
	{service: "iam", name: "GetRole", params: []string{"RoleName"}, items: []list{{"Role/*", plainRole}}},
	{service: "iam", name: "ListInstanceProfiles", items: []list{{"InstanceProfiles/*", instanceProfile}}},
	{service: "iam", name: "ListPolicies", items: []list{{"Policies/*", plainPolicy}}},
	{service: "iam", name: "GetPolicy", params: []string{"PolicyArn"}, items: []list{{"Policy/*", plainPolicy}}},
	{service: "iam", name: "GetPolicyVersion", params: []string{"PolicyArn", "VersionId"}, about: param("PolicyArn", byPolicy),
		facts: []fact{{"PolicyVersion", "", func(c *call, of node, _ string, v []byte) { c.version(of, v) }}}},

	namesOf("ListUserPolicies", "UserName", "user"), namesOf("ListRolePolicies", "RoleName", "role"), namesOf("ListGroupPolicies", "GroupName", "group"),
	inlinePolicy("GetUserPolicy", "UserName", "user"), inlinePolicy("GetRolePolicy", "RoleName", "role"),
	inlinePolicy("GetGroupPolicy", "GroupName", "group"),
	attached("ListAttachedUserPolicies", "UserName", "user"), attached("ListAttachedRolePolicies", "RoleName", "role"),
	attached("ListAttachedGroupPolicies", "GroupName", "group"),
	told(operation{service: "iam", name: "ListGroupsForUser", params: []string{"UserName"}, about: param("UserName", byName("user")),
		facts: []fact{{"Groups/*/Arn", "", func(c *call, of node, _ string, v []byte) {
			c.link(of, byID(c, fields.Text(v)), graph.EdgeMemberOf)
		}}}}),

	{service: "iam", name: "ListAccessKeys", params: []string{"UserName"}, items: []list{{"AccessKeyMetadata/*", accessKey}}},
	{service: "iam", name: "GetAccessKeyLastUsed", params: []string{"AccessKeyId"}, about: param("AccessKeyId", byID),
		facts: []fact{{"AccessKeyLastUsed", graph.PropLastUsed, nil}}},
	{service: "iam", name: "GetLoginProfile", params: []string{"UserName"}, about: param("UserName", byName("user")),
		facts: []fact{{"LoginProfile", graph.PropLoginProfile, nil}}},
	{service: "iam", name: "ListMFADevices", params: []string{"UserName"}, about: param("UserName", byName("user")),
		facts: []fact{{"MFADevices", graph.PropMFADevices, nil}}},
	{service: "iam", name: "ListVirtualMFADevices"},
	{service: "iam", name: "GetCredentialReport", handle: credentialReport},
	{service: "iam", name: "GetAccountSummary"},
	{service: "iam", name: "GetAccountPasswordPolicy"},
	{service: "iam", name: "ListAccountAliases", handle: func(c *call, _ node) {
		aliasShape.Scan(c.rec.Body, func(_ int, value []byte) { c.setText(own(c), graph.PropAlias, fields.Text(value)) })
	}},
	{service: "iam", name: "ListSAMLProviders", items: []list{{"SAMLProviderList/*", identityProvider}}},
	{service: "iam", name: "GetSAMLProvider", params: []string{"SAMLProviderArn"}},
	{service: "iam", name: "ListOpenIDConnectProviders", items: []list{{"OpenIDConnectProviderList/*", identityProvider}}},
	{service: "iam", name: "GetOpenIDConnectProvider", params: []string{"OpenIDConnectProviderArn"},
		about: param("OpenIDConnectProviderArn", byProvider), facts: []fact{{".", graph.PropResource, nil}}},
	{service: "iam", name: "ListServerCertificates"},
	{service: "iam", name: "GenerateCredentialReport"},
	{service: "iam", name: "GenerateServiceLastAccessedDetails", params: []string{"Arn"}},
	{service: "iam", name: "GetServiceLastAccessedDetails", params: []string{"JobId"}},

	{service: "sts", name: "GetCallerIdentity"},
}

var aliasShape = fields.New("AccountAliases/*")

func byPolicy(c *call, id string) node   { return c.refer(id, graph.KindPolicy) }
func byProvider(c *call, id string) node { return c.refer(id, graph.KindIdentityProvider) }

// byName refers to a user, group or role by its name.
func byName(typ string) target {
	kinds := map[string]graph.Kind{"user": graph.KindUser, "role": graph.KindRole, "group": graph.KindGroup}
	return func(c *call, name string) node {
		n := c.iam(typ, name)
		if n != none {
			c.nodes[n].Kind = kinds[typ]
			c.nodes[n].Node.Name = name
		}
		return n
	}
}

// identity is what users, groups and roles have in common.
func identity(kind graph.Kind, typ, name, inline string) spec {
	return spec{
		kind: kind, service: "iam", typ: typ + "/", arn: "Arn", id: name, name: name,
		facts: []fact{{inline + "/*", "", readInline},
			{"AttachedManagedPolicies/*", "", policyRef("PolicyArn", graph.EdgeHasPolicy)},
			{"PermissionsBoundary", "", policyRef("PermissionsBoundaryArn", graph.EdgeBoundary)}},
	}
}

var (
	user = func() *spec {
		s := identity(graph.KindUser, "user", "UserName", "UserPolicyList")
		s.facts = append(s.facts, fact{"GroupList/*", "", memberOf})
		return &s
	}()
	group   = func() *spec { s := identity(graph.KindGroup, "group", "GroupName", "GroupPolicyList"); return &s }()
	iamRole = func() *spec {
		s := identity(graph.KindRole, "role", "RoleName", "RolePolicyList")
		s.facts = append(s.facts,
			fact{"AssumeRolePolicyDocument", "", func(c *call, of node, _ string, v []byte) { c.trust(of, v) }},
			fact{"InstanceProfileList/*", "", func(c *call, of node, _ string, v []byte) {
				c.link(instanceProfile.read(c, v, "InstanceProfileList"), of, graph.EdgeHasRole)
			}})
		return &s
	}()
	plainUser  = plain(user)
	plainGroup = plain(group)
	plainRole  = plain(iamRole)
)

// policyRef reads a reference to a policy: an object that holds its ARN, or the ARN
// itself. One that names none hides what it grants or takes away.
func policyRef(member string, kind graph.EdgeKind) func(*call, node, string, []byte) {
	shape := fields.New(member)
	return func(c *call, of node, _ string, value []byte) {
		id := fields.Text(value)
		shape.Scan(value, func(_ int, v []byte) { id = fields.Text(v) })
		if id == "" {
			c.malformed(of, member, "a policy of "+c.nodes[of].ID+" has no ARN")
			return
		}
		c.link(of, byID(c, id), kind)
	}
}

// memberOf reads the name of a group.
func memberOf(c *call, of node, _ string, value []byte) {
	name := fields.Text(value)
	if name == "" {
		c.malformed(of, "GroupList", "a group of "+c.nodes[of].ID+" has no name")
		return
	}
	if _, ok := arn.Parse(name); ok {
		c.link(of, byID(c, name), graph.EdgeMemberOf)
		return
	}
	c.link(of, c.iam("group", name), graph.EdgeMemberOf)
}

// plain is the same thing as another operation describes it, with less detail.
func plain(s *spec) *spec {
	less := *s
	less.mode = yields
	return &less
}

var instanceProfile = &spec{
	kind: graph.KindInstanceProfile, service: "iam", typ: "instance-profile/", arn: "Arn", id: "InstanceProfileName", name: "InstanceProfileName",
	mode:  yields, // every role lists its own
	links: []link{{path: "Roles/*/Arn", kind: graph.EdgeHasRole, to: byID}},
}

var managedPolicy = &spec{
	kind: graph.KindPolicy, service: "iam", typ: "policy/", arn: "Arn", id: "PolicyName", name: "PolicyName",
	each: defaultVersion,
}

var plainPolicy = func() *spec { s := *managedPolicy; s.mode, s.each = yields, nil; return &s }()

var identityProvider = &spec{kind: graph.KindIdentityProvider, service: "iam", arn: "Arn", mode: yields}

var accessKey = &spec{
	kind: graph.KindAccessKey, service: "iam", id: "AccessKeyId",
	links: []link{{path: "UserName", kind: graph.EdgeHasKey, to: byName("user"), in: true}},
}

var versionShape = fields.New("PolicyVersionList/*")
var versionFields = fields.New("IsDefaultVersion", "Document", "VersionId")
var defaultIDShape = fields.New("DefaultVersionId")

// defaultVersion gives a managed policy the text that is in force.
func defaultVersion(c *call, n node, item []byte) {
	var defaultID string
	defaultIDShape.Scan(item, func(_ int, value []byte) { defaultID = fields.Text(value) })
	versions, fallback := 0, []byte(nil)
	var inForce []byte
	several := false
	versionShape.Scan(item, func(_ int, version []byte) {
		var isDefault, id string
		var doc []byte
		versionFields.Scan(version, func(path int, value []byte) {
			switch path {
			case 0:
				isDefault = fields.Text(value)
			case 1:
				doc = value
			case 2:
				id = fields.Text(value)
			}
		})
		versions++
		fallback = doc
		if inForce != nil && isDefault == "true" && sumOf(inForce) != sumOf(doc) {
			several = true
		}
		if isDefault == "true" || (isDefault == "" && id != "" && id == defaultID) {
			inForce = doc
		}
	})
	if inForce == nil && versions == 1 {
		inForce = fallback
	}
	if several {
		c.malformed(n, "PolicyVersionList", "the policy "+c.nodes[n].ID+" has several default versions")
		return
	}
	if isEmpty(inForce) {
		c.malformed(n, "PolicyVersionList", "the policy "+c.nodes[n].ID+" has no default version")
		return
	}
	c.policy(n, graph.PropDocument, inForce)
}

// version gives a managed policy the text of one of its versions, if that is in
// force.
func (c *call) version(of node, version []byte) {
	var doc []byte
	inForce := true
	versionFields.Scan(version, func(path int, value []byte) {
		switch path {
		case 0:
			inForce = fields.Text(value) != "false"
		case 1:
			doc = value
		}
	})
	if inForce && len(doc) > 0 {
		c.policy(of, graph.PropDocument, doc)
	}
}

var inlineShape = fields.New("PolicyName", "PolicyDocument")

// readInline gives an identity one inline policy.
func readInline(c *call, of node, _ string, value []byte) {
	var name string
	var doc []byte
	inlineShape.Scan(value, func(path int, v []byte) {
		if path == 0 {
			name = fields.Text(v)
		} else {
			doc = v
		}
	})
	if isEmpty(doc) {
		c.malformed(of, graph.PropInlinePrefix+name, "the inline policy of "+c.nodes[of].ID+" has no document")
		return
	}
	c.policy(of, graph.PropInlinePrefix+name, doc)
}

func inlinePolicy(name, of, typ string) operation {
	return operation{service: "iam", name: name, params: []string{of, "PolicyName"}, about: param(of, byName(typ)),
		facts: []fact{{".", "", readInline}}}
}

func attached(name, of, typ string) operation {
	return told(operation{service: "iam", name: name, params: []string{of}, about: param(of, byName(typ)),
		facts: []fact{{"AttachedPolicies/*", "", policyRef("PolicyArn", graph.EdgeHasPolicy)}}})
}
