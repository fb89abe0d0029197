package aws

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
)

// cacheAPI reads caches.
type cacheAPI interface {
	DescribeCacheClusters(context.Context, *elasticache.DescribeCacheClustersInput, ...func(*elasticache.Options)) (*elasticache.DescribeCacheClustersOutput, error)
	DescribeReplicationGroups(context.Context, *elasticache.DescribeReplicationGroupsInput, ...func(*elasticache.Options)) (*elasticache.DescribeReplicationGroupsOutput, error)
	DescribeServerlessCaches(context.Context, *elasticache.DescribeServerlessCachesInput, ...func(*elasticache.Options)) (*elasticache.DescribeServerlessCachesOutput, error)
	DescribeCacheSubnetGroups(context.Context, *elasticache.DescribeCacheSubnetGroupsInput, ...func(*elasticache.Options)) (*elasticache.DescribeCacheSubnetGroupsOutput, error)
}

func elasticacheService(o *Options) service {
	return newService(o, "elasticache", regional, func(cfg sdk.Config) cacheAPI { return elasticache.NewFromConfig(cfg) }, cacheTable)
}

var cacheTable = []row[cacheAPI]{
	list("DescribeCacheClusters", cacheAPI.DescribeCacheClusters,
		&elasticache.DescribeCacheClustersInput{ShowCacheNodeInfo: sdk.Bool(true)}),
	list("DescribeReplicationGroups", cacheAPI.DescribeReplicationGroups),
	list("DescribeServerlessCaches", cacheAPI.DescribeServerlessCaches),
	list("DescribeCacheSubnetGroups", cacheAPI.DescribeCacheSubnetGroups),
}
