package posture

import (
	"slices"
	"strings"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/permission"
)

// limitsCallers reports whether a decision for everybody holds only for callers
// that its conditions name, with fixed values, in each alternative: what AWS
// takes as not public in a bucket policy. See [permission.NamesCallers].
func limitsCallers(d *attack.Decision) bool {
	return d.Allowed && d.Status == attack.Conditional && d.Always(func(c attack.Condition) bool {
		return permission.NamesCallers(c) || asksExternalID(c)
	})
}

// asksExternalID: a pattern that every id matches asks for none.
func asksExternalID(c attack.Condition) bool {
	anyID := func(v string) bool { return strings.Trim(v, "*?") == "" }
	return !c.Negated && strings.EqualFold(c.Key, "sts:ExternalId") && !slices.ContainsFunc(c.Values, anyID)
}
