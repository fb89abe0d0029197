package aws

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

// lambdaAPI reads functions and who may call them; never their code.
type lambdaAPI interface {
	ListFunctions(context.Context, *lambda.ListFunctionsInput, ...func(*lambda.Options)) (*lambda.ListFunctionsOutput, error)
	GetPolicy(context.Context, *lambda.GetPolicyInput, ...func(*lambda.Options)) (*lambda.GetPolicyOutput, error)
	GetFunctionUrlConfig(context.Context, *lambda.GetFunctionUrlConfigInput, ...func(*lambda.Options)) (*lambda.GetFunctionUrlConfigOutput, error)
	ListEventSourceMappings(context.Context, *lambda.ListEventSourceMappingsInput, ...func(*lambda.Options)) (*lambda.ListEventSourceMappingsOutput, error)
}

// notFound is how Lambda says that a function has no policy or no URL.
const notFound = "ResourceNotFoundException"

func lambdaService(o *Options) service {
	return newService(o, "lambda", regional, func(cfg sdk.Config) lambdaAPI { return lambda.NewFromConfig(cfg) }, lambdaTable)
}

var lambdaTable = []row[lambdaAPI]{
	list("ListFunctions", lambdaAPI.ListFunctions).scrub(scrubFunctions),
	list("ListEventSourceMappings", lambdaAPI.ListEventSourceMappings),
	each("GetPolicy", lambdaAPI.GetPolicy,
		from("ListFunctions", func(o *lambda.ListFunctionsOutput) (in []*lambda.GetPolicyInput) {
			for _, f := range o.Functions {
				in = append(in, &lambda.GetPolicyInput{FunctionName: f.FunctionName})
			}
			return in
		})).empty(notFound),
	each("GetFunctionUrlConfig", lambdaAPI.GetFunctionUrlConfig,
		from("ListFunctions", func(o *lambda.ListFunctionsOutput) (in []*lambda.GetFunctionUrlConfigInput) {
			for _, f := range o.Functions {
				in = append(in, &lambda.GetFunctionUrlConfigInput{FunctionName: f.FunctionName})
			}
			return in
		})).empty(notFound),
}

// scrubFunctions empties the environments and records what they give away.
func scrubFunctions(u *unit, _ *lambda.ListFunctionsInput, out *lambda.ListFunctionsOutput) error {
	for _, f := range out.Functions {
		if f.Environment == nil || len(f.Environment.Variables) == 0 {
			continue
		}
		_, found := u.j.scrubber.Environment(f.Environment.Variables, "environment")
		u.credentials(sdk.ToString(f.FunctionArn), found)
		blank(f.Environment.Variables)
	}
	return nil
}
