package estatetest

import (
	"context"
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func document(statements string) *string {
	return aws.String(`{"Version":"2012-10-17","Statement":[` + statements + `]}`)
}

func allow(action, resource string) string {
	return fmt.Sprintf(`{"Effect":"Allow","Action":%q,"Resource":%q}`, action, resource)
}

func trustService(host string) *string {
	return document(fmt.Sprintf(`{"Effect":"Allow","Principal":{"Service":%q},"Action":"sts:AssumeRole"}`, host))
}

func trust(principal string) *string {
	return document(fmt.Sprintf(`{"Effect":"Allow","Principal":{"AWS":%q},"Action":"sts:AssumeRole"}`, principal))
}

func role(ctx context.Context, t testing.TB, client *iam.Client, name string, trust *string, boundary *string, statements ...string) {
	t.Helper()
	must[iam.CreateRoleOutput](t)(client.CreateRole(ctx, &iam.CreateRoleInput{
		RoleName: aws.String(name), AssumeRolePolicyDocument: trust, PermissionsBoundary: boundary}))
	for i, s := range statements {
		must[iam.PutRolePolicyOutput](t)(client.PutRolePolicy(ctx, &iam.PutRolePolicyInput{
			RoleName: aws.String(name), PolicyName: aws.String(fmt.Sprintf("p%d", i)), PolicyDocument: document(s)}))
	}
}

func profile(ctx context.Context, t testing.TB, client *iam.Client, name string) {
	t.Helper()
	must[iam.CreateInstanceProfileOutput](t)(client.CreateInstanceProfile(ctx, &iam.CreateInstanceProfileInput{
		InstanceProfileName: aws.String(name)}))
	must[iam.AddRoleToInstanceProfileOutput](t)(client.AddRoleToInstanceProfile(ctx, &iam.AddRoleToInstanceProfileInput{
		InstanceProfileName: aws.String(name), RoleName: aws.String(name)}))
}

func (e *Estate) identities(ctx context.Context, t testing.TB) {
	t.Helper()
	client := iam.NewFromConfig(e.Config)
	objects := func(bucket string) string { return allow("s3:GetObject", "arn:aws:s3:::"+bucket+"/*") }
	role(ctx, t, client, Web, trustService("ec2.amazonaws.com"), nil, objects(Cards), objects(Sealed), objects(Barred))
	role(ctx, t, client, InnerWeb, trustService("ec2.amazonaws.com"), nil, objects(Inner))
	profile(ctx, t, client, Web)
	profile(ctx, t, client, InnerWeb)
	boundary := must[iam.CreatePolicyOutput](t)(client.CreatePolicy(ctx, &iam.CreatePolicyInput{
		PolicyName: aws.String("boundary"), PolicyDocument: document(allow("tag:Get*", "*"))}))
	role(ctx, t, client, Bounded, trust("*"), boundary.Policy.Arn, allow("*", "*"))
	role(ctx, t, client, Auditor, trust("arn:aws:iam::"+Account+":root"), nil)
	role(ctx, t, client, Exec, trustService("lambda.amazonaws.com"), nil)
	e.developer(ctx, t, client)
	role(ctx, t, client, Deploy, trust("arn:aws:iam::"+Account+":user/"+Developer), nil,
		allow("sts:AssumeRole", "arn:aws:iam::"+Partner+":role/"+Reader))
	role(ctx, t, client, Collector, trust("arn:aws:iam::"+Account+":root"), nil)
	must[iam.CreateAccountAliasOutput](t)(client.CreateAccountAlias(ctx, &iam.CreateAccountAliasInput{
		AccountAlias: aws.String("northwind")}))
}

func (e *Estate) developer(ctx context.Context, t testing.TB, client *iam.Client) {
	t.Helper()
	must[iam.CreateUserOutput](t)(client.CreateUser(ctx, &iam.CreateUserInput{UserName: aws.String(Developer)}))
	key := must[iam.CreateAccessKeyOutput](t)(client.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: aws.String(Developer)}))
	e.AccessKey = aws.ToString(key.AccessKey.AccessKeyId)
	must[iam.CreateGroupOutput](t)(client.CreateGroup(ctx, &iam.CreateGroupInput{GroupName: aws.String("developers")}))
	must[iam.PutGroupPolicyOutput](t)(client.PutGroupPolicy(ctx, &iam.PutGroupPolicyInput{GroupName: aws.String("developers"),
		PolicyName: aws.String("deploy"), PolicyDocument: document(allow("sts:AssumeRole", RoleARN(Deploy)))}))
	must[iam.AddUserToGroupOutput](t)(client.AddUserToGroup(ctx, &iam.AddUserToGroupInput{
		GroupName: aws.String("developers"), UserName: aws.String(Developer)}))
}

// partner fills the second account: a role that trusts the first one's and the
// bucket it reads.
func (e *Estate) partner(ctx context.Context, t testing.TB) {
	t.Helper()
	client := iam.NewFromConfig(e.Partner)
	role(ctx, t, client, Reader, trust(RoleARN(Deploy)), nil, allow("s3:GetObject", "arn:aws:s3:::"+Lent+"/*"))
	role(ctx, t, client, Collector, trust("arn:aws:iam::"+Account+":root"), nil)
	bucket(ctx, t, e.Partner, Lent, "")
	object(ctx, t, e.Partner, Lent, "exports/cards.csv", CardsCSV(40))
}
