package aws

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	classic "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
)

// elbAPI reads classic load balancers.
type elbAPI interface {
	DescribeLoadBalancers(context.Context, *classic.DescribeLoadBalancersInput, ...func(*classic.Options)) (*classic.DescribeLoadBalancersOutput, error)
	DescribeLoadBalancerAttributes(context.Context, *classic.DescribeLoadBalancerAttributesInput, ...func(*classic.Options)) (*classic.DescribeLoadBalancerAttributesOutput, error)
}

func elbService(o *Options) service {
	return newService(o, "elb", regional, func(cfg sdk.Config) elbAPI { return classic.NewFromConfig(cfg) }, elbTable)
}

var elbTable = []row[elbAPI]{
	list("DescribeLoadBalancers", elbAPI.DescribeLoadBalancers),
	each("DescribeLoadBalancerAttributes", elbAPI.DescribeLoadBalancerAttributes,
		from("DescribeLoadBalancers", func(o *classic.DescribeLoadBalancersOutput) (in []*classic.DescribeLoadBalancerAttributesInput) {
			for _, b := range o.LoadBalancerDescriptions {
				in = append(in, &classic.DescribeLoadBalancerAttributesInput{LoadBalancerName: b.LoadBalancerName})
			}
			return in
		})),
}
