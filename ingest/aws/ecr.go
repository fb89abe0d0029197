package aws

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
)

// ecrAPI reads image repositories and who may pull from them.
type ecrAPI interface {
	DescribeRepositories(context.Context, *ecr.DescribeRepositoriesInput, ...func(*ecr.Options)) (*ecr.DescribeRepositoriesOutput, error)
	GetRepositoryPolicy(context.Context, *ecr.GetRepositoryPolicyInput, ...func(*ecr.Options)) (*ecr.GetRepositoryPolicyOutput, error)
	ListTagsForResource(context.Context, *ecr.ListTagsForResourceInput, ...func(*ecr.Options)) (*ecr.ListTagsForResourceOutput, error)
	GetRegistryPolicy(context.Context, *ecr.GetRegistryPolicyInput, ...func(*ecr.Options)) (*ecr.GetRegistryPolicyOutput, error)
}

func ecrService(o *Options) service {
	return newService(o, "ecr", regional, func(cfg sdk.Config) ecrAPI { return ecr.NewFromConfig(cfg) }, ecrTable)
}

var ecrTable = []row[ecrAPI]{
	list("DescribeRepositories", ecrAPI.DescribeRepositories),
	each("GetRepositoryPolicy", ecrAPI.GetRepositoryPolicy,
		from("DescribeRepositories", func(o *ecr.DescribeRepositoriesOutput) (in []*ecr.GetRepositoryPolicyInput) {
			for _, r := range o.Repositories {
				in = append(in, &ecr.GetRepositoryPolicyInput{RepositoryName: r.RepositoryName})
			}
			return in
		})).empty("RepositoryPolicyNotFoundException"),
	each("ListTagsForResource", ecrAPI.ListTagsForResource,
		from("DescribeRepositories", func(o *ecr.DescribeRepositoriesOutput) (in []*ecr.ListTagsForResourceInput) {
			for _, r := range o.Repositories {
				in = append(in, &ecr.ListTagsForResourceInput{ResourceArn: r.RepositoryArn})
			}
			return in
		})),
	list("GetRegistryPolicy", ecrAPI.GetRegistryPolicy).empty("RegistryPolicyNotFoundException"),
}
