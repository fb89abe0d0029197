package permission

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/analysis/attack"
)

// namingKeys name who calls, or where the call comes from: the keys that keep a
// policy for everybody from being public, where their values are fixed.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
var namingKeys = []string{
	"aws:principalarn", "aws:principalaccount", "aws:principalorgid", "aws:principalorgpaths", "aws:principalisawsservice",
	"aws:principalservicename", "aws:principalservicenameslist", "aws:userid",
	"aws:sourceip", "aws:sourcevpc", "aws:sourcevpcarn", "aws:sourcevpce", "aws:vpceaccount", "aws:vpceorgid", "aws:vpceorgpaths",
	"aws:sourcearn", "aws:sourceaccount", "aws:sourceowner", "aws:sourceorgid", "aws:sourceorgpaths",
	"s3:dataaccesspointarn", "s3:dataaccesspointaccount",
}

// NamesCallers reports whether a condition holds only for callers, or for places
// they call from, that it names by fixed values. A condition that must not hold
// does so where its operator is a negated one.
func NamesCallers(c attack.Condition) bool {
	return positive(c) && slices.Contains(namingKeys, strings.ToLower(c.Key)) && fixedValues(strings.ToLower(c.Key), c.Values)
}

// positive reports whether the key must be there with one of the values.
func positive(c attack.Condition) bool {
	op := strings.ToLower(c.Operator)
	switch {
	case op == "null":
		return false
	case c.Negated:
		return strings.Contains(op, "not") && !strings.HasPrefix(op, "foranyvalue:")
	}
	return !strings.Contains(op, "not") && !strings.HasSuffix(op, "ifexists") && !strings.HasPrefix(op, "forallvalues:")
}

func fixedValues(key string, values []string) bool {
	return len(values) > 0 && !slices.ContainsFunc(values, func(v string) bool { return !fixedValue(key, v) })
}

// fixedValue reports whether a value pins the key: no wildcard and no variable,
// but the resource part of an ARN may vary below a fixed account, and a path of
// an organization below its beginning.
func fixedValue(key, v string) bool {
	switch {
	case strings.Contains(v, "${"):
		return false
	case key == "aws:sourceip":
		return narrow(v)
	case key == "aws:principalisawsservice":
		return strings.EqualFold(v, "true")
	case !strings.ContainsAny(v, "*?"):
		return true
	case strings.HasSuffix(key, "orgpaths"):
		return strings.HasPrefix(v, "o-") && strings.Contains(v[:strings.IndexAny(v, "*?")], "/")
	}
	parts := strings.SplitN(v, ":", 6)
	return len(parts) == 6 && parts[0] == "arn" && len(parts[4]) == 12 && !strings.ContainsAny(parts[4], "*?")
}

// narrow: an address, or a range of at most a /8, or a /32 of IPv6.
func narrow(v string) bool {
	if _, err := netip.ParseAddr(v); err == nil {
		return true
	}
	p, err := netip.ParsePrefix(v)
	return err == nil && (p.Addr().Is4() && p.Bits() >= 8 || p.Addr().Is6() && p.Bits() >= 32)
}
