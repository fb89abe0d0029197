package permission

import (
	"strconv"
	"strings"
	"time"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/permission/actions"
	"github.com/cairn-security/cairn/analysis/policy"
	"github.com/cairn-security/cairn/graph"
)

// Given is what is known about a request beyond the snapshot. The zero value
// knows nothing: conditions on the position or on MFA stay conditions.
type Given struct {
	// Qualifier says how the caller's credentials are held, which decides
	// conditions on MFA and on temporary credentials.
	Qualifier attack.Qualifier
	// Stolen: without a Qualifier, users are held by long-term keys and roles
	// by sessions without MFA, as an attacker takes them.
	Stolen bool
	// Internet: the request comes over the internet, through no VPC endpoint.
	Internet bool
	// VPC and Endpoint are where the request passes, if inside: ids vpc-… and
	// vpce-…. With an endpoint its policy must allow too.
	VPC, Endpoint string
	// SourceIP is the address the request comes from.
	SourceIP string
	// ViaService is the service that makes the request for the caller, such
	// as s3.eu-west-1.amazonaws.com for the use of a key.
	ViaService string
	// Keys are further context keys with their values; Absent further keys
	// that the request does not have.
	Keys   map[string]string
	Absent []string
}

// held is how a caller's credentials are held.
func (g *Given) held(who *policy.Caller) attack.Qualifier {
	if g.Qualifier != attack.NoQualifier || !g.Stolen {
		return g.Qualifier
	}
	if who.Kind == policy.CallerUser {
		return attack.ByKey
	}
	return attack.BySession
}

func (g *Given) empty() bool {
	return !g.Internet && g.VPC == "" && g.Endpoint == "" && g.SourceIP == "" && g.ViaService == "" && len(g.Keys) == 0 && len(g.Absent) == 0
}

// context is what is given as context keys.
func (g *Given) context() *policy.Context {
	c := policy.NewContext(policy.Unknown)
	for k, v := range g.Keys {
		c.Set(k, v)
	}
	for _, k := range g.Absent {
		c.SetPresence(k, policy.Absent)
	}
	if g.Internet {
		for _, k := range [...]string{"aws:SourceVpc", "aws:SourceVpce", "aws:VpcSourceIp", "aws:SourceVpcArn", "aws:VpceAccount", "aws:VpceOrgID"} {
			c.SetPresence(k, policy.Absent)
		}
		c.SetPresence("aws:SourceIp", policy.PresentUnknown)
	}
	if g.VPC != "" {
		c.Set("aws:SourceVpc", g.VPC)
	}
	if g.Endpoint != "" {
		c.Set("aws:SourceVpce", g.Endpoint)
		c.SetPresence("aws:SourceIp", policy.Absent) // a private address is no aws:SourceIp
	}
	if g.SourceIP != "" {
		key := "aws:SourceIp"
		if g.Endpoint != "" {
			key = "aws:VpcSourceIp"
		}
		c.Set(key, g.SourceIP)
	}
	if g.ViaService != "" {
		c.Set("kms:ViaService", g.ViaService)
		c.Set("aws:ViaAWSService", "true")
		c.SetPresence("aws:CalledVia", policy.Unknown)
		c.SetPresence("aws:CalledViaFirst", policy.Unknown)
		c.SetPresence("aws:CalledViaLast", policy.Unknown)
	}
	return c
}

// contexts prepares the caller's keys for every way to hold its credentials.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
func (p *principal) contexts(e *Engine) {
	for q := range p.ctx {
		c := policy.NewContext(policy.Unknown)
		p.identityKeys(c)
		p.sessionKeys(c, attack.Qualifier(q))
		p.ctx[q] = c
	}
}

