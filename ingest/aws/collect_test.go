package aws

import (
	"bytes"
	"context"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/arn"
	"github.com/cairn-security/cairn/graph/sit"
	"github.com/cairn-security/cairn/ingest/aws/estatetest"
	"github.com/cairn-security/cairn/ingest/aws/mototest"
	"github.com/cairn-security/cairn/ingest/record"
)

// One emulator serves all of these: starting one and making the estate costs
// more than the runs.
func TestAgainstTheEmulator(t *testing.T) {
	server := mototest.Start(t)
	server.Environ(t)
	estate := estatetest.Create(t, server.URL)
	t.Run("one account", func(t *testing.T) { collectOne(t, estate) })
	t.Run("two accounts", collectTwo)
	t.Run("preflight", preflight)
	t.Run("resume", func(t *testing.T) { resumed(t, server.URL) })
	t.Run("denied", func(t *testing.T) { collectDenied(t, server, estate) })
}

func collectOne(t *testing.T, estate *estatetest.Estate) {
	dir := filepath.Join(t.TempDir(), "bundle")
	result, err := Folder(context.Background(), testOptions(t, estatetest.Region), dir, false, "test", nil)
	if err != nil || result.Interrupted != nil {
		t.Fatal(err, result.Interrupted)
	}
	all := openBundle(t, dir)
	checkRecords(t, all)
	if p := result.Progress; p.Rows != int64(len(all)) || p.Done != p.Total {
		t.Errorf("progress %+v with %d records", p, len(all))
	}
	checkIdentity(t, all)
	checkBuckets(t, all)
	checkSecrets(t, all, estate)
	raw := rawBundle(t, dir)
	for _, secret := range append(slices.Clone(estatetest.Secrets), "4111110000") {
		if strings.Contains(raw, secret) {
			t.Errorf("the bundle holds %.6s…", secret)
		}
	}
	shared := all.one(t, "ec2", "DescribeSnapshotAttribute", "SnapshotId", estate.Snapshot)
	if !strings.Contains(string(shared.Body), `{"Group":"all"}`) {
		t.Errorf("the public snapshot: %s", shared.Body)
	}
	for operation, want := range map[string]graph.Outcome{
		"ec2 DescribeVpcBlockPublicAccessOptions":     graph.OutcomeUnsupported, // what the emulator lacks
		"directconnect DescribeDirectConnectGateways": graph.OutcomeUnsupported, "directconnect DescribeVirtualInterfaces": graph.OutcomeUnsupported,
		"redshift-serverless ListWorkgroups": graph.OutcomeUnsupported, "appsync ListGraphqlApis": graph.OutcomeEmpty,
	} {
		service, name, _ := strings.Cut(operation, " ")
		if r := all.one(t, service, name); r.Outcome != want {
			t.Errorf("%s: %s, want %s (%s)", operation, r.Outcome, want, r.Detail)
		}
	}
}

// checkRecords tests what holds for every record.
func checkRecords(t *testing.T, all collected) {
	t.Helper()
	for _, r := range all {
		hasBody := len(r.Body) > 0 && string(r.Body) != "null"
		switch {
		case r.Account == "" || r.Region == "" || r.Source != "aws" || time.Since(r.ReadAt) > time.Hour:
			t.Errorf("%s: account %q, region %q, source %q, read at %s", r.Place(), r.Account, r.Region, r.Source, r.ReadAt)
		case hasBody != (r.Outcome == graph.OutcomeOK || r.Outcome == graph.OutcomeTruncated):
			t.Errorf("%s: %s with body %.40s", r.Place(), r.Outcome, r.Body)
		case !record.Answered(r.Outcome) && r.Detail == "":
			t.Errorf("%s: %s without a reason", r.Place(), r.Outcome)
		}
	}
}

func checkIdentity(t *testing.T, all collected) {
	t.Helper()
	var reply struct {
		RoleDetailList []struct {
			RoleName                 string
			AssumeRolePolicyDocument struct{ Statement []any }
			PermissionsBoundary      struct{ PermissionsBoundaryArn string }
			RolePolicyList           []struct{ PolicyDocument struct{ Version string } }
		}
		UserDetailList []struct{ GroupList []string }
	}
	r := all.one(t, "iam", "GetAccountAuthorizationDetails")
	if err := json.Unmarshal(r.Body, &reply); err != nil {
		t.Fatalf("policies must be objects: %v", err)
	}
	for _, role := range reply.RoleDetailList {
		if len(role.AssumeRolePolicyDocument.Statement) != 1 {
			t.Errorf("role %s has no trust policy", role.RoleName)
		}
		if bounded := role.PermissionsBoundary.PermissionsBoundaryArn != ""; bounded != (role.RoleName == estatetest.Bounded) {
			t.Errorf("role %s bounded: %v", role.RoleName, bounded)
		}
	}
	if len(reply.RoleDetailList) != 7 || len(reply.UserDetailList) != 1 || r.Region != globalRegion {
		t.Errorf("%d roles, %d users, region %s", len(reply.RoleDetailList), len(reply.UserDetailList), r.Region)
	}
	report := all.one(t, "iam", "GetCredentialReport")
	if !strings.Contains(string(report.Body), `"Content":"user,arn,`) {
		t.Errorf("the credential report: %.80s", report.Body)
	}
	if keys := all.of("iam", "GetAccessKeyLastUsed"); len(keys) != 1 {
		t.Errorf("%d access keys", len(keys))
	}
	if r := all.one(t, "organizations", "DescribeOrganization"); r.Outcome != graph.OutcomeEmpty {
		t.Errorf("no organization is %s", r.Outcome)
	}
}

