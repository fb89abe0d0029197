package ingest

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/sit"
	"github.com/cairn-security/cairn/ingest/assemble"
	"github.com/cairn-security/cairn/ingest/record"
)

// finder finds the word it is, wherever it stands.
type finder string

func (f finder) Text(text, at string) (string, []sit.Credential) {
	if !strings.Contains(text, string(f)) {
		return text, nil
	}
	return text, []sit.Credential{{Kind: sit.Token, FoundAt: at}}
}

func (f finder) Environment(variables map[string]string, at string) (map[string]string, []sit.Credential) {
	var found []sit.Credential
	for name, value := range variables {
		_, here := f.Text(value, at+" "+name)
		found = append(found, here...)
	}
	return variables, found
}

const canary = finder("s3cr3t-canary")

func encoded(text string, packed bool) string {
	if packed {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		z.Write([]byte(text))
		z.Close()
		text = b.String()
	}
	return base64.StdEncoding.EncodeToString([]byte(text))
}

func TestValuesNeverPass(t *testing.T) {
	value := string(canary)
	for _, c := range []struct {
		operation string // "service Operation"
		param     string
		body      string
		node      string // where a finding is expected, none when empty
		at        string
	}{
		{"lambda ListFunctions", "", `{"Functions":[{"FunctionArn":"arn:aws:lambda:eu-west-1:111122223333:function:f","Environment":{"Variables":{"KEY":"` + value + `","N":7}}}]}`,
			"arn:aws:lambda:eu-west-1:111122223333:function:f", "environment KEY"},
		{"lambda GetFunction", "", `{"Configuration":{"FunctionArn":"f","Environment":{"Variables":{"KEY":"` + value + `"}}},"Code":{"Location":"https://x?sig=` + value + `"}}`, "f", "environment KEY"},
		{"ecs DescribeTaskDefinition", "", `{"taskDefinition":{"taskDefinitionArn":"d","containerDefinitions":[{"environment":[{"value":"` + value + `","name":"KEY"}],"command":["run"]}]}}`, "d", "environment KEY"},
		{"ecs DescribeTaskDefinition", "", `{"taskDefinition":{"taskDefinitionArn":"d","containerDefinitions":{"command":["--token=` + value + `"]}}}`, "d", "containerDefinitions.command"},
		{"ecs DescribeTasks", "", `{"tasks":[{"taskArn":"t","overrides":{"containerOverrides":[{"environment":[{"name":"KEY","value":"` + value + `"}]}]}}]}`, "t", "environment KEY"},
		{"ec2 DescribeInstanceAttribute", "InstanceId", `{"InstanceId":"i-1","UserData":{"Value":"` + encoded("#!/bin/sh\nexport T="+value, false) + `"}}`, "arn:aws:ec2:eu-west-1:111122223333:instance/i-1", "user data"},
		{"ec2 DescribeInstanceAttribute", "InstanceId", `{"UserData":{"Value":"` + encoded(value, true) + `"}}`, "arn:aws:ec2:eu-west-1:111122223333:instance/i-1", "user data"},
		{"ec2 DescribeVpnConnections", "", `{"VpnConnections":[{"CustomerGatewayConfiguration":"<psk>` + value + `</psk>","Options":{"TunnelOptions":[{"PreSharedKey":"` + value + `"}]}}]}`, "", ""},
		{"codebuild BatchGetProjects", "", `{"projects":[{"arn":"p","environment":{"environmentVariables":[{"name":"KEY","value":"` + value + `","type":"PLAINTEXT"}]}}]}`, "p", "environment KEY"},
		{"apprunner DescribeService", "", `{"Service":{"ServiceArn":"s","SourceConfiguration":{"ImageRepository":{"ImageConfiguration":{"RuntimeEnvironmentVariables":{"KEY":"` + value + `"}}}}}}`, "s", "environment KEY"},
		{"cloudfront ListDistributions", "", `{"DistributionList":{"Items":[{"ARN":"c","Origins":{"Items":[{"CustomHeaders":{"Items":[{"HeaderName":"x","HeaderValue":"` + value + `"}]}}]}}]}}`, "c", "Origins.Items.CustomHeaders.Items.HeaderValue"},
		{"apigateway GetStages", "restApiId", `{"item":[{"variables":{"KEY":"` + value + `"}}]}`, "i-1", "variables KEY"},
		{"rds DescribeDBInstances", "", `{"DBInstances":[{"PendingModifiedValues":{"MasterUserPassword":"` + value + `"}}]}`, "", ""},
	} {
		t.Run(c.operation, func(t *testing.T) {
			service, operation, _ := strings.Cut(c.operation, " ")
			r := record.Record{Account: "111122223333", Region: "eu-west-1", Service: service, Operation: operation, Outcome: graph.OutcomeOK, Body: json.RawMessage(c.body)}
			if c.param != "" {
				r.Params = map[string]string{c.param: "i-1"}
			}
			clean, findings := scrub(r, canary)
			for _, kept := range append(findings, clean) {
				if bytes.Contains(kept.Body, []byte(canary)) || bytes.Contains(kept.Body, []byte(encoded(value, false)[:12])) {
					t.Errorf("the value passes: %s", kept.Body)
				}
			}
			if !json.Valid(clean.Body) {
				t.Errorf("what is left is no JSON: %s", clean.Body)
			}
			var got []string
			for _, f := range findings {
				var found []sit.Credential
				if err := json.Unmarshal(f.Body, &found); err != nil {
					t.Fatal(err)
				}
				for _, x := range found {
					got = append(got, f.Params["Node"]+" "+x.FoundAt)
				}
			}
			var want []string
			if c.node != "" {
				want = []string{c.node + " " + c.at}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			if without, findings := scrub(r, nil); bytes.Contains(without.Body, []byte(canary)) || findings != nil {
				t.Errorf("without a scrubber: %s, %v", without.Body, findings)
			}
		})
	}
}

// Every operation whose replies hold values must be one that is kept, or its
// rule guards nothing.
func TestSensitiveOperationsAreKnown(t *testing.T) {
	for name := range sensitives {
		service, operation, _ := strings.Cut(name, " ")
		if !assemble.Knows(service, operation) {
			t.Errorf("%s is not in the table", name)
		}
	}
}

func TestNothingElseChanges(t *testing.T) {
	body := `{ "Functions" : [ {"FunctionArn":"f", "Timeout": 3, "Environment":{"Variables":{"A":"x","B":"y"}} } ] }`
	r := record.Record{Service: "lambda", Operation: "ListFunctions", Body: json.RawMessage(body)}
	clean, _ := scrub(r, nil)
	want := `{ "Functions" : [ {"FunctionArn":"f", "Timeout": 3, "Environment":{"Variables":{"A":"","B":""}} } ] }`
	if string(clean.Body) != want {
		t.Errorf("got  %s\nwant %s", clean.Body, want)
	}
	if string(r.Body) != body {
		t.Error("the record that came in was changed")
	}
}

func FuzzScrub(f *testing.F) {
	f.Add("lambda ListFunctions", []byte(`{"Functions":[{"Environment":{"Variables":{"a":"b"}}}]}`))
	f.Add("ecs DescribeTaskDefinition", []byte(`{"taskDefinition":{"containerDefinitions":{"environment":{"name":[],"value":{}}}}}`))
	f.Fuzz(func(t *testing.T, name string, body []byte) {
		service, operation, _ := strings.Cut(name, " ")
		if !json.Valid(body) {
			return
		}
		clean, _ := scrub(record.Record{Service: service, Operation: operation, Body: body}, canary)
		if !json.Valid(clean.Body) {
			t.Fatalf("%s became %s", body, clean.Body)
		}
	})
}