func (p *principal) identityKeys(c *policy.Context) {
	who := &p.caller
	isService := who.Kind == policy.CallerService
	c.Set("aws:PrincipalIsAWSService", strconv.FormatBool(isService))
	if !isService {
		for _, k := range [...]string{"aws:PrincipalServiceName", "aws:PrincipalServiceNamesList",
			// set on calls of one service to another only (confused deputy)
			"aws:SourceArn", "aws:SourceAccount", "aws:SourceOrgID", "aws:SourceOrgPaths", "aws:SourceOwner"} {
			c.SetPresence(k, policy.Absent)
		}
	} else {
		c.Set("aws:PrincipalServiceName", who.ARN)
		c.SetList("aws:PrincipalServiceNamesList", []string{who.ARN})
	}
	if !hasAccount(who) {
		for _, k := range [...]string{"aws:PrincipalArn", "aws:PrincipalAccount", "aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:userid", "aws:username"} {
			c.SetPresence(k, policy.Absent)
		}
		if who.Kind == policy.CallerAnonymous {
			c.Set("aws:PrincipalType", "Anonymous")
		}
		c.SetFamily("aws:PrincipalTag/", policy.Absent)
		return
	}
	c.Set("aws:PrincipalAccount", who.Account)
	c.Set("kms:CallerAccount", who.Account)
	c.SetPresence("aws:userid", policy.PresentUnknown)
	switch who.Kind {
	case policy.CallerUser:
		c.Set("aws:PrincipalArn", who.ARN).Set("aws:PrincipalType", "User").Set("aws:username", p.node.Name)
		if who.UniqueID != "" {
			c.Set("aws:userid", who.UniqueID)
		}
	case policy.CallerRole:
		c.Set("aws:PrincipalArn", who.RoleARN).Set("aws:PrincipalType", "AssumedRole").SetPresence("aws:username", policy.Absent)
	case policy.CallerRoot:
		c.Set("aws:PrincipalType", "Account").Set("aws:PrincipalArn", who.ARN).SetPresence("aws:username", policy.Absent)
		if p.outside { // stands for any principal of the account
			c.SetPresence("aws:PrincipalArn", policy.PresentUnknown).SetPresence("aws:PrincipalType", policy.PresentUnknown).SetPresence("aws:username", policy.Unknown)
		}
	case policy.CallerAnyAWS:
		// Some role of some account: patterns over all accounts can be met.
		c.Set("aws:PrincipalArn", "arn:aws:iam::"+unknownAccount+":role/any")
	default:
		c.SetPresence("aws:PrincipalArn", policy.PresentUnknown)
	}
	p.organizationKeys(c)
	for k, v := range p.tags {
		c.Set("aws:PrincipalTag/"+k, v)
	}
	if p.tagsRead && !p.sessionTags && !p.outside {
		c.SetFamily("aws:PrincipalTag/", policy.Absent)
	}
}

func (p *principal) organizationKeys(c *policy.Context) {
	switch {
	case p.account.orgID != "":
		c.Set("aws:PrincipalOrgID", p.account.orgID)
		if p.account.orgPath != "" {
			c.SetList("aws:PrincipalOrgPaths", []string{p.account.orgPath})
		}
	case p.caller.Kind == policy.CallerAnyAWS:
		// Somebody's account: in no organization that anybody here names.
		c.Set("aws:PrincipalOrgID", "o-0000000000")
		c.SetList("aws:PrincipalOrgPaths", []string{"o-0000000000/r-0000/"})
	case p.account.alone:
		c.SetPresence("aws:PrincipalOrgID", policy.Absent).SetPresence("aws:PrincipalOrgPaths", policy.Absent)
	case p.account.notOrgs != nil:
		c.SetNot("aws:PrincipalOrgID", policy.Unknown, p.account.notOrgs...)
	}
}

func (p *principal) sessionKeys(c *policy.Context, q attack.Qualifier) {
	if !hasIdentity(&p.caller) || p.outside {
		return
	}
	mfa, age := "aws:MultiFactorAuthPresent", "aws:MultiFactorAuthAge"
	switch q {
	case attack.ByKey:
		c.SetPresence(mfa, policy.Absent).SetPresence(age, policy.Absent).SetPresence("aws:TokenIssueTime", policy.Absent)
	case attack.BySession:
		c.Set(mfa, "false").SetPresence(age, policy.Absent).SetPresence("aws:TokenIssueTime", policy.PresentUnknown)
	case attack.ByMFA:
		c.Set(mfa, "true").SetPresence(age, policy.PresentUnknown).SetPresence("aws:TokenIssueTime", policy.PresentUnknown)
	}
	if p.caller.Kind == policy.CallerUser {
		c.SetPresence("aws:FederatedProvider", policy.Absent)
	} else if q == attack.NoQualifier {
		c.SetPresence("aws:TokenIssueTime", policy.PresentUnknown)
	}
}

