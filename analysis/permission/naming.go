package permission

import (
	"strings"

	"github.com/cairn-security/cairn/analysis/policy"
)

// principalID is the node id of a Principal entry.
func principalID(p policy.Principal) string {
	if p.Type == "Service" {
		return "service:" + p.Value
	}
	return p.Value
}

// accountNamed is the account that a Principal entry names as a whole, "" if it
// names something else.
func accountNamed(p policy.Principal) string {
	if p.Type != "AWS" {
		return ""
	}
	if len(p.Value) == 12 && strings.Trim(p.Value, "0123456789") == "" {
		return p.Value
	}
	if parts := strings.SplitN(p.Value, ":", 6); len(parts) == 6 && parts[2] == "iam" && parts[5] == "root" {
		return parts[4]
	}
	return ""
}

func lastSegment(s string) string { return s[strings.LastIndexByte(s, '/')+1:] }

func isSAML(arn string) bool { return strings.Contains(arn, ":saml-provider/") }
