package assemble

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/ingest/record"
)

func refused(service, operation string, o graph.Outcome, params ...string) record.Record {
	r := rec(service, operation, "", params...)
	r.Body, r.Outcome, r.Detail = nil, o, "AccessDenied: no"
	return r
}

func TestGaps(t *testing.T) {
	cut := rec("s3", "ListBuckets", `{"Buckets":[{"Name":"a"}]}`)
	cut.Outcome, cut.Detail = graph.OutcomeTruncated, "a page is missing"
	nowhere := refused("ec2", "DescribeVpcs", "timeout")
	nowhere.Account = ""
	loose := rec("ec2", "DescribeSubnets", `{"Subnets":[{"SubnetId":"subnet-1"}]}`)
	loose.Account = ""
	s, report := build(t, cut, loose, nowhere,
		refused("s3", "GetBucketPolicy", "denied", "Bucket", "a"),
		refused("s3", "GetBucketPolicy", "throttled", "Bucket", "unlisted"),
		refused("kms", "ListKeys", "unsupported"),
		refused("kms", "GetKeyPolicy", "denied", "KeyId", "k-1", "PolicyName", "default"),
		refused("organizations", "DescribeOrganization", "notCollected"),
		refused("weather", "GetForecast", "denied"))
	wantProblems(t, report)
	var got []string
	for _, g := range s.Gaps() {
		got = append(got, fmt.Sprintf("%s %s -> %s", g.ID, g.Outcome, strings.Join(g.Affects, " ")))
	}
	const root = "arn:aws:iam::111122223333:root"
	want := []string{
		"gap:ec2:DescribeVpcs::eu-west-1 timeout -> subnet-1",
		"gap:kms:GetKeyPolicy:111122223333:eu-west-1:k-1:default denied -> arn:aws:kms:eu-west-1:111122223333:key/k-1",
		"gap:kms:ListKeys:111122223333:eu-west-1 unsupported -> " + root,
		"gap:organizations:DescribeOrganization:111122223333:eu-west-1 notCollected -> " + root,
		"gap:s3:GetBucketPolicy:111122223333:eu-west-1:a denied -> arn:aws:s3:::a",
		"gap:s3:GetBucketPolicy:111122223333:eu-west-1:unlisted throttled -> arn:aws:s3:::unlisted",
		"gap:s3:ListBuckets:111122223333:eu-west-1 truncated -> " + root,
		"gap:weather:GetForecast:111122223333:eu-west-1 denied -> " + root,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("gaps (-want +got):\n%s", diff)
	}
	for _, o := range s.Origins() {
		if call := o.Call(); call != "s3 ListBuckets" && call != "ec2 DescribeSubnets" {
			t.Errorf("%s was not answered and counts as read", call)
		}
	}
	wantKind(t, s, "arn:aws:s3:::a", graph.KindBucket)
	wantKind(t, s, "arn:aws:s3:::unlisted", graph.KindUnknown)
}

func TestOneSourceFillsWhatAnotherLacks(t *testing.T) {
	missing := func(service, operation string) record.Record {
		r := refused(service, operation, "notCollected")
		r.Region = "global"
		return r
	}
	s, _ := build(t,
		missing("ec2", "DescribeVpcs"), rec("ec2", "DescribeVpcs", `{"Vpcs":[{"VpcId":"vpc-1"}]}`),
		missing("iam", "GetAccountAuthorizationDetails"), rec("iam", "ListUsers", `{"Users":[]}`),
		missing("kms", "ListKeys"))
	if gaps := s.Gaps(); len(gaps) != 1 || gaps[0].Service != "kms" {
		t.Errorf("gaps %+v", gaps)
	}
	if diff := cmp.Diff(map[graph.Outcome]int{"ok": 2, "notCollected": 1}, s.Meta().Tasks); diff != "" {
		t.Error(diff)
	}
}

func TestEmptyEstate(t *testing.T) {
	s, report := build(t)
	wantProblems(t, report)
	for _, id := range []string{"internet", "anonymous", "any-aws-principal", "onprem"} {
		if _, ok := s.Lookup(id); !ok {
			t.Errorf("no node %s", id)
		}
	}
	if s.Len() != 4 {
		t.Errorf("%d nodes", s.Len())
	}
}

func TestWithoutAccountTheIDIsTheBareOne(t *testing.T) {
	vpcs := rec("ec2", "DescribeVpcs", `{"Vpcs":[{"VpcId":"vpc-1"}]}`)
	subnets := rec("ec2", "DescribeSubnets", `{"Subnets":[{"SubnetId":"subnet-1","VpcId":"vpc-1"}]}`)
	vpcs.Account, vpcs.Region, subnets.Account, subnets.Region = "", "", "", ""
	s, _ := build(t, subnets, vpcs)
	wantGraph(t, s, `vpc-1 CONTAINS subnet-1`)
}

