package arn

import "strings"

// ARN is the five parts that follow "arn:". Region and Account are empty where
// the service leaves them out.
type ARN struct {
	Partition, Service, Region, Account, Resource string
}

// Parse splits a name; ok is false when it is none. The resource part may hold
// further colons. Cost: O(len(s)), no allocation.
func Parse(s string) (a ARN, ok bool) {
	rest, ok := strings.CutPrefix(s, "arn:")
	if !ok {
		return ARN{}, false
	}
	for _, part := range [...]*string{&a.Partition, &a.Service, &a.Region, &a.Account} {
		if *part, rest, ok = strings.Cut(rest, ":"); !ok {
			return ARN{}, false
		}
	}
	a.Resource = rest
	return a, a.Partition != "" && a.Service != "" && rest != ""
}

// String is the inverse of [Parse].
func (a ARN) String() string {
	return "arn:" + a.Partition + ":" + a.Service + ":" + a.Region + ":" + a.Account + ":" + a.Resource
}

// Split separates the resource's type from its id at the first slash or colon:
// "role/path/name" is role and path/name. A resource without a type (a bucket,
// a queue, a topic) has an empty one.
func (a ARN) Split() (typ, id string) {
	i := strings.IndexAny(a.Resource, "/:")
	if i < 0 || a.untyped() {
		return "", a.Resource
	}
	return a.Resource[:i], a.Resource[i+1:]
}

// Type is the first part of [ARN.Split].
func (a ARN) Type() string { typ, _ := a.Split(); return typ }

// ID is the second part of [ARN.Split].
func (a ARN) ID() string { _, id := a.Split(); return id }

// Name is the last segment of the id, without an IAM path.
func (a ARN) Name() string {
	id := a.ID()
	if a.untyped() {
		return id
	}
	return id[strings.LastIndexByte(id, '/')+1:]
}

// untyped services put the id straight into the resource part.
func (a ARN) untyped() bool {
	switch a.Service {
	case "sns", "sqs":
		return true
	case "s3":
		return a.Account == "" // access points carry an account and a type
	}
	return false
}

// Partition is the partition a region belongs to; "aws" for an empty or unknown one.
func Partition(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	case strings.HasPrefix(region, "us-iso-"):
		return "aws-iso"
	case strings.HasPrefix(region, "us-isob-"):
		return "aws-iso-b"
	}
	return "aws"
}

// IsAccount reports whether s is an account id: 12 digits.
func IsAccount(s string) bool {
	if len(s) != 12 {
		return false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}
