// Package awscli reads a folder (or archive) of raw AWS CLI replies.
//
// A file is recognised by its path ("eu-west-1/ec2-describe-vpcs.json",
// "s3-get-bucket-policy/NAME", "lambda/get-policy__NAME.json") or, failing
// that, by the top-level keys of its JSON ("SecurityGroups"). Account and
// region come from the path, from get-caller-identity or from owner ids and
// zones in the replies; where nothing says them they stay unknown.
//
// The package knows how replies are filed, not what they mean. A file that
// cannot be read costs that file: a problem naming it, a malformed record, and
// the rest goes on. What the folder holds no file of is recorded as not
// collected, once per kind and account.
package awscli
