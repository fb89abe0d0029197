package aws

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/appsync"
)

// graphqlAPI reads GraphQL APIs, how they know their callers and what answers
// behind them.
type graphqlAPI interface {
	ListGraphqlApis(context.Context, *appsync.ListGraphqlApisInput, ...func(*appsync.Options)) (*appsync.ListGraphqlApisOutput, error)
	ListDataSources(context.Context, *appsync.ListDataSourcesInput, ...func(*appsync.Options)) (*appsync.ListDataSourcesOutput, error)
}

func appsyncService(o *Options) service {
	return newService(o, "appsync", regional, func(cfg sdk.Config) graphqlAPI { return appsync.NewFromConfig(cfg) }, graphqlTable)
}

var graphqlTable = []row[graphqlAPI]{
	list("ListGraphqlApis", graphqlAPI.ListGraphqlApis),
	each("ListDataSources", graphqlAPI.ListDataSources,
		from("ListGraphqlApis", func(o *appsync.ListGraphqlApisOutput) (in []*appsync.ListDataSourcesInput) {
			for _, a := range o.GraphqlApis {
				in = append(in, &appsync.ListDataSourcesInput{ApiId: a.ApiId})
			}
			return in
		})),
}
