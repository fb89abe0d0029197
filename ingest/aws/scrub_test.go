package aws

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apprunner"
	appt "github.com/aws/aws-sdk-go-v2/service/apprunner/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront"
	cft "github.com/aws/aws-sdk-go-v2/service/cloudfront/types"
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
	cbt "github.com/aws/aws-sdk-go-v2/service/codebuild/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2t "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecst "github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/cairn-security/cairn/graph/sit"
	"github.com/cairn-security/cairn/ingest/record"
)

// planted is a login whose password must not survive.
const (
	password = "hunter2-Kx9vQ"
	planted  = "postgres://shop:" + password + "@db.example.internal:5432/orders"
	opened   = "db.example.internal:5432/orders/shop"
)

func TestScrubbing(t *testing.T) {
	zipped := func(text string) *string {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return sdk.String(base64.StdEncoding.EncodeToString(b.Bytes()))
	}
	tests := map[string]struct {
		node string
		out  any
		run  func(u *unit, out any) error
		keep []string // what must stay
	}{
		"task definition": {"arn:td", &ecs.DescribeTaskDefinitionOutput{TaskDefinition: &ecst.TaskDefinition{TaskDefinitionArn: sdk.String("arn:td"),
			ContainerDefinitions: []ecst.ContainerDefinition{{Name: sdk.String("web"), Command: []string{"serve", "--db", planted}, EntryPoint: []string{"/bin/serve"},
				Environment: []ecst.KeyValuePair{{Name: sdk.String("DATABASE_URL"), Value: sdk.String(planted)}}}}}},
			func(u *unit, out any) error {
				return scrubDefinition(u, nil, out.(*ecs.DescribeTaskDefinitionOutput))
			}, []string{"DATABASE_URL", "/bin/serve"}},
		"task override": {"arn:task", &ecs.DescribeTasksOutput{Tasks: []ecst.Task{{TaskArn: sdk.String("arn:task"), Overrides: &ecst.TaskOverride{
			ContainerOverrides: []ecst.ContainerOverride{{Environment: []ecst.KeyValuePair{{Name: sdk.String("URL"), Value: sdk.String(planted)}}}}}}}},
			func(u *unit, out any) error { return scrubTasks(u, nil, out.(*ecs.DescribeTasksOutput)) }, []string{`"URL"`}},
		"launch template": {"arn:aws:ec2:eu-central-1:111122223333:launch-template/lt-1",
			&ec2.DescribeLaunchTemplateVersionsOutput{LaunchTemplateVersions: []ec2t.LaunchTemplateVersion{{
				LaunchTemplateData: &ec2t.ResponseLaunchTemplateData{ImageId: sdk.String("ami-1"), UserData: zipped("#!/bin/sh\nrun " + planted)}}}},
			func(u *unit, out any) error {
				return scrubLaunchTemplates(u, &ec2.DescribeLaunchTemplateVersionsInput{LaunchTemplateId: sdk.String("lt-1")},
					out.(*ec2.DescribeLaunchTemplateVersionsOutput))
			}, []string{"ami-1"}},
		"app service": {"arn:app", &apprunner.DescribeServiceOutput{Service: &appt.Service{ServiceArn: sdk.String("arn:app"),
			SourceConfiguration: &appt.SourceConfiguration{ImageRepository: &appt.ImageRepository{ImageConfiguration: &appt.ImageConfiguration{
				RuntimeEnvironmentVariables: map[string]string{"DATABASE_URL": planted}}}}}},
			func(u *unit, out any) error {
				return scrubAppService(u, nil, out.(*apprunner.DescribeServiceOutput))
			}, []string{"DATABASE_URL"}},
		"build project": {"arn:build", &codebuild.BatchGetProjectsOutput{Projects: []cbt.Project{{Arn: sdk.String("arn:build"),
			Source: &cbt.ProjectSource{Buildspec: sdk.String("phases: {build: {commands: [\"psql " + planted + "\"]}}"), Location: sdk.String("https://git.example/x")},
			Environment: &cbt.ProjectEnvironment{EnvironmentVariables: []cbt.EnvironmentVariable{
				{Name: sdk.String("TOKEN"), Value: sdk.String("prod/token"), Type: cbt.EnvironmentVariableTypeSecretsManager}}}}}},
			func(u *unit, out any) error { return scrubProjects(u, nil, out.(*codebuild.BatchGetProjectsOutput)) },
			[]string{"TOKEN", "https://git.example/x"}},
		"origin header": {"arn:cf", &cloudfront.ListDistributionsOutput{DistributionList: &cft.DistributionList{Items: []cft.DistributionSummary{{
			ARN: sdk.String("arn:cf"), Origins: &cft.Origins{Items: []cft.Origin{{DomainName: sdk.String("b.s3.amazonaws.com"), CustomHeaders: &cft.CustomHeaders{
				Items: []cft.OriginCustomHeader{{HeaderName: sdk.String("X-Db"), HeaderValue: sdk.String(planted)}}}}}}}}}},
			func(u *unit, out any) error {
				return scrubDistributions(u, nil, out.(*cloudfront.ListDistributionsOutput))
			}, []string{"X-Db", "b.s3.amazonaws.com"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			j, m := fakeJob(t, "x", newProgress())
			if err := tt.run(j.unit("Op", nil), tt.out); err != nil {
				t.Fatal(err)
			}
			body, _, err := j.shape.reply(tt.out, false)
			if err != nil {
				t.Fatal(err)
			}
			finds := m.records.one(t, record.ServiceCairn, record.OpFindCredentials, "Node", tt.node)
			var found []sit.Credential
			if err := json.Unmarshal(finds.Body, &found); err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(found, func(c sit.Credential) bool { return c.Locator == opened && c.KeyedHash != "" }) {
				t.Errorf("the login is not among the finds: %s", finds.Body)
			}
			for _, text := range []string{string(body), string(finds.Body)} {
				if strings.Contains(text, password) || strings.Contains(text, base64.StdEncoding.EncodeToString([]byte(planted))) {
					t.Errorf("the password is still there: %s", text)
				}
			}
			for _, want := range tt.keep {
				if !strings.Contains(string(body), want) {
					t.Errorf("%s is gone: %s", want, body)
				}
			}
		})
	}
}

