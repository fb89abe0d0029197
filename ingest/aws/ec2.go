package aws

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
)

// ec2Service walks EC2's four tables with one client.
func ec2Service(o *Options) service {
	compute := computeTable
	if o.NoData {
		compute = withoutData("ec2", compute)
	}
	s := service{name: "ec2", scope: regional}
	s.operations = slices.Concat(infos(networkTable), infos(gatewayTable), infos(transitTable), infos(compute))
	s.collect = func(ctx context.Context, in *session, j *job) {
		client := ec2.NewFromConfig(in.in(j.region))
		walk(ctx, j, networkAPI(client), networkTable)
		walk(ctx, j, gatewayAPI(client), gatewayTable)
		walk(ctx, j, transitAPI(client), transitTable)
		walk(ctx, j, computeAPI(client), compute)
	}
	return s
}
