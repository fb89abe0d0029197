package assemble

import (
	"strings"
	"testing"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/ingest/record"
)

const roleARN = "arn:aws:iam::" + account + ":role/app/deploy"

func TestAccountAuthorizationDetails(t *testing.T) {
	s, report := build(t, rec("iam", "GetAccountAuthorizationDetails", `{
	"UserDetailList":[{"UserName":"ann","Arn":"arn:aws:iam::111122223333:user/ann","GroupList":["admins"],
		"UserPolicyList":[{"PolicyName":"own","PolicyDocument":"%7B%22Statement%22%3A%5B%5D%7D"}],
		"PermissionsBoundary":{"PermissionsBoundaryArn":"arn:aws:iam::111122223333:policy/edge"},
		"Tags":[{"Key":"team","Value":"web"}]}],
	"GroupDetailList":{"GroupName":"admins","Arn":"arn:aws:iam::111122223333:group/admins","GroupPolicyList":[],
		"AttachedManagedPolicies":[{"PolicyName":"AdministratorAccess","PolicyArn":"arn:aws:iam::aws:policy/AdministratorAccess"}]},
	"RoleDetailList":[{"RoleName":"deploy","Path":"/app/","Arn":"arn:aws:iam::111122223333:role/app/deploy",
		"AssumeRolePolicyDocument":{"Statement":[
			{"Effect":"Allow","Principal":{"AWS":["arn:aws:iam::111122223333:root","444455556666","arn:aws:iam::444455556666:role/ci","AIDAEXAMPLE"],"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"},
			{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity"},
			{"Effect":"Deny","Principal":{"AWS":"777788889999"},"Action":"sts:AssumeRole"}]},
		"InstanceProfileList":[{"InstanceProfileName":"deploy","Arn":"arn:aws:iam::111122223333:instance-profile/deploy"}]}],
	"Policies":[{"PolicyName":"edge","Arn":"arn:aws:iam::111122223333:policy/edge","DefaultVersionId":"v2","PolicyVersionList":[
		{"VersionId":"v1","IsDefaultVersion":false,"Document":{"Version":"old"}},
		{"VersionId":"v2","IsDefaultVersion":true,"Document":{"Version":"new"}}]}]}`))
	wantProblems(t, report)
	wantGraph(t, s, `
		iam:user/ann BOUNDED_BY iam:policy/edge
		iam:user/ann MEMBER_OF iam:group/admins
		iam:group/admins HAS_POLICY iam::aws:policy/AdministratorAccess
		unknown iam::aws:policy/AdministratorAccess
		iam:role/app/deploy TRUSTS iam:root
		iam:role/app/deploy TRUSTS iam::444455556666:root
		iam:role/app/deploy TRUSTS iam::444455556666:role/ci
		unknown iam::444455556666:role/ci
		iam:role/app/deploy TRUSTS AIDAEXAMPLE
		unknown AIDAEXAMPLE
		iam:role/app/deploy TRUSTS service:ec2.amazonaws.com
		iam:role/app/deploy TRUSTS iam:oidc-provider/token.actions.githubusercontent.com
		iam:instance-profile/deploy HAS_ROLE iam:role/app/deploy`)
	wantKind(t, s, "arn:aws:iam::444455556666:root", graph.KindExternalAccount)
	wantKind(t, s, graph.AccountID(account), graph.KindAccount)
	ann := wantKind(t, s, "arn:aws:iam::111122223333:user/ann", graph.KindUser)
	wantProp(t, s, ann, graph.PropInlinePrefix+"own", `{"Statement":[]}`)
	wantProp(t, s, ann, graph.PropTags, `{"team":"web"}`)
	edge := wantKind(t, s, "arn:aws:iam::111122223333:policy/edge", graph.KindPolicy)
	wantProp(t, s, edge, graph.PropDocument, `{"Version":"new"}`)
	role := wantKind(t, s, roleARN, graph.KindRole)
	if n := s.Node(role); n.Name != "deploy" || n.Region != "" || n.Account != account {
		t.Errorf("role is %+v", n)
	}
}

