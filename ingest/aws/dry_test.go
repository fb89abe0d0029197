package aws

import (
	"context"
	"testing"

	"github.com/cairn-security/cairn/ingest/aws/estatetest"
)

func preflight(t *testing.T) {
	o := testOptions(t, estatetest.Region, "eu-west-1")
	o.SampleObjects = 3
	plan, err := Preflight(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	if plan.Schema != PreflightSchema || plan.Caller == "" || len(plan.Accounts) != 1 || len(plan.Regions) != 2 {
		t.Errorf("%+v", plan)
	}
	if plan.Objects == nil || *plan.Objects != 5*3 {
		t.Errorf("objects %v, want three of each of five buckets", plan.Objects)
	}
	// Twice the regional listings, and ten settings of five buckets.
	if plan.Calls < 2*45+50 || plan.Calls > 400 {
		t.Errorf("%d calls", plan.Calls)
	}
	outcomes := map[string]string{}
	for i, p := range plan.Probes {
		outcomes[p.Operation] = p.Outcome
		if i > 0 && plan.Probes[i-1].Operation >= p.Operation {
			t.Errorf("%s is not in order", p.Operation)
		}
	}
	for operation, want := range map[string]string{
		"s3:ListBuckets": "allowed", "s3:GetBucketPolicy": "allowed", "kms:GetKeyPolicy": "allowed",
		"s3:GetObject": "notTested", "ec2:DescribeInstanceAttribute": "notTested",
		"ec2:DescribeVpcBlockPublicAccessOptions": "notTested", "lambda:GetFunctionUrlConfig": "allowed",
	} {
		if outcomes[operation] != want {
			t.Errorf("%s is %q, want %q", operation, outcomes[operation], want)
		}
	}
	o.NoData = true
	if plan, err = Preflight(context.Background(), o); err != nil || plan.Objects != nil || plan.Why["objects"] == "" {
		t.Errorf("without data: %+v, %v", plan, err)
	}
}
