package aws

import (
	"context"
	"slices"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
	"github.com/aws/aws-sdk-go-v2/service/codebuild/types"

	"github.com/cairn-security/cairn/graph/sit"
)

// buildAPI reads build projects.
type buildAPI interface {
	ListProjects(context.Context, *codebuild.ListProjectsInput, ...func(*codebuild.Options)) (*codebuild.ListProjectsOutput, error)
	BatchGetProjects(context.Context, *codebuild.BatchGetProjectsInput, ...func(*codebuild.Options)) (*codebuild.BatchGetProjectsOutput, error)
}

func codebuildService(o *Options) service {
	return newService(o, "codebuild", regional, func(cfg sdk.Config) buildAPI { return codebuild.NewFromConfig(cfg) }, buildTable)
}

var buildTable = []row[buildAPI]{
	list("ListProjects", buildAPI.ListProjects),
	each("BatchGetProjects", buildAPI.BatchGetProjects,
		from("ListProjects", func(o *codebuild.ListProjectsOutput) (in []*codebuild.BatchGetProjectsInput) {
			for names := range slices.Chunk(o.Projects, projectsPerCall) {
				in = append(in, &codebuild.BatchGetProjectsInput{Names: names})
			}
			return in
		})).scrub(scrubProjects),
}

// projectsPerCall is how many projects one call describes at most.
const projectsPerCall = 100

// scrubProjects empties environments and records what they, and build
// specifications that stand in the project, give away.
func scrubProjects(u *unit, _ *codebuild.BatchGetProjectsInput, out *codebuild.BatchGetProjectsOutput) error {
	for i := range out.Projects {
		p := &out.Projects[i]
		found := finds{scrubber: u.j.scrubber}
		if p.Environment != nil {
			found.buildVariables(p.Environment.EnvironmentVariables)
		}
		if p.Source != nil {
			p.Source.Auth = nil
			p.Source.Buildspec = found.word("buildspec", p.Source.Buildspec)
		}
		u.foundIn(sdk.ToString(p.Arn), found)
	}
	return nil
}

// buildVariables searches a project's variables and drops their values. A value
// may be the name of the secret or parameter that holds it.
func (f *finds) buildVariables(variables []types.EnvironmentVariable) {
	values := map[string]string{}
	for i := range variables {
		v := &variables[i]
		name, value := sdk.ToString(v.Name), sdk.ToString(v.Value)
		v.Value = sdk.String("")
		switch v.Type {
		case types.EnvironmentVariableTypeSecretsManager, types.EnvironmentVariableTypeParameterStore:
			f.list = append(f.list, sit.Credential{Kind: sit.SecretRef, Locator: value, FoundAt: "environment#" + name})
		default:
			values[name] = value
		}
	}
	f.variables("environment", values)
}
