package permission

import (
	"testing"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/graph"
)

// verdict is a decision in one word.
func verdict(d *attack.Decision) string {
	switch {
	case !d.Allowed && d.Explicit:
		return "denied explicitly"
	case !d.Allowed:
		return "denied"
	case d.Status == attack.Decided:
		return "allowed"
	}
	return d.Status.String()
}

const (
	userU = "arn:aws:iam::111111111111:user/u"
	roleR = "arn:aws:iam::111111111111:role/r"
	b1    = "arn:aws:s3:::b1"
)

func public(statementRest string) string {
	return doc(`{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b1/*"` + statementRest + `}`)
}

func TestCanRead(t *testing.T) {
	decryptAll := doc(allow("kms:Decrypt", "*"))
	s3All := doc(allow("s3:*", "*"))
	blockAll := `{"BlockPublicAcls":true,"IgnorePublicAcls":true,"BlockPublicPolicy":true,"RestrictPublicBuckets":true}`
	for _, tc := range []struct {
		name  string
		build func(e *estate)
		who   string
		given Given
		want  string
	}{
		{"nothing", func(e *estate) { e.user("u"); e.bucket("b1", "") }, userU, Given{}, "denied"},
		{"identity policy", func(e *estate) { e.user("u", s3All); e.bucket("b1", "") }, userU, Given{}, "allowed"},
		{"one prefix only", func(e *estate) { e.user("u", doc(allow("s3:GetObject", b1+"/reports/*"))); e.bucket("b1", "") }, userU, Given{}, "allowed"},
		{"bucket ARN does not cover objects", func(e *estate) { e.user("u", doc(allow("s3:GetObject", b1))); e.bucket("b1", "") }, userU, Given{}, "denied"},
		{"explicit deny of the bucket", func(e *estate) {
			e.user("u", s3All)
			e.bucket("b1", doc(`{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}`))
		}, userU, Given{}, "denied explicitly"},
		{"TLS only", func(e *estate) {
			e.user("u", s3All)
			e.bucket("b1", doc(`{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}`))
		}, userU, Given{}, "allowed"},
		{"from one VPC only", func(e *estate) {
			e.user("u", s3All)
			e.bucket("b1", doc(`{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringNotEquals":{"aws:SourceVpc":"vpc-1"}}}`))
		}, userU, Given{}, "conditional"},
		{"from one VPC only, inside", func(e *estate) {
			e.user("u", s3All)
			e.bucket("b1", doc(`{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringNotEquals":{"aws:SourceVpc":"vpc-1"}}}`))
		}, userU, Given{VPC: "vpc-1"}, "allowed"},
		{"from one VPC only, over the internet", func(e *estate) {
			e.user("u", s3All)
			e.bucket("b1", doc(`{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringNotEquals":{"aws:SourceVpc":"vpc-1"}}}`))
		}, userU, Given{Internet: true}, "denied explicitly"},
		{"policy refused", func(e *estate) {
			e.user("u", s3All)
			e.bucket("b1", "")
			e.b.Gap(graph.Gap{ID: "g", Account: home, Service: "s3", Operation: "GetBucketPolicy", Outcome: graph.OutcomeDenied, Affects: []string{b1}})
		}, userU, Given{}, "unknown"},
		{"policy not collected", func(e *estate) {
			e.user("u", s3All)
			e.bucket("b1", "")
			e.b.Gap(graph.Gap{ID: "g", Account: home, Service: "s3", Operation: "GetBucketPolicy", Outcome: graph.OutcomeNotCollected, Affects: []string{b1}})
		}, userU, Given{}, "allowed"},
		{"managed policy without document", func(e *estate) {
			u := e.user("u")
			e.bucket("b1", "")
			e.b.Link(u, e.node("arn:aws:iam::aws:policy/Gone", graph.KindPolicy, ""), graph.EdgeHasPolicy)
		}, userU, Given{}, "unknown"},
		{"identities refused", func(e *estate) {
			e.user("u")
			e.bucket("b1", "")
			e.b.Gap(graph.Gap{ID: "g", Account: home, Service: "iam", Operation: "GetAccountAuthorizationDetails", Outcome: graph.OutcomeDenied, Affects: []string{graph.AccountID(home)}})
		}, userU, Given{}, "unknown"},
		{"malformed policy", func(e *estate) { e.user("u", `{"Statement":[{"Effect":"Maybe"}]}`); e.bucket("b1", "") }, userU, Given{}, "unknown"},
		{"malformed policy beside a good one", func(e *estate) {
			e.user("u", `{"Statement":[{"Effect":"Maybe"}]}`, s3All)
			e.bucket("b1", "")
		}, userU, Given{}, "unknown"},
		{"unknown operator", func(e *estate) {
			e.user("u", doc(`{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringSounds":{"aws:username":"u"}}}`))
			e.bucket("b1", "")
		}, userU, Given{}, "conditional"},
		{"encrypted, no key permission", func(e *estate) {
			e.user("u", s3All)
			e.b.Link(e.bucket("b1", ""), e.key("k", ""), graph.EdgeEncryptedBy)
		}, userU, Given{}, "denied"},
		{"encrypted, identity allows decrypt and the key delegates", func(e *estate) {
			e.user("u", s3All, decryptAll)
			e.b.Link(e.bucket("b1", ""), e.key("k", ""), graph.EdgeEncryptedBy)
		}, userU, Given{}, "allowed"},
		{"encrypted, key policy does not delegate", func(e *estate) {
			e.user("u", s3All, decryptAll)
			k := e.key("k", doc(`{"Effect":"Allow","Principal":{"AWS":"`+roleR+`"},"Action":"kms:*","Resource":"*"}`))
			e.b.Link(e.bucket("b1", ""), k, graph.EdgeEncryptedBy)
		}, userU, Given{}, "denied"},
		{"encrypted, key usable through S3 only", func(e *estate) {
			e.user("u", s3All)
			k := e.key("k", doc(`{"Effect":"Allow","Principal":{"AWS":"`+userU+`"},"Action":"kms:Decrypt","Resource":"*","Condition":{"StringEquals":{"kms:ViaService":"s3.us-east-1.amazonaws.com"}}}`))
			e.b.Link(e.bucket("b1", ""), k, graph.EdgeEncryptedBy)
		}, userU, Given{}, "allowed"},
		{"encrypted, grant", func(e *estate) {
			e.user("u", s3All)
			k := e.key("k", "")
			e.set(k, graph.PropGrants, `[{"GranteePrincipal":"`+userU+`","Operations":["Decrypt"]}]`)
			e.b.Link(e.bucket("b1", ""), k, graph.EdgeEncryptedBy)
		}, userU, Given{}, "allowed"},
		{"AWS managed key", func(e *estate) {
			e.user("u", s3All)
			k := e.key("k", "")
			e.set(k, graph.PropResource, `{"KeyManager":"AWS"}`)
			e.b.Link(e.bucket("b1", ""), k, graph.EdgeEncryptedBy)
		}, userU, Given{}, "allowed"},
		{"AWS managed key, known by its alias only", func(e *estate) {
			e.user("u", s3All)
			k := e.node("arn:aws:kms:us-east-1:"+home+":alias/aws/s3", graph.KindKey, home)
			e.b.Link(e.bucket("b1", ""), k, graph.EdgeEncryptedBy)
		}, userU, Given{}, "allowed"},
		{"AWS managed key, whatever else is said of it", func(e *estate) {
			e.user("u", s3All)
			k := e.node("arn:aws:kms:us-east-1:"+home+":alias/aws/s3", graph.KindKey, home)
			e.set(k, graph.PropResource, `{"KeyManager":"CUSTOMER"}`)
			e.set(k, graph.PropPolicy, doc(`{"Effect":"Allow","Principal":{"AWS":"`+home+`"},"Action":"kms:*","Resource":"*"}`))
			e.b.Link(e.bucket("b1", ""), k, graph.EdgeEncryptedBy)
		}, userU, Given{}, "allowed"},
		{"anonymous on a private bucket", func(e *estate) { e.bucket("b1", "") }, "anonymous", Given{}, "denied"},
		{"anonymous on a public bucket", func(e *estate) { e.bucket("b1", public("")) }, "anonymous", Given{}, "allowed"},
		{"anonymous, public access block of the bucket", func(e *estate) { e.set(e.bucket("b1", public("")), graph.PropPublicAccessBlock, blockAll) }, "anonymous", Given{}, "denied"},
		{"anonymous, public access block of the account", func(e *estate) {
			e.bucket("b1", public(""))
			acc, _ := e.b.Find(graph.AccountID(home))
			e.set(acc, graph.PropPublicAccessBlock, blockAll)
		}, "anonymous", Given{}, "denied"},
		{"anonymous, public access block refused", func(e *estate) {
			e.bucket("b1", public(""))
			e.b.Gap(graph.Gap{ID: "g", Account: home, Service: "s3", Operation: "GetPublicAccessBlock", Outcome: graph.OutcomeDenied, Affects: []string{b1}})
		}, "anonymous", Given{}, "unknown"},
		{"own user behind the public access block", func(e *estate) {
			e.user("u")
			e.set(e.bucket("b1", public("")), graph.PropPublicAccessBlock, blockAll)
		}, userU, Given{}, "allowed"},
		{"anonymous, encrypted", func(e *estate) {
			e.b.Link(e.bucket("b1", public("")), e.key("k", ""), graph.EdgeEncryptedBy)
		}, "anonymous", Given{}, "denied"},
		{"anonymous, organization only", func(e *estate) {
			e.bucket("b1", public(`,"Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-abc"}}`))
		}, "anonymous", Given{}, "denied"},
		{"anybody, organization only", func(e *estate) {
			e.bucket("b1", public(`,"Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-abc"}}`))
		}, "any-aws-principal", Given{}, "denied"},
		{"anybody with an account", func(e *estate) { e.bucket("b1", public("")) }, "any-aws-principal", Given{}, "allowed"},
		{"anybody with the right tag", func(e *estate) {
			e.bucket("b1", public(`,"Condition":{"StringEquals":{"aws:PrincipalTag/team":"red"}}`))
		}, "any-aws-principal", Given{}, "allowed"},
		{"anonymous from one range", func(e *estate) {
			e.bucket("b1", public(`,"Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}`))
		}, "anonymous", Given{Internet: true}, "conditional"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := newEstate(t)
			tc.build(e)
			eng, snap := e.engine()
			d := eng.CanRead(ref(t, snap, tc.who), ref(t, snap, b1), tc.given)
			if got := verdict(d); got != tc.want {
				t.Errorf("%s, want %s: %+v", got, tc.want, d)
			}
			checkShape(t, d)
		})
	}
}

