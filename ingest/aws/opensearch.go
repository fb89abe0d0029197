package aws

import (
	"context"
	"slices"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/opensearch"
)

// searchAPI reads search domains with their access policies.
type searchAPI interface {
	ListDomainNames(context.Context, *opensearch.ListDomainNamesInput, ...func(*opensearch.Options)) (*opensearch.ListDomainNamesOutput, error)
	DescribeDomains(context.Context, *opensearch.DescribeDomainsInput, ...func(*opensearch.Options)) (*opensearch.DescribeDomainsOutput, error)
	ListTags(context.Context, *opensearch.ListTagsInput, ...func(*opensearch.Options)) (*opensearch.ListTagsOutput, error)
}

func opensearchService(o *Options) service {
	return newService(o, "opensearch", regional, func(cfg sdk.Config) searchAPI { return opensearch.NewFromConfig(cfg) }, searchTable)
}

var searchTable = []row[searchAPI]{
	list("ListDomainNames", searchAPI.ListDomainNames),
	each("DescribeDomains", searchAPI.DescribeDomains,
		from("ListDomainNames", func(o *opensearch.ListDomainNamesOutput) (in []*opensearch.DescribeDomainsInput) {
			for domains := range slices.Chunk(o.DomainNames, domainsPerCall) {
				one := &opensearch.DescribeDomainsInput{}
				for _, d := range domains {
					one.DomainNames = append(one.DomainNames, sdk.ToString(d.DomainName))
				}
				in = append(in, one)
			}
			return in
		})),
	each("ListTags", searchAPI.ListTags,
		from("DescribeDomains", func(o *opensearch.DescribeDomainsOutput) (in []*opensearch.ListTagsInput) {
			for _, d := range o.DomainStatusList {
				in = append(in, &opensearch.ListTagsInput{ARN: d.ARN})
			}
			return in
		})),
}

// domainsPerCall is how many domains one call describes at most.
const domainsPerCall = 5
