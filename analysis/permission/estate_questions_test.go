package permission

import (
	"slices"
	"testing"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/graph"
)

func trust(principal, rest string) string {
	return doc(`{"Effect":"Allow","Principal":` + principal + `,"Action":"sts:AssumeRole"` + rest + `}`)
}

func TestAssumptions(t *testing.T) {
	e := newEstate(t)
	e.user("direct")
	e.user("allowed", doc(allow("sts:AssumeRole", "*")))
	e.user("idle")
	e.node(graph.AccountID(abroad), graph.KindExternalAccount, abroad)
	e.node("service:lambda.amazonaws.com", graph.KindService, "")
	oidc := "arn:aws:iam::" + home + ":oidc-provider/token.actions.githubusercontent.com"
	e.node(oidc, graph.KindIdentityProvider, home)
	e.role("named", trust(`{"AWS":"arn:aws:iam::111111111111:user/direct"}`, ""))
	e.role("account", trust(`{"AWS":"111111111111"}`, ""))
	e.role("vendor", trust(`{"AWS":"arn:aws:iam::222222222222:root"}`, `,"Condition":{"StringEquals":{"sts:ExternalId":"x"}}`))
	e.role("worker", trust(`{"Service":"lambda.amazonaws.com"}`, ""))
	e.role("open", trust(`"*"`, ""))
	e.role("pipeline", doc(`{"Effect":"Allow","Principal":{"Federated":"`+oidc+`"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringLike":{"token.actions.githubusercontent.com:sub":"repo:acme/*"}}}`))
	e.role("guarded", trust(`{"Service":"lambda.amazonaws.com"}`, `,"Condition":{"StringEquals":{"aws:SourceAccount":"111111111111"}}`))
	e.role("anyrepo", doc(`{"Effect":"Allow","Principal":{"Federated":"`+oidc+`"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com"}}}`))
	e.role("mfa", trust(`{"AWS":"arn:aws:iam::111111111111:user/direct"}`, `,"Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}`))
	eng, snap := e.engine()

	got := map[string][]string{}
	for a := range eng.Assumptions(Given{Stolen: true}) {
		to := snap.Node(a.Role).Name
		got[to] = append(got[to], snap.Node(a.From).Name+" "+verdict(a.Decision))
		checkShape(t, a.Decision)
	}
	want := map[string][]string{
		"named":    {"direct allowed"},
		"account":  {"allowed allowed"},
		"vendor":   {abroad + ":root conditional"},
		"worker":   {"service:lambda.amazonaws.com allowed"},
		"guarded":  {"service:lambda.amazonaws.com allowed"},
		"anyrepo":  {"token.actions.githubusercontent.com allowed"},
		"pipeline": {"token.actions.githubusercontent.com conditional"},
	}
	for role, from := range want {
		if len(got[role]) != len(from) || role != "vendor" && !slices.Equal(got[role], from) {
			t.Errorf("%s: %v, want %v", role, got[role], from)
		}
	}
	if len(got["mfa"]) != 0 {
		t.Errorf("a stolen key has no MFA: %v", got["mfa"])
	}
	for _, who := range []string{"any-aws-principal allowed", "idle allowed", "direct allowed"} {
		if !slices.Contains(got["open"], who) {
			t.Errorf("open to everyone lacks %q: %v", who, got["open"])
		}
	}
	if slices.ContainsFunc(got["open"], func(s string) bool { return s == "anonymous allowed" }) {
		t.Error("an anonymous caller assumed a role")
	}
}

func TestCanAcrossAccounts(t *testing.T) {
	for _, tc := range []struct {
		name, identity, bucket string
		want                   string
	}{
		{"identity side only", doc(allow("s3:*", "*")), "", "denied"},
		{"resource side only", "", public(""), "denied"},
		{"both", doc(allow("s3:*", "*")), public(""), "allowed"},
		{"account named", doc(allow("s3:*", "*")), doc(`{"Effect":"Allow","Principal":{"AWS":"222222222222"},"Action":"s3:GetObject","Resource":"*"}`), "allowed"},
		{"another account named", doc(allow("s3:*", "*")), doc(`{"Effect":"Allow","Principal":{"AWS":"333333333333"},"Action":"s3:GetObject","Resource":"*"}`), "denied"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := newEstate(t)
			e.node(graph.AccountID(abroad), graph.KindAccount, abroad)
			var own []string
			if tc.identity != "" {
				own = []string{tc.identity}
			}
			e.identity("user", graph.KindUser, abroad, "x", own)
			e.bucket("b1", tc.bucket)
			snap, err := e.b.Build(graph.Meta{ID: "s", Accounts: []string{home, abroad}})
			if err != nil {
				t.Fatal(err)
			}
			eng, err := New(t.Context(), snap, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if got := verdict(eng.CanRead(ref(t, snap, "arn:aws:iam::222222222222:user/x"), ref(t, snap, b1), Given{})); got != tc.want {
				t.Errorf("%s, want %s", got, tc.want)
			}
		})
	}
}

