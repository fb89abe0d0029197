package assemble

import "github.com/cairn-security/cairn/graph"

var workloadOperations = []operation{
	names("eks", "ListClusters", "clusters/*", eksCluster),
	{service: "eks", name: "DescribeCluster", params: []string{"name"}, about: param("name", to(eksCluster)), items: []list{{"cluster/*", eksCluster}}},
	{service: "eks", name: "ListNodegroups", params: []string{"clusterName"}},
	perResource("eks", "DescribeNodegroup", "clusterName", eksCluster, fact{"nodegroup/nodeRole", "", uses(byID)}),
	perResource("eks", "ListAccessEntries", "clusterName", eksCluster, fact{"accessEntries/*", "", func(c *call, of node, _ string, v []byte) {
		refers(byID)(c, of, "", v)
	}}),

	describe("apprunner", "ListServices", "ServiceSummaryList/*", plain(appService)),
	{service: "apprunner", name: "DescribeService", params: []string{"ServiceArn"}, items: []list{{"Service/*", appService}}},

	names("codebuild", "ListProjects", "projects/*", buildProject),
	{service: "codebuild", name: "BatchGetProjects", params: []string{"names"}, items: []list{{"projects/*", buildProject}}},

	describe("sagemaker", "ListNotebookInstances", "NotebookInstances/*", plain(notebook)),
	{service: "sagemaker", name: "DescribeNotebookInstance", params: []string{"NotebookInstanceName"}, items: []list{{".", notebook}}},

	{service: "autoscaling", name: "DescribeAutoScalingGroups"},
	{service: "autoscaling", name: "DescribeLaunchConfigurations"},
}

// uses and refers link what a call is about with what a value names.
func uses(to target) func(*call, node, string, []byte) { return linked(graph.EdgeUses, to) }

func refers(to target) func(*call, node, string, []byte) { return linked(graph.EdgeRefers, to) }

func linked(kind graph.EdgeKind, to target) func(*call, node, string, []byte) {
	return func(c *call, of node, _ string, value []byte) {
		c.follow(link{kind: kind, to: to}, of, value)
	}
}

var eksCluster = &spec{
	kind: graph.KindCluster, service: "eks", typ: "cluster/", arn: "arn", id: "name", name: "name", tags: "tags",
	links: []link{
		{path: "roleArn", kind: graph.EdgeUses, to: byID}, // what the control plane runs as, not the workloads
		{path: "resourcesVpcConfig/vpcId", kind: graph.EdgeContains, to: toVPC, in: true},
		{path: "resourcesVpcConfig/subnetIds/*", kind: graph.EdgeUses, to: toSubnet},
		{path: "resourcesVpcConfig/securityGroupIds/*", kind: graph.EdgeUses, to: toGroup},
		{path: "resourcesVpcConfig/clusterSecurityGroupId", kind: graph.EdgeUses, to: toGroup},
		{path: "encryptionConfig/*/provider/keyArn", kind: graph.EdgeEncryptedBy, to: key}},
}

var appService = &spec{
	kind: graph.KindAppService, service: "apprunner", arn: "ServiceArn", name: "ServiceName",
	links: []link{
		{path: "InstanceConfiguration/InstanceRoleArn", kind: graph.EdgeHasRole, to: byID},
		{path: "EncryptionConfiguration/KmsKey", kind: graph.EdgeEncryptedBy, to: key}},
	facts: []fact{
		{"SourceConfiguration/ImageRepository/ImageConfiguration/RuntimeEnvironmentVariables", graph.PropEnvironment, nil},
		{"SourceConfiguration/CodeRepository/CodeConfiguration/CodeConfigurationValues/RuntimeEnvironmentVariables", graph.PropEnvironment, nil}},
}

var buildProject = &spec{
	kind: graph.KindBuild, service: "codebuild", typ: "project/", arn: "arn", id: "name", name: "name", tags: "tags",
	links: []link{
		{path: "serviceRole", kind: graph.EdgeHasRole, to: role},
		{path: "vpcConfig/vpcId", kind: graph.EdgeUses, to: toVPC},
		{path: "vpcConfig/subnets/*", kind: graph.EdgeUses, to: toSubnet},
		{path: "vpcConfig/securityGroupIds/*", kind: graph.EdgeUses, to: toGroup},
		{path: "encryptionKey", kind: graph.EdgeEncryptedBy, to: key}},
	each: func(c *call, n node, item []byte) { variableNames(c, n, item, "environment/environmentVariables/*") },
}

var notebook = &spec{
	kind: graph.KindNotebook, service: "sagemaker", typ: "notebook-instance/", arn: "NotebookInstanceArn", id: "NotebookInstanceName", name: "NotebookInstanceName",
	links: []link{inSubnet,
		{path: "RoleArn", kind: graph.EdgeHasRole, to: byID},
		{path: "SecurityGroups/*", kind: graph.EdgeUses, to: toGroup},
		{path: "NetworkInterfaceId", kind: graph.EdgeUses, to: toInterface},
		{path: "KmsKeyId", kind: graph.EdgeEncryptedBy, to: key}},
}
