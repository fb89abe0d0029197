package aws

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
)

// accountAPI reads the account's own block of public access.
type accountAPI interface {
	GetPublicAccessBlock(context.Context, *s3control.GetPublicAccessBlockInput, ...func(*s3control.Options)) (*s3control.GetPublicAccessBlockOutput, error)
}

// accessPointAPI reads access points, which have policies of their own.
type accessPointAPI interface {
	ListAccessPoints(context.Context, *s3control.ListAccessPointsInput, ...func(*s3control.Options)) (*s3control.ListAccessPointsOutput, error)
	GetAccessPoint(context.Context, *s3control.GetAccessPointInput, ...func(*s3control.Options)) (*s3control.GetAccessPointOutput, error)
	GetAccessPointPolicy(context.Context, *s3control.GetAccessPointPolicyInput, ...func(*s3control.Options)) (*s3control.GetAccessPointPolicyOutput, error)
}

func s3controlService(o *Options) service {
	return newService(o, "s3control", global, func(cfg sdk.Config) accountAPI { return s3control.NewFromConfig(cfg) }, []row[accountAPI]{
		list("GetPublicAccessBlock", accountAPI.GetPublicAccessBlock).
			asking(func(j *job, in *s3control.GetPublicAccessBlockInput) { in.AccountId = sdk.String(j.account) }).
			empty("NoSuchPublicAccessBlockConfiguration"),
	})
}

func s3controlRegional(o *Options) service {
	return newService(o, "s3control", regional, func(cfg sdk.Config) accessPointAPI { return s3control.NewFromConfig(cfg) }, []row[accessPointAPI]{
		list("ListAccessPoints", accessPointAPI.ListAccessPoints).
			asking(func(j *job, in *s3control.ListAccessPointsInput) { in.AccountId = sdk.String(j.account) }),
		each("GetAccessPoint", accessPointAPI.GetAccessPoint,
			from("ListAccessPoints", func(o *s3control.ListAccessPointsOutput) (in []*s3control.GetAccessPointInput) {
				for _, p := range o.AccessPointList {
					in = append(in, &s3control.GetAccessPointInput{Name: p.Name})
				}
				return in
			})).asking(func(j *job, in *s3control.GetAccessPointInput) { in.AccountId = sdk.String(j.account) }),
		each("GetAccessPointPolicy", accessPointAPI.GetAccessPointPolicy,
			from("ListAccessPoints", func(o *s3control.ListAccessPointsOutput) (in []*s3control.GetAccessPointPolicyInput) {
				for _, p := range o.AccessPointList {
					in = append(in, &s3control.GetAccessPointPolicyInput{Name: p.Name})
				}
				return in
			})).asking(func(j *job, in *s3control.GetAccessPointPolicyInput) { in.AccountId = sdk.String(j.account) }).
			empty("NoSuchAccessPointPolicy"),
	})
}