func TestTunnelKeysAreDropped(t *testing.T) {
	out := &ec2.DescribeVpnConnectionsOutput{VpnConnections: []ec2t.VpnConnection{{VpnConnectionId: sdk.String("vpn-1"),
		CustomerGatewayConfiguration: sdk.String("<xml>" + password + "</xml>"),
		Options:                      &ec2t.VpnConnectionOptions{TunnelOptions: []ec2t.TunnelOption{{PreSharedKey: sdk.String(password)}}}}}}
	if err := withoutTunnelKeys(nil, nil, out); err != nil {
		t.Fatal(err)
	}
	body, _, err := shapeOf("ec2").reply(out, true)
	if err != nil || strings.Contains(string(body), password) || !strings.Contains(string(body), "vpn-1") {
		t.Errorf("%s, %v", body, err)
	}
}

func FuzzDecodeUserData(f *testing.F) {
	f.Add("IyEvYmluL3No")
	f.Add("H4sIAAAAAAAA")
	f.Add("not base64")
	f.Fuzz(func(t *testing.T, text string) {
		if plain, err := decodeUserData(text); err == nil && len(plain) > userDataLimit {
			t.Errorf("%d bytes", len(plain))
		}
	})
}

// Whatever is in the place of a journal, it is taken over, refused or ignored.
func FuzzTakeOver(f *testing.F) {
	f.Add([]byte("journal/1 \"run\"\n1 {\"account\":\"1\"}\n1 whole \"key\"\n"))
	f.Add([]byte("journal/1 \"run\"\n1 whole \"key\n-3 x\n99999999999999999999 {}\n"))
	f.Add([]byte("\n\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		path := filepath.Join(t.TempDir(), "j")
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		j, err := createJournal(path, "run", true, func(error) {})
		if err != nil {
			return
		}
		if id := j.begin(); id <= 0 {
			t.Errorf("unit %d", id)
		}
		if err := j.close(path, true); err != nil {
			t.Error(err)
		}
	})
}
