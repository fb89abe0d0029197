package aws

import (
	"context"
	"slices"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// ecsAPI reads what containers run, as whom and where.
type ecsAPI interface {
	ListClusters(context.Context, *ecs.ListClustersInput, ...func(*ecs.Options)) (*ecs.ListClustersOutput, error)
	DescribeClusters(context.Context, *ecs.DescribeClustersInput, ...func(*ecs.Options)) (*ecs.DescribeClustersOutput, error)
	ListServices(context.Context, *ecs.ListServicesInput, ...func(*ecs.Options)) (*ecs.ListServicesOutput, error)
	DescribeServices(context.Context, *ecs.DescribeServicesInput, ...func(*ecs.Options)) (*ecs.DescribeServicesOutput, error)
	ListTasks(context.Context, *ecs.ListTasksInput, ...func(*ecs.Options)) (*ecs.ListTasksOutput, error)
	DescribeTasks(context.Context, *ecs.DescribeTasksInput, ...func(*ecs.Options)) (*ecs.DescribeTasksOutput, error)
	DescribeTaskDefinition(context.Context, *ecs.DescribeTaskDefinitionInput, ...func(*ecs.Options)) (*ecs.DescribeTaskDefinitionOutput, error)
}

// How many resources one call describes at most.
const (
	servicesPerCall = 10
	tasksPerCall    = 100
	clustersPerCall = 100
)

func ecsService(o *Options) service {
	return newService(o, "ecs", regional, func(cfg sdk.Config) ecsAPI { return ecs.NewFromConfig(cfg) }, ecsTable)
}

var ecsTable = []row[ecsAPI]{
	list("ListClusters", ecsAPI.ListClusters),
	each("DescribeClusters", ecsAPI.DescribeClusters,
		from("ListClusters", func(o *ecs.ListClustersOutput) (in []*ecs.DescribeClustersInput) {
			for arns := range slices.Chunk(o.ClusterArns, clustersPerCall) {
				in = append(in, &ecs.DescribeClustersInput{Clusters: arns})
			}
			return in
		})),
	each("ListServices", ecsAPI.ListServices,
		from("ListClusters", func(o *ecs.ListClustersOutput) (in []*ecs.ListServicesInput) {
			for _, arn := range o.ClusterArns {
				in = append(in, &ecs.ListServicesInput{Cluster: sdk.String(arn), MaxResults: sdk.Int32(100)})
			}
			return in
		})),
	each("DescribeServices", ecsAPI.DescribeServices,
		along("ListServices", func(asked *ecs.ListServicesInput, o *ecs.ListServicesOutput) (in []*ecs.DescribeServicesInput) {
			for arns := range slices.Chunk(o.ServiceArns, servicesPerCall) {
				in = append(in, &ecs.DescribeServicesInput{Cluster: asked.Cluster, Services: arns})
			}
			return in
		})),
	each("ListTasks", ecsAPI.ListTasks,
		from("ListClusters", func(o *ecs.ListClustersOutput) (in []*ecs.ListTasksInput) {
			for _, arn := range o.ClusterArns {
				in = append(in, &ecs.ListTasksInput{Cluster: sdk.String(arn)})
			}
			return in
		})),
	each("DescribeTasks", ecsAPI.DescribeTasks,
		along("ListTasks", func(asked *ecs.ListTasksInput, o *ecs.ListTasksOutput) (in []*ecs.DescribeTasksInput) {
			for arns := range slices.Chunk(o.TaskArns, tasksPerCall) {
				in = append(in, &ecs.DescribeTasksInput{Cluster: asked.Cluster, Tasks: arns})
			}
			return in
		})).scrub(scrubTasks),
	// Only definitions that something runs; an account can hold a hundred
	// thousand old revisions.
	each("DescribeTaskDefinition", ecsAPI.DescribeTaskDefinition,
		from("DescribeServices", func(o *ecs.DescribeServicesOutput) (in []*ecs.DescribeTaskDefinitionInput) {
			for _, s := range o.Services {
				in = appendDefinition(in, s.TaskDefinition)
			}
			return in
		}),
		from("DescribeTasks", func(o *ecs.DescribeTasksOutput) (in []*ecs.DescribeTaskDefinitionInput) {
			for _, t := range o.Tasks {
				in = appendDefinition(in, t.TaskDefinitionArn)
			}
			return in
		})).scrub(scrubDefinition),
}

func appendDefinition(in []*ecs.DescribeTaskDefinitionInput, arn *string) []*ecs.DescribeTaskDefinitionInput {
	if sdk.ToString(arn) == "" {
		return in
	}
	return append(in, &ecs.DescribeTaskDefinitionInput{TaskDefinition: arn})
}

// scrubDefinition empties environments and records what they, and the command
// lines, give away. Command lines that hold a credential are dropped.
func scrubDefinition(u *unit, _ *ecs.DescribeTaskDefinitionInput, out *ecs.DescribeTaskDefinitionOutput) error {
	if out.TaskDefinition == nil {
		return nil
	}
	found := finds{scrubber: u.j.scrubber}
	for i := range out.TaskDefinition.ContainerDefinitions {
		c := &out.TaskDefinition.ContainerDefinitions[i]
		at := "container " + sdk.ToString(c.Name)
		found.environment(at, c.Environment)
		c.Command = found.words(at+" command", c.Command)
		c.EntryPoint = found.words(at+" entry point", c.EntryPoint)
		if c.HealthCheck != nil {
			c.HealthCheck.Command = found.words(at+" health check", c.HealthCheck.Command)
		}
	}
	u.credentials(sdk.ToString(out.TaskDefinition.TaskDefinitionArn), found.list)
	return nil
}

// scrubTasks does the same for what tasks were started with.
func scrubTasks(u *unit, _ *ecs.DescribeTasksInput, out *ecs.DescribeTasksOutput) error {
	for i := range out.Tasks {
		t := &out.Tasks[i]
		if t.Overrides == nil || len(t.Overrides.ContainerOverrides) == 0 {
			continue
		}
		found := finds{scrubber: u.j.scrubber}
		for k := range t.Overrides.ContainerOverrides {
			c := &t.Overrides.ContainerOverrides[k]
			at := "override of " + sdk.ToString(c.Name)
			found.environment(at, c.Environment)
			c.Command = found.words(at+" command", c.Command)
		}
		if len(found.list) > 0 {
			u.credentials(sdk.ToString(t.TaskArn), found.list)
		}
	}
	return nil
}

// environment searches a container's variables and drops their values.
func (f *finds) environment(at string, variables []ecstypes.KeyValuePair) {
	values := make(map[string]string, len(variables))
	for i := range variables {
		values[sdk.ToString(variables[i].Name)] = sdk.ToString(variables[i].Value)
		variables[i].Value = sdk.String("")
	}
	f.variables(at+" environment", values)
}
