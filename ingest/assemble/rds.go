package assemble

import "github.com/cairn-security/cairn/graph"

var rdsOperations = []operation{
	describe("rds", "DescribeDBInstances", "DBInstances/*", dbInstance),
	describe("rds", "DescribeDBClusters", "DBClusters/*", dbCluster),
	describe("rds", "DescribeDBSnapshots", "DBSnapshots/*", dbSnapshot),
	perResource("rds", "DescribeDBSnapshotAttributes", "DBSnapshotIdentifier", dbSnapshot,
		fact{"DBSnapshotAttributesResult/DBSnapshotAttributes", graph.PropAttributes, nil}),
	describe("rds", "DescribeDBClusterSnapshots", "DBClusterSnapshots/*", clusterSnapshot),
	clusterSnapshotAttributes("rds"),
	describe("rds", "DescribeDBSubnetGroups", "DBSubnetGroups/*", dbSubnetGroup),
	{service: "rds", name: "DescribeDBProxies"},
	{service: "rds", name: "DescribeExportTasks"},
	{service: "rds", name: "DescribeDBParameters", params: []string{"DBParameterGroupName"}},
	{service: "rds", name: "ListTagsForResource", params: []string{"ResourceName"}, about: param("ResourceName", byID),
		facts: []fact{{"TagList", graph.PropTags, readTags}}},

	// DocumentDB and Neptune answer with the same things.
	describe("docdb", "DescribeDBInstances", "DBInstances/*", dbInstance),
	describe("docdb", "DescribeDBClusters", "DBClusters/*", dbCluster),
	describe("docdb", "DescribeDBClusterSnapshots", "DBClusterSnapshots/*", clusterSnapshot),
	clusterSnapshotAttributes("docdb"),
	describe("neptune", "DescribeDBInstances", "DBInstances/*", dbInstance),
	describe("neptune", "DescribeDBClusters", "DBClusters/*", dbCluster),
	describe("neptune", "DescribeDBClusterSnapshots", "DBClusterSnapshots/*", clusterSnapshot),
	clusterSnapshotAttributes("neptune"),
}

func clusterSnapshotAttributes(service string) operation {
	return perResource(service, "DescribeDBClusterSnapshotAttributes", "DBClusterSnapshotIdentifier", clusterSnapshot,
		fact{"DBClusterSnapshotAttributesResult/DBClusterSnapshotAttributes", graph.PropAttributes, nil})
}

// database is what instances and clusters have in common.
var database = []link{
	{path: "VpcSecurityGroups/*/VpcSecurityGroupId", kind: graph.EdgeUses, to: toGroup},
	{path: "KmsKeyId", kind: graph.EdgeEncryptedBy, to: key},
	{path: "MasterUserSecret/SecretArn", kind: graph.EdgeSecretOf, to: byID, in: true},
	{path: "AssociatedRoles/*/RoleArn", kind: graph.EdgeUses, to: byID},
	{path: "MonitoringRoleArn", kind: graph.EdgeUses, to: byID},
}

var dbInstance = &spec{
	kind: graph.KindDBInstance, service: "rds", typ: "db:", arn: "DBInstanceArn", id: "DBInstanceIdentifier", name: "DBInstanceIdentifier", tags: "TagList",
	links: append([]link{
		{path: "DBSubnetGroup/VpcId", kind: graph.EdgeContains, to: toVPC, in: true},
		{path: "DBSubnetGroup/Subnets/*/SubnetIdentifier", kind: graph.EdgeUses, to: toSubnet},
		{path: "DBSubnetGroup/DBSubnetGroupName", kind: graph.EdgeUses, to: to(dbSubnetGroup)},
		{path: "DBClusterIdentifier", kind: graph.EdgeUses, to: func(c *call, id string) node { return to(dbCluster)(c, id) }},
	}, database...),
}

var dbCluster = &spec{
	kind: graph.KindDBCluster, service: "rds", typ: "cluster:", arn: "DBClusterArn", id: "DBClusterIdentifier", name: "DBClusterIdentifier", tags: "TagList",
	links: append([]link{
		{path: "DBSubnetGroup", kind: graph.EdgeUses, to: to(dbSubnetGroup)},
		{path: "DBClusterMembers/*/DBInstanceIdentifier", kind: graph.EdgeUses, in: true, to: func(c *call, id string) node {
			return to(memberInstance)(c, id)
		}},
	}, database...),
}

// memberInstance names instances without depending on their full description.
var memberInstance = &spec{kind: graph.KindDBInstance, service: "rds", typ: "db:"}

var dbSnapshot = &spec{
	kind: graph.KindDBSnapshot, service: "rds", typ: "snapshot:", arn: "DBSnapshotArn", id: "DBSnapshotIdentifier", name: "DBSnapshotIdentifier", tags: "TagList",
	links: []link{
		{path: "DBInstanceIdentifier", kind: graph.EdgeSnapshotOf, to: to(memberInstance)},
		{path: "KmsKeyId", kind: graph.EdgeEncryptedBy, to: key}},
}

var clusterSnapshot = &spec{
	kind: graph.KindDBSnapshot, service: "rds", typ: "cluster-snapshot:", arn: "DBClusterSnapshotArn", id: "DBClusterSnapshotIdentifier",
	name: "DBClusterSnapshotIdentifier", tags: "TagList",
	links: []link{
		{path: "DBClusterIdentifier", kind: graph.EdgeSnapshotOf, to: to(dbCluster)},
		{path: "KmsKeyId", kind: graph.EdgeEncryptedBy, to: key}},
}

var dbSubnetGroup = &spec{
	kind: graph.KindSubnetGroup, service: "rds", typ: "subgrp:", arn: "DBSubnetGroupArn", id: "DBSubnetGroupName", name: "DBSubnetGroupName",
	links: []link{inVPC, {path: "Subnets/*/SubnetIdentifier", kind: graph.EdgeUses, to: toSubnet}},
}