func TestOddIdentityDocumentsCostThemselvesOnly(t *testing.T) {
	s, report := build(t, rec("iam", "GetAccountAuthorizationDetails", `{
	"UserDetailList":[{"UserName":"ann","Arn":"arn:aws:iam::111122223333:user/ann","UserPolicyList":[
		{"PolicyName":"broken","PolicyDocument":"{\"Statement\":["},{"PolicyName":"none"},{"PolicyName":"empty","PolicyDocument":""},{"PolicyName":"good","PolicyDocument":{"Statement":[]}}]},
		{"Path":"/"}, "bob"],
	"RoleDetailList":[{"RoleName":"r","Arn":"arn:aws:iam::111122223333:role/r","AssumeRolePolicyDocument":"not a policy"},
		{"RoleName":"q","Arn":"arn:aws:iam::111122223333:role/q","AssumeRolePolicyDocument":""}],
	"Policies":[{"PolicyName":"p","Arn":"arn:aws:iam::111122223333:policy/p","PolicyVersionList":[{"Document":{}},{"Document":{}}]}]}`))
	const file = "iam GetAccountAuthorizationDetails: "
	wantProblems(t, report,
		file+"inline/broken: the policy of arn:aws:iam::111122223333:user/ann is not valid JSON",
		file+"inline/none: the inline policy of arn:aws:iam::111122223333:user/ann has no document",
		file+"inline/empty: the inline policy of arn:aws:iam::111122223333:user/ann has no document",
		file+"UserDetailList/1: has no UserName, Arn",
		file+"UserDetailList/2: is no object",
		file+"trust: the policy of arn:aws:iam::111122223333:role/r is not valid JSON",
		file+"trust: the role arn:aws:iam::111122223333:role/q has no trust policy",
		file+"PolicyVersionList: the policy arn:aws:iam::111122223333:policy/p has no default version")
	ann := wantKind(t, s, "arn:aws:iam::111122223333:user/ann", graph.KindUser)
	wantProp(t, s, ann, graph.PropInlinePrefix+"good", `{"Statement":[]}`)
	wantProp(t, s, ann, graph.PropInlinePrefix+"broken", `"{\"Statement\":["`)
	malformed := 0
	for _, g := range s.GapsOf(ann) {
		if g.Outcome == graph.OutcomeMalformed && strings.Contains(g.Detail, "inline/") {
			malformed++
		}
	}
	if malformed != 3 {
		t.Errorf("%d gaps on the user, want 3: %+v", malformed, s.GapsOf(ann))
	}
	if role := wantKind(t, s, "arn:aws:iam::111122223333:role/r", graph.KindRole); len(s.GapsOf(role)) != 1 {
		t.Errorf("the role with a broken trust policy has gaps %+v", s.GapsOf(role))
	}
}

func TestCyclicGroups(t *testing.T) {
	s, report := build(t, rec("iam", "GetAccountAuthorizationDetails", `{"UserDetailList":[
		{"UserName":"a","Arn":"arn:aws:iam::111122223333:user/a","GroupList":["g","g"]}],
		"GroupDetailList":[{"GroupName":"g","Arn":"arn:aws:iam::111122223333:group/g","GroupList":["g"]}]}`))
	wantProblems(t, report)
	wantGraph(t, s, `iam:user/a MEMBER_OF iam:group/g`)
}