func checkBuckets(t *testing.T, all collected) {
	t.Helper()
	barred := all.one(t, "s3", "GetBucketPolicy", "Bucket", estatetest.Barred)
	var policy struct{ Policy string }
	if err := json.Unmarshal(barred.Body, &policy); err != nil || !json.Valid([]byte(policy.Policy)) {
		t.Errorf("the policy must stay a string that holds JSON: %s", barred.Body)
	}
	for operation, want := range map[string]graph.Outcome{
		"GetBucketPolicy": graph.OutcomeEmpty, "GetPublicAccessBlock": graph.OutcomeEmpty, "GetBucketTagging": graph.OutcomeEmpty,
		"GetBucketOwnershipControls": graph.OutcomeEmpty, "GetBucketAcl": graph.OutcomeOK, "GetBucketLocation": graph.OutcomeOK,
	} {
		if r := all.one(t, "s3", operation, "Bucket", estatetest.Cards); r.Outcome != want {
			t.Errorf("%s: %s, want %s (%s)", operation, r.Outcome, want, r.Detail)
		}
	}
	if r := all.one(t, "s3", "GetBucketLocation", "Bucket", estatetest.Cards); string(r.Body) != `{"LocationConstraint":null}` {
		t.Errorf("location %s", r.Body)
	}
	var sampling sit.Sampling
	r := all.one(t, "cairn", record.OpClassify, "Node", arn.Bucket(estatetest.Cards))
	if err := json.Unmarshal(r.Body, &sampling); err != nil {
		t.Fatal(err)
	}
	cards := slices.IndexFunc(sampling.Types, func(s sit.Summary) bool { return s.Type == "credit_card_number" })
	if sampling.Sampled != 2 || sampling.Objects != 2 || cards < 0 || sampling.Types[cards].Distinct != 60 {
		t.Errorf("sample of the cards: %s", r.Body)
	}
}

func checkSecrets(t *testing.T, all collected, estate *estatetest.Estate) {
	t.Helper()
	locators := func(node string) []string {
		var found []sit.Credential
		if err := json.Unmarshal(all.one(t, "cairn", record.OpFindCredentials, "Node", node).Body, &found); err != nil {
			t.Fatal(err)
		}
		var list []string
		for _, c := range found {
			list = append(list, string(c.Kind)+" "+c.Locator)
		}
		return list
	}
	instance := locators(arn.Regional("ec2", estatetest.Region, estatetest.Account, "instance/"+estate.WebInstance))
	for _, want := range []string{"accessKey " + estatetest.LeakedKey, "databaseLogin orders.example.internal:5432/orders/shop"} {
		if !slices.Contains(instance, want) {
			t.Errorf("user data: no %q in %q", want, instance)
		}
	}
	function := locators(arn.Regional("lambda", estatetest.Region, estatetest.Account, "function:"+estatetest.Function))
	if !slices.Equal(function, []string{"databaseLogin orders.example.internal:5432/orders/orders"}) {
		t.Errorf("environment: %q", function)
	}
	if r := all.one(t, "lambda", "ListFunctions"); !bytes.Contains(r.Body, []byte(`"Variables":{"DATABASE_URL":"","STAGE":""}`)) {
		t.Errorf("variables are not blank: %s", r.Body)
	}
}

// Both accounts through the role, streamed.
func collectTwo(t *testing.T) {
	o := testOptions(t, estatetest.Region)
	o.Accounts, o.RoleName, o.NoData = []string{estatetest.Partner, estatetest.Account}, estatetest.Collector, true
	var out bytes.Buffer
	result, err := Stream(context.Background(), o, &out, "test", nil)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(result.Accounts, []string{estatetest.Account, estatetest.Partner}) {
		t.Errorf("accounts %v", result.Accounts)
	}
	reader, err := record.NewReader(&out, "stream")
	if err != nil {
		t.Fatal(err)
	}
	var all collected
	for r, err := range reader.Records() {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	buckets := map[string]bool{}
	for _, r := range all.of("s3", "GetBucketAcl") {
		buckets[r.Account+" "+r.Params["Bucket"]] = true
	}
	if !buckets[estatetest.Partner+" "+estatetest.Lent] || !buckets[estatetest.Account+" "+estatetest.Cards] || len(buckets) != 6 {
		t.Errorf("buckets by account: %v", buckets)
	}
	for _, r := range all.of("sts", "GetCallerIdentity") {
		if !strings.Contains(string(r.Body), "assumed-role/"+estatetest.Collector+"/cairn") {
			t.Errorf("account %s was read as %s", r.Account, r.Body)
		}
	}
	if len(all.of("cairn", record.OpClassify))+len(all.of("ec2", "DescribeInstanceAttribute")) > 0 {
		t.Error("content was read without being asked for")
	}
}
