package estatetest

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
)

func encode(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

func s3Client(cfg aws.Config) *s3.Client {
	return s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true })
}

// bucket makes a bucket; key is the ARN that encrypts it, empty for S3's own.
func bucket(ctx context.Context, t testing.TB, cfg aws.Config, name, key string) {
	t.Helper()
	client := s3Client(cfg)
	must[s3.CreateBucketOutput](t)(client.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String(name)}))
	if key == "" {
		return
	}
	must[s3.PutBucketEncryptionOutput](t)(client.PutBucketEncryption(ctx, &s3.PutBucketEncryptionInput{Bucket: aws.String(name),
		ServerSideEncryptionConfiguration: &s3types.ServerSideEncryptionConfiguration{Rules: []s3types.ServerSideEncryptionRule{{
			ApplyServerSideEncryptionByDefault: &s3types.ServerSideEncryptionByDefault{
				SSEAlgorithm: s3types.ServerSideEncryptionAwsKms, KMSMasterKeyID: aws.String(key)}}}}}))
}

func object(ctx context.Context, t testing.TB, cfg aws.Config, bucket, name, text string) {
	t.Helper()
	must[s3.PutObjectOutput](t)(s3Client(cfg).PutObject(ctx, &s3.PutObjectInput{
		Bucket: aws.String(bucket), Key: aws.String(name), Body: strings.NewReader(text)}))
}

func bucketPolicy(ctx context.Context, t testing.TB, cfg aws.Config, bucket, statement string) {
	t.Helper()
	must[s3.PutBucketPolicyOutput](t)(s3Client(cfg).PutBucketPolicy(ctx, &s3.PutBucketPolicyInput{
		Bucket: aws.String(bucket), Policy: document(statement)}))
}

func (e *Estate) data(ctx context.Context, t testing.TB) {
	t.Helper()
	e.key(ctx, t)
	for _, name := range []string{Cards, Sealed, Barred, Inner} {
		key := ""
		if name == Sealed {
			key = e.Key
		}
		bucket(ctx, t, e.Config, name, key)
		object(ctx, t, e.Config, name, "2026/cards.csv", CardsCSV(60))
		object(ctx, t, e.Config, name, "readme.txt", "Exports of the shop, one file a month.\n")
	}
	bucketPolicy(ctx, t, e.Config, Barred, fmt.Sprintf(
		`{"Effect":"Deny","Principal":{"AWS":%q},"Action":"s3:*","Resource":["arn:aws:s3:::%s","arn:aws:s3:::%[2]s/*"]}`, RoleARN(Web), Barred))
	bucket(ctx, t, e.Config, Open, "")
	object(ctx, t, e.Config, Open, "subscribers.csv", "id,email\n1,ada@example.org\n2,grace@example.org\n3,edsger@example.org\n")
	bucketPolicy(ctx, t, e.Config, Open, fmt.Sprintf(
		`{"Sid":"PublicRead","Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::%s/*"}`, Open))
	must[secretsmanager.CreateSecretOutput](t)(secretsmanager.NewFromConfig(e.Config).CreateSecret(ctx, &secretsmanager.CreateSecretInput{
		Name: aws.String("orders/login"), SecretString: aws.String(`{"username":"shop","password":"` + Secrets[0] + `"}`)}))
	e.function(ctx, t)
}

// key makes a key whose policy names the auditor and the account's own
// administration without delegating use to it.
func (e *Estate) key(ctx context.Context, t testing.TB) {
	t.Helper()
	policy := document(fmt.Sprintf(
		`{"Sid":"Administer","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::%s:root"},"Action":["kms:Describe*","kms:List*","kms:Get*","kms:PutKeyPolicy"],"Resource":"*"},`+
			`{"Sid":"Use","Effect":"Allow","Principal":{"AWS":%q},"Action":"kms:Decrypt","Resource":"*"}`, Account, RoleARN(Auditor)))
	out := must[kms.CreateKeyOutput](t)(kms.NewFromConfig(e.Config).CreateKey(ctx, &kms.CreateKeyInput{Policy: policy}))
	e.Key = aws.ToString(out.KeyMetadata.Arn)
}

func (e *Estate) function(ctx context.Context, t testing.TB) {
	t.Helper()
	var code bytes.Buffer
	z := zip.NewWriter(&code)
	f, err := z.Create("index.py")
	if err == nil {
		_, err = f.Write([]byte("def handler(event, context): return 1\n"))
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	must[lambda.CreateFunctionOutput](t)(lambda.NewFromConfig(e.Config).CreateFunction(ctx, &lambda.CreateFunctionInput{
		FunctionName: aws.String(Function), Role: aws.String(RoleARN(Exec)), Runtime: lambdatypes.RuntimePython312,
		Handler: aws.String("index.handler"), Code: &lambdatypes.FunctionCode{ZipFile: code.Bytes()},
		Environment: &lambdatypes.Environment{Variables: map[string]string{
			"DATABASE_URL": "postgres://orders:" + Secrets[1] + "@orders.example.internal:5432/orders", "STAGE": "prod"}},
	}))
}
