package assemble

import (
	"strings"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/ingest/fields"
)

var ecsOperations = []operation{
	{service: "ecs", name: "ListClusters"},
	{service: "ecs", name: "DescribeClusters", params: []string{"clusters"}},
	{service: "ecs", name: "ListServices", params: []string{"cluster"}},
	{service: "ecs", name: "ListTasks", params: []string{"cluster"}},
	{service: "ecs", name: "ListTaskDefinitions"},
	{service: "ecs", name: "ListContainerInstances", params: []string{"cluster"}},
	{service: "ecs", name: "DescribeContainerInstances", params: []string{"cluster", "containerInstances"}, handle: containerInstances},
	{service: "ecs", name: "DescribeServices", params: []string{"cluster", "services"}, items: []list{{"services/*", containerService}}},
	{service: "ecs", name: "DescribeTasks", params: []string{"cluster", "tasks"}, items: []list{{"tasks/*", task}}},
	{service: "ecs", name: "DescribeTaskDefinition", params: []string{"taskDefinition"}, items: []list{{"taskDefinition/*", taskDefinition}}},
}

var task = &spec{
	kind: graph.KindTask, service: "ecs", arn: "taskArn", name: "group", tags: "tags",
	links: []link{
		{path: "overrides/taskRoleArn", kind: graph.EdgeHasRole, to: role},
		{path: "overrides/executionRoleArn", kind: graph.EdgeUses, to: role},
		{path: "containerInstanceArn", kind: graph.EdgeAttachedTo, to: byContainerInstance}},
	facts: []fact{{"attachments/*/details/*", "", taskNetwork}},
	each: func(c *call, n node, item []byte) {
		name := strings.TrimPrefix(c.nodes[n].Node.Name, "family:")
		c.nodes[n].Node.Name = strings.TrimPrefix(name, "service:")
		definitionShape.Scan(item, func(_ int, v []byte) {
			definition := byID(c, fields.Text(v))
			c.link(n, definition, graph.EdgeUses)
			if definition != none {
				c.inherits = append(c.inherits, [2]node{n, definition})
			}
		})
		variableNames(c, n, item, "overrides/containerOverrides/*/environment/*")
	},
}

var definitionShape = fields.New("taskDefinitionArn")
var detailShape = fields.New("name", "value")

// taskNetwork links a task with its interface and the subnet it stands in.
func taskNetwork(c *call, of node, _ string, detail []byte) {
	var name, value string
	detailShape.Scan(detail, func(path int, v []byte) {
		if path == 0 {
			name = fields.Text(v)
		} else {
			value = fields.Text(v)
		}
	})
	switch name {
	case "networkInterfaceId":
		c.link(toInterface(c, value), of, graph.EdgeAttachedTo)
	case "subnetId":
		c.link(toSubnet(c, value), of, graph.EdgeContains)
	}
}

var taskDefinition = &spec{
	kind: graph.KindTaskDefinition, service: "ecs", arn: "taskDefinitionArn", name: "family", tags: "tags",
	links: []link{
		{path: "taskRoleArn", kind: graph.EdgeHasRole, to: role},
		{path: "executionRoleArn", kind: graph.EdgeUses, to: role},
		{path: "volumes/*/efsVolumeConfiguration/fileSystemId", kind: graph.EdgeUses, to: to(fileSystem)},
		{path: "containerDefinitions/*/secrets/*/valueFrom", kind: graph.EdgeRefers, to: secretReference},
		{path: "containerDefinitions/*/repositoryCredentials/credentialsParameter", kind: graph.EdgeRefers, to: secretReference}},
	each: func(c *call, n node, item []byte) {
		variableNames(c, n, item, "containerDefinitions/*/environment/*")
	},
}

// secretReference is a secret, named with the JSON key and version behind its
// ARN, or a parameter by ARN or name.
func secretReference(c *call, value string) node {
	if !strings.HasPrefix(value, "arn:") {
		return to(parameter)(c, value)
	}
	parts := strings.SplitN(value, ":", 8)
	if len(parts) == 8 && parts[2] == "secretsmanager" {
		value = strings.Join(parts[:7], ":")
	}
	return byID(c, value)
}

var containerService = &spec{
	kind: graph.KindContainerService, service: "ecs", arn: "serviceArn", name: "serviceName", tags: "tags",
	links: []link{
		{path: "taskDefinition", kind: graph.EdgeUses, to: byID},
		{path: "loadBalancers/*/targetGroupArn", kind: graph.EdgeTargets, to: byID, in: true},
		{path: "networkConfiguration/awsvpcConfiguration/subnets/*", kind: graph.EdgeUses, to: toSubnet},
		{path: "networkConfiguration/awsvpcConfiguration/securityGroups/*", kind: graph.EdgeUses, to: toGroup}},
}

var containerInstancesShape = fields.New("containerInstances/*")
var containerInstanceFields = fields.New("containerInstanceArn", "ec2InstanceId")

// containerInstances lets tasks find the instance behind a container instance.
func containerInstances(c *call, _ node) {
	containerInstancesShape.Scan(c.rec.Body, func(_ int, item []byte) {
		var name, id string
		containerInstanceFields.Scan(item, func(path int, v []byte) {
			if path == 0 {
				name = fields.Text(v)
			} else {
				id = fields.Text(v)
			}
		})
		if name != "" && id != "" {
			c.aliases = append(c.aliases, alias{toInstance(c, id), "ecs:" + name})
		}
	})
}

// byContainerInstance is the instance that a task runs on.
func byContainerInstance(c *call, name string) node { return c.byName(name, "ecs:"+name, false) }
