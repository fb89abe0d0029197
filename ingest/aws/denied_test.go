package aws

import (
	"context"
	"path/filepath"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/ingest/aws/estatetest"
	"github.com/cairn-security/cairn/ingest/aws/mototest"
)

// The emulator checks policies here: the caller may look at EC2 and list
// buckets, and nothing else.
func collectDenied(t *testing.T, server *mototest.Server, estate *estatetest.Estate) {
	ctx := context.Background()
	client := iam.NewFromConfig(estate.Config)
	name := sdk.String("limited")
	if _, err := client.CreateUser(ctx, &iam.CreateUserInput{UserName: name}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: name, PolicyName: name, PolicyDocument: sdk.String(
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["ec2:Describe*","s3:ListAllMyBuckets","sts:GetCallerIdentity"],"Resource":"*"}}`)}); err != nil {
		t.Fatal(err)
	}
	key, err := client.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: name})
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("AWS_ACCESS_KEY_ID", *key.AccessKey.AccessKeyId)
	t.Setenv("AWS_SECRET_ACCESS_KEY", *key.AccessKey.SecretAccessKey)
	server.EnforceAfter(0)

	dir := filepath.Join(t.TempDir(), "bundle")
	result, err := Folder(ctx, testOptions(t, estatetest.Region), dir, false, "test", nil)
	if err != nil || result.Interrupted != nil {
		t.Fatal(err, result.Interrupted)
	}
	all := openBundle(t, dir)
	checkRecords(t, all)
	for _, want := range []struct {
		service, operation string
		outcome            graph.Outcome
	}{
		{"ec2", "DescribeInstances", graph.OutcomeOK},
		{"ec2", "DescribeSecurityGroups", graph.OutcomeOK},
		{"s3", "ListBuckets", graph.OutcomeOK},
		{"iam", "GetAccountAuthorizationDetails", graph.OutcomeDenied},
		{"iam", "GetAccountSummary", graph.OutcomeDenied},
		{"rds", "DescribeDBInstances", graph.OutcomeDenied},
		{"kms", "ListKeys", graph.OutcomeDenied},        // XML to a JSON client: by status only
		{"dynamodb", "ListTables", graph.OutcomeDenied}, // likewise
		{"lambda", "ListFunctions", graph.OutcomeDenied},
		{"secretsmanager", "ListSecrets", graph.OutcomeDenied},
	} {
		if r := all.one(t, want.service, want.operation); r.Outcome != want.outcome {
			t.Errorf("%s %s: %s, want %s (%s)", want.service, want.operation, r.Outcome, want.outcome, r.Detail)
		}
	}
	// Decided per resource: each bucket has its own refusal.
	if n := len(all.of("s3", "GetBucketPolicy")); n != 5 {
		t.Errorf("%d refusals of GetBucketPolicy, want one for each bucket", n)
	}
	if r := all.one(t, "s3", "ListObjectsV2", "Bucket", estatetest.Cards); r.Outcome != graph.OutcomeDenied {
		t.Errorf("sampling: %s", r.Outcome)
	}
	if result.Progress.Gaps == 0 {
		t.Error("no gaps counted")
	}
}
