package aws

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/redshift"
)

// redshiftAPI reads warehouses and their snapshots.
type redshiftAPI interface {
	DescribeClusters(context.Context, *redshift.DescribeClustersInput, ...func(*redshift.Options)) (*redshift.DescribeClustersOutput, error)
	DescribeClusterSubnetGroups(context.Context, *redshift.DescribeClusterSubnetGroupsInput, ...func(*redshift.Options)) (*redshift.DescribeClusterSubnetGroupsOutput, error)
	DescribeClusterSnapshots(context.Context, *redshift.DescribeClusterSnapshotsInput, ...func(*redshift.Options)) (*redshift.DescribeClusterSnapshotsOutput, error)
}

func redshiftService(o *Options) service {
	return newService(o, "redshift", regional, func(cfg sdk.Config) redshiftAPI { return redshift.NewFromConfig(cfg) }, redshiftTable)
}

var redshiftTable = []row[redshiftAPI]{
	list("DescribeClusters", redshiftAPI.DescribeClusters),
	list("DescribeClusterSubnetGroups", redshiftAPI.DescribeClusterSubnetGroups),
	list("DescribeClusterSnapshots", redshiftAPI.DescribeClusterSnapshots),
}
