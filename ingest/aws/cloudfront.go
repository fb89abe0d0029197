package aws

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront"
)

// distributionAPI reads distributions with their origins.
type distributionAPI interface {
	ListDistributions(context.Context, *cloudfront.ListDistributionsInput, ...func(*cloudfront.Options)) (*cloudfront.ListDistributionsOutput, error)
	ListOriginAccessControls(context.Context, *cloudfront.ListOriginAccessControlsInput, ...func(*cloudfront.Options)) (*cloudfront.ListOriginAccessControlsOutput, error)
}

func cloudfrontService(o *Options) service {
	return newService(o, "cloudfront", global, func(cfg sdk.Config) distributionAPI { return cloudfront.NewFromConfig(cfg) }, distributionTable)
}

var distributionTable = []row[distributionAPI]{
	list("ListDistributions", distributionAPI.ListDistributions).
		turn(func(in *cloudfront.ListDistributionsInput, o *cloudfront.ListDistributionsOutput) string {
			if o.DistributionList == nil {
				return ""
			}
			in.Marker = o.DistributionList.NextMarker
			return sdk.ToString(in.Marker)
		}).scrub(scrubDistributions),
	list("ListOriginAccessControls", distributionAPI.ListOriginAccessControls).
		turn(func(in *cloudfront.ListOriginAccessControlsInput, o *cloudfront.ListOriginAccessControlsOutput) string {
			if o.OriginAccessControlList == nil {
				return ""
			}
			in.Marker = o.OriginAccessControlList.NextMarker
			return sdk.ToString(in.Marker)
		}),
}

// scrubDistributions empties the headers that origins are sent and records what
// they give away: they often hold what keeps the origin from answering others.
func scrubDistributions(u *unit, _ *cloudfront.ListDistributionsInput, out *cloudfront.ListDistributionsOutput) error {
	if out.DistributionList == nil {
		return nil
	}
	for _, d := range out.DistributionList.Items {
		if d.Origins == nil {
			continue
		}
		found := finds{scrubber: u.j.scrubber}
		for _, o := range d.Origins.Items {
			if o.CustomHeaders == nil {
				continue
			}
			values := map[string]string{}
			for i := range o.CustomHeaders.Items {
				h := &o.CustomHeaders.Items[i]
				values[sdk.ToString(h.HeaderName)] = sdk.ToString(h.HeaderValue)
				h.HeaderValue = sdk.String("")
			}
			found.variables("headers of origin "+sdk.ToString(o.Id), values)
		}
		u.foundIn(sdk.ToString(d.ARN), found)
	}
	return nil
}
