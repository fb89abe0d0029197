package assemble

import (
	"context"
	"encoding/json"
	"iter"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/ingest/record"
)

type recordT = record.Record

const account = "111122223333"

var readAt = time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)

// rec is a record of the test account in eu-west-1.
func rec(service, operation, body string, params ...string) record.Record {
	r := record.Record{Account: account, Region: "eu-west-1", Service: service, Operation: operation,
		Outcome: graph.OutcomeOK, Source: "test", ReadAt: readAt, Body: json.RawMessage(body)}
	for i := 0; i < len(params); i += 2 {
		if r.Params == nil {
			r.Params = map[string]string{}
		}
		r.Params[params[i]] = params[i+1]
	}
	return r
}

func sequence(records []record.Record) iter.Seq2[record.Record, error] {
	return func(yield func(record.Record, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func build(t testing.TB, records ...record.Record) (*graph.Snapshot, *Report) {
	t.Helper()
	snap, report, err := Assemble(context.Background(), sequence(records), graph.Meta{ID: "s-test"})
	if err != nil {
		t.Fatal(err)
	}
	return snap, report
}

// edges lists the edges of a kind as "from -> to" with account and region
// parts of the test account left out.
func edges(s *graph.Snapshot, kind graph.EdgeKind) []string {
	var list []string
	for ref := range s.Refs() {
		for to := range s.OutKind(ref, kind) {
			list = append(list, s.Node(ref).ID+" -> "+s.Node(to).ID)
		}
	}
	slices.Sort(list)
	return list
}

func wantKind(t *testing.T, s *graph.Snapshot, id string, kind graph.Kind) graph.Ref {
	t.Helper()
	ref, ok := s.Lookup(id)
	if !ok {
		t.Fatalf("no node %s", id)
	}
	if got := s.Kind(ref); got != kind {
		t.Errorf("%s is a %s, want %s", id, got, kind)
	}
	return ref
}

func wantProp(t *testing.T, s *graph.Snapshot, ref graph.Ref, key, want string) {
	t.Helper()
	if got := string(s.Prop(ref, key)); got != want {
		t.Errorf("%s %s = %s, want %s", s.Node(ref).ID, key, got, want)
	}
}

func wantEdges(t *testing.T, s *graph.Snapshot, kind graph.EdgeKind, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, edges(s, kind)); diff != "" {
		t.Errorf("%s edges (-want +got):\n%s", kind, diff)
	}
}

func wantProblems(t *testing.T, report *Report, want ...string) {
	t.Helper()
	var got []string
	for _, p := range report.Problems {
		got = append(got, p.Error())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestSubnetOfAnotherAccountIsFound(t *testing.T) {
	shared := rec("ec2", "DescribeSubnets", `{"Subnets":[{"SubnetId":"subnet-1","VpcId":"vpc-1","OwnerId":"444455556666"}]}`)
	instances := rec("ec2", "DescribeInstances", `{"Reservations":[{"OwnerId":"111122223333","Instances":[{"InstanceId":"i-1","SubnetId":"subnet-1"}]}]}`)
	s, report := build(t, instances, shared)
	wantProblems(t, report)
	wantKind(t, s, "arn:aws:ec2:eu-west-1:444455556666:vpc/vpc-1", graph.KindUnknown)
	wantEdges(t, s, graph.EdgeContains,
		"arn:aws:ec2:eu-west-1:444455556666:subnet/subnet-1 -> arn:aws:ec2:eu-west-1:111122223333:instance/i-1",
		"arn:aws:ec2:eu-west-1:444455556666:vpc/vpc-1 -> arn:aws:ec2:eu-west-1:444455556666:subnet/subnet-1")
}

func TestEqualIDsInTwoAccountsStayApart(t *testing.T) {
	body := `{"Reservations":[{"Instances":[{"InstanceId":"i-1","SubnetId":"subnet-1"}]}]}`
	subnets := `{"Subnets":[{"SubnetId":"subnet-1","VpcId":"vpc-1"}]}`
	one, two := rec("ec2", "DescribeInstances", body), rec("ec2", "DescribeInstances", body)
	subnetOne, subnetTwo := rec("ec2", "DescribeSubnets", subnets), rec("ec2", "DescribeSubnets", subnets)
	two.Account, subnetTwo.Account = "444455556666", "444455556666"
	s, report := build(t, one, two, subnetOne, subnetTwo)
	wantProblems(t, report)
	if got := len(s.ByKind(graph.KindInstance)); got != 2 {
		t.Errorf("%d instances, want 2", got)
	}
	for _, id := range []string{account, "444455556666"} {
		ref := wantKind(t, s, "arn:aws:ec2:eu-west-1:"+id+":instance/i-1", graph.KindInstance)
		for from := range s.InKind(ref, graph.EdgeContains) {
			if got, want := s.Node(from).ID, "arn:aws:ec2:eu-west-1:"+id+":subnet/subnet-1"; got != want {
				t.Errorf("%s stands in %s, want %s", s.Node(ref).ID, got, want)
			}
		}
	}
}

func TestBucket(t *testing.T) {
	s, report := build(t,
		rec("s3", "GetBucketPolicy", `{"Policy":"{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:GetObject\"}}"}`, "Bucket", "b"),
		rec("s3", "ListBuckets", `{"Buckets":[{"Name":"b","CreationDate":"2020-01-01"},{"Name":"c"}]}`),
		rec("s3", "GetBucketLocation", `{"LocationConstraint":null}`, "Bucket", "b"),
		rec("s3", "GetBucketEncryption", `{"ServerSideEncryptionConfiguration":{"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"aws:kms","KMSMasterKeyID":"alias/app"}}]}}`, "Bucket", "b"),
		rec("s3", "GetBucketTagging", `{"TagSet":[{"Key":"pii","Value":"true"}]}`, "Bucket", "b"))
	wantProblems(t, report)
	b := wantKind(t, s, "arn:aws:s3:::b", graph.KindBucket)
	if n := s.Node(b); n.Region != "us-east-1" || n.Account != account || n.Name != "b" {
		t.Errorf("bucket is %+v", n)
	}
	wantProp(t, s, b, graph.PropTags, `{"pii":"true"}`)
	wantProp(t, s, b, graph.PropPolicy, `{"Statement":{"Effect":"Allow","Principal":"*","Action":"s3:GetObject"}}`)
	wantEdges(t, s, graph.EdgeRefers, "arn:aws:s3:::b -> any-aws-principal")
	wantEdges(t, s, graph.EdgeEncryptedBy, "arn:aws:s3:::b -> arn:aws:kms:eu-west-1:111122223333:alias/app")
}

func TestTable(t *testing.T) {
	for key, op := range operations() {
		if key.service == "" || key.name == "" {
			t.Errorf("row %+v has no name", op)
		}
		if op.about != nil && len(op.params) == 0 {
			t.Errorf("%v is about a resource and names no parameter", key)
		}
	}
}
