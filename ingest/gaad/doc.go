// Package gaad reads one GetAccountAuthorizationDetails reply: the users,
// groups, roles and policies of an account, as people keep it for IAM reviews.
//
// Policies may be objects, as the AWS CLI prints them, or URL-encoded strings,
// as the API sends them. The account is the one that the ARNs name. Everything
// else that decisions rest on is recorded as not collected.
package gaad
