package aws

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
)

// httpAPI reads HTTP and WebSocket APIs and what they lead to.
type httpAPI interface {
	GetApis(context.Context, *apigatewayv2.GetApisInput, ...func(*apigatewayv2.Options)) (*apigatewayv2.GetApisOutput, error)
	GetRoutes(context.Context, *apigatewayv2.GetRoutesInput, ...func(*apigatewayv2.Options)) (*apigatewayv2.GetRoutesOutput, error)
	GetIntegrations(context.Context, *apigatewayv2.GetIntegrationsInput, ...func(*apigatewayv2.Options)) (*apigatewayv2.GetIntegrationsOutput, error)
	GetStages(context.Context, *apigatewayv2.GetStagesInput, ...func(*apigatewayv2.Options)) (*apigatewayv2.GetStagesOutput, error)
}

func apigatewayv2Service(o *Options) service {
	return newService(o, "apigatewayv2", regional, func(cfg sdk.Config) httpAPI { return apigatewayv2.NewFromConfig(cfg) }, httpTable)
}

var httpTable = []row[httpAPI]{
	list("GetApis", httpAPI.GetApis),
	each("GetRoutes", httpAPI.GetRoutes,
		from("GetApis", func(o *apigatewayv2.GetApisOutput) (in []*apigatewayv2.GetRoutesInput) {
			for _, a := range o.Items {
				in = append(in, &apigatewayv2.GetRoutesInput{ApiId: a.ApiId})
			}
			return in
		})),
	each("GetIntegrations", httpAPI.GetIntegrations,
		from("GetApis", func(o *apigatewayv2.GetApisOutput) (in []*apigatewayv2.GetIntegrationsInput) {
			for _, a := range o.Items {
				in = append(in, &apigatewayv2.GetIntegrationsInput{ApiId: a.ApiId})
			}
			return in
		})),
	each("GetStages", httpAPI.GetStages,
		from("GetApis", func(o *apigatewayv2.GetApisOutput) (in []*apigatewayv2.GetStagesInput) {
			for _, a := range o.Items {
				in = append(in, &apigatewayv2.GetStagesInput{ApiId: a.ApiId})
			}
			return in
		})).scrub(scrubHTTPStages),
}

// scrubHTTPStages empties the stages' variables and records what they give away.
func scrubHTTPStages(u *unit, in *apigatewayv2.GetStagesInput, out *apigatewayv2.GetStagesOutput) error {
	found := finds{scrubber: u.j.scrubber}
	for _, s := range out.Items {
		found.variables("stage "+sdk.ToString(s.StageName), s.StageVariables)
		blank(s.StageVariables)
	}
	u.foundIn(gatewayARN(u.base.Region, "/apis/"+sdk.ToString(in.ApiId)), found)
	return nil
}
