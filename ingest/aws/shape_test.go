package aws

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/google/go-cmp/cmp"
)

// union is shaped like the SDK's tagged unions.
type union interface{ isUnion() }

type unionMemberInner struct{ Value string }

func (*unionMemberInner) isUnion() {}

func TestReplyIsWhatTheCLIPrints(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 600_000_000, time.FixedZone("", 3600))
	tests := []struct {
		name    string
		service string
		out     any
		listing bool
		want    string
		nothing bool
	}{
		{"times, blobs, absent members", "iam", &iam.GetCredentialReportOutput{GeneratedTime: &at, Content: []byte("a,b")}, false,
			`{"Content":"YSxi","GeneratedTime":"2026-01-02T02:04:05.6Z"}`, false},
		{"policy documents", "iam", &iam.ListRolesOutput{Roles: []iamtypes.Role{{RoleName: sdk.String("r"),
			AssumeRolePolicyDocument: sdk.String("%7B%22Statement%22%3A%5B%5D%2C%22Id%22%3A%22a%2Bb+c%22%7D")}}}, true,
			`{"Roles":[{"AssumeRolePolicyDocument":{"Statement":[],"Id":"a+b+c"},"RoleName":"r"}],"IsTruncated":false}`, false},
		{"a document that is none", "iam", &iam.ListRolesOutput{Roles: []iamtypes.Role{{AssumeRolePolicyDocument: sdk.String("%7Bbroken")}}}, true,
			`{"Roles":[{"AssumeRolePolicyDocument":"{broken"}]}`, false},
		{"policy strings elsewhere", "s3", &s3.GetBucketPolicyOutput{Policy: sdk.String(`{"a":"<b>"}`)}, false,
			`{"Policy":"{\"a\":\"<b>\"}"}`, false},
		{"small first letters", "ecs", &ecs.ListClustersOutput{ClusterArns: []string{"arn:1"}, NextToken: sdk.String("t")}, true,
			`{"clusterArns":["arn:1"]}`, false},
		{"zero that was sent", "ecs", &ecs.DescribeTasksOutput{Tasks: []ecstypes.Task{{Cpu: sdk.String("")}}}, true,
			`{"tasks":[{"cpu":"","enableExecuteCommand":false,"version":0}]}`, false},
		{"empty listing", "kms", &kms.ListKeysOutput{Truncated: false}, true, `{}`, true},
		{"empty listing with an owner", "s3", &s3.ListBucketsOutput{Owner: &s3types.Owner{ID: sdk.String("o")}}, true,
			`{"Owner":{"ID":"o"}}`, true},
		{"nothing set", "s3", &s3.GetBucketVersioningOutput{}, false, `{}`, true},
		{"no such list but something else", "s3", &s3.GetBucketWebsiteOutput{IndexDocument: &s3types.IndexDocument{Suffix: sdk.String("i")}}, false,
			`{"IndexDocument":{"Suffix":"i"}}`, false},
		{"unions and maps", "x", &struct {
			One  union
			Many map[string][]float64
		}{&unionMemberInner{"v"}, map[string][]float64{"b": {1.5}, "a": {}}}, false,
			`{"One":{"Inner":"v"},"Many":{"a":[],"b":[1.5]}}`, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			body, nothing, err := shapeOf(tt.service).reply(tt.out, tt.listing)
			if err != nil {
				t.Fatal(err)
			}
			var got, want any
			if err := json.Unmarshal(body, &got); err != nil {
				t.Fatalf("%v in %s", err, body)
			}
			if err := json.Unmarshal([]byte(tt.want), &want); err != nil {
				t.Fatal(err)
			}
			if m, ok := want.(map[string]any); ok {
				delete(m, "IsTruncated") // steers paging
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if nothing != tt.nothing {
				t.Errorf("says nothing: %v", nothing)
			}
		})
	}
}

func TestReplyOfSomethingElseIsAnError(t *testing.T) {
	for _, out := range []any{"text", &struct{ F func() }{func() {}}, &struct{ U any }{3}} {
		if body, _, err := (shape{}).reply(out, false); err == nil {
			t.Errorf("%s: %s", reflect.TypeOf(out), body)
		}
	}
}

func TestParams(t *testing.T) {
	in := &ecs.DescribeTasksInput{Cluster: sdk.String("c"), Tasks: []string{"t1", "t2"}}
	want := map[string]string{"cluster": "c", "tasks": "t1,t2"}
	if diff := cmp.Diff(want, shapeOf("ecs").params(in)); diff != "" {
		t.Error(diff)
	}
	if got := shapeOf("kms").params(&kms.ListKeysInput{Limit: sdk.Int32(5), Marker: sdk.String("m")}); got != nil {
		t.Errorf("limits and tokens are no parameters: %v", got)
	}
}
