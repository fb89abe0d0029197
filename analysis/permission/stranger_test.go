package permission

import "testing"

// Callers that no node stands for.
func TestStrangers(t *testing.T) {
	const (
		session = "arn:aws:sts::" + home + ":assumed-role/r/me"
		far     = "arn:aws:iam::" + abroad + ":user/far"
	)
	e := newEstate(t)
	e.role("r", doc(`{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}`), doc(allow("s3:ListBucket", "*")))
	e.bucket("b1", doc(`{"Effect":"Allow","Principal":{"AWS":["`+session+`","`+abroad+`"]},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b1/*"}`,
		`{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::b1/*"}`))
	eng, snap := e.engine()
	bucket, role := OnNode(ref(t, snap, b1)), OnNode(ref(t, snap, roleR))
	for _, tc := range []struct {
		who, action string
		on          Resource
		want        string
	}{
		{"service:ec2.amazonaws.com", "sts:AssumeRole", role, "allowed"},
		{"service:lambda.amazonaws.com", "sts:AssumeRole", role, "denied"},
		{session, "s3:GetObject", bucket, "allowed"},
		{session, "s3:ListBucket", bucket, "allowed"}, // by the role's own policy
		{session, "s3:PutObject", bucket, "denied"},
		{"arn:aws:sts::" + home + ":assumed-role/r/you", "s3:GetObject", bucket, "denied"},
		{far, "s3:GetObject", bucket, "allowed"}, // if its account lets it
		{far, "s3:PutObject", bucket, "denied"},
		{abroad, "s3:GetObject", bucket, "allowed"},
		{"333333333333", "s3:GetObject", bucket, "denied"},
		{far, "s3:ListAllMyBuckets", OnAccount(), "denied"}, // of its own account, which is nobody's business
	} {
		s, ok := eng.Stranger(tc.who)
		if !ok {
			t.Errorf("%s is no stranger", tc.who)
			continue
		}
		d, _ := eng.StrangerCan(s, tc.action, tc.on, Given{})
		if got := verdict(d); got != tc.want {
			t.Errorf("%s %s: %s, want %s", tc.who, tc.action, got, tc.want)
		}
		if s.Node.ID != tc.who || s.Node.Name == "" {
			t.Errorf("%s is described as %+v", tc.who, s.Node)
		}
	}
	for _, who := range []string{"", "x", "arn:aws:s3:::b1", "arn:aws:sqs:us-east-1:" + abroad + ":q", "service:", "service:x", "lambda.amazonaws.com", "anonymous",
		"arn:aws:iam::" + home + ":user/none", "arn:aws:iam::" + home + ":role/none", "arn:aws:sts::" + home + ":assumed-role/none/x",
		"arn:aws:iam::" + abroad + ":group/g", "arn:aws:iam::" + abroad + ":policy/p", "arn:aws:iam::" + abroad + ":saml-provider/p"} {
		if s, ok := eng.Stranger(who); ok {
			t.Errorf("%q is taken for a caller: %+v", who, s.Node)
		}
	}
}