// checkShape tests what every decision promises.
func checkShape(t *testing.T, d *attack.Decision) {
	t.Helper()
	if (d.Status == attack.Conditional) != (len(d.Conditions) > 0 && d.Status != attack.Unknown) {
		t.Errorf("status %v with %d alternatives", d.Status, len(d.Conditions))
	}
	if d.Allowed && (d.Status == attack.Unknown) != (len(d.Gaps) > 0) {
		t.Errorf("status %v with gaps %v", d.Status, d.Gaps)
	}
	if d.Allowed && len(d.Support) == 0 {
		t.Error("allowed without support")
	}
	if !d.Allowed && len(d.Support)+len(d.Missing) == 0 {
		t.Error("denied without a reason")
	}
	for _, g := range d.Support {
		for _, f := range g {
			if f.Absent && len(g) != 1 {
				t.Errorf("absent fact in a group of %d", len(g))
			}
			if f.Anchor == "" || f.Property == "" {
				t.Errorf("fact without anchor or property: %+v", f)
			}
		}
	}
}

func TestBucketACL(t *testing.T) {
	everyone := `{"Owner":{"ID":"own"},"Grants":[{"Grantee":{"Type":"Group","URI":"http://acs.amazonaws.com/groups/global/AllUsers"},"Permission":"READ"}]}`
	authenticated := `{"Owner":{"ID":"own"},"Grants":[{"Grantee":{"Type":"Group","URI":"http://acs.amazonaws.com/groups/global/AuthenticatedUsers"},"Permission":"WRITE"}]}`
	for _, tc := range []struct {
		name, acl, ownership, block string
		who, action                 string
		want                        string
	}{
		{"everyone lists", everyone, "", "", "anonymous", "s3:ListBucket", "allowed"},
		{"listing is not reading", everyone, "", "", "anonymous", "s3:GetObject", "denied"},
		{"lists are off", everyone, `{"Rules":[{"ObjectOwnership":"BucketOwnerEnforced"}]}`, "", "anonymous", "s3:ListBucket", "denied"},
		{"public lists are ignored", everyone, "", `{"IgnorePublicAcls":true}`, "anonymous", "s3:ListBucket", "denied"},
		{"blocking new lists changes nothing", everyone, "", `{"BlockPublicAcls":true}`, "anonymous", "s3:ListBucket", "allowed"},
		{"authenticated users write", authenticated, "", "", "any-aws-principal", "s3:PutObject", "allowed"},
		{"anonymous is not authenticated", authenticated, "", "", "anonymous", "s3:PutObject", "denied"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := newEstate(t)
			b := e.bucket("b1", "")
			e.set(b, graph.PropACL, tc.acl)
			if tc.ownership != "" {
				e.set(b, graph.PropOwnership, tc.ownership)
			}
			if tc.block != "" {
				e.set(b, graph.PropPublicAccessBlock, tc.block)
			}
			eng, snap := e.engine()
			if got := verdict(eng.Can(ref(t, snap, tc.who), tc.action, OnNode(ref(t, snap, b1)), Given{})); got != tc.want {
				t.Errorf("%s, want %s", got, tc.want)
			}
		})
	}
}
