package operations

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Policy is an IAM policy document as the collector's role needs it.
type Policy struct {
	Version   string
	Statement []Statement
}

// Statement is one statement of a printed policy.
type Statement struct {
	Sid       string
	Effect    string
	Action    []string
	Resource  []string                     `json:",omitempty"`
	Principal map[string]string            `json:",omitempty"`
	Condition map[string]map[string]string `json:",omitempty"`
}

// policyVersion is the only version of the policy language that is not legacy.
const policyVersion = "2012-10-17"

// narrow names the resources of services whose one action for every read would
// grant more than what is called: API Gateway's also reads the values of keys.
var narrow = map[string][]string{
	"apigateway": {
		"arn:aws:apigateway:*::/restapis", "arn:aws:apigateway:*::/restapis/*/resources", "arn:aws:apigateway:*::/restapis/*/stages",
		"arn:aws:apigateway:*::/apis", "arn:aws:apigateway:*::/apis/*/routes",
		"arn:aws:apigateway:*::/apis/*/integrations", "arn:aws:apigateway:*::/apis/*/stages",
	},
}

// ReadPolicy returns the policy that grants every operation of one block:
// one statement per service, actions sorted, nothing that is not called.
// kms:Decrypt is granted only for requests that come through S3.
func ReadPolicy(block Block) Policy {
	policy := Policy{Version: policyVersion}
	actions := map[string][]string{}
	for _, s := range services {
		for _, op := range s.Operations {
			if op.Block != block {
				continue
			}
			for _, action := range op.Actions {
				prefix, _, _ := strings.Cut(action, ":")
				actions[prefix] = append(actions[prefix], action)
			}
		}
	}
	prefixes := make([]string, 0, len(actions))
	for prefix := range actions {
		prefixes = append(prefixes, prefix)
	}
	slices.Sort(prefixes)
	for _, prefix := range prefixes {
		list := actions[prefix]
		slices.Sort(list)
		statement := Statement{Sid: sid(block, prefix), Effect: "Allow",
			Action: slices.Compact(list), Resource: []string{"*"}}
		if resources, ok := narrow[prefix]; ok {
			statement.Resource = resources
		}
		if block == Data && prefix == "kms" {
			statement.Condition = map[string]map[string]string{
				"StringLike": {"kms:ViaService": "s3.*.amazonaws.com"}}
		}
		policy.Statement = append(policy.Statement, statement)
	}
	return policy
}

// sid is made of letters and digits only, as IAM demands.
func sid(block Block, prefix string) string {
	word := "CairnMetadata"
	if block == Data {
		word = "CairnData"
	}
	for part := range strings.SplitSeq(prefix, "-") {
		word += strings.ToUpper(part[:1]) + part[1:]
	}
	return word
}

// TrustPolicy lets the principal (an account id or the ARN of a user or role)
// assume the collector's role. An external id, where given, is demanded.
func TrustPolicy(principal, externalID string) Policy {
	if len(principal) == 12 && strings.Trim(principal, "0123456789") == "" {
		principal = "arn:aws:iam::" + principal + ":root"
	}
	statement := Statement{Sid: "CairnCollector", Effect: "Allow",
		Action: []string{"sts:AssumeRole"}, Principal: map[string]string{"AWS": principal}}
	if externalID != "" {
		statement.Condition = map[string]map[string]string{
			"StringEquals": {"sts:ExternalId": externalID}}
	}
	return Policy{Version: policyVersion, Statement: []Statement{statement}}
}

// JSON returns the document indented, with a newline at its end.
func (p Policy) JSON() string {
	text, err := json.MarshalIndent(p, "", "  ")
	if err != nil { // strings and maps of strings always marshal
		panic(fmt.Sprintf("operations: %v", err))
	}
	return string(text) + "\n"
}
