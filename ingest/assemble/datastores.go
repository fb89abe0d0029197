package assemble

import "github.com/cairn-security/cairn/graph"

var datastoreOperations = []operation{
	describe("redshift", "DescribeClusters", "Clusters/*", warehouse),
	describe("redshift", "DescribeClusterSnapshots", "Snapshots/*", &spec{
		kind: graph.KindDBSnapshot, service: "redshift", typ: "snapshot:", arn: "SnapshotArn", id: "SnapshotIdentifier", name: "SnapshotIdentifier",
		links: []link{
			{path: "ClusterIdentifier", kind: graph.EdgeSnapshotOf, to: to(warehouse)},
			{path: "KmsKeyId", kind: graph.EdgeEncryptedBy, to: key}}}),
	describe("redshift", "DescribeClusterSubnetGroups", "ClusterSubnetGroups/*", warehouseSubnets),
	{service: "redshift", name: "DescribeLoggingStatus", params: []string{"ClusterIdentifier"}},
	describe("redshift-serverless", "ListWorkgroups", "workgroups/*", &spec{
		kind: graph.KindWarehouse, service: "redshift-serverless", arn: "workgroupArn", name: "workgroupName",
		links: []link{
			{path: "subnetIds/*", kind: graph.EdgeUses, to: toSubnet},
			{path: "securityGroupIds/*", kind: graph.EdgeUses, to: toGroup}}}),

	names("opensearch", "ListDomainNames", "DomainNames/*/DomainName", searchDomain),
	{service: "opensearch", name: "DescribeDomains", params: []string{"DomainNames"}, items: []list{{"DomainStatusList/*", searchDomain}}},
	perResource("opensearch", "ListTags", "ARN", searchDomain, fact{"TagList", graph.PropTags, readTags}),
	{service: "opensearch", name: "DescribeDomain", params: []string{"DomainName"}, about: param("DomainName", to(searchDomain)), items: []list{{"DomainStatus/*", searchDomain}}},
	names("es", "ListDomainNames", "DomainNames/*/DomainName", searchDomain),
	{service: "es", name: "DescribeElasticsearchDomain", params: []string{"DomainName"}, about: param("DomainName", to(searchDomain)), items: []list{{"DomainStatus/*", searchDomain}}},
	{service: "es", name: "DescribeElasticsearchDomains", params: []string{"DomainNames"}, items: []list{{"DomainStatusList/*", searchDomain}}},

	describe("elasticache", "DescribeCacheClusters", "CacheClusters/*", &spec{
		kind: graph.KindCache, service: "elasticache", typ: "cluster:", arn: "ARN", id: "CacheClusterId", name: "CacheClusterId",
		links: append([]link{{path: "ReplicationGroupId", kind: graph.EdgeUses, to: to(replicationGroup)}}, cacheLinks...)}),
	describe("elasticache", "DescribeReplicationGroups", "ReplicationGroups/*", replicationGroup),
	describe("elasticache", "DescribeServerlessCaches", "ServerlessCaches/*", &spec{
		kind: graph.KindCache, service: "elasticache", typ: "serverlesscache:", arn: "ARN", id: "ServerlessCacheName", name: "ServerlessCacheName",
		links: []link{
			{path: "SubnetIds/*", kind: graph.EdgeUses, to: toSubnet},
			{path: "SecurityGroupIds/*", kind: graph.EdgeUses, to: toGroup},
			{path: "KmsKeyId", kind: graph.EdgeEncryptedBy, to: key}}}),
	describe("elasticache", "DescribeCacheSubnetGroups", "CacheSubnetGroups/*", cacheSubnets),

	describe("efs", "DescribeFileSystems", "FileSystems/*", fileSystem),
	perResource("efs", "DescribeFileSystemPolicy", "FileSystemId", fileSystem, fact{"Policy", graph.PropPolicy, readPolicy}),
	perResource("efs", "DescribeMountTargets", "FileSystemId", fileSystem,
		fact{"MountTargets", graph.PropAttributes, readPage},
		fact{"MountTargets/*/SubnetId", "", uses(toSubnet)},
		fact{"MountTargets/*/NetworkInterfaceId", "", uses(toInterface)}),
	{service: "efs", name: "DescribeMountTargetSecurityGroups", params: []string{"MountTargetId"}}, // its interface says the same
	{service: "efs", name: "DescribeAccessPoints", params: []string{"FileSystemId"}},

	describe("ecr", "DescribeRepositories", "repositories/*", repository),
	perResource("ecr", "GetRepositoryPolicy", "repositoryName", repository, fact{"policyText", graph.PropPolicy, readPolicy}),
	perResource("ecr", "ListTagsForResource", "resourceArn", repository, fact{"tags", graph.PropTags, readTags}),
	{service: "ecr", name: "GetRegistryPolicy"},
	{service: "ecr", name: "DescribeImages", params: []string{"repositoryName"}},
	{service: "ecr", name: "GetLifecyclePolicy", params: []string{"repositoryName"}},

	describe("backup", "ListBackupVaults", "BackupVaultList/*", backupVault),
	perResource("backup", "GetBackupVaultAccessPolicy", "BackupVaultName", backupVault, fact{"Policy", graph.PropPolicy, readPolicy}),
}

