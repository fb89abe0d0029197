package permission

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/cairn-security/cairn/analysis/policy"
	"github.com/cairn-security/cairn/graph"
)

// fiftyFour is the workload of the decision benchmark: 5 identity policies of
// 10 statements, 2 SCPs of 1 and a bucket policy of 2; every third statement
// has two condition keys.
func fiftyFour(t testing.TB) *Policies {
	n := 0
	condition := func() string {
		if n++; n%3 != 0 {
			return ""
		}
		return `,"Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-abc"},"StringLike":{"aws:PrincipalTag/team":["red-*","blue-*"]}}`
	}
	services := []string{"s3", "ec2", "dynamodb", "sqs", "kms"}
	set := func(kind PolicyType, docs ...string) *Set {
		var list []*Attached
		for i, d := range docs {
			parsed, err := policy.Parse("bench", []byte(d))
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, &Attached{Policy: policy.Compile(parsed), ID: int32(i)})
		}
		return NewSet(kind, list...)
	}
	var identity []string
	for p := range 5 {
		var list []string
		for s := range 10 {
			service := services[(p+s)%len(services)]
			resource := fmt.Sprintf("arn:aws:%s:::team-%d-%d/*", service, p, s)
			effect := "Allow"
			if s == 9 {
				effect = "Deny"
			}
			list = append(list, fmt.Sprintf(`{"Effect":%q,"Action":["%s:Get*","%s:List*","%s:Put*"],"Resource":[%q,"arn:aws:%s:::shared-%d*"]%s}`,
				effect, service, service, service, resource, service, s, condition()))
		}
		identity = append(identity, doc(list...))
	}
	return &Policies{
		Identity: set(IdentityPolicy, identity...),
		SCPs: []*Set{set(ServiceControlPolicy, doc(allow("*", "*"))),
			set(ServiceControlPolicy, doc(allow("*", "*"), `{"Effect":"Deny","NotAction":["iam:*","sts:*","s3:*"],"Resource":"*"`+condition()+"}"))},
		Resource: []*Set{set(ResourcePolicy, doc(
			`{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}`,
			`{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::222222222222:root"},"Action":"s3:GetObject","Resource":"*"`+condition()+"}"))},
	}
}

func benchContext() *policy.Context {
	return policy.NewContext(policy.Absent).Set("aws:SecureTransport", "true").Set("aws:PrincipalOrgID", "o-abc").
		Set("aws:PrincipalTag/team", "red-1").Set("aws:PrincipalArn", "arn:aws:iam::111111111111:user/u").Set("aws:RequestedRegion", "us-east-1")
}

func BenchmarkDecide54Statements(b *testing.B) {
	p := fiftyFour(b)
	r := Ask(CallerFromARN("arn:aws:iam::111111111111:user/u"), "s3:GetObject", "*", home, benchContext())
	resources := make([]string, 1024)
	for i := range resources {
		resources[i] = fmt.Sprintf("arn:aws:s3:::team-%d-%d/object-%d", i%7, i%11, i)
	}
	allowed, i := 0, 0
	b.ReportAllocs()
	for b.Loop() {
		r.Resource = resources[i%len(resources)]
		if Decide(&r, p) == policy.True {
			allowed++
		}
		i++
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "decisions/s")
	if i > 1024 && (allowed == 0 || allowed == i) {
		b.Fatalf("%d of %d allowed", allowed, i)
	}
}

func TestDecideDoesNotAllocate(t *testing.T) {
	p := fiftyFour(t)
	r := Ask(CallerFromARN("arn:aws:iam::111111111111:user/u"), "s3:GetObject", "arn:aws:s3:::team-0-0/x", home, benchContext())
	if n := testing.AllocsPerRun(100, func() { Decide(&r, p) }); n != 0 {
		t.Errorf("%v allocations per decision, want none", n)
	}
}

