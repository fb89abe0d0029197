package aws

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"
)

// ssmAPI reads what parameters exist, never a value, and which instances the agent manages.
type ssmAPI interface {
	DescribeParameters(context.Context, *ssm.DescribeParametersInput, ...func(*ssm.Options)) (*ssm.DescribeParametersOutput, error)
	ListTagsForResource(context.Context, *ssm.ListTagsForResourceInput, ...func(*ssm.Options)) (*ssm.ListTagsForResourceOutput, error)
	DescribeInstanceInformation(context.Context, *ssm.DescribeInstanceInformationInput, ...func(*ssm.Options)) (*ssm.DescribeInstanceInformationOutput, error)
}

func ssmService(o *Options) service {
	return newService(o, "ssm", regional, func(cfg sdk.Config) ssmAPI { return ssm.NewFromConfig(cfg) }, ssmTable)
}

var ssmTable = []row[ssmAPI]{
	list("DescribeParameters", ssmAPI.DescribeParameters, &ssm.DescribeParametersInput{MaxResults: sdk.Int32(50)}),
	each("ListTagsForResource", ssmAPI.ListTagsForResource,
		from("DescribeParameters", func(o *ssm.DescribeParametersOutput) (in []*ssm.ListTagsForResourceInput) {
			for _, p := range o.Parameters {
				in = append(in, &ssm.ListTagsForResourceInput{ResourceType: ssmtypes.ResourceTypeForTaggingParameter, ResourceId: p.Name})
			}
			return in
		})),
	list("DescribeInstanceInformation", ssmAPI.DescribeInstanceInformation),
}
