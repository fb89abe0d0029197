package aws

import (
	"context"
	"errors"
	"net/http"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
)

func TestRefusesEverythingThatIsNotListed(t *testing.T) {
	cfg, p := fakeAPI(t, 3, func(w http.ResponseWriter, r *http.Request) {
		t.Errorf("a request was sent: %s %s", r.Method, r.URL)
	})
	ctx := context.Background()
	for name, call := range map[string]func() error{
		"a write": func() error {
			_, err := s3.NewFromConfig(cfg).DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: sdk.String("b")})
			return err
		},
		"a write with a dry run": func() error {
			_, err := ec2.NewFromConfig(cfg).TerminateInstances(ctx, &ec2.TerminateInstancesInput{
				InstanceIds: []string{"i-1"}, DryRun: sdk.Bool(true)})
			return err
		},
		"a secret's value": func() error {
			_, err := secretsmanager.NewFromConfig(cfg).GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: sdk.String("s")})
			return err
		},
		"a parameter's value": func() error {
			_, err := ssm.NewFromConfig(cfg).GetParameter(ctx, &ssm.GetParameterInput{Name: sdk.String("p")})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			var refused *RefusedError
			if err := call(); !errors.As(err, &refused) {
				t.Errorf("not refused: %v", err)
			}
		})
	}
	if n := p.calls.Load(); n != 0 {
		t.Errorf("%d attempts were made", n)
	}
}