func TestControlPolicies(t *testing.T) {
	for _, tc := range []struct {
		name       string
		org, acc   []string // SCPs of the two levels
		rcp        string
		management bool
		who        string
		want       string
	}{
		{name: "allowed at every level", org: []string{doc(allow("*", "*"))}, acc: []string{doc(allow("*", "*"))}, who: userU, want: "allowed"},
		{name: "an empty level denies", org: []string{doc(allow("*", "*"))}, who: userU, want: "denied"},
		{name: "one level without s3", org: []string{doc(allow("*", "*"))}, acc: []string{doc(allow("ec2:*", "*"))}, who: userU, want: "denied"},
		{name: "deny at the root", org: []string{doc(allow("*", "*"), deny("s3:*", "*"))}, acc: []string{doc(allow("*", "*"))}, who: userU, want: "denied explicitly"},
		{name: "the management account is exempt", org: []string{doc(deny("s3:*", "*"))}, management: true, who: userU, want: "allowed"},
		{name: "the root user is bound", org: []string{doc(allow("*", "*"), deny("s3:*", "*"))}, acc: []string{doc(allow("*", "*"))}, who: graph.AccountID(home), want: "denied explicitly"},
		{name: "a service-linked role is not", org: []string{doc(allow("*", "*"), deny("s3:*", "*"))}, acc: []string{doc(allow("*", "*"))},
			who: "arn:aws:iam::111111111111:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX", want: "allowed"},
		{name: "an RCP binds callers of the account too", rcp: doc(`{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}`), who: userU, want: "denied explicitly"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := newEstate(t)
			all := doc(allow("*", "*"))
			e.user("u", all)
			e.identity("role", graph.KindRole, home, "aws-service-role/x.amazonaws.com/AWSServiceRoleForX", []string{all})
			e.bucket("b1", "")
			org := e.node("arn:aws:organizations::999999999999:organization/o-abc", graph.KindOrganization, "")
			acc, _ := e.b.Find(graph.AccountID(home))
			e.b.Link(org, acc, graph.EdgeContains)
			if tc.management {
				e.set(acc, graph.PropManagement, "true")
			}
			attach := func(level graph.Handle, name, typ, text string) {
				p := e.node(name, graph.KindOrgPolicy, "")
				e.set(p, graph.PropOrgPolicyType, `"`+typ+`"`)
				e.set(p, graph.PropDocument, text)
				e.b.Link(level, p, graph.EdgeOrgPolicy)
			}
			for i, text := range tc.org {
				attach(org, "org"+string(rune('0'+i)), "SERVICE_CONTROL_POLICY", text)
			}
			for i, text := range tc.acc {
				attach(acc, "acc"+string(rune('0'+i)), "SERVICE_CONTROL_POLICY", text)
			}
			if tc.rcp != "" {
				attach(acc, "rcp", "RESOURCE_CONTROL_POLICY", tc.rcp)
			}
			eng, snap := e.engine()
			d := eng.CanRead(ref(t, snap, tc.who), ref(t, snap, b1), Given{})
			if got := verdict(d); got != tc.want {
				t.Errorf("%s, want %s: %+v", got, tc.want, d)
			}
		})
	}
}

func TestWhoCan(t *testing.T) {
	e := newEstate(t)
	e.user("u", doc(allow("s3:GetObject", "arn:aws:s3:::b1/*")))
	e.user("v")
	e.role("r", doc(), doc(`{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"aws:SourceVpc":"vpc-1"}}}`))
	e.bucket("b1", "")
	e.bucket("b2", doc(`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b2/*"}`))
	eng, snap := e.engine()
	who, everyone := eng.WhoCan("s3:GetObject", OnARN("arn:aws:s3:::b1/k"), Given{}, nil)
	if everyone || len(who) != 2 || snap.Node(who[0].Node).Name != "u" || who[1].Decision.Status != attack.Conditional {
		t.Errorf("b1: everyone %v, %+v", everyone, who)
	}
	if _, everyone = eng.WhoCan("s3:GetObject", OnARN("arn:aws:s3:::b2/k"), Given{}, nil); !everyone {
		t.Error("b2 is open to everyone")
	}
}

