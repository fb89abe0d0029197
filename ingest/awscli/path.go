package awscli

import (
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/cairn-security/cairn/graph/arn"
	"github.com/cairn-security/cairn/ingest/assemble"
)

// call is the operation a file holds a reply of.
type call struct {
	service, operation string
	params             map[string]string
}

var region = regexp.MustCompile(`^(af|ap|ca|cn|eu|il|me|mx|sa|us)(-gov|-iso[a-z]*)?-[a-z]+-[0-9]$`)

// folder is where files of one account and region lie.
type folder struct {
	root    string // the folder above the region's: one account
	account string // where a path element is an account id
	region  string
	// inside is the path below the region's folder.
	inside []string
}

// locate splits a slash-separated path into the folder it lies in and the rest.
func locate(name string) folder {
	parts := strings.Split(name, "/")
	f := folder{inside: parts}
	start := 0
	for i, part := range parts[:len(parts)-1] {
		switch {
		case region.MatchString(part):
			if f.region == "" {
				f.region = part
				f.root = path.Join(parts[:i]...)
			}
			start = i + 1
		case part == "global" || part == "aws-global":
			f.root, start = path.Join(parts[:i]...), i+1
		case arn.IsAccount(part) && f.account == "" && f.region == "":
			f.account = part
			f.root, start = path.Join(parts[:i+1]...), i+1
		}
		if f.region != "" && start == i+1 {
			break // deeper folders are operations and parameters, even if they look like a region
		}
	}
	f.inside = parts[start:]
	if f.root == "" && start == 0 {
		f.root, f.inside = looseRoot(parts)
	}
	return f
}

// looseRoot finds the account's folder where no element is a region or an
// account: everything above the first element that names an operation.
func looseRoot(parts []string) (string, []string) {
	for i := range parts {
		if _, ok := recognise(parts[i:]); ok {
			return path.Join(parts[:i]...), parts[i:]
		}
	}
	return path.Join(parts[:len(parts)-1]...), parts[len(parts)-1:]
}

// verb begins the name of every operation that reads.
var verb = regexp.MustCompile(`^(.+?)-((?:describe|list|get|batch-get|batch-describe|generate|search|lookup|head|scan|query|select)(?:-.*)?)$`)

// recognise reads the operation out of a path below the region's folder.
func recognise(inside []string) (call, bool) {
	first := strings.TrimSuffix(inside[0], ".json")
	if m := verb.FindStringSubmatch(first); m != nil && knownService(m[1]) {
		return named(m[1], m[2], unescape(inside[1:]))
	}
	if len(inside) < 2 || !knownService(first) {
		return call{}, false
	}
	op, param, _ := strings.Cut(strings.TrimSuffix(inside[1], ".json"), "__")
	params := unescape(inside[2:])
	if param != "" {
		params = append([]string{param}, params...)
	}
	return named(first, op, params)
}

// guess reads an operation out of a path whose service is not one of those
// above: worth no more than a name for what is left out.
func guess(name string) (call, bool) {
	parts := strings.Split(strings.TrimSuffix(name, ".json"), "/")
	last, _, _ := strings.Cut(parts[len(parts)-1], "__")
	if m := verb.FindStringSubmatch(last); m != nil {
		return call{service: m[1], operation: camel(m[2])}, true
	}
	if len(parts) > 1 && verb.MatchString("x-"+last) {
		return call{service: parts[len(parts)-2], operation: camel(last)}, true
	}
	return call{}, false
}

func unescape(parts []string) []string {
	out := make([]string, len(parts))
	for i, part := range parts {
		if plain, err := url.QueryUnescape(part); err == nil {
			part = plain
		}
		out[i] = part
	}
	return out
}

// named finds the operation's own spelling in the table; an operation that the
// table does not know keeps a spelling that says what it is.
func named(service, kebab string, params []string) (call, bool) {
	service = canonicalService(service)
	c := call{service: service, operation: camel(kebab)}
	op, ok := byName()[service+" "+strings.ToLower(c.operation)]
	if !ok {
		return c, true
	}
	c.operation = op.Name
	for i, name := range op.Params {
		if i < len(params) && params[i] != "" {
			if c.params == nil {
				c.params = map[string]string{}
			}
			c.params[name] = strings.TrimSuffix(params[i], ".json")
		}
	}
	return c, true
}

func camel(kebab string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(kebab, "-") {
		if word != "" {
			b.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	return b.String()
}

// spellings of services that differ from the CLI's.
var spellings = map[string]string{
	"s3api": "s3", "elasticloadbalancing": "elb", "elasticloadbalancingv2": "elbv2", "elasticsearch": "es",
	"secrets-manager": "secretsmanager", "cognito_idp": "cognito-idp", "bedrock_agent": "bedrock-agent", "msk": "kafka",
}

func canonicalService(service string) string {
	service = strings.ToLower(service)
	if s, ok := spellings[service]; ok {
		return s
	}
	return service
}

// others are services whose replies people have in such folders and whose
// operations are not in the table, so that their files are recognised.
var others = []string{
	"accessanalyzer", "accessanalzyer", "account", "acm", "athena", "backup", "batch", "bedrock", "bedrock-agent",
	"cloudformation", "cloudtrail", "cloudwatch", "cognito-identity", "cognito-idp", "config", "configservice", "datasync",
	"dms", "docdb", "elasticbeanstalk", "emr", "events", "firehose", "fsx", "glacier", "globalaccelerator", "glue", "guardduty",
	"health", "identitystore", "inspector2", "kinesis", "lakeformation", "lightsail", "logs", "macie2", "memorydb", "neptune", "network-firewall",
	"pricing", "ram", "resource-explorer-2", "resourcegroupstaggingapi", "route53", "route53domains", "sagemaker", "securityhub",
	"service-quotas", "service_quotas", "shield", "sso-admin", "stepfunctions", "support", "transfer", "waf", "wafv2", "workspaces",
}

func knownService(name string) bool {
	name = canonicalService(name)
	return slices.Contains(others, name) || services()[name]
}

var services = sync.OnceValue(func() map[string]bool {
	set := map[string]bool{}
	for _, op := range assemble.Operations() {
		set[op.Service] = true
	}
	return set
})

var byName = sync.OnceValue(func() map[string]assemble.Operation {
	m := map[string]assemble.Operation{}
	for _, op := range assemble.Operations() {
		m[op.Service+" "+strings.ToLower(op.Name)] = op
	}
	return m
})