// largeEstate has principals with an inline policy of their own, shared
// managed policies, and buckets of which half have a policy and a third a key.
func largeEstate(tb testing.TB, principals, stores int) *graph.Snapshot {
	b := graph.NewBuilder()
	o := b.Origin(graph.Origin{Source: "test"})
	set := func(h graph.Handle, key, value string) {
		if err := b.Set(h, key, json.RawMessage(value), o); err != nil {
			tb.Fatal(err)
		}
	}
	b.Add(graph.Node{ID: graph.AccountID(home), Kind: graph.KindAccount, Account: home})
	var managed []graph.Handle
	for i := range 40 {
		h, _ := b.Add(graph.Node{ID: fmt.Sprintf("arn:aws:iam::%s:policy/m%d", home, i), Kind: graph.KindPolicy, Account: home})
		var list []string
		for j := range 10 {
			list = append(list, allow([]string{"s3:Get*", "s3:Put*", "dynamodb:*", "s3:Delete*", "sqs:*"}[j%5], fmt.Sprintf("arn:aws:s3:::b-%d-%d*", i, j)))
		}
		list = append(list, `{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b-`+fmt.Sprint(i)+`*","Condition":{"StringEquals":{"aws:PrincipalTag/t":"x"}}}`)
		set(h, graph.PropDocument, doc(list...))
		managed = append(managed, h)
	}
	for i := range principals {
		id := fmt.Sprintf("arn:aws:iam::%s:role/r%d", home, i)
		h, _ := b.Add(graph.Node{ID: id, Kind: graph.KindRole, Name: fmt.Sprint("r", i), Account: home})
		set(h, graph.PropResource, `{"Arn":"`+id+`"}`)
		set(h, graph.PropTrust, doc())
		for j := range 5 {
			b.Link(h, managed[(i*7+j*11)%len(managed)], graph.EdgeHasPolicy)
		}
		list := []string{allow("s3:GetObject", fmt.Sprintf("arn:aws:s3:::b-%d/*", i)), deny("s3:DeleteObject", fmt.Sprintf("arn:aws:s3:::b-%d*", i%10))}
		if i%50 == 0 {
			list = append(list, allow("s3:*", "*"))
		}
		set(h, graph.PropInlinePrefix+"own", doc(list...))
	}
	key, _ := b.Add(graph.Node{ID: "arn:aws:kms:us-east-1:" + home + ":key/k", Kind: graph.KindKey, Account: home})
	for i := range stores {
		id := fmt.Sprintf("arn:aws:s3:::b-%d", i)
		h, _ := b.Add(graph.Node{ID: id, Kind: graph.KindBucket, Name: id, Account: home, Region: "us-east-1"})
		if i%2 == 0 {
			set(h, graph.PropPolicy, strings.ReplaceAll(doc(
				`{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["BUCKET","BUCKET/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}}`,
				`{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::`+home+`:role/r`+fmt.Sprint(i%principals)+`"},"Action":"s3:GetObject","Resource":"BUCKET/*"}`), "BUCKET", id))
		}
		if i%3 == 0 {
			b.Link(h, key, graph.EdgeEncryptedBy)
		}
	}
	snap, err := b.Build(graph.Meta{ID: "large", Accounts: []string{home}})
	if err != nil {
		tb.Fatal(err)
	}
	return snap
}

func benchmarkAccess(b *testing.B, principals, stores int) {
	snap := largeEstate(b, principals, stores)
	b.ReportAllocs()
	for b.Loop() {
		e, err := New(context.Background(), snap, Options{})
		if err != nil {
			b.Fatal(err)
		}
		grants, answers := 0, 0
		for g := range e.Access(Given{Stolen: true}) {
			grants++
			answers += len(g.Principals) * len(g.Stores)
		}
		b.ReportMetric(float64(grants), "grants")
		b.ReportMetric(float64(answers), "answers")
	}
}

func BenchmarkAccess1000x10000(b *testing.B)   { benchmarkAccess(b, 1000, 10_000) }
func BenchmarkAccess3000x30000(b *testing.B)   { benchmarkAccess(b, 3000, 30_000) }
func BenchmarkAccess10000x100000(b *testing.B) { benchmarkAccess(b, 10_000, 100_000) }

func BenchmarkAccess200x2000(b *testing.B) { benchmarkAccess(b, 200, 2000) }

// BenchmarkAssumptions1000x1000: every role trusts its account, one principal
// in ten may assume anything.
func BenchmarkAssumptions1000x1000(b *testing.B) {
	e := newEstate(&testing.T{})
	for i := range 1000 {
		own := []string{doc(allow("s3:*", "*"))}
		if i%10 == 0 {
			own = []string{doc(allow("sts:AssumeRole", fmt.Sprintf("arn:aws:iam::%s:role/r%d*", home, i%7)))}
		}
		e.role(fmt.Sprint("r", i), trust(`{"AWS":"`+home+`"}`, ""), own...)
	}
	eng, _ := e.engine()
	for b.Loop() {
		n := 0
		for range eng.Assumptions(Given{Stolen: true}) {
			n++
		}
		b.ReportMetric(float64(n), "edges")
	}
}
