package ingest

// sensitives are the operations whose replies hold values, by "service
// Operation". What an operation's replies hold must stand here before the
// assembler learns to read it: only operations that it knows are kept.
var sensitives = map[string][]sensitive{
	"lambda ListFunctions": {{items: "Functions/*", node: "FunctionArn", variables: []string{"Environment/Variables"}}},
	"lambda GetFunction": {{items: ".", node: "Configuration/FunctionArn", variables: []string{"Configuration/Environment/Variables"},
		drop: []string{"Code/Location"}}}, // a presigned address of the code
	"lambda GetFunctionConfiguration": {{items: ".", node: "FunctionArn", variables: []string{"Environment/Variables"}}},

	"ecs DescribeTaskDefinition": {{items: "taskDefinition", node: "taskDefinitionArn",
		pairs: []string{"containerDefinitions/*/environment/*"},
		texts: []string{"containerDefinitions/*/command/*", "containerDefinitions/*/entryPoint/*", "containerDefinitions/*/healthCheck/command/*",
			"containerDefinitions/*/logConfiguration/options/splunk-token"}}},
	"ecs DescribeTasks": {{items: "tasks/*", node: "taskArn",
		pairs: []string{"overrides/containerOverrides/*/environment/*"}, texts: []string{"overrides/containerOverrides/*/command/*"}}},

	"ec2 DescribeInstanceAttribute":      {{items: ".", param: "InstanceId", typ: "instance/", encoded: []string{"UserData/Value"}}},
	"ec2 DescribeLaunchTemplateVersions": {{items: "LaunchTemplateVersions/*", node: "LaunchTemplateId", typ: "launch-template/", encoded: []string{"LaunchTemplateData/UserData"}}},
	// The configuration is XML with the pre-shared keys of the tunnels.
	"ec2 DescribeVpnConnections": {{items: "VpnConnections/*", drop: []string{"CustomerGatewayConfiguration", "Options/TunnelOptions/*/PreSharedKey"}}},

	"directconnect DescribeVirtualInterfaces": {{items: "virtualInterfaces/*", drop: []string{"authKey", "bgpPeers/*/authKey", "customerRouterConfig"}}},

	"autoscaling DescribeLaunchConfigurations": {{items: "LaunchConfigurations/*", node: "LaunchConfigurationARN", encoded: []string{"UserData"}}},
	"codebuild BatchGetProjects": {{items: "projects/*", node: "arn",
		pairs: []string{"environment/environmentVariables/*"}, texts: []string{"source/buildspec"}, drop: []string{"source/auth/resource"}}},
	"apprunner DescribeService": {{items: "Service", node: "ServiceArn", variables: []string{
		"SourceConfiguration/ImageRepository/ImageConfiguration/RuntimeEnvironmentVariables",
		"SourceConfiguration/CodeRepository/CodeConfiguration/CodeConfigurationValues/RuntimeEnvironmentVariables"}}},
	"cloudfront ListDistributions": {{items: "DistributionList/Items/*", node: "ARN",
		texts: []string{"Origins/Items/*/CustomHeaders/Items/*/HeaderValue"}}},
	"apigateway GetStages":      {{items: "item/*", param: "restApiId", variables: []string{"variables"}}},
	"apigatewayv2 GetStages":    {{items: "Items/*", param: "ApiId", variables: []string{"StageVariables"}}},
	"elbv2 DescribeListeners":   {{items: "Listeners/*", node: "ListenerArn", drop: []string{"DefaultActions/*/AuthenticateOidcConfig/ClientSecret"}}},
	"elbv2 DescribeRules":       {{items: "Rules/*", node: "RuleArn", drop: []string{"Actions/*/AuthenticateOidcConfig/ClientSecret"}}},
	"rds DescribeDBInstances":   {{items: "DBInstances/*", drop: []string{"PendingModifiedValues/MasterUserPassword"}}},
	"rds DescribeDBClusters":    {{items: "DBClusters/*", drop: []string{"PendingModifiedValues/MasterUserPassword"}}},
	"redshift DescribeClusters": {{items: "Clusters/*", drop: []string{"PendingModifiedValues/MasterUserPassword"}}},
}
