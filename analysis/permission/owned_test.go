package permission

import (
	"testing"

	"github.com/cairn-security/cairn/analysis/policy"
	"github.com/cairn-security/cairn/graph"
)

// What AWS decides by itself, whatever policies say.
func TestAnswersNoPolicyChanges(t *testing.T) {
	const (
		managed = "arn:aws:iam::aws:policy/ReadOnlyAccess"
		linked  = "arn:aws:iam::" + home + ":role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"
		sso     = "arn:aws:iam::" + home + ":role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef"
	)
	e := newEstate(t)
	e.user("u", doc(allow("*", "*")))
	e.user("denied", doc(deny("*", "*")))
	e.node(managed, graph.KindPolicy, "")
	for _, id := range []string{linked, sso} {
		e.set(e.node(id, graph.KindRole, home), graph.PropTrust, doc(`{"Effect":"Allow","Principal":{"Service":"config.amazonaws.com"},"Action":"sts:AssumeRole"}`))
	}
	eng, snap := e.engine()
	for _, tc := range []struct{ who, action, on, want string }{
		{userU, "iam:CreatePolicyVersion", managed, "denied"},
		{userU, "iam:GetPolicyVersion", managed, "allowed"},
		{userU, "iam:UpdateAssumeRolePolicy", linked, "denied"},
		{userU, "iam:AttachRolePolicy", sso, "denied"},
		{userU, "iam:GetRole", sso, "allowed"},
		{userU, "iam:TagRole", linked, "allowed"},
		{"arn:aws:iam::" + home + ":user/denied", "sts:GetCallerIdentity", "*", "allowed"},
		{"arn:aws:iam::" + home + ":user/denied", "sts:GetSessionToken", "*", "denied explicitly"},
	} {
		on := OnARN(tc.on)
		if tc.on == "*" {
			on = OnAccount()
		}
		d := eng.Can(ref(t, snap, tc.who), tc.action, on, Given{})
		if got := verdict(d); got != tc.want {
			t.Errorf("%s on %s: %s, want %s", tc.action, tc.on, got, tc.want)
		}
		if !d.Allowed && len(d.Missing)+len(d.Reasons) == 0 {
			t.Errorf("%s on %s: no without a reason", tc.action, tc.on)
		}
	}
}

// Resource control policies do not bind keys that AWS manages.
// https://docs.aws.amazon.com/kms/latest/developerguide/resource-control-policies.html
func TestControlPoliciesSpareManagedKeys(t *testing.T) {
	set := func(kind PolicyType, text string) *Set {
		parsed, err := policy.Parse("", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return NewSet(kind, &Attached{Policy: policy.Compile(parsed)})
	}
	p := &Policies{
		RCPs:     []*Set{set(ResourceControlPolicy, doc(`{"Effect":"Deny","Principal":"*","Action":"kms:*","Resource":"*"}`))},
		Resource: []*Set{set(KeyPolicy, doc(`{"Effect":"Allow","Principal":{"AWS":"`+userU+`"},"Action":"kms:*","Resource":"*"}`))},
	}
	for managed, want := range map[bool]Verdict{true: Allowed, false: Denied} {
		r := Ask(CallerFromARN(userU), "kms:Decrypt", "arn:aws:kms:us-east-1:"+home+":key/k", home, policy.NewContext(policy.Absent))
		r.AWSManagedKey = managed
		if got := Authorize(&r, p, nil).Verdict; got != want {
			t.Errorf("managed by AWS %v: %v, want %v", managed, got, want)
		}
	}
}
