package remediate

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/cairn-security/cairn/graph"
)

// policyName says what kind of document a property is; ok is false for
// properties that are no policy.
func policyName(kind graph.Kind, property string) (name string, ok bool) {
	switch {
	case property == graph.PropTrust:
		return "trust policy", true
	case property == graph.PropPolicy && kind == graph.KindBucket:
		return "bucket policy", true
	case property == graph.PropPolicy && kind == graph.KindKey:
		return "key policy", true
	case property == graph.PropPolicy:
		return "resource policy", true
	case property == graph.PropDocument && kind == graph.KindPolicy:
		return "managed policy", true
	case strings.HasPrefix(property, graph.PropInlinePrefix):
		return "inline policy", true
	}
	return "", false
}

// awsOwned policies cannot be changed, only detached.
func awsOwned(n graph.Node) bool { return strings.Contains(n.ID, ":iam::aws:policy/") }

// removeStatement takes an allowing statement out of a policy.
func removeStatement(p *problem) []Change {
	policy, ok := policyName(p.node.Kind, p.fact.Property)
	if !ok || awsOwned(p.node) {
		return nil
	}
	var s struct{ Sid, Effect string }
	element := p.element()
	if json.Unmarshal(element, &s) != nil || s.Effect != "Allow" {
		return nil
	}
	if p.fact.Property == graph.PropPolicy && p.node.Kind == graph.KindKey && delegates(element, p.node.Account) {
		return nil // without it the account itself loses the key
	}
	patch, ok := p.withoutElement()
	if !ok {
		return nil
	}
	effort := 2
	if p.fact.Property == graph.PropTrust || p.node.Kind == graph.KindBucket {
		effort = 1
	}
	return []Change{{Title: fmt.Sprintf("Remove the statement %s from the %s of %s", quoted(s.Sid, p.fact.Pointer), policy, name(p.node)), Kind: policy,
		Node: p.fact.Node, Effort: effort, Patch: patch, what: p.fact.Anchor, Commands: policyCommand(p.node, p.fact.Property, s.Sid, patch.Set[0].Value)}}
}

// delegates reports whether a key policy's statement leaves the key to the
// account's own policies.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
func delegates(statement json.RawMessage, account string) bool {
	return account != "" && (strings.Contains(string(statement), `:iam::`+account+`:root"`) || strings.Contains(string(statement), `"`+account+`"`))
}

func quoted(sid, pointer string) string {
	if sid != "" {
		return `"` + sid + `"`
	}
	return "at " + pointer
}

// policyCommand is the call that puts a policy back in its changed form, which
// policy.json stands for. A document without statements is deleted instead,
// since AWS refuses it empty; a trust policy cannot be deleted.
func policyCommand(n graph.Node, property, sid string, rest json.RawMessage) []string {
	var left struct{ Statement json.RawMessage }
	empty := json.Unmarshal(rest, &left) == nil && (len(left.Statement) == 0 || string(left.Statement) == "[]")
	inline, isInline := strings.CutPrefix(property, graph.PropInlinePrefix)
	noun := n.Kind.String()
	command := ""
	switch {
	case property == graph.PropTrust && !empty:
		command = "iam update-assume-role-policy --role-name " + n.Name + " --policy-document file://policy.json"
	case property == graph.PropTrust:
	case isInline && empty:
		command = fmt.Sprintf("iam delete-%s-policy --%s-name %s --policy-name %s", noun, noun, n.Name, inline)
	case isInline:
		command = fmt.Sprintf("iam put-%s-policy --%s-name %s --policy-name %s --policy-document file://policy.json", noun, noun, n.Name, inline)
	case n.Kind == graph.KindPolicy && !empty:
		command = "iam create-policy-version --policy-arn " + n.ID + " --policy-document file://policy.json --set-as-default"
	case n.Kind == graph.KindBucket && empty:
		command = "s3api delete-bucket-policy --bucket " + n.Name
	case n.Kind == graph.KindBucket:
		command = "s3api put-bucket-policy --bucket " + n.Name + " --policy file://policy.json"
	case n.Kind == graph.KindKey && !empty:
		command = "kms put-key-policy --key-id " + n.ID + " --policy-name default --policy file://policy.json"
	case n.Kind == graph.KindSecret && empty:
		command = "secretsmanager delete-resource-policy --secret-id " + n.ID
	case n.Kind == graph.KindSecret:
		command = "secretsmanager put-resource-policy --secret-id " + n.ID + " --resource-policy file://policy.json"
	case n.Kind == graph.KindFunction && sid != "":
		command = "lambda remove-permission --function-name " + n.ID + " --statement-id " + sid
	case n.Kind == graph.KindTable && empty:
		command = "dynamodb delete-resource-policy --resource-arn " + n.ID
	case n.Kind == graph.KindTable:
		command = "dynamodb put-resource-policy --resource-arn " + n.ID + " --policy file://policy.json"
	case n.Kind == graph.KindRepository && empty:
		command = "ecr delete-repository-policy --repository-name " + n.Name
	case n.Kind == graph.KindRepository:
		command = "ecr set-repository-policy --repository-name " + n.Name + " --policy-text file://policy.json"
	case n.Kind == graph.KindTopic && !empty:
		command = "sns set-topic-attributes --topic-arn " + n.ID + " --attribute-name Policy --attribute-value file://policy.json"
	}
	return cli(command)
}

func cli(command string) []string {
	if command == "" {
		return nil
	}
	return []string{"aws " + command}
}

// detachPolicy takes a managed policy that cannot be changed from the principals
// of the path that have it, or from the group by which they have it.
func detachPolicy(p *problem) []Change {
	if !p.is(graph.PropDocument) || p.node.Kind != graph.KindPolicy || !awsOwned(p.node) {
		return nil
	}
	var list []Change
	for from := range p.snap.InKind(p.fact.Node, graph.EdgeHasPolicy) {
		if !p.holds(from) {
			continue
		}
		who := p.snap.Node(from)
		list = append(list, Change{Title: fmt.Sprintf("Detach %s from %s", name(p.node), name(who)), Kind: "policy attachment", Node: from, Effort: 3, what: p.node.ID,
			Patch:    graph.Patch{Unlink: []graph.EdgeChange{{From: from, To: p.fact.Node, Kind: graph.EdgeHasPolicy}}},
			Commands: cli(fmt.Sprintf("iam detach-%s-policy --%s-name %s --policy-arn %s", who.Kind, who.Kind, who.Name, p.node.ID))})
	}
	return list
}

// holds reports whether a node is a principal of the path, or a group of one.
func (p *problem) holds(node graph.Ref) bool {
	for _, holder := range p.holders {
		if holder == node {
			return true
		}
		for group := range p.snap.OutKind(holder, graph.EdgeMemberOf) {
			if group == node {
				return true
			}
		}
	}
	return false
}
