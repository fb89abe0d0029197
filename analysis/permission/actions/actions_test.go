package actions

import (
	"slices"
	"testing"
)

func TestLookup(t *testing.T) {
	for _, tc := range []struct {
		action string
		level  Level
	}{
		{"s3:GetObject", Read}, {"S3:getobject", Read}, {"s3:ListBucket", List}, {"s3:PutObject", Write},
		{"s3:PutBucketPolicy", PermissionsManagement}, {"iam:TagRole", Tagging}, {"sts:AssumeRole", Write},
		{"lambda:AddPermission", PermissionsManagement},
	} {
		a, ok := Lookup(tc.action)
		if !ok || a.Level != tc.level {
			t.Errorf("%s: found %v, level %v, want %v", tc.action, ok, a.Level, tc.level)
		}
	}
	if _, ok := Lookup("s3:NoSuchThing"); ok {
		t.Error("found an action that does not exist")
	}
}

func TestTableIsComplete(t *testing.T) {
	n := 0
	for range All() {
		n++
	}
	if n < 21_000 {
		t.Errorf("%d actions, want more than 21,000", n)
	}
	if len(packed) > 400<<10 {
		t.Errorf("table is %d bytes, limit 400 KiB", len(packed))
	}
	if Version() == "" || len(Date()) != 10 {
		t.Errorf("version %q, date %q", Version(), Date())
	}
}

func TestActsOn(t *testing.T) {
	for _, tc := range []struct {
		action, resource string
		want             bool
	}{
		{"s3:GetObject", "arn:aws:s3:::b/k", true},
		{"s3:GetObject", "arn:aws:s3:::b/a/b/c", true},
		{"s3:GetObject", "arn:aws:s3:::b", false},
		{"s3:ListBucket", "arn:aws:s3:::b", true},
		{"s3:ListBucket", "arn:aws:s3:::b/k", false},
		{"s3:ListAllMyBuckets", "*", true},
		{"s3:ListAllMyBuckets", "arn:aws:s3:::b", false},
		{"iam:PassRole", "arn:aws:iam::123456789012:role/path/r", true},
		{"iam:PassRole", "arn:aws:iam::123456789012:user/u", false},
		{"dynamodb:GetItem", "arn:aws:dynamodb:us-east-1:123456789012:table/t", true},
		{"secretsmanager:GetSecretValue", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:a/b-AbCdEf", true},
		{"kms:Decrypt", "arn:aws:kms:eu-west-1:123456789012:key/1", true},
	} {
		a, ok := Lookup(tc.action)
		if !ok {
			t.Fatalf("%s missing", tc.action)
		}
		if got := a.ActsOn(tc.resource); got != tc.want {
			t.Errorf("%s on %s: %v, want %v", tc.action, tc.resource, got, tc.want)
		}
	}
}

func TestExpand(t *testing.T) {
	names := func(list []*Action) []string {
		var out []string
		for _, a := range list {
			out = append(out, a.String())
		}
		return out
	}
	got := names(Expand("sts:assumerole*"))
	for _, want := range []string{"sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"} {
		if !slices.Contains(got, want) {
			t.Errorf("sts:assumerole* lacks %s: %v", want, got)
		}
	}
	if n := len(Expand("*")); n < 21_000 {
		t.Errorf("* expands to %d", n)
	}
	if n := len(Expand("nosuchservice:*")); n != 0 {
		t.Errorf("unknown service expands to %d", n)
	}
}

func TestConditionKeys(t *testing.T) {
	get, _ := Lookup("s3:GetObject")
	list, _ := Lookup("s3:ListBucket")
	if get.Supports("s3:prefix") || !list.Supports("s3:Prefix") || !get.Supports("aws:SourceIp") || !get.Supports("s3:ExistingObjectTag/x") {
		t.Error("condition keys of s3 actions")
	}
	if !ResourceControlled("s3") || ResourceControlled("iam") {
		t.Error("RCP support of s3 and iam")
	}
}
