package remediate

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/analysis/attack"
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
func awsOwned(n graph.Node) bool { return strings.HasPrefix(n.ID, "arn:aws:iam::aws:") }

// removeStatement takes an allowing statement out of a policy.
func removeStatement(snap *graph.Snapshot, f attack.Fact, _ []graph.Ref) []Change {
	n := snap.Node(f.Node)
	policy, ok := policyName(n.Kind, f.Property)
	if !ok || f.Absent || awsOwned(n) {
		return nil
	}
	raw := snap.Prop(f.Node, f.Property)
	element, ok := graph.Element(raw, f.Pointer)
	var s struct {
		Sid    string
		Effect string
	}
	if !ok || json.Unmarshal(element, &s) != nil || s.Effect != "Allow" {
		return nil
	}
	if f.Property == graph.PropPolicy && n.Kind == graph.KindKey && delegates(element, n.Account) {
		return nil // without it the account itself loses the key
	}
	rest, ok := graph.WithoutElement(raw, f.Pointer)
	if !ok {
		return nil
	}
	what := "the statement " + quoted(s.Sid, f.Pointer)
	title := fmt.Sprintf("Remove %s from the %s of %s", what, policy, name(n))
	effort := 2
	if f.Property == graph.PropTrust || n.Kind == graph.KindBucket {
		effort = 1
	}
	return []Change{{Title: title, Kind: policy, Node: f.Node, Effort: effort,
		Patch:    graph.Patch{Set: []graph.PropChange{{Node: f.Node, Key: f.Property, Value: rest}}},
		Commands: policyCommand(n, f.Property, rest)}}
}

// delegates reports whether a key policy's statement leaves the key to the
// account's own policies.
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
func delegates(statement json.RawMessage, account string) bool {
	return account != "" && strings.Contains(string(statement), `"arn:aws:iam::`+account+`:root"`)
}

func quoted(sid, pointer string) string {
	if sid != "" {
		return `"` + sid + `"`
	}
	return "at " + pointer
}

// policyCommand is the call that puts a policy back in its changed form. A
// document without statements is deleted instead, where AWS refuses it empty.
func policyCommand(n graph.Node, property string, rest json.RawMessage) []string {
	var left struct{ Statement json.RawMessage }
	empty := json.Unmarshal(rest, &left) == nil && (len(left.Statement) == 0 || string(left.Statement) == "[]")
	inline, isInline := strings.CutPrefix(property, graph.PropInlinePrefix)
	noun := n.Kind.String()
	switch {
	case property == graph.PropTrust:
		return []string{"aws iam update-assume-role-policy --role-name " + n.Name + " --policy-document file://policy.json"}
	case isInline && empty:
		return []string{fmt.Sprintf("aws iam delete-%s-policy --%s-name %s --policy-name %s", noun, noun, n.Name, inline)}
	case isInline:
		return []string{fmt.Sprintf("aws iam put-%s-policy --%s-name %s --policy-name %s --policy-document file://policy.json", noun, noun, n.Name, inline)}
	case n.Kind == graph.KindPolicy:
		return []string{"aws iam create-policy-version --policy-arn " + n.ID + " --policy-document file://policy.json --set-as-default"}
	case n.Kind == graph.KindBucket && empty:
		return []string{"aws s3api delete-bucket-policy --bucket " + n.Name}
	case n.Kind == graph.KindBucket:
		return []string{"aws s3api put-bucket-policy --bucket " + n.Name + " --policy file://policy.json"}
	case n.Kind == graph.KindKey:
		return []string{"aws kms put-key-policy --key-id " + n.ID + " --policy-name default --policy file://policy.json"}
	case n.Kind == graph.KindSecret && empty:
		return []string{"aws secretsmanager delete-resource-policy --secret-id " + n.ID}
	case n.Kind == graph.KindSecret:
		return []string{"aws secretsmanager put-resource-policy --secret-id " + n.ID + " --resource-policy file://policy.json"}
	}
	return nil
}

// detachPolicy takes a managed policy that cannot be changed from who has it.
func detachPolicy(snap *graph.Snapshot, f attack.Fact, holders []graph.Ref) []Change {
	n := snap.Node(f.Node)
	if f.Property != graph.PropDocument || n.Kind != graph.KindPolicy || f.Absent || !awsOwned(n) {
		return nil
	}
	var list []Change
	for from := range snap.InKind(f.Node, graph.EdgeHasPolicy) {
		if !slices.Contains(holders, from) {
			continue
		}
		who := snap.Node(from)
		list = append(list, Change{Title: fmt.Sprintf("Detach %s from %s", name(n), name(who)), Kind: "policy attachment", Node: from, Effort: 3,
			Patch:    graph.Patch{Unlink: []graph.EdgeChange{{From: from, To: f.Node, Kind: graph.EdgeHasPolicy}}},
			Commands: []string{fmt.Sprintf("aws iam detach-%s-policy --%s-name %s --policy-arn %s", who.Kind, who.Kind, who.Name, n.ID)}})
	}
	return list
}

func name(n graph.Node) string {
	if n.Name != "" {
		return n.Name
	}
	return n.ID
}
