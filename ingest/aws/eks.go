package aws

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eks"
)

// eksAPI reads clusters, whom they run as and whom they let in.
type eksAPI interface {
	ListClusters(context.Context, *eks.ListClustersInput, ...func(*eks.Options)) (*eks.ListClustersOutput, error)
	DescribeCluster(context.Context, *eks.DescribeClusterInput, ...func(*eks.Options)) (*eks.DescribeClusterOutput, error)
	ListNodegroups(context.Context, *eks.ListNodegroupsInput, ...func(*eks.Options)) (*eks.ListNodegroupsOutput, error)
	DescribeNodegroup(context.Context, *eks.DescribeNodegroupInput, ...func(*eks.Options)) (*eks.DescribeNodegroupOutput, error)
	ListAccessEntries(context.Context, *eks.ListAccessEntriesInput, ...func(*eks.Options)) (*eks.ListAccessEntriesOutput, error)
}

func eksService(o *Options) service {
	return newService(o, "eks", regional, func(cfg sdk.Config) eksAPI { return eks.NewFromConfig(cfg) }, eksTable)
}

var eksTable = []row[eksAPI]{
	list("ListClusters", eksAPI.ListClusters),
	each("DescribeCluster", eksAPI.DescribeCluster,
		from("ListClusters", func(o *eks.ListClustersOutput) (in []*eks.DescribeClusterInput) {
			for _, name := range o.Clusters {
				in = append(in, &eks.DescribeClusterInput{Name: sdk.String(name)})
			}
			return in
		})),
	each("ListNodegroups", eksAPI.ListNodegroups,
		from("ListClusters", func(o *eks.ListClustersOutput) (in []*eks.ListNodegroupsInput) {
			for _, name := range o.Clusters {
				in = append(in, &eks.ListNodegroupsInput{ClusterName: sdk.String(name)})
			}
			return in
		})),
	each("DescribeNodegroup", eksAPI.DescribeNodegroup,
		along("ListNodegroups", func(asked *eks.ListNodegroupsInput, o *eks.ListNodegroupsOutput) (in []*eks.DescribeNodegroupInput) {
			for _, name := range o.Nodegroups {
				in = append(in, &eks.DescribeNodegroupInput{ClusterName: asked.ClusterName, NodegroupName: sdk.String(name)})
			}
			return in
		})),
	// A cluster that keeps its access in a config map has no entries to list.
	each("ListAccessEntries", eksAPI.ListAccessEntries,
		from("ListClusters", func(o *eks.ListClustersOutput) (in []*eks.ListAccessEntriesInput) {
			for _, name := range o.Clusters {
				in = append(in, &eks.ListAccessEntriesInput{ClusterName: sdk.String(name)})
			}
			return in
		})).empty("InvalidRequestException"),
}
