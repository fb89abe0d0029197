package operations

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// reading are the verbs of actions that change nothing. Some reads are named
// otherwise: decrypting a sampled object, having IAM write its report, and API
// Gateway's, which are methods of HTTP.
var reading = regexp.MustCompile(`^[a-z0-9-]+:(BatchGet|Get|List|Describe|Search)[A-Za-z0-9]*$`)

var exceptions = []string{"kms:Decrypt", "iam:GenerateCredentialReport", "sts:AssumeRole", "apigateway:GET"}

// never are reads of values.
var never = []string{"secretsmanager:GetSecretValue", "ssm:GetParameter", "ssm:GetParameters", "dynamodb:GetItem", "sqs:ReceiveMessage",
	"lambda:GetFunction", "ec2:GetPasswordData", "ec2:GetConsoleOutput"}

func TestOnlyReads(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range All() {
		for _, op := range s.Operations {
			if key := s.Name + ":" + op.Name; seen[key] {
				t.Errorf("%s stands twice", key)
			} else {
				seen[key] = true
			}
			for _, action := range op.Actions {
				if !reading.MatchString(action) && !slices.Contains(exceptions, action) || slices.Contains(never, action) {
					t.Errorf("%s %s needs %s", s.Name, op.Name, action)
				}
			}
		}
	}
}

func TestPolicies(t *testing.T) {
	metadata, data := ReadPolicy(Metadata), ReadPolicy(Data)
	granted := map[string]bool{}
	sids := map[string]bool{}
	size := 0
	for _, p := range []Policy{metadata, data} {
		var back map[string]any
		if err := json.Unmarshal([]byte(p.JSON()), &back); err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		size += len(text)
		for _, s := range p.Statement {
			if sids[s.Sid] || !regexp.MustCompile(`^[A-Za-z0-9]+$`).MatchString(s.Sid) {
				t.Errorf("sid %q", s.Sid)
			}
			sids[s.Sid] = true
			for _, a := range s.Action {
				granted[a] = true
			}
			if slices.Contains(s.Action, "apigateway:GET") && slices.Contains(s.Resource, "*") {
				t.Error("apigateway:GET is granted for keys too")
			}
			if slices.Contains(s.Action, "kms:Decrypt") && len(s.Condition) == 0 {
				t.Error("kms:Decrypt is granted for more than S3")
			}
		}
	}
	// IAM takes 10,240 characters of inline policies per role, blanks apart
	// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html).
	if size > 10_240 {
		t.Errorf("the two blocks have %d characters", size)
	}
	for _, s := range All() {
		for _, op := range s.Operations {
			for _, a := range op.Actions {
				if !granted[a] && op.Block != Session {
					t.Errorf("%s is called and not granted", a)
				}
			}
		}
	}
	if strings.Contains(metadata.JSON(), "s3:GetObject\"") || !strings.Contains(data.JSON(), "s3:GetObject\"") {
		t.Error("content belongs to the data block")
	}
}

func TestTrust(t *testing.T) {
	text := TrustPolicy("111122223333", "x1").JSON()
	for _, want := range []string{`"AWS": "arn:aws:iam::111122223333:root"`, `"sts:ExternalId": "x1"`, `"sts:AssumeRole"`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in %s", want, text)
		}
	}
	if strings.Contains(text, "Resource") {
		t.Error("a trust policy has no resource")
	}
}

func TestTemplate(t *testing.T) {
	template := Role{Name: "audit role's", Principal: "arn:aws:iam::111122223333:role/ci"}.Template()
	if len(template.Commands) != 3 || !strings.Contains(template.Commands[0], `--role-name 'audit role'\''s'`) {
		t.Errorf("%q", template.Commands)
	}
	if bare := (Role{Name: "r", NoData: true}).Template(); len(bare.Commands) != 2 || bare.Data != nil {
		t.Errorf("without data: %+v", bare)
	}
}

func TestFindAndAllowed(t *testing.T) {
	if op, ok := Find("elbv2", "DescribeListeners"); !ok || op.Actions[0] != "elasticloadbalancing:DescribeListeners" {
		t.Errorf("%+v", op)
	}
	if _, ok := Allowed("S3", "DeleteBucket"); ok {
		t.Error("a write is allowed")
	}
	if _, ok := Allowed("S3", "ListBuckets"); !ok {
		t.Error("a listing is refused")
	}
}