func TestWhatIsFoundGoesToItsNode(t *testing.T) {
	credentials := func(node, body string) record.Record {
		return rec(record.ServiceCairn, record.OpFindCredentials, body, "Node", node)
	}
	s, report := build(t,
		credentials("i-1", `[{"kind":"token","foundAt":"user data"}]`),
		rec("ec2", "DescribeInstances", `{"Reservations":[{"Instances":[{"InstanceId":"i-1"}]}]}`),
		credentials(regionalID("ec2", "instance/i-1"), `[{"kind":"accessKey","foundAt":"environment"}]`),
		rec(record.ServiceCairn, record.OpClassify, `{"objects":3}`, "Node", "arn:aws:s3:::b"),
		rec("s3", "ListBuckets", `{"Buckets":[{"Name":"b"}]}`))
	wantProblems(t, report)
	wantProp(t, s, wantKind(t, s, "arn:aws:s3:::b", graph.KindBucket), graph.PropSensitivity, `{"objects":3}`)
	i := wantKind(t, s, regionalID("ec2", "instance/i-1"), graph.KindInstance)
	var list []struct{ Kind string }
	if _, err := s.Decode(i, graph.PropCredentials, &list); err != nil || len(list) != 2 {
		t.Errorf("credentials %s: %v", s.Prop(i, graph.PropCredentials), err)
	}
}

// TestRepliesThatAreNone: an answer without content is not an empty one.
func TestRepliesThatAreNone(t *testing.T) {
	for body, want := range map[string]string{
		``: "has no body", `null`: "has no body", `[]`: "is no JSON object", `"x"`: "is no JSON object", `7`: "is no JSON object", `{`: "is not valid JSON",
	} {
		s, report := build(t, rec("s3", "ListBuckets", `{"Buckets":[{"Name":"b"}]}`), rec("s3", "GetBucketPolicy", body, "Bucket", "b"), rec("ec2", "DescribeVpcs", body))
		wantProblems(t, report, "s3 GetBucketPolicy Bucket=b: the reply "+want, "ec2 DescribeVpcs: the reply "+want)
		bucket := wantKind(t, s, "arn:aws:s3:::b", graph.KindBucket)
		if s.Gap(bucket, "s3", "GetBucketPolicy") == nil || len(s.Gaps()) != 2 {
			t.Errorf("%q: gaps %+v", body, s.Gaps())
		}
	}
}

// TestPolicyAlone: a reply that was cut down to its policy is that policy.
func TestPolicyAlone(t *testing.T) {
	s, report := build(t, rec("s3", "ListBuckets", `{"Buckets":[{"Name":"b"}]}`), rec("s3", "GetBucketPolicy", `{"Version":"2012-10-17","Statement":[]}`, "Bucket", "b"))
	wantProblems(t, report)
	wantProp(t, s, wantKind(t, s, "arn:aws:s3:::b", graph.KindBucket), graph.PropPolicy, `{"Version":"2012-10-17","Statement":[]}`)
}

// TestOrderOfRecordsDoesNotMatter: the graph is a function of the set of
// records, as long as no two of them describe the same thing.
func TestOrderOfRecordsDoesNotMatter(t *testing.T) {
	records := estate(3000)
	records = append(records,
		rec("kms", "ListAliases", `{"Aliases":[{"AliasName":"alias/a","TargetKeyId":"k"}]}`), rec("kms", "ListKeys", `{"Keys":[{"KeyId":"k"}]}`),
		rec("secretsmanager", "ListSecrets", `{"SecretList":[{"Name":"s","KmsKeyId":"alias/a"}]}`),
		rec("s3", "GetBucketPolicy", `{"Policy":"{}"}`, "Bucket", "b"), rec("s3", "ListBuckets", `{"Buckets":[{"Name":"b"}]}`),
		refused("s3", "GetBucketAcl", "denied", "Bucket", "b"))
	text := func(s *graph.Snapshot) string {
		var b strings.Builder
		for ref := range s.Refs() {
			fmt.Fprintln(&b, s.Node(ref))
			for kind, to := range s.Out(ref) {
				fmt.Fprintln(&b, " ", kind, s.Node(to).ID)
			}
			for _, p := range s.Props(ref) {
				fmt.Fprintln(&b, " ", p.Key, string(p.Value))
			}
		}
		return b.String()
	}
	first, _ := build(t, records...)
	want := text(first)
	for seed := range uint64(8) {
		rand.New(rand.NewPCG(seed, 0)).Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
		s, _ := build(t, records...)
		if diff := cmp.Diff(want, text(s)); diff != "" {
			t.Fatalf("seed %d (-first +other):\n%s", seed, diff)
		}
	}
}

func FuzzAssemble(f *testing.F) {
	for _, op := range Operations() {
		list := "x"
		if len(op.Lists) > 0 {
			list = op.Lists[0]
		}
		f.Add(op.Service, op.Name, []byte(`{"`+list+`":[{"Arn":"arn:aws:iam::111122223333:role/r","Name":1}]}`), "x")
	}
	f.Add("ec2", "DescribeRouteTables", []byte(`{"RouteTables":{"RouteTableId":"rtb-1","Routes":[{"GatewayId":[]},7,null]}}`), "")
	f.Fuzz(func(t *testing.T, service, operation string, body []byte, param string) {
		r := rec(service, operation, string(body))
		if i := slices.IndexFunc(Operations(), func(o Operation) bool { return o.Service == service && o.Name == operation }); i >= 0 {
			for _, name := range Operations()[i].Params {
				if r.Params == nil {
					r.Params = map[string]string{}
				}
				r.Params[name] = param
			}
		}
		twin := r
		twin.Account, twin.Region, twin.Body = "", "global", slices.Clone(r.Body)
		s, _, err := Assemble(context.Background(), sequence([]record.Record{r, twin}), graph.Meta{ID: "s"})
		if err != nil {
			t.Fatal(err)
		}
		for ref := range s.Refs() {
			for _, p := range s.Props(ref) {
				if !json.Valid(p.Value) {
					t.Fatalf("%s of %s is not JSON: %s", p.Key, s.Node(ref).ID, p.Value)
				}
			}
		}
	})
}