func TestQuestionsThatMakeNoSense(t *testing.T) {
	e := newEstate(t)
	e.user("u", doc(allow("*", "*")))
	e.node(graph.AccountID(abroad), graph.KindAccount, abroad)
	e.identity("role", graph.KindRole, abroad, "far", nil)
	e.bucket("b1", "")
	eng, snap := e.engine()
	u := ref(t, snap, userU)
	for _, tc := range []struct {
		name, action string
		on           Resource
		who          graph.Ref
		allowed      bool
	}{
		{"object action on a bucket ARN", "s3:GetObject", OnARN(b1), u, false},
		{"object action on an object", "s3:GetObject", OnARN(b1 + "/k"), u, true},
		{"account-level action", "s3:ListAllMyBuckets", OnNode(ref(t, snap, b1)), u, true},
		{"passing a role of another account", "iam:PassRole", OnNode(ref(t, snap, "arn:aws:iam::222222222222:role/far")), u, false},
		{"secrets without credentials", "secretsmanager:GetSecretValue", OnARN("arn:aws:secretsmanager:us-east-1:111111111111:secret:s"), ref(t, snap, "anonymous"), false},
		{"somebody in his own account", "iam:PassRole", OnAccount(), ref(t, snap, "any-aws-principal"), false},
		{"a bucket as principal", "s3:GetObject", OnARN(b1 + "/k"), ref(t, snap, b1), false},
	} {
		d := eng.Can(tc.who, tc.action, tc.on, Given{})
		if d.Allowed != tc.allowed {
			t.Errorf("%s: allowed %v; %+v", tc.name, d.Allowed, d)
		}
		checkShape(t, d)
	}
}

func TestSharedSnapshots(t *testing.T) {
	e := newEstate(t)
	snapARN := "arn:aws:ec2:us-east-1:111111111111:snapshot/snap-1"
	h := e.node(snapARN, graph.KindVolumeSnapshot, home)
	e.set(h, graph.PropAttributes, `[{"Group":"all"}]`)
	eng, snap := e.engine()
	if d := eng.CanRead(ref(t, snap, "any-aws-principal"), ref(t, snap, snapARN), Given{}); !d.Certain() {
		t.Errorf("a public snapshot: %+v", d)
	}
	if d := eng.CanRead(ref(t, snap, "anonymous"), ref(t, snap, snapARN), Given{}); d.Allowed {
		t.Errorf("a public snapshot needs an account: %+v", d)
	}
}

func TestSupportFollowsGroups(t *testing.T) {
	e := newEstate(t)
	e.user("u", doc(allow("s3:GetObject", "*")), doc(allow("s3:*", "*")))
	e.bucket("b1", doc(`{"Effect":"Allow","Principal":{"AWS":"`+userU+`"},"Action":"s3:GetObject","Resource":"*"}`))
	eng, snap := e.engine()
	d := eng.CanRead(ref(t, snap, userU), ref(t, snap, b1), Given{})
	var present []int
	for _, g := range d.Support {
		if !g[0].Absent {
			present = append(present, len(g))
		}
	}
	if !slices.Equal(present, []int{3}) {
		t.Errorf("groups of present facts %v, want one of three statements any of which suffices", present)
	}
	for _, g := range d.Support {
		for _, f := range g {
			if f.Absent {
				continue
			}
			raw, ok := graph.Element(snap.Prop(f.Node, f.Property), f.Pointer)
			if !ok || graph.Anchor(raw) != f.Anchor {
				t.Errorf("fact %+v does not point at its element", f)
			}
		}
	}
}

func TestNewResources(t *testing.T) {
	for _, tc := range []struct {
		name, policy, action string
		want                 string
	}{
		{"names by pattern", doc(allow("lambda:CreateFunction", "arn:aws:lambda:*:111111111111:function:team-*")), "lambda:CreateFunction", "allowed"},
		{"one region", doc(allow("lambda:CreateFunction", "arn:aws:lambda:eu-west-1:111111111111:function:*")), "lambda:CreateFunction", "allowed"},
		{"region by condition", doc(`{"Effect":"Allow","Action":"lambda:*","Resource":"*","Condition":{"StringEquals":{"aws:RequestedRegion":"eu-west-1"}}}`), "lambda:CreateFunction", "allowed"},
		{"another account", doc(allow("lambda:CreateFunction", "arn:aws:lambda:*:222222222222:function:*")), "lambda:CreateFunction", "denied"},
		{"instances only, not images and networks", doc(allow("ec2:RunInstances", "arn:aws:ec2:*:*:instance/*")), "ec2:RunInstances", "denied"},
		{"all that an instance needs", doc(allow("ec2:RunInstances", "*")), "ec2:RunInstances", "allowed"},
		{"no resource", doc(allow("s3:ListAllMyBuckets", "*")), "s3:ListAllMyBuckets", "allowed"},
	} {
		e := newEstate(t)
		e.user("u", tc.policy)
		eng, snap := e.engine()
		if got := verdict(eng.Can(ref(t, snap, userU), tc.action, OnNew(home), Given{})); got != tc.want {
			t.Errorf("%s: %s, want %s", tc.name, got, tc.want)
		}
	}
}