var warehouse = &spec{
	kind: graph.KindWarehouse, service: "redshift", typ: "cluster:", id: "ClusterIdentifier", name: "ClusterIdentifier",
	links: []link{inVPC,
		{path: "VpcSecurityGroups/*/VpcSecurityGroupId", kind: graph.EdgeUses, to: toGroup},
		{path: "ClusterSubnetGroupName", kind: graph.EdgeUses, to: to(warehouseSubnets)},
		{path: "IamRoles/*/IamRoleArn", kind: graph.EdgeUses, to: byID},
		{path: "MasterPasswordSecretArn", kind: graph.EdgeSecretOf, to: byID, in: true},
		{path: "KmsKeyId", kind: graph.EdgeEncryptedBy, to: key}},
}

var warehouseSubnets = &spec{
	kind: graph.KindSubnetGroup, service: "redshift", typ: "subnetgroup:", id: "ClusterSubnetGroupName", name: "ClusterSubnetGroupName",
	links: []link{inVPC, {path: "Subnets/*/SubnetIdentifier", kind: graph.EdgeUses, to: toSubnet}},
}

var searchDomain = &spec{
	kind: graph.KindSearchDomain, service: "es", typ: "domain/", arn: "ARN", id: "DomainName", name: "DomainName",
	links: []link{
		{path: "VPCOptions/VPCId", kind: graph.EdgeContains, to: toVPC, in: true},
		{path: "VPCOptions/SubnetIds/*", kind: graph.EdgeUses, to: toSubnet},
		{path: "VPCOptions/SecurityGroupIds/*", kind: graph.EdgeUses, to: toGroup},
		{path: "EncryptionAtRestOptions/KmsKeyId", kind: graph.EdgeEncryptedBy, to: key}},
	facts: []fact{{"AccessPolicies", graph.PropPolicy, readPolicy}},
}

var cacheLinks = []link{
	{path: "SecurityGroups/*/SecurityGroupId", kind: graph.EdgeUses, to: toGroup},
	{path: "CacheSubnetGroupName", kind: graph.EdgeUses, to: to(cacheSubnets)},
	{path: "KmsKeyId", kind: graph.EdgeEncryptedBy, to: key},
}

var replicationGroup = &spec{
	kind: graph.KindCache, service: "elasticache", typ: "replicationgroup:", arn: "ARN", id: "ReplicationGroupId", name: "ReplicationGroupId",
	links: cacheLinks,
}

var cacheSubnets = &spec{
	kind: graph.KindSubnetGroup, service: "elasticache", typ: "subnetgroup:", arn: "ARN", id: "CacheSubnetGroupName", name: "CacheSubnetGroupName",
	links: []link{inVPC, {path: "Subnets/*/SubnetIdentifier", kind: graph.EdgeUses, to: toSubnet}},
}

var fileSystem = &spec{
	kind: graph.KindFileSystem, service: "elasticfilesystem", typ: "file-system/", arn: "FileSystemArn", id: "FileSystemId", name: "Name",
	owner: "OwnerId", anywhere: true,
	links: []link{{path: "KmsKeyId", kind: graph.EdgeEncryptedBy, to: key}},
}

var repository = &spec{
	kind: graph.KindRepository, service: "ecr", typ: "repository/", arn: "repositoryArn", id: "repositoryName", name: "repositoryName", owner: "registryId", tags: "tags",
	links: []link{{path: "encryptionConfiguration/kmsKey", kind: graph.EdgeEncryptedBy, to: key}},
}

var backupVault = &spec{
	kind: graph.KindBackupVault, service: "backup", typ: "backup-vault:", arn: "BackupVaultArn", id: "BackupVaultName", name: "BackupVaultName",
	links: []link{{path: "EncryptionKeyArn", kind: graph.EdgeEncryptedBy, to: key}},
}
