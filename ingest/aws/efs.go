package aws

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/efs"
)

// efsAPI reads file systems, their policies and where they are mounted.
type efsAPI interface {
	DescribeFileSystems(context.Context, *efs.DescribeFileSystemsInput, ...func(*efs.Options)) (*efs.DescribeFileSystemsOutput, error)
	DescribeFileSystemPolicy(context.Context, *efs.DescribeFileSystemPolicyInput, ...func(*efs.Options)) (*efs.DescribeFileSystemPolicyOutput, error)
	DescribeMountTargets(context.Context, *efs.DescribeMountTargetsInput, ...func(*efs.Options)) (*efs.DescribeMountTargetsOutput, error)
}

func efsService(o *Options) service {
	return newService(o, "efs", regional, func(cfg sdk.Config) efsAPI { return efs.NewFromConfig(cfg) }, efsTable)
}

var efsTable = []row[efsAPI]{
	list("DescribeFileSystems", efsAPI.DescribeFileSystems),
	each("DescribeFileSystemPolicy", efsAPI.DescribeFileSystemPolicy,
		from("DescribeFileSystems", func(o *efs.DescribeFileSystemsOutput) (in []*efs.DescribeFileSystemPolicyInput) {
			for _, f := range o.FileSystems {
				in = append(in, &efs.DescribeFileSystemPolicyInput{FileSystemId: f.FileSystemId})
			}
			return in
		})).empty("PolicyNotFound"),
	each("DescribeMountTargets", efsAPI.DescribeMountTargets,
		from("DescribeFileSystems", func(o *efs.DescribeFileSystemsOutput) (in []*efs.DescribeMountTargetsInput) {
			for _, f := range o.FileSystems {
				in = append(in, &efs.DescribeMountTargetsInput{FileSystemId: f.FileSystemId})
			}
			return in
		})),
}
