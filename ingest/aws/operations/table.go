package operations

// reads lists operations that need the IAM action of their own name.
func reads(prefix string, names ...string) []Operation {
	ops := make([]Operation, len(names))
	for i, name := range names {
		ops[i] = Operation{Name: name, Block: Metadata, Actions: []string{prefix + ":" + name}}
	}
	return ops
}

// as is an operation whose IAM actions are named differently.
func as(name string, block Block, actions ...string) Operation {
	return Operation{Name: name, Block: block, Actions: actions}
}

func service(name, id, prefix string, ops []Operation, more ...Operation) Service {
	return Service{Name: name, ID: id, Prefix: prefix, Operations: append(ops, more...)}
}

// services is the allow-list. IAM actions are those of the service
// authorization reference
// (https://docs.aws.amazon.com/service-authorization/latest/reference/).
var services = []Service{
	service("apigateway", "API Gateway", "apigateway", nil,
		as("GetRestApis", Metadata, "apigateway:GET"),
		as("GetResources", Metadata, "apigateway:GET"),
		as("GetStages", Metadata, "apigateway:GET")),
	service("apigatewayv2", "ApiGatewayV2", "apigateway", nil,
		as("GetApis", Metadata, "apigateway:GET"),
		as("GetRoutes", Metadata, "apigateway:GET"),
		as("GetIntegrations", Metadata, "apigateway:GET"),
		as("GetStages", Metadata, "apigateway:GET")),
	service("apprunner", "AppRunner", "apprunner", reads("apprunner", "ListServices", "DescribeService")),
	service("appsync", "AppSync", "appsync", reads("appsync", "ListGraphqlApis", "ListDataSources")),
	service("cloudfront", "CloudFront", "cloudfront", reads("cloudfront",
		"ListDistributions", "ListOriginAccessControls")),
	service("codebuild", "CodeBuild", "codebuild", reads("codebuild", "ListProjects", "BatchGetProjects")),
	service("directconnect", "Direct Connect", "directconnect", reads("directconnect",
		"DescribeDirectConnectGateways", "DescribeDirectConnectGatewayAssociations",
		"DescribeDirectConnectGatewayAttachments", "DescribeVirtualInterfaces")),
	service("dynamodb", "DynamoDB", "dynamodb", reads("dynamodb",
		"ListTables", "DescribeTable", "GetResourcePolicy", "ListTagsOfResource")),
	service("ec2", "EC2", "ec2", reads("ec2",
		"DescribeRegions",
		"DescribeVpcs", "DescribeSubnets", "DescribeRouteTables", "DescribeInternetGateways",
		"DescribeEgressOnlyInternetGateways", "DescribeNatGateways", "DescribeNetworkAcls",
		"DescribeSecurityGroups", "DescribeManagedPrefixLists", "GetManagedPrefixListEntries",
		"DescribeNetworkInterfaces", "DescribeAddresses", "DescribeVpcPeeringConnections",
		"DescribeTransitGateways", "DescribeTransitGatewayAttachments",
		"DescribeTransitGatewayVpcAttachments", "DescribeTransitGatewayPeeringAttachments",
		"DescribeTransitGatewayRouteTables", "GetTransitGatewayRouteTableAssociations",
		"GetTransitGatewayRouteTablePropagations", "SearchTransitGatewayRoutes",
		"DescribeTransitGatewayPolicyTables",
		"DescribeVpcEndpoints", "DescribeVpcEndpointServiceConfigurations",
		"DescribeVpcEndpointServicePermissions", "DescribeVpnConnections", "DescribeVpnGateways",
		"DescribeCustomerGateways", "DescribeVpcBlockPublicAccessOptions",
		"DescribeVpcBlockPublicAccessExclusions", "DescribeInstances",
		"DescribeIamInstanceProfileAssociations", "DescribeLaunchTemplates",
		"DescribeVolumes", "DescribeSnapshots",
		"DescribeSnapshotAttribute", "DescribeImages", "DescribeImageAttribute",
		"GetEbsEncryptionByDefault", "GetSnapshotBlockPublicAccessState",
		"GetImageBlockPublicAccessState"),
		// Both replies carry user data, which is content.
		as("DescribeInstanceAttribute", Data, "ec2:DescribeInstanceAttribute"),
		as("DescribeLaunchTemplateVersions", Data, "ec2:DescribeLaunchTemplateVersions")),
	service("ecr", "ECR", "ecr", reads("ecr",
		"DescribeRepositories", "GetRepositoryPolicy", "GetRegistryPolicy", "ListTagsForResource")),
	service("ecs", "ECS", "ecs", reads("ecs",
		"ListClusters", "DescribeClusters", "ListServices", "DescribeServices", "ListTasks",
		"DescribeTasks", "DescribeTaskDefinition")),
	service("efs", "EFS", "elasticfilesystem", reads("elasticfilesystem",
		"DescribeFileSystems", "DescribeFileSystemPolicy", "DescribeMountTargets")),
	service("eks", "EKS", "eks", reads("eks",
		"ListClusters", "DescribeCluster", "ListNodegroups", "DescribeNodegroup", "ListAccessEntries")),
	service("elasticache", "ElastiCache", "elasticache", reads("elasticache",
		"DescribeCacheClusters", "DescribeReplicationGroups", "DescribeServerlessCaches",
		"DescribeCacheSubnetGroups")),
	service("elb", "Elastic Load Balancing", "elasticloadbalancing", reads("elasticloadbalancing",
		"DescribeLoadBalancers", "DescribeLoadBalancerAttributes")),
	service("elbv2", "Elastic Load Balancing v2", "elasticloadbalancing", reads("elasticloadbalancing",
		"DescribeLoadBalancers", "DescribeLoadBalancerAttributes", "DescribeListeners",
		"DescribeRules", "DescribeTargetGroups", "DescribeTargetGroupAttributes",
		"DescribeTargetHealth")),
	service("globalaccelerator", "Global Accelerator", "globalaccelerator", reads("globalaccelerator",
		"ListAccelerators", "ListListeners", "ListEndpointGroups")),
	service("iam", "IAM", "iam", reads("iam",
		"GetAccountAuthorizationDetails", "GetAccountSummary", "ListAccountAliases",
		"GetAccountPasswordPolicy", "ListSAMLProviders", "GetSAMLProvider",
		"ListOpenIDConnectProviders", "GetOpenIDConnectProvider", "ListVirtualMFADevices",
		"ListAccessKeys", "GetAccessKeyLastUsed", "GenerateCredentialReport",
		"GetCredentialReport")),
	service("kafka", "Kafka", "kafka", reads("kafka", "ListClustersV2", "GetClusterPolicy")),
	service("kms", "KMS", "kms", reads("kms",
		"ListKeys", "ListAliases", "DescribeKey", "GetKeyPolicy", "ListGrants",
		"GetKeyRotationStatus", "ListResourceTags")),
	service("lambda", "Lambda", "lambda", reads("lambda",
		"ListFunctions", "GetPolicy", "GetFunctionUrlConfig", "ListEventSourceMappings")),
	service("mq", "mq", "mq", reads("mq", "ListBrokers", "DescribeBroker")),
	service("opensearch", "OpenSearch", "es", reads("es", "ListDomainNames", "DescribeDomains", "ListTags")),
	service("organizations", "Organizations", "organizations", reads("organizations",
		"DescribeOrganization", "ListAccounts", "ListRoots", "ListOrganizationalUnitsForParent",
		"ListAccountsForParent", "ListPolicies", "DescribePolicy", "ListTargetsForPolicy",
		"ListDelegatedAdministrators", "ListTagsForResource")),
	service("rds", "RDS", "rds", reads("rds",
		"DescribeDBInstances", "DescribeDBClusters", "DescribeDBSnapshots",
		"DescribeDBSnapshotAttributes", "DescribeDBClusterSnapshots",
		"DescribeDBClusterSnapshotAttributes", "DescribeDBSubnetGroups", "DescribeDBProxies",
		"DescribeExportTasks")),
	service("redshift", "Redshift", "redshift", reads("redshift",
		"DescribeClusters", "DescribeClusterSubnetGroups", "DescribeClusterSnapshots")),
	service("redshift-serverless", "Redshift Serverless", "redshift-serverless", reads("redshift-serverless",
		"ListWorkgroups")),
	service("s3", "S3", "s3", reads("s3",
		"GetBucketLocation", "GetBucketPolicy", "GetBucketAcl", "GetBucketOwnershipControls",
		"GetBucketVersioning", "GetBucketTagging", "GetBucketLogging", "GetBucketWebsite"),
		as("ListBuckets", Metadata, "s3:ListAllMyBuckets"),
		as("GetPublicAccessBlock", Metadata, "s3:GetBucketPublicAccessBlock"),
		as("GetBucketEncryption", Metadata, "s3:GetEncryptionConfiguration"),
		as("GetBucketReplication", Metadata, "s3:GetReplicationConfiguration"),
		as("ListObjectsV2", Data, "s3:ListBucket"),
		as("GetObjectAcl", Data, "s3:GetObjectAcl"),
		// Reading an object that a customer key encrypts needs the key too.
		as("GetObject", Data, "s3:GetObject", "kms:Decrypt")),
	service("s3control", "S3 Control", "s3", reads("s3",
		"ListAccessPoints", "GetAccessPoint", "GetAccessPointPolicy"),
		as("GetPublicAccessBlock", Metadata, "s3:GetAccountPublicAccessBlock")),
	service("secretsmanager", "Secrets Manager", "secretsmanager", reads("secretsmanager",
		"ListSecrets", "GetResourcePolicy")),
	service("sns", "SNS", "sns", reads("sns",
		"ListTopics", "GetTopicAttributes", "ListSubscriptions", "ListTagsForResource")),
	service("sqs", "SQS", "sqs", reads("sqs", "ListQueues", "GetQueueAttributes", "ListQueueTags")),
	service("ssm", "SSM", "ssm", reads("ssm", "DescribeParameters", "DescribeInstanceInformation", "ListTagsForResource")),
	service("sts", "STS", "sts", nil,
		as("GetCallerIdentity", Session),
		as("AssumeRole", Session, "sts:AssumeRole")),
}
