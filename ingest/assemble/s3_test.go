package assemble

import (
	"testing"

	"github.com/cairn-security/cairn/graph"
)

// TestObjectLists: the lists of objects that let in anybody but the owner stand
// with the bucket.
func TestObjectLists(t *testing.T) {
	const open = `{"Owner":{"ID":"o"},"Grants":[{"Grantee":{"Type":"Group","URI":"http://acs.amazonaws.com/groups/global/AllUsers"},"Permission":"READ"}]}`
	s, _ := build(t, rec("s3", "ListBuckets", `{"Buckets":[{"Name":"b"}]}`),
		rec("s3", "GetObjectAcl", open, "Bucket", "b", "Key", "dir/open.csv"),
		rec("s3", "GetObjectAcl", `{"Owner":{"ID":"o"},"Grants":[{"Grantee":{"Type":"CanonicalUser","ID":"o"},"Permission":"FULL_CONTROL"}]}`, "Bucket", "b", "Key", "own.csv"),
		rec("s3", "GetObjectAcl", `{"Owner":{"ID":"o"},"Grants":[{"Grantee":{"Type":"CanonicalUser","ID":"other"},"Permission":"READ"}]}`, "Bucket", "b", "Key", "shared.csv"),
		refused("s3", "GetObjectAcl", "denied", "Bucket", "b", "Key", "sealed.csv"))
	b := wantKind(t, s, "arn:aws:s3:::b", graph.KindBucket)
	wantProp(t, s, b, graph.PropObjectACL+"dir/open.csv", open)
	if s.Prop(b, graph.PropObjectACL+"own.csv") != nil || s.Prop(b, graph.PropObjectACL+"shared.csv") == nil {
		t.Error("wrong lists kept")
	}
	if s.Gap(b, "s3", "GetObjectAcl") == nil {
		t.Error("the refused list is no gap of the bucket")
	}
}