func TestSingleRepliesFillWhatTheDumpLeavesOut(t *testing.T) {
	s, report := build(t,
		rec("iam", "GetRole", `{"Role":{"RoleName":"deploy","Arn":"`+roleARN+`","Description":"single","AssumeRolePolicyDocument":{"Statement":[]}}}`, "RoleName", "deploy"),
		rec("iam", "GetAccountAuthorizationDetails", `{"RoleDetailList":[{"RoleName":"deploy","Arn":"`+roleARN+`","RolePolicyList":[],"Description":"full"}]}`),
		rec("iam", "GetRolePolicy", `{"RoleName":"deploy","PolicyName":"p","PolicyDocument":{"Statement":[]}}`, "RoleName", "deploy", "PolicyName", "p"),
		rec("iam", "ListAttachedRolePolicies", `{"AttachedPolicies":[{"PolicyName":"x","PolicyArn":"arn:aws:iam::aws:policy/x"}]}`, "RoleName", "deploy"),
		rec("iam", "ListAccessKeys", `{"AccessKeyMetadata":[{"UserName":"ann","AccessKeyId":"AKIAEXAMPLE","Status":"Active"}]}`, "UserName", "ann"),
		rec("iam", "GetAccessKeyLastUsed", `{"UserName":"ann","AccessKeyLastUsed":{"ServiceName":"s3"}}`, "AccessKeyId", "AKIAEXAMPLE"),
		rec("iam", "GetLoginProfile", `{"LoginProfile":{"UserName":"ann"}}`, "UserName", "ann"),
		rec("iam", "ListMFADevices", `{"MFADevices":[]}`, "UserName", "ann"),
		rec("iam", "GetCredentialReport", `{"Content":"user,arn,mfa_active\n<root_account>,arn:aws:iam::111122223333:root,true\nann,arn:aws:iam::111122223333:user/ann,false\n"}`),
		rec("iam", "ListSAMLProviders", `{"SAMLProviderList":[{"Arn":"arn:aws:iam::111122223333:saml-provider/corp"}]}`),
		rec("iam", "ListAccountAliases", `{"AccountAliases":["northwind"]}`))
	wantProblems(t, report)
	wantGraph(t, s, `
		iam:role/app/deploy HAS_POLICY iam::aws:policy/x
		unknown iam::aws:policy/x
		iam:user/ann HAS_KEY AKIAEXAMPLE`)
	role := wantKind(t, s, roleARN, graph.KindRole)
	wantProp(t, s, role, graph.PropInlinePrefix+"p", `{"Statement":[]}`)
	if text := string(s.Prop(role, graph.PropResource)); !strings.Contains(text, "full") {
		t.Errorf("the description with less detail won: %s", text)
	}
	ann := wantKind(t, s, "arn:aws:iam::111122223333:user/ann", graph.KindUser)
	wantProp(t, s, ann, graph.PropCredentialReport, `{"arn":"arn:aws:iam::111122223333:user/ann","mfa_active":"false","user":"ann"}`)
	wantProp(t, s, ann, graph.PropMFADevices, `[]`)
	root := wantKind(t, s, graph.AccountID(account), graph.KindAccount)
	wantProp(t, s, root, graph.PropAlias, `"northwind"`)
	wantProp(t, s, root, graph.PropCredentialReport, `{"arn":"arn:aws:iam::111122223333:root","mfa_active":"true","user":"\u003croot_account\u003e"}`)
	key := wantKind(t, s, "AKIAEXAMPLE", graph.KindAccessKey)
	wantProp(t, s, key, graph.PropLastUsed, `{"ServiceName":"s3"}`)
	wantKind(t, s, "arn:aws:iam::111122223333:saml-provider/corp", graph.KindIdentityProvider)
}

func TestTheAccountDumpWinsOverLesserDescriptions(t *testing.T) {
	dump := `{"RoleDetailList":[{"RoleName":"r","Arn":"arn:aws:iam::111122223333:role/r","RolePolicyList":[],"AssumeRolePolicyDocument":{"Statement":[]}}]}`
	single := `{"Role":{"RoleName":"r","Arn":"arn:aws:iam::111122223333:role/r","AssumeRolePolicyDocument":{"Statement":[]}}}`
	a, b := rec("iam", "GetAccountAuthorizationDetails", dump), rec("iam", "GetRole", single, "RoleName", "r")
	for _, order := range [][]record.Record{{a, b}, {b, a}} {
		asm := New()
		for _, r := range order {
			asm.Add(r)
		}
		snap, _, err := asm.Build(graph.Meta{ID: "s"})
		if err != nil {
			t.Fatal(err)
		}
		ref, ok := snap.Lookup("arn:aws:iam::111122223333:role/r")
		if !ok || !strings.Contains(string(snap.Prop(ref, graph.PropResource)), `RolePolicyList`) || len(snap.Gaps()) > 0 {
			t.Errorf("resource = %s, want the one of the dump; gaps %v", snap.Prop(ref, graph.PropResource), snap.Gaps())
		}
	}
}

