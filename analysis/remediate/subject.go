package remediate

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"

	"github.com/cairn-security/cairn/graph"
)

// ownSubjects are what the tokens of one's own pipelines say, by provider; the
// names in capitals are for the reader to fill in.
// https://docs.github.com/en/actions/reference/security/oidc
// https://docs.gitlab.com/ci/cloud_services/aws/
// https://developer.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials/aws-configuration
var ownSubjects = map[string]string{
	"token.actions.githubusercontent.com": "repo:YOUR-ORGANIZATION/YOUR-REPOSITORY:*",
	"gitlab.com":                          "project_path:YOUR-GROUP/YOUR-PROJECT:*",
	"app.terraform.io":                    "organization:YOUR-ORGANIZATION:project:YOUR-PROJECT:workspace:YOUR-WORKSPACE:run_phase:*",
}

// pinSubject asks the tokens that a trust policy accepts for whose pipeline they
// were given to, where everybody can be a customer of the provider.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html
func pinSubject(p *problem) []Change {
	if !p.is(graph.PropTrust) {
		return nil
	}
	var s struct {
		Sid, Effect string
		Principal   struct{ Federated json.RawMessage }
		Condition   map[string]map[string]json.RawMessage
	}
	if json.Unmarshal(p.element(), &s) != nil || s.Effect != "Allow" {
		return nil
	}
	_, host, _ := strings.Cut(only(s.Principal.Federated), ":oidc-provider/")
	subject, ok := ownSubjects[host]
	if !ok {
		return nil
	}
	patch, ok := p.withElement(p.fact.Pointer+"/Condition", pinned(s.Condition, host+":sub", subject))
	if !ok {
		return nil
	}
	return []Change{{Title: fmt.Sprintf("Pin the trust policy of %s to your own pipelines at %s", name(p.node), host), Kind: "trust policy condition",
		Node: p.fact.Node, Effort: 1, Patch: patch, what: p.fact.Anchor,
		Commands: policyCommand(p.node, p.fact.Property, s.Sid, patch.Set[0].Value)}}
}

// only is the value of an element that is one string, or a list of one.
func only(raw json.RawMessage) string {
	var one string
	var list []string
	if json.Unmarshal(raw, &one) != nil && json.Unmarshal(raw, &list) == nil && len(list) == 1 {
		one = list[0]
	}
	return one
}

// pinned are conditions in which a key is like one pattern and nothing else is
// said of it.
func pinned(conditions map[string]map[string]json.RawMessage, key, pattern string) string {
	const like = "StringLike"
	out := map[string]map[string]json.RawMessage{}
	for operator, keys := range conditions {
		keys = maps.Clone(keys)
		maps.DeleteFunc(keys, func(k string, _ json.RawMessage) bool { return strings.EqualFold(k, key) })
		if len(keys) > 0 {
			out[operator] = keys
		}
	}
	if out[like] == nil {
		out[like] = map[string]json.RawMessage{}
	}
	out[like][key], _ = json.Marshal(pattern)
	raw, _ := json.Marshal(out) // maps of sound JSON
	return string(raw)
}
