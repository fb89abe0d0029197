package posture

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/analysis/attack"
)

// limitsCallers reports whether a decision for everybody holds only for callers
// that its conditions name, with fixed values, in each alternative: what AWS
// takes as not public in a bucket policy.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
func limitsCallers(d *attack.Decision) bool {
	return d.Allowed && d.Status == attack.Conditional && d.Always(namesCallers)
}

func asksExternalID(c attack.Condition) bool {
	return !c.Negated && strings.EqualFold(c.Key, "sts:ExternalId")
}

// callerKeys name the caller, or where it calls from.
var callerKeys = []string{
	"aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:PrincipalAccount", "aws:PrincipalArn", "aws:userid", "aws:SourceIp", "aws:SourceArn", "aws:SourceVpc",
	"aws:SourceVpce", "aws:SourceVpcArn", "aws:SourceOwner", "aws:SourceAccount", "aws:SourceOrgID", "aws:SourceOrgPaths", "sts:ExternalId", "s3:DataAccessPointArn", "s3:DataAccessPointAccount",
}

func namesCallers(c attack.Condition) bool {
	if c.Negated || strings.Contains(c.Operator, "Not") || !slices.ContainsFunc(callerKeys, func(k string) bool { return strings.EqualFold(k, c.Key) }) {
		return false
	}
	return len(c.Values) > 0 && !slices.ContainsFunc(c.Values, func(v string) bool {
		return strings.Trim(v, "*") == "" || strings.Contains(v, "${") || wide(v)
	})
}

// wide ranges are no limit: those of more than a /8, or a /32 of IPv6.
func wide(value string) bool {
	p, err := netip.ParsePrefix(value)
	if err != nil {
		return false
	}
	return p.Addr().Is4() && p.Bits() < 8 || p.Addr().Is6() && p.Bits() < 32
}
