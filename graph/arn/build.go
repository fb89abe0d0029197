package arn

// Regional builds the name of something that lives in a region of an account,
// such as ("ec2", "eu-west-1", "111122223333", "vpc/vpc-1"). A real name needs
// both, so without account or region the result is empty and the caller falls
// back to the provider's bare id.
func Regional(service, region, account, resource string) string {
	if account == "" || region == "" || region == "global" || resource == "" {
		return ""
	}
	return ARN{Partition(region), service, region, account, resource}.String()
}

// Global builds the name of something that lives in an account as a whole,
// such as ("iam", "111122223333", "role/deploy"); empty without an account.
func Global(service, account, resource string) string {
	if account == "" || resource == "" {
		return ""
	}
	return ARN{Partition: "aws", Service: service, Account: account, Resource: resource}.String()
}

// Bucket builds the name of an S3 bucket, which has neither region nor account.
func Bucket(name string) string { return "arn:aws:s3:::" + name }

// Root is the name of an account itself.
func Root(account string) string { return Global("iam", account, "root") }
