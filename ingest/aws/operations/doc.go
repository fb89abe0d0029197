// Package operations is the list of every AWS API operation the collector may
// call: what it is named in the SDK and in the AWS CLI, which IAM actions it
// needs, and whether it reads configuration or data. The collector's refusing
// middleware, its task table and the printed policy all come from this list,
// so that the policy grants what is called and nothing else.
//
// The package imports no SDK and calls nothing.
package operations
