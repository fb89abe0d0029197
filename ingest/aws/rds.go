package aws

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
)

// rdsAPI reads databases, their snapshots and with whom these are shared.
type rdsAPI interface {
	DescribeDBInstances(context.Context, *rds.DescribeDBInstancesInput, ...func(*rds.Options)) (*rds.DescribeDBInstancesOutput, error)
	DescribeDBClusters(context.Context, *rds.DescribeDBClustersInput, ...func(*rds.Options)) (*rds.DescribeDBClustersOutput, error)
	DescribeDBSnapshots(context.Context, *rds.DescribeDBSnapshotsInput, ...func(*rds.Options)) (*rds.DescribeDBSnapshotsOutput, error)
	DescribeDBSnapshotAttributes(context.Context, *rds.DescribeDBSnapshotAttributesInput, ...func(*rds.Options)) (*rds.DescribeDBSnapshotAttributesOutput, error)
	DescribeDBClusterSnapshots(context.Context, *rds.DescribeDBClusterSnapshotsInput, ...func(*rds.Options)) (*rds.DescribeDBClusterSnapshotsOutput, error)
	DescribeDBClusterSnapshotAttributes(context.Context, *rds.DescribeDBClusterSnapshotAttributesInput, ...func(*rds.Options)) (*rds.DescribeDBClusterSnapshotAttributesOutput, error)
	DescribeDBSubnetGroups(context.Context, *rds.DescribeDBSubnetGroupsInput, ...func(*rds.Options)) (*rds.DescribeDBSubnetGroupsOutput, error)
	DescribeDBProxies(context.Context, *rds.DescribeDBProxiesInput, ...func(*rds.Options)) (*rds.DescribeDBProxiesOutput, error)
	DescribeExportTasks(context.Context, *rds.DescribeExportTasksInput, ...func(*rds.Options)) (*rds.DescribeExportTasksOutput, error)
}

// automatedSnapshot is the type of snapshots that RDS takes by itself; they
// cannot be shared, so their attributes are not asked for (the call is the most
// throttled of the service).
const automatedSnapshot = "automated"

func rdsService(o *Options) service {
	return newService(o, "rds", regional, func(cfg sdk.Config) rdsAPI { return rds.NewFromConfig(cfg) }, rdsTable)
}

var rdsTable = []row[rdsAPI]{
	list("DescribeDBInstances", rdsAPI.DescribeDBInstances),
	list("DescribeDBClusters", rdsAPI.DescribeDBClusters),
	list("DescribeDBSubnetGroups", rdsAPI.DescribeDBSubnetGroups),
	list("DescribeDBProxies", rdsAPI.DescribeDBProxies),
	list("DescribeExportTasks", rdsAPI.DescribeExportTasks),
	list("DescribeDBSnapshots", rdsAPI.DescribeDBSnapshots),
	each("DescribeDBSnapshotAttributes", rdsAPI.DescribeDBSnapshotAttributes,
		from("DescribeDBSnapshots", func(o *rds.DescribeDBSnapshotsOutput) (in []*rds.DescribeDBSnapshotAttributesInput) {
			for _, s := range o.DBSnapshots {
				if sdk.ToString(s.SnapshotType) != automatedSnapshot {
					in = append(in, &rds.DescribeDBSnapshotAttributesInput{DBSnapshotIdentifier: s.DBSnapshotIdentifier})
				}
			}
			return in
		})),
	list("DescribeDBClusterSnapshots", rdsAPI.DescribeDBClusterSnapshots),
	each("DescribeDBClusterSnapshotAttributes", rdsAPI.DescribeDBClusterSnapshotAttributes,
		from("DescribeDBClusterSnapshots", func(o *rds.DescribeDBClusterSnapshotsOutput) (in []*rds.DescribeDBClusterSnapshotAttributesInput) {
			for _, s := range o.DBClusterSnapshots {
				if sdk.ToString(s.SnapshotType) != automatedSnapshot {
					in = append(in, &rds.DescribeDBClusterSnapshotAttributesInput{DBClusterSnapshotIdentifier: s.DBClusterSnapshotIdentifier})
				}
			}
			return in
		})),
}
