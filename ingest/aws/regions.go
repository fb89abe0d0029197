package aws

import (
	"context"
	"slices"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
)

// globalRegion is the region of records of services without one.
const globalRegion = "global"

type regionsAPI interface {
	DescribeRegions(context.Context, *ec2.DescribeRegionsInput, ...func(*ec2.Options)) (*ec2.DescribeRegionsOutput, error)
}

// DescribeRegions without AllRegions answers with the regions that are on.
var describeRegions = list("DescribeRegions", regionsAPI.DescribeRegions)

// regions returns where the account's regional services are to be asked: the
// regions asked for, or those the account has enabled. Where these cannot be
// read, the configured region remains and the record says why.
func (r *run) regions(ctx context.Context, s *session) []string {
	if len(r.options.Regions) > 0 {
		return r.options.Regions
	}
	var enabled []string
	j := r.job(s.account, globalRegion, "ec2")
	j.expect(1)
	client := ec2.NewFromConfig(s.cfg)
	describeRegions.read(ctx, j, client, describeRegions.starts()[0], func(_, out any) {
		for _, region := range out.(*ec2.DescribeRegionsOutput).Regions {
			enabled = append(enabled, sdk.ToString(region.RegionName))
		}
	})
	if len(enabled) == 0 {
		return []string{r.base.configured}
	}
	slices.Sort(enabled)
	return enabled
}
