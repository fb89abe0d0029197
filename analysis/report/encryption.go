package report

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/graph"
)

// encryptionOf reads how a datastore is encrypted from its description. What
// the description does not say stays unknown.
func encryptionOf(snap *graph.Snapshot, ref graph.Ref) Encryption {
	out := Encryption{AtRest: "unknown", InTransit: inTransit(snap, ref), Why: map[string]string{"key": "the description names no key"}}
	for key := range snap.OutKind(ref, graph.EdgeEncryptedBy) {
		id := snap.Node(key).ID
		out.Key, out.AtRest, out.Why = &id, keyManager(snap, ref, key), nil
		return out
	}
	switch snap.Kind(ref) {
	case graph.KindBucket:
		// Since January 2023 every new object is encrypted at least with SSE-S3.
		// https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html
		out.AtRest = "aws"
	case graph.KindDBInstance, graph.KindDBCluster, graph.KindVolume, graph.KindVolumeSnapshot, graph.KindDBSnapshot, graph.KindWarehouse, graph.KindFileSystem:
		out.AtRest = storageEncrypted(snap.Prop(ref, graph.PropResource))
	case graph.KindTable, graph.KindSecret, graph.KindParameter:
		out.AtRest = "aws" // always encrypted
	}
	return out
}

// inTransit says whether requests must use TLS. Tables, secrets and parameters
// answer HTTPS only; a bucket answers HTTP too unless its policy denies that.
func inTransit(snap *graph.Snapshot, ref graph.Ref) string {
	switch snap.Kind(ref) {
	case graph.KindTable, graph.KindSecret, graph.KindParameter:
		return "required"
	case graph.KindBucket:
		if deniesPlainTransport(snap.Prop(ref, graph.PropPolicy)) {
			return "required"
		}
		for _, g := range snap.GapsOf(ref) {
			if g.Refused() && g.Operation == "GetBucketPolicy" {
				return "unknown"
			}
		}
		return "optional"
	}
	return "unknown"
}

// keyManager says who manages a key: a key of AWS lies in the account of what it
// encrypts, so that one in another account is the customer's even where it was
// not read.
func keyManager(snap *graph.Snapshot, ref, key graph.Ref) string {
	n := snap.Node(key)
	named := n.ID + " " + n.Name // by its id or, where that was resolved, its alias
	manager, _ := graph.Element(snap.Prop(key, graph.PropResource), "/KeyManager")
	switch {
	case strings.Contains(named, "alias/aws/") || string(manager) == `"AWS"`:
		return "aws"
	case string(manager) == `"CUSTOMER"` || strings.Contains(named, "alias/"):
		return "customer"
	case n.Account != "" && n.Account != snap.Node(ref).Account:
		return "customer"
	}
	return "unknown"
}

func storageEncrypted(raw json.RawMessage) string {
	var doc struct{ StorageEncrypted, Encrypted *bool }
	if json.Unmarshal(raw, &doc) != nil {
		return "unknown"
	}
	for _, flag := range []*bool{doc.StorageEncrypted, doc.Encrypted} {
		switch {
		case flag == nil:
		case *flag:
			return "aws" // encrypted, and no customer key is linked
		default:
			return "none"
		}
	}
	return "unknown"
}

// deniesPlainTransport reports whether a bucket policy denies every request
// without TLS.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html
func deniesPlainTransport(policy json.RawMessage) bool {
	raw, ok := graph.Element(policy, "/Statement")
	if !ok {
		return false
	}
	var statements []transportStatement
	if json.Unmarshal(raw, &statements) != nil {
		var one transportStatement
		if json.Unmarshal(raw, &one) != nil {
			return false
		}
		statements = []transportStatement{one}
	}
	return slices.ContainsFunc(statements, transportStatement.deniesPlain)
}

type transportStatement struct {
	Effect                      string
	Principal, Action, Resource json.RawMessage
	Condition                   map[string]map[string]json.RawMessage
}

func (s transportStatement) deniesPlain() bool {
	everyone := slices.Contains(words(s.Principal), "*")
	var by struct{ AWS json.RawMessage }
	if json.Unmarshal(s.Principal, &by) == nil {
		everyone = everyone || slices.Contains(words(by.AWS), "*")
	}
	every := slices.ContainsFunc(words(s.Action), func(a string) bool { return a == "*" || strings.EqualFold(a, "s3:*") })
	objects := slices.ContainsFunc(words(s.Resource), func(r string) bool { return strings.HasSuffix(r, "*") })
	if s.Effect != "Deny" || !everyone || !every || !objects || len(s.Condition) != 1 {
		return false
	}
	for operator, keys := range s.Condition {
		for key, value := range keys {
			return len(keys) == 1 && (strings.EqualFold(operator, "Bool") || strings.EqualFold(operator, "BoolIfExists")) && strings.EqualFold(key, "aws:SecureTransport") && strings.Trim(string(value), `[]" `) == "false"
		}
	}
	return false
}

// words reads a string or a list of strings.
func words(raw json.RawMessage) []string {
	var one string
	if json.Unmarshal(raw, &one) == nil {
		return []string{one}
	}
	var list []string
	if json.Unmarshal(raw, &list) != nil {
		return nil
	}
	return list
}
