package report

import (
	"encoding/json"
	"strings"

	"github.com/cairn-security/cairn/graph"
)

// encryptionOf reads how a datastore is encrypted from its description. What
// the description does not say stays unknown.
func encryptionOf(snap *graph.Snapshot, ref graph.Ref) Encryption {
	out := Encryption{AtRest: "unknown", InTransit: "unknown"}
	for key := range snap.OutKind(ref, graph.EdgeEncryptedBy) {
		id := snap.Node(key).ID
		out.AtRest = "customer"
		if awsManagedKey(snap, key) {
			out.AtRest = "aws"
		}
		out.Key = &id
		return out
	}
	switch snap.Kind(ref) {
	case graph.KindBucket:
		// Since January 2023 every new object is encrypted at least with SSE-S3.
		// https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html
		out.AtRest, out.InTransit = "aws", "optional"
		if deniesPlainTransport(snap.Prop(ref, graph.PropPolicy)) {
			out.InTransit = "required"
		}
	case graph.KindDBInstance, graph.KindDBCluster, graph.KindVolume, graph.KindVolumeSnapshot, graph.KindDBSnapshot, graph.KindWarehouse, graph.KindFileSystem:
		out.AtRest = storageEncrypted(snap.Prop(ref, graph.PropResource))
	case graph.KindTable, graph.KindSecret, graph.KindParameter:
		out.AtRest, out.InTransit = "aws", "required" // always encrypted, HTTPS only
	}
	return out
}

func awsManagedKey(snap *graph.Snapshot, key graph.Ref) bool {
	n := snap.Node(key)
	if strings.Contains(n.ID, ":alias/aws/") {
		return true
	}
	raw, _ := graph.Element(snap.Prop(key, graph.PropResource), "/KeyManager")
	return string(raw) == `"AWS"`
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

// deniesPlainTransport reports whether a bucket policy denies requests without TLS.
func deniesPlainTransport(policy json.RawMessage) bool {
	var doc struct {
		Statement []struct {
			Effect    string
			Principal json.RawMessage
			Condition map[string]map[string]json.RawMessage
		}
	}
	if json.Unmarshal(policy, &doc) != nil {
		return false
	}
	for _, s := range doc.Statement {
		if s.Effect != "Deny" {
			continue
		}
		for operator, keys := range s.Condition {
			for key, value := range keys {
				plain := strings.Trim(string(value), `[]" `)
				if strings.EqualFold(operator, "Bool") && strings.EqualFold(key, "aws:SecureTransport") && plain == "false" {
					return true
				}
			}
		}
	}
	return false
}
