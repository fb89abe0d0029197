package aws

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"github.com/cairn-security/cairn/graph/arn"
)

// restAPI reads REST APIs, their policies, methods and stages.
type restAPI interface {
	GetRestApis(context.Context, *apigateway.GetRestApisInput, ...func(*apigateway.Options)) (*apigateway.GetRestApisOutput, error)
	GetResources(context.Context, *apigateway.GetResourcesInput, ...func(*apigateway.Options)) (*apigateway.GetResourcesOutput, error)
	GetStages(context.Context, *apigateway.GetStagesInput, ...func(*apigateway.Options)) (*apigateway.GetStagesOutput, error)
}

func apigatewayService(o *Options) service {
	return newService(o, "apigateway", regional, func(cfg sdk.Config) restAPI { return apigateway.NewFromConfig(cfg) }, restTable)
}

var restTable = []row[restAPI]{
	list("GetRestApis", restAPI.GetRestApis),
	each("GetResources", restAPI.GetResources,
		from("GetRestApis", func(o *apigateway.GetRestApisOutput) (in []*apigateway.GetResourcesInput) {
			for _, a := range o.Items {
				// Without being asked for, methods come as names alone.
				in = append(in, &apigateway.GetResourcesInput{RestApiId: a.Id, Embed: []string{"methods"}, Limit: sdk.Int32(500)})
			}
			return in
		})).scrub(scrubMethods),
	each("GetStages", restAPI.GetStages,
		from("GetRestApis", func(o *apigateway.GetRestApisOutput) (in []*apigateway.GetStagesInput) {
			for _, a := range o.Items {
				in = append(in, &apigateway.GetStagesInput{RestApiId: a.Id})
			}
			return in
		})).scrub(scrubStages),
}

// scrubMethods keeps of methods what decides who may call them: templates and
// parameters may carry anything.
func scrubMethods(_ *unit, _ *apigateway.GetResourcesInput, out *apigateway.GetResourcesOutput) error {
	for _, r := range out.Items {
		for name, m := range r.ResourceMethods {
			kept := types.Method{HttpMethod: m.HttpMethod, AuthorizationType: m.AuthorizationType, AuthorizerId: m.AuthorizerId, ApiKeyRequired: m.ApiKeyRequired}
			if m.MethodIntegration != nil {
				kept.MethodIntegration = &types.Integration{Type: m.MethodIntegration.Type, Uri: m.MethodIntegration.Uri}
			}
			r.ResourceMethods[name] = kept
		}
	}
	return nil
}

// scrubStages empties the stages' variables and records what they give away.
func scrubStages(u *unit, in *apigateway.GetStagesInput, out *apigateway.GetStagesOutput) error {
	found := finds{scrubber: u.j.scrubber}
	for _, s := range out.Item {
		found.variables("stage "+sdk.ToString(s.StageName), s.Variables)
		blank(s.Variables)
	}
	u.foundIn(gatewayARN(u.base.Region, "/restapis/"+sdk.ToString(in.RestApiId)), found)
	return nil
}

// gatewayARN names an API; the names of this service carry no account.
func gatewayARN(region, path string) string {
	return arn.ARN{Partition: arn.Partition(region), Service: "apigateway", Region: region, Resource: path}.String()
}
