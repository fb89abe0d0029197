package arn

import "testing"

func TestParse(t *testing.T) {
	for _, c := range []struct{ in, typ, id, name string }{
		{"arn:aws:iam::111122223333:role/service-role/deploy", "role", "service-role/deploy", "deploy"},
		{"arn:aws:lambda:eu-west-1:111122223333:function:charge:live", "function", "charge:live", "charge:live"},
		{"arn:aws:s3:::bucket/key/with/slash", "", "bucket/key/with/slash", "bucket/key/with/slash"},
		{"arn:aws:s3:eu-west-1:111122223333:accesspoint/ap", "accesspoint", "ap", "ap"},
		{"arn:aws:sqs:eu-west-1:111122223333:jobs", "", "jobs", "jobs"},
		{"arn:aws-cn:ec2:cn-north-1:111122223333:vpc/vpc-1", "vpc", "vpc-1", "vpc-1"},
		{"arn:aws:iam::111122223333:root", "", "root", "root"},
		{"arn:aws:rds:eu-west-1:111122223333:cluster-snapshot:rds:a", "cluster-snapshot", "rds:a", "rds:a"},
	} {
		a, ok := Parse(c.in)
		if !ok {
			t.Errorf("Parse(%q) failed", c.in)
			continue
		}
		if typ, id := a.Split(); typ != c.typ || id != c.id || a.Name() != c.name || a.Type() != typ || a.ID() != id {
			t.Errorf("%q: type %q id %q name %q, want %q %q %q", c.in, typ, id, a.Name(), c.typ, c.id, c.name)
		}
		if a.String() != c.in {
			t.Errorf("String() = %q, want %q", a.String(), c.in)
		}
	}
	for _, bad := range []string{"", "arn", "arn:", "arn:aws:s3", "arn:aws:s3:::", "arn::s3:::b", "arn:aws::::b", "urn:aws:s3:::b"} {
		if a, ok := Parse(bad); ok {
			t.Errorf("Parse(%q) = %+v, want none", bad, a)
		}
	}
}

func TestBuild(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{Regional("ec2", "eu-west-1", "111122223333", "vpc/vpc-1"), "arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-1"},
		{Regional("ec2", "us-gov-west-1", "111122223333", "vpc/vpc-1"), "arn:aws-us-gov:ec2:us-gov-west-1:111122223333:vpc/vpc-1"},
		{Regional("ec2", "", "111122223333", "vpc/vpc-1"), ""},
		{Regional("ec2", "global", "111122223333", "vpc/vpc-1"), ""},
		{Regional("ec2", "eu-west-1", "", "vpc/vpc-1"), ""},
		{Global("iam", "", "role/a"), ""},
		{Bucket("b"), "arn:aws:s3:::b"},
		{Root("111122223333"), "arn:aws:iam::111122223333:root"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
	for in, want := range map[string]bool{"111122223333": true, "11112222333": false, "1111222233334": false, "11112222333x": false, "": false} {
		if IsAccount(in) != want {
			t.Errorf("IsAccount(%q) = %v", in, !want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("arn:aws:iam::111122223333:role/a")
	f.Add("arn:::::")
	f.Add("arn:aws:s3:::b/k")
	f.Fuzz(func(t *testing.T, s string) {
		a, ok := Parse(s)
		if !ok {
			return
		}
		if a.String() != s {
			t.Fatalf("round trip of %q gives %q", s, a.String())
		}
		typ, id := a.Split()
		if len(typ)+len(id) > len(a.Resource) || len(a.Name()) > len(id) {
			t.Fatalf("%q splits into %q and %q", s, typ, id)
		}
	})
}
