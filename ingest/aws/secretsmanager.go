package aws

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
)

// secretsAPI reads what secrets exist and who may read them; never a value.
type secretsAPI interface {
	ListSecrets(context.Context, *secretsmanager.ListSecretsInput, ...func(*secretsmanager.Options)) (*secretsmanager.ListSecretsOutput, error)
	GetResourcePolicy(context.Context, *secretsmanager.GetResourcePolicyInput, ...func(*secretsmanager.Options)) (*secretsmanager.GetResourcePolicyOutput, error)
}

func secretsService(o *Options) service {
	return newService(o, "secretsmanager", regional, func(cfg sdk.Config) secretsAPI { return secretsmanager.NewFromConfig(cfg) }, secretsTable)
}

var secretsTable = []row[secretsAPI]{
	list("ListSecrets", secretsAPI.ListSecrets),
	each("GetResourcePolicy", secretsAPI.GetResourcePolicy,
		from("ListSecrets", func(o *secretsmanager.ListSecretsOutput) (in []*secretsmanager.GetResourcePolicyInput) {
			for _, s := range o.SecretList {
				in = append(in, &secretsmanager.GetResourcePolicyInput{SecretId: s.ARN})
			}
			return in
		})),
}
