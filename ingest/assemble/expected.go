package assemble

// kind is something that an estate may have and a source may lack: the
// operations, any of which reads it.
type kind []Operation

func anyOf(service string, names ...string) kind {
	var k kind
	for _, name := range names {
		k = append(k, Operation{Service: service, Name: name})
	}
	return k
}

func (k kind) or(service string, names ...string) kind { return append(k, anyOf(service, names...)...) }

// expected are the kinds of data that decisions rest on. The first operation
// stands for the kind in a gap.
var expected = []kind{
	anyOf("organizations", "DescribeOrganization"),
	anyOf("organizations", "ListAccounts"),
	anyOf("organizations", "ListPolicies", "DescribePolicy", "ListPoliciesForTarget"),
	anyOf("iam", "GetAccountAuthorizationDetails", "ListUsers", "ListRoles"),
	anyOf("iam", "GetCredentialReport", "ListAccessKeys"),
	anyOf("iam", "ListSAMLProviders"), anyOf("iam", "ListOpenIDConnectProviders"),

	anyOf("s3", "ListBuckets"), anyOf("s3", "GetBucketPolicy"), anyOf("s3", "GetBucketAcl"), anyOf("s3", "GetPublicAccessBlock"),
	anyOf("s3", "GetBucketOwnershipControls"), anyOf("s3", "GetBucketEncryption"), anyOf("s3", "GetBucketLocation"),
	anyOf("s3control", "GetPublicAccessBlock"), anyOf("s3control", "ListAccessPoints"),

	anyOf("ec2", "DescribeVpcs"), anyOf("ec2", "DescribeSubnets"), anyOf("ec2", "DescribeRouteTables"),
	anyOf("ec2", "DescribeInternetGateways"), anyOf("ec2", "DescribeEgressOnlyInternetGateways"), anyOf("ec2", "DescribeNatGateways"),
	anyOf("ec2", "DescribeNetworkAcls"), anyOf("ec2", "DescribeSecurityGroups"),
	anyOf("ec2", "DescribeManagedPrefixLists", "DescribePrefixLists", "GetManagedPrefixListEntries"),
	anyOf("ec2", "DescribeNetworkInterfaces"), anyOf("ec2", "DescribeAddresses"), anyOf("ec2", "DescribeVpcPeeringConnections"),
	anyOf("ec2", "DescribeTransitGateways", "DescribeTransitGatewayAttachments"), anyOf("ec2", "DescribeVpcEndpoints"),
	anyOf("ec2", "DescribeVpcEndpointServiceConfigurations"), anyOf("ec2", "DescribeVpnConnections"), anyOf("ec2", "DescribeVpnGateways"),
	anyOf("ec2", "DescribeVpcBlockPublicAccessOptions"),
	anyOf("ec2", "DescribeInstances"), anyOf("ec2", "DescribeInstanceAttribute"), anyOf("ec2", "DescribeVolumes"),
	anyOf("ec2", "DescribeSnapshots"), anyOf("ec2", "DescribeSnapshotAttribute"), anyOf("ec2", "DescribeImages"), anyOf("ec2", "DescribeImageAttribute"),
	anyOf("elbv2", "DescribeLoadBalancers"), anyOf("elbv2", "DescribeListeners"), anyOf("elbv2", "DescribeTargetGroups"),
	anyOf("elbv2", "DescribeTargetHealth"), anyOf("elb", "DescribeLoadBalancers"),

	anyOf("lambda", "ListFunctions"), anyOf("lambda", "GetPolicy"), anyOf("lambda", "GetFunctionUrlConfig", "ListFunctionUrlConfigs"),
	anyOf("ecs", "DescribeTasks"), anyOf("ecs", "DescribeServices"), anyOf("ecs", "DescribeTaskDefinition"),
	anyOf("eks", "DescribeCluster"), anyOf("apprunner", "ListServices", "DescribeService"), anyOf("codebuild", "BatchGetProjects", "ListProjects"),
	anyOf("autoscaling", "DescribeAutoScalingGroups"),

	anyOf("kms", "ListKeys", "DescribeKey"), anyOf("kms", "GetKeyPolicy"), anyOf("kms", "ListGrants"), anyOf("kms", "ListAliases"),
	anyOf("secretsmanager", "ListSecrets"), anyOf("secretsmanager", "GetResourcePolicy"), anyOf("ssm", "DescribeParameters"),
	anyOf("rds", "DescribeDBInstances"), anyOf("rds", "DescribeDBClusters"), anyOf("rds", "DescribeDBSnapshots"),
	anyOf("rds", "DescribeDBSnapshotAttributes"), anyOf("rds", "DescribeDBClusterSnapshots"), anyOf("rds", "DescribeDBClusterSnapshotAttributes"),
	anyOf("dynamodb", "DescribeTable", "ListTables"), anyOf("dynamodb", "GetResourcePolicy"),
	anyOf("sqs", "GetQueueAttributes", "ListQueues"), anyOf("sns", "GetTopicAttributes", "ListTopics"),
	anyOf("ecr", "DescribeRepositories"), anyOf("ecr", "GetRepositoryPolicy"), anyOf("redshift", "DescribeClusters"),
	anyOf("opensearch", "DescribeDomains", "ListDomainNames").or("es", "DescribeElasticsearchDomain", "ListDomainNames", "DescribeElasticsearchDomains"),
	anyOf("kafka", "ListClusters", "ListClustersV2"), anyOf("mq", "ListBrokers", "DescribeBroker"),
	anyOf("elasticache", "DescribeCacheClusters", "DescribeReplicationGroups"), anyOf("efs", "DescribeFileSystems"),
	anyOf("efs", "DescribeFileSystemPolicy"), anyOf("apigateway", "GetRestApis"), anyOf("apigatewayv2", "GetApis"),
	anyOf("cloudfront", "ListDistributions"), anyOf("appsync", "ListGraphqlApis"), anyOf("directconnect", "DescribeDirectConnectGateways"),
}

// NotCollected returns, for every kind of data that none of the operations
// read ("service Operation") is about, the operation that stands for it.
func NotCollected(read map[string]bool) []Operation {
	var missing []Operation
	for _, k := range expected {
		if !k.in(read) {
			missing = append(missing, k[0])
		}
	}
	return missing
}

func (k kind) in(read map[string]bool) bool {
	for _, op := range k {
		if read[op.Service+" "+op.Name] {
			return true
		}
	}
	return false
}

// collected reports whether the kind that an operation stands for was read
// after all, by this or another of its operations.
func collected(service, operation string, read map[string]bool) bool {
	for _, k := range expected {
		if k[0].Service == service && k[0].Name == operation {
			return k.in(read)
		}
	}
	return read[service+" "+operation]
}
