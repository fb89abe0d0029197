package estatetest

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

// Key is the access key of a user.
type Key struct{ ID, Secret string }

// Limited makes a user that may do the actions given, on everything, and
// nothing else, and returns its key. The emulator checks once it is told to.
func Limited(t testing.TB, cfg aws.Config, actions ...string) Key {
	t.Helper()
	ctx, client, name := context.Background(), iam.NewFromConfig(cfg), aws.String("limited")
	must[iam.CreateUserOutput](t)(client.CreateUser(ctx, &iam.CreateUserInput{UserName: name}))
	must[iam.PutUserPolicyOutput](t)(client.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: name, PolicyName: name,
		PolicyDocument: document(`{"Effect":"Allow","Action":["` + strings.Join(actions, `","`) + `"],"Resource":"*"}`)}))
	made := must[iam.CreateAccessKeyOutput](t)(client.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: name}))
	return Key{aws.ToString(made.AccessKey.AccessKeyId), aws.ToString(made.AccessKey.SecretAccessKey)}
}
