package permission

import (
	"slices"
	"strings"
	"testing"

	"github.com/cairn-security/cairn/graph"
)

// TestResourceElsewhere: what nobody read is unknown, never a decided no.
func TestResourceElsewhere(t *testing.T) {
	e := newEstate(t)
	e.user("plain")
	e.user("strong", doc(allow("*", "*")))
	e.node(graph.AccountID(abroad), graph.KindExternalAccount, abroad)
	eng, snap := e.engine()

	e = newEstate(t)
	e.user("plain")
	e.b.Gap(graph.Gap{ID: "buckets", Account: home, Service: "s3", Operation: "ListBuckets", Outcome: graph.OutcomeDenied, Affects: []string{graph.AccountID(home)}})
	refused, refusedSnap := e.engine()

	e = newEstate(t)
	e.user("strong", doc(allow("*", "*")))
	e.b.Gap(graph.Gap{ID: "no-s3", Account: home, Service: "s3", Operation: "GetBucketPolicy", Outcome: graph.OutcomeNotCollected, Affects: []string{graph.AccountID(home)}})
	dump, dumpSnap := e.engine()

	const object, queue, farQueue = "arn:aws:s3:::other/x", "arn:aws:sqs:us-east-1:" + home + ":q", "arn:aws:sqs:us-east-1:" + abroad + ":q"
	for _, tc := range []struct {
		eng                   *Engine
		snap                  *graph.Snapshot
		who, action, resource string
		want, gap, assumes    string
	}{
		{eng, snap, "anonymous", "s3:GetObject", object, "unknown", "policy:" + object, ""},
		{eng, snap, "any-aws-principal", "s3:GetObject", object, "unknown", "policy:" + object, "caller's account"},
		{eng, snap, graph.AccountID(abroad), "s3:GetObject", object, "unknown", "policy:" + object, "caller's account"},
		{eng, snap, "strong", "s3:GetObject", object, "unknown", "policy:" + object, ""},
		{eng, snap, "plain", "s3:GetObject", object, "denied", "", ""}, // needs both sides
		{eng, snap, "anonymous", "sqs:SendMessage", farQueue, "unknown", "policy:" + farQueue, ""},
		{eng, snap, "anonymous", "sqs:SendMessage", queue, "denied", "", "no policy of its own"},
		{eng, snap, "strong", "sqs:SendMessage", queue, "allowed", "", "no policy of its own"},
		{eng, snap, "strong", "iam:GetUser", "arn:aws:iam::" + abroad + ":user/far", "denied", "", ""},
		{eng, snap, "strong", "sts:AssumeRole", "arn:aws:iam::" + abroad + ":role/far", "unknown", "policy:arn:aws:iam::" + abroad + ":role/far", ""},
		{refused, refusedSnap, "plain", "s3:GetObject", object, "unknown", "buckets", ""},
		{dump, dumpSnap, "strong", "s3:GetObject", object, "allowed", "", "no policy of its own"},
		{dump, dumpSnap, "anonymous", "s3:GetObject", object, "denied", "", "no policy of its own"},
	} {
		d := tc.eng.Can(ref(t, tc.snap, tc.who), tc.action, OnARN(tc.resource), Given{})
		if got := verdict(d); got != tc.want {
			t.Errorf("%s %s %s: %s, want %s: %+v", tc.who, tc.action, tc.resource, got, tc.want, d)
		}
		if tc.gap != "" && !slices.Contains(d.Gaps, tc.gap) || tc.gap == "" && d.Gaps != nil {
			t.Errorf("%s %s %s: gaps %q, want %q", tc.who, tc.action, tc.resource, d.Gaps, tc.gap)
		}
		if !strings.Contains(strings.Join(d.Assumptions, "; "), tc.assumes) {
			t.Errorf("%s %s %s: assumptions %q, want %q", tc.who, tc.action, tc.resource, d.Assumptions, tc.assumes)
		}
	}
}

// TestKeysElsewhere: data under a key that nothing describes is no more closed
// than its policy is known to be.
func TestKeysElsewhere(t *testing.T) {
	const own, far, aws = "arn:aws:kms:us-east-1:" + home + ":key/k", "arn:aws:kms:us-east-1:" + abroad + ":key/k", "arn:aws:kms:us-east-1:" + home + ":alias/aws/s3"
	for _, tc := range []struct {
		key                string
		collected          bool
		reader, decrypting string
	}{
		{own, true, "denied", "denied"}, // deleted: the account has no such key
		{own, false, "denied", "allowed"},
		{far, true, "denied", "unknown"},
		{aws, true, "allowed", "allowed"},
	} {
		e := newEstate(t)
		e.user("reader", doc(allow("s3:GetObject", "*")))
		e.user("decrypting", doc(allow("s3:GetObject", "*"), allow("kms:Decrypt", "*")))
		b := e.bucket("b", "")
		e.b.Link(b, e.b.Refer(graph.Node{ID: tc.key, Kind: graph.KindUnknown}), graph.EdgeEncryptedBy)
		if !tc.collected {
			e.b.Gap(graph.Gap{ID: "no-kms", Account: home, Service: "kms", Operation: "GetKeyPolicy", Outcome: graph.OutcomeNotCollected, Affects: []string{graph.AccountID(home)}})
		}
		eng, snap := e.engine()
		for who, want := range map[string]string{"reader": tc.reader, "decrypting": tc.decrypting} {
			d := eng.CanRead(ref(t, snap, who), ref(t, snap, "arn:aws:s3:::b"), Given{})
			if got := verdict(d); got != want {
				t.Errorf("%s, collected %v, %s: %s, want %s: %+v", tc.key, tc.collected, who, got, want, d)
			}
			checkShape(t, d)
		}
	}
}