// base is what holds for every request of an action: the attacker speaks TLS,
// the time is that of the snapshot, and keys that the action does not support
// are absent.
func (e *Engine) base(action string) *policy.Context {
	if c, ok := e.bases.Load(action); ok {
		return c.(*policy.Context)
	}
	c := policy.NewContext(policy.Unknown)
	c.Set("aws:SecureTransport", "true").Set("aws:ViaAWSService", "false")
	c.SetPresence("aws:CalledVia", policy.Absent).SetPresence("aws:CalledViaFirst", policy.Absent).SetPresence("aws:CalledViaLast", policy.Absent)
	c.SetPresence("kms:ViaService", policy.Absent)
	c.SetPresence(keyPointARN, policy.Absent).SetPresence(keyPointAccount, policy.Absent).SetPresence(keyPointOrigin, policy.Absent)
	if !e.at.IsZero() {
		c.Set("aws:CurrentTime", e.at.UTC().Format(time.RFC3339)).Set("aws:EpochTime", strconv.FormatInt(e.at.Unix(), 10))
	} else {
		c.SetPresence("aws:CurrentTime", policy.PresentUnknown).SetPresence("aws:EpochTime", policy.PresentUnknown)
	}
	if a, ok := actions.Lookup(action); ok {
		c = c.Without(func(key string) bool { return !a.Supports(key) })
	}
	actual, _ := e.bases.LoadOrStore(action, c)
	return actual.(*policy.Context)
}

// resourceContext is what is known about a resource.
func (e *Engine) resourceContext(n graph.Node, ref graph.Ref) *policy.Context {
	c := policy.NewContext(policy.Unknown)
	if n.Account != "" {
		c.Set("aws:ResourceAccount", n.Account).Set("s3:ResourceAccount", n.Account)
		if a := e.account(n.Account); a.orgID != "" {
			c.Set("aws:ResourceOrgID", a.orgID)
			if a.orgPath != "" {
				c.SetList("aws:ResourceOrgPaths", []string{a.orgPath})
			}
		}
	}
	if n.Region != "" && n.Region != "global" {
		c.Set("aws:RequestedRegion", n.Region)
	} else if strings.Contains(n.ID, ":iam:") {
		c.Set("aws:RequestedRegion", "us-east-1")
	}
	if ref == graph.NoRef {
		return c
	}
	var tags map[string]string
	if ok, err := e.snap.Decode(ref, graph.PropTags, &tags); err == nil && (ok || e.describedWithTags(ref)) {
		prefixes := []string{"aws:ResourceTag/"}
		if service := serviceOf(n.ID); service != "" {
			prefixes = append(prefixes, service+":ResourceTag/")
		}
		if n.Kind == graph.KindInstance {
			prefixes = append(prefixes, "ssm:ResourceTag/") // Systems Manager acts on machines of EC2
		}
		for _, prefix := range prefixes {
			for k, v := range tags {
				c.Set(prefix+k, v)
			}
			c.SetFamily(prefix, policy.Absent)
		}
	}
	return c
}

func serviceOf(id string) string {
	if parts := strings.SplitN(id, ":", 4); len(parts) == 4 && parts[0] == "arn" {
		return parts[2]
	}
	return ""
}

// free are keys that whoever makes the request sets as he likes, so that a
// condition on them that can be met is met.
func free(key string) bool {
	switch key {
	case "aws:useragent", "aws:referer", "aws:tagkeys", "sts:rolesessionname", "sts:sourceidentity", "sts:transitivetagkeys",
		"s3:prefix", "s3:delimiter", "s3:max-keys", "s3:versionid", "s3:authtype", "s3:signatureversion", "s3:signatureage", "s3:tlsversion",
		"s3:x-amz-acl", "s3:x-amz-server-side-encryption", "s3:x-amz-content-sha256", "s3:x-amz-storage-class",
		"ssm:recursive", "dynamodb:select", "dynamodb:returnconsumedcapacity", "dynamodb:returnvalues":
		return true
	}
	return strings.HasPrefix(key, "aws:requesttag/") || strings.HasPrefix(key, "s3:requestobjecttag")
}

// describedWithTags reports whether a description is one that lists tags: that it
// has none then says that there are none.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html
func (e *Engine) describedWithTags(ref graph.Ref) bool {
	var telling []string
	switch e.snap.Kind(ref) {
	case graph.KindUser, graph.KindRole:
		telling = []string{"/AttachedManagedPolicies", "/Tags"} // the full detail, not a list of names
	case graph.KindInstance:
		telling = []string{"/InstanceId"}
	}
	for _, pointer := range telling {
		if _, ok := graph.Element(e.snap.Prop(ref, graph.PropResource), pointer); ok {
			return true
		}
	}
	return false
}
