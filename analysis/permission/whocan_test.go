package permission

import (
	"fmt"
	"testing"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/graph"
	"pgregory.net/rapid"
)

// everybodyWho asks every principal one by one.
func everybodyWho(e *Engine, s *graph.Snapshot, action string, on Resource, g Given) map[graph.Ref]attack.Status {
	out := map[graph.Ref]attack.Status{}
	for ref := range s.Refs() {
		switch s.Kind(ref) {
		case graph.KindUser, graph.KindRole, graph.KindAnonymous, graph.KindAnyPrincipal, graph.KindExternalAccount, graph.KindIdentityProvider, graph.KindService:
			if d := e.Can(ref, action, on, g); d.Allowed {
				out[ref] = d.Status
			}
		}
	}
	return out
}

// TestWhoCanEqualsSingleAnswers: the index leaves nobody out and lets nobody in.
func TestWhoCanEqualsSingleAnswers(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		e := randomEstate(t, rt)
		far := randomPolicy(rt, "far", false)
		if rapid.Bool().Draw(rt, "shared") { // both sides of a bucket for another account
			far = doc(allow("s3:*", "*"))
			e.bucket("a", doc(`{"Effect":"Allow","Principal":{"AWS":"`+abroad+`"},"Action":"s3:*","Resource":"*"}`,
				`{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::`+home+`:role/r0"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::a/*"}`, randomStatement(rt, "bucket", true)))
		}
		e.identity("user", graph.KindUser, abroad, "far", []string{far})
		e.role("r1", rapid.SampledFrom([]string{randomPolicy(rt, "trust", true),
			doc(`{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::` + home + `:role/r0"},"Action":"sts:AssumeRole"}`)}).Draw(rt, "trusts"), `{"Version":"2012-10-17","Statement":[`+allow("sts:*", "*")+`]}`)
		e.set(e.node("service:lambda.amazonaws.com", graph.KindService, ""), graph.PropResource, `{}`)
		eng, snap := e.engine()
		g := Given{Stolen: rapid.Bool().Draw(rt, "stolen")}
		on := rapid.SampledFrom([]Resource{
			OnNode(ref(t, snap, "arn:aws:s3:::a")), OnARN("arn:aws:s3:::a/x/1"), OnARN("arn:aws:s3:::elsewhere/1"),
			OnNode(ref(t, snap, "r1")), OnNode(ref(t, snap, "u0")), OnNode(ref(t, snap, "k")), OnAccount(),
			OnNew(home), OnNew(abroad), OnARN("arn:aws:iam::" + abroad + ":user/far"),
		}).Draw(rt, "on")
		action := rapid.SampledFrom([]string{"s3:GetObject", "s3:PutObject", "s3:ListBucket", "sts:AssumeRole", "iam:CreateAccessKey",
			"kms:Decrypt", "lambda:CreateFunction", "s3:ListAllMyBuckets", "iam:PassRole", "sts:GetCallerIdentity", "made:up"}).Draw(rt, "action")
		want := everybodyWho(eng, snap, action, on, g)
		spared := ref(t, snap, "u0")
		delete(want, spared)
		who, everyone := eng.WhoCan(action, on, g, func(p graph.Ref) bool { return p == spared })
		open := false
		for i, w := range who {
			if s, ok := want[w.Node]; !ok || s != w.Decision.Status {
				rt.Errorf("%s on %v: %s is said to", action, on, snap.Node(w.Node).ID)
			}
			if i > 0 && snap.Kind(who[i-1].Node) == snap.Kind(w.Node) && who[i-1].Node >= w.Node {
				rt.Error("out of order")
			}
			kind := snap.Kind(w.Node)
			open = open || w.Decision.Certain() && (kind == graph.KindAnonymous || kind == graph.KindAnyPrincipal)
			delete(want, w.Node)
		}
		for p := range want {
			rt.Errorf("%s on %v: %s is left out", action, on, snap.Node(p).ID)
		}
		if everyone != open {
			rt.Errorf("everyone %v", everyone)
		}
	})
}

// crowded is an estate of users each of whom may rotate keys of the next one,
// in accounts of a hundred.
func crowded(b *testing.B, users int) (*Engine, *graph.Snapshot) {
	e := newEstate(b)
	for i := range users {
		account := fmt.Sprintf("%012d", 1+i/100)
		if i%100 == 0 {
			e.node(graph.AccountID(account), graph.KindAccount, account)
		}
		next := fmt.Sprintf("arn:aws:iam::%s:user/u%d", account, i+1)
		e.identity("user", graph.KindUser, account, fmt.Sprint("u", i), []string{doc(allow("iam:CreateAccessKey", next), allow("s3:GetObject", "*"))})
	}
	return e.engine()
}

// BenchmarkWhoCan asks, for every user, who may take it over.
func BenchmarkWhoCan(b *testing.B) {
	for _, n := range [...]int{100, 1000, 10_000} {
		b.Run(fmt.Sprint("users=", n), func(b *testing.B) {
			eng, snap := crowded(b, n)
			b.ReportAllocs()
			for b.Loop() {
				for _, u := range snap.ByKind(graph.KindUser) {
					eng.WhoCan("iam:CreateAccessKey", OnNode(u), Given{}, nil)
				}
			}
		})
	}
}
