// Package arn parses and builds Amazon Resource Names, the ids of most nodes.
//
// It is a leaf: it knows the grammar of the names, not what stands behind
// them, looks nothing up and imports nothing else of this module. Source:
// docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html.
package arn
