package permission

import (
	"testing"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/graph"
)

func TestNamesCallers(t *testing.T) {
	for _, tc := range []struct {
		operator, key, value string
		negated, want        bool
	}{
		{"StringEquals", "aws:PrincipalOrgID", "o-1", false, true},
		{"StringLike", "aws:PrincipalOrgID", "o-*", false, false},
		{"StringEqualsIfExists", "aws:PrincipalOrgID", "o-1", false, false},
		{"StringNotEquals", "aws:PrincipalOrgID", "o-1", false, false},
		{"StringNotEquals", "aws:PrincipalOrgID", "o-1", true, true}, // a deny for all others
		{"StringNotEqualsIfExists", "aws:PrincipalOrgID", "o-1", true, true},
		{"StringEquals", "aws:PrincipalOrgID", "o-1", true, false},
		{"ForAllValues:StringLike", "aws:PrincipalOrgPaths", "o-1/r-1/*", false, false},
		{"ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-1/r-1/*", false, true},
		{"ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-*", false, false},
		{"ArnLike", "aws:PrincipalArn", "arn:aws:iam::111111111111:role/*", false, true},
		{"ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/admin", false, false},
		{"ArnLike", "s3:DataAccessPointArn", "arn:aws:s3:eu-west-1:111111111111:accesspoint/*", false, true},
		{"StringEquals", "aws:userid", "AROAEXAMPLEID", false, true},
		{"StringLike", "aws:userid", "AROAEXAMPLEID:*", false, false},
		{"StringEquals", "aws:SourceVpce", "vpce-1", false, true},
		{"StringEquals", "aws:SourceVpce", "${aws:PrincipalTag/vpce}", false, false},
		{"IpAddress", "aws:SourceIp", "203.0.113.7", false, true},
		{"IpAddress", "aws:SourceIp", "0.0.0.0/1", false, false},
		{"IpAddress", "aws:SourceIp", "2001:db8::/32", false, true},
		{"IpAddress", "aws:SourceIp", "2000::/3", false, false},
		{"NotIpAddress", "aws:SourceIp", "203.0.113.0/24", true, true},
		{"Bool", "aws:PrincipalIsAWSService", "true", false, true},
		{"Bool", "aws:PrincipalIsAWSService", "false", false, false},
		{"Null", "aws:SourceVpce", "false", false, false},
		{"StringEquals", "aws:UserAgent", "x", false, false},
	} {
		c := attack.Condition{Key: tc.key, Operator: tc.operator, Values: []string{tc.value}, Negated: tc.negated}
		if got := NamesCallers(c); got != tc.want {
			t.Errorf("%+v: %v, want %v", c, got, tc.want)
		}
	}
	if NamesCallers(attack.Condition{Key: "aws:SourceIp", Operator: "IpAddress", Values: []string{"203.0.113.0/24", "0.0.0.0/0"}}) {
		t.Error("one wide range of two is no limit")
	}
}

// Under RestrictPublicBuckets a statement that names nobody cuts off another
// account that a second statement names; one that names its callers does not.
func TestRestrictPublicBuckets(t *testing.T) {
	const far = "arn:aws:iam::" + abroad + ":user/far"
	for condition, want := range map[string]string{
		`"StringEquals":{"aws:PrincipalOrgID":"o-1"}`:                                         "allowed",
		`"StringLike":{"aws:PrincipalOrgID":"o-*"}`:                                           "denied",
		`"IpAddress":{"aws:SourceIp":"0.0.0.0/4"}`:                                            "denied",
		`"StringEquals":{"s3:x-amz-server-side-encryption-aws-kms-key-id":"arn:aws:kms:::k"}`: "allowed",
	} {
		e := newEstate(t)
		e.identity("user", graph.KindUser, abroad, "far", []string{doc(allow("s3:*", "*"))})
		b := e.bucket("b1", doc(`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b1/*","Condition":{`+condition+`}}`,
			`{"Effect":"Allow","Principal":{"AWS":"`+far+`"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b1/*"}`))
		e.set(b, graph.PropPublicAccessBlock, `{"RestrictPublicBuckets":true}`)
		eng, snap := e.engine()
		if got := verdict(eng.Can(ref(t, snap, far), "s3:GetObject", OnNode(ref(t, snap, b1)), Given{})); got != want {
			t.Errorf("%s: %s, want %s", condition, got, want)
		}
	}
}
