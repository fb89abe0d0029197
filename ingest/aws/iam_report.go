package aws

import (
	"context"
	"encoding/json"
	"reflect"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/cairn-security/cairn/graph"
)

// credentialReport makes IAM write its report of passwords and keys, waits for
// it and reads it. A report younger than four hours is handed out again.
type credentialReport struct{}

// Waiting for the report; IAM needs seconds, with thousands of users a minute.
const (
	reportPoll = 2 * time.Second
	reportWait = 3 * time.Minute
)

func (credentialReport) operation() string             { return "GetCredentialReport" }
func (credentialReport) sources() []string             { return nil }
func (credentialReport) starts() []any                 { return []any{new(iam.GetCredentialReportInput)} }
func (credentialReport) types() (in, out reflect.Type) { return nil, nil }
func (credentialReport) again() bool                   { return false }
func (credentialReport) follow(string, any, any) []any { return nil }

func (credentialReport) read(ctx context.Context, j *job, client iamAPI, _ any, _ func(in, out any)) {
	u := j.unit("GetCredentialReport", nil)
	defer u.end()
	wait, cancel := context.WithTimeout(ctx, reportWait)
	defer cancel()
	for {
		state, err := client.GenerateCredentialReport(wait, &iam.GenerateCredentialReportInput{})
		if err != nil {
			u.base.Operation = "GenerateCredentialReport"
			u.fail(ctx, err, nil)
			u.base.Operation = "GetCredentialReport"
			break // an older report may still be there
		}
		if state.State == iamtypes.ReportStateTypeComplete || j.probe != nil {
			break
		}
		select {
		case <-wait.Done():
			u.fail(ctx, wait.Err(), nil)
			return
		case <-time.After(reportPoll):
		}
	}
	out, err := client.GetCredentialReport(wait, &iam.GetCredentialReportInput{})
	if err != nil {
		// No report means that none could be made, which is the gap above.
		u.fail(ctx, err, nil)
		return
	}
	u.report(out)
}

// report records the report as text: the CLI's base64 helps nobody.
func (u *unit) report(out *iam.GetCredentialReportOutput) {
	body, err := json.Marshal(struct {
		Content       string
		ReportFormat  string
		GeneratedTime string `json:",omitempty"`
	}{string(out.Content), string(out.ReportFormat), sdk.ToTime(out.GeneratedTime).UTC().Format(time.RFC3339)})
	if err != nil {
		u.fail(context.Background(), err, nil)
		return
	}
	u.write(graph.OutcomeOK, "", body)
}