// TestOddReferencesAreNotForgotten: what cannot be read of an identity leaves a
// gap on it, whatever form it has; what can be read in another form is read.
func TestOddReferencesAreNotForgotten(t *testing.T) {
	ann := iamID("user/ann")
	for name, c := range map[string]struct {
		user    string
		problem string
		gap     bool
		edge    string
	}{
		"an attached policy without ARN":  {`"AttachedManagedPolicies":[{"PolicyName":"AdministratorAccess"}]`, "PolicyArn: a policy of " + ann + " has no ARN", true, ""},
		"an attached policy as text":      {`"AttachedManagedPolicies":["` + iamID("policy/p") + `"]`, "", false, "HAS_POLICY -> iam:policy/p\n"},
		"one attached policy, no list":    {`"AttachedManagedPolicies":{"PolicyArn":"` + iamID("policy/p") + `"}`, "", false, "HAS_POLICY -> iam:policy/p\n"},
		"a boundary as text":              {`"PermissionsBoundary":"` + iamID("policy/p") + `"`, "", false, "BOUNDED_BY -> iam:policy/p\n"},
		"a boundary that is none":         {`"PermissionsBoundary":{"PermissionsBoundaryType":"Policy"}`, "PermissionsBoundaryArn: a policy of " + ann + " has no ARN", true, ""},
		"a group that nothing describes":  {`"GroupList":["ghosts"]`, "", true, "MEMBER_OF -> iam:group/ghosts\n"},
		"a group by ARN":                  {`"GroupList":["` + iamID("group/g") + `"]`, "", false, "MEMBER_OF -> iam:group/g\n"},
		"a group as object":               {`"GroupList":[{"GroupName":"g"}]`, "GroupList: a group of " + ann + " has no name", true, ""},
		"an inline policy that is a list": {`"UserPolicyList":[{"PolicyName":"a","PolicyDocument":[` + allowAll + `]}]`, "inline/a: the policy of " + ann + " is not valid JSON", true, ""},
		"nulls":                           {`"UserPolicyList":null,"AttachedManagedPolicies":null,"GroupList":null,"PermissionsBoundary":null,"Tags":null`, "", false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s, report := build(t, groups("g"), rec("iam", "GetAccountAuthorizationDetails", `{"UserDetailList":{"UserName":"ann","Arn":"`+ann+`",`+c.user+`}}`))
			if c.problem == "" {
				wantProblems(t, report)
			} else {
				wantProblems(t, report, "iam GetAccountAuthorizationDetails: "+c.problem)
			}
			ref := wantKind(t, s, ann, graph.KindUser)
			if gaps := s.GapsOf(ref); (len(gaps) == 1) != c.gap || c.gap && !gaps[0].Refused() {
				t.Errorf("gaps %+v", gaps)
			}
			if _, edges, _ := strings.Cut(said(t, s, ann), "}\n"); !strings.HasSuffix(edges, c.edge) || strings.Count(edges, "->") != strings.Count(c.edge, "->") {
				t.Errorf("edges %q, want %q", edges, c.edge)
			}
		})
	}
}

// TestSeveralDefaultVersions: nobody knows which of them is in force.
func TestSeveralDefaultVersions(t *testing.T) {
	s, report := build(t, rec("iam", "GetAccountAuthorizationDetails", `{"Policies":[{"PolicyName":"p","Arn":"`+iamID("policy/p")+`","PolicyVersionList":[
		{"IsDefaultVersion":true,"Document":`+allowAll+`},{"IsDefaultVersion":true,"Document":{}}]}]}`))
	wantProblems(t, report, "iam GetAccountAuthorizationDetails: PolicyVersionList: the policy "+iamID("policy/p")+" has several default versions")
	wantProp(t, s, wantKind(t, s, iamID("policy/p"), graph.KindPolicy), graph.PropDocument, "")
}
