package aws

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apprunner"
)

// appAPI reads App Runner services.
type appAPI interface {
	ListServices(context.Context, *apprunner.ListServicesInput, ...func(*apprunner.Options)) (*apprunner.ListServicesOutput, error)
	DescribeService(context.Context, *apprunner.DescribeServiceInput, ...func(*apprunner.Options)) (*apprunner.DescribeServiceOutput, error)
}

func apprunnerService(o *Options) service {
	return newService(o, "apprunner", regional, func(cfg sdk.Config) appAPI { return apprunner.NewFromConfig(cfg) }, appTable)
}

var appTable = []row[appAPI]{
	list("ListServices", appAPI.ListServices),
	each("DescribeService", appAPI.DescribeService,
		from("ListServices", func(o *apprunner.ListServicesOutput) (in []*apprunner.DescribeServiceInput) {
			for _, s := range o.ServiceSummaryList {
				in = append(in, &apprunner.DescribeServiceInput{ServiceArn: s.ServiceArn})
			}
			return in
		})).scrub(scrubAppService),
}

// scrubAppService empties the environment and records what it, and the start
// command, give away.
func scrubAppService(u *unit, _ *apprunner.DescribeServiceInput, out *apprunner.DescribeServiceOutput) error {
	if out.Service == nil || out.Service.SourceConfiguration == nil {
		return nil
	}
	found := finds{scrubber: u.j.scrubber}
	source := out.Service.SourceConfiguration
	if r := source.ImageRepository; r != nil && r.ImageConfiguration != nil {
		c := r.ImageConfiguration
		found.variables("environment", c.RuntimeEnvironmentVariables)
		blank(c.RuntimeEnvironmentVariables)
		c.StartCommand = found.word("start command", c.StartCommand)
	}
	if r := source.CodeRepository; r != nil && r.CodeConfiguration != nil && r.CodeConfiguration.CodeConfigurationValues != nil {
		c := r.CodeConfiguration.CodeConfigurationValues
		found.variables("environment", c.RuntimeEnvironmentVariables)
		blank(c.RuntimeEnvironmentVariables)
		c.StartCommand = found.word("start command", c.StartCommand)
		c.BuildCommand = found.word("build command", c.BuildCommand)
	}
	u.foundIn(sdk.ToString(out.Service.ServiceArn), found)
	return nil
}
