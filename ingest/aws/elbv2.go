package aws

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
)

// elbv2API reads application, network and gateway load balancers.
type elbv2API interface {
	DescribeLoadBalancers(context.Context, *elbv2.DescribeLoadBalancersInput, ...func(*elbv2.Options)) (*elbv2.DescribeLoadBalancersOutput, error)
	DescribeLoadBalancerAttributes(context.Context, *elbv2.DescribeLoadBalancerAttributesInput, ...func(*elbv2.Options)) (*elbv2.DescribeLoadBalancerAttributesOutput, error)
	DescribeListeners(context.Context, *elbv2.DescribeListenersInput, ...func(*elbv2.Options)) (*elbv2.DescribeListenersOutput, error)
	DescribeRules(context.Context, *elbv2.DescribeRulesInput, ...func(*elbv2.Options)) (*elbv2.DescribeRulesOutput, error)
	DescribeTargetGroups(context.Context, *elbv2.DescribeTargetGroupsInput, ...func(*elbv2.Options)) (*elbv2.DescribeTargetGroupsOutput, error)
	DescribeTargetGroupAttributes(context.Context, *elbv2.DescribeTargetGroupAttributesInput, ...func(*elbv2.Options)) (*elbv2.DescribeTargetGroupAttributesOutput, error)
	DescribeTargetHealth(context.Context, *elbv2.DescribeTargetHealthInput, ...func(*elbv2.Options)) (*elbv2.DescribeTargetHealthOutput, error)
}

func elbv2Service(o *Options) service {
	return newService(o, "elbv2", regional, func(cfg sdk.Config) elbv2API { return elbv2.NewFromConfig(cfg) }, elbv2Table)
}

var elbv2Table = []row[elbv2API]{
	list("DescribeLoadBalancers", elbv2API.DescribeLoadBalancers),
	each("DescribeLoadBalancerAttributes", elbv2API.DescribeLoadBalancerAttributes,
		from("DescribeLoadBalancers", func(o *elbv2.DescribeLoadBalancersOutput) (in []*elbv2.DescribeLoadBalancerAttributesInput) {
			for _, b := range o.LoadBalancers {
				in = append(in, &elbv2.DescribeLoadBalancerAttributesInput{LoadBalancerArn: b.LoadBalancerArn})
			}
			return in
		})),
	each("DescribeListeners", elbv2API.DescribeListeners,
		from("DescribeLoadBalancers", func(o *elbv2.DescribeLoadBalancersOutput) (in []*elbv2.DescribeListenersInput) {
			for _, b := range o.LoadBalancers {
				in = append(in, &elbv2.DescribeListenersInput{LoadBalancerArn: b.LoadBalancerArn})
			}
			return in
		})),
	each("DescribeRules", elbv2API.DescribeRules,
		from("DescribeListeners", func(o *elbv2.DescribeListenersOutput) (in []*elbv2.DescribeRulesInput) {
			for _, l := range o.Listeners {
				in = append(in, &elbv2.DescribeRulesInput{ListenerArn: l.ListenerArn})
			}
			return in
		})),
	list("DescribeTargetGroups", elbv2API.DescribeTargetGroups),
	each("DescribeTargetGroupAttributes", elbv2API.DescribeTargetGroupAttributes,
		from("DescribeTargetGroups", func(o *elbv2.DescribeTargetGroupsOutput) (in []*elbv2.DescribeTargetGroupAttributesInput) {
			for _, g := range o.TargetGroups {
				in = append(in, &elbv2.DescribeTargetGroupAttributesInput{TargetGroupArn: g.TargetGroupArn})
			}
			return in
		})),
	each("DescribeTargetHealth", elbv2API.DescribeTargetHealth,
		from("DescribeTargetGroups", func(o *elbv2.DescribeTargetGroupsOutput) (in []*elbv2.DescribeTargetHealthInput) {
			for _, g := range o.TargetGroups {
				in = append(in, &elbv2.DescribeTargetHealthInput{TargetGroupArn: g.TargetGroupArn})
			}
			return in
		})),
}
