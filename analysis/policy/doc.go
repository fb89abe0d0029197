// Package policy is the IAM policy language: it parses documents with
// positions, matches actions, resources and principals, and evaluates
// condition operators against a request context in which every key is
// present, absent or not known.
//
// It answers one question, "does this statement apply to this request?", with
// true, false or unknown, and for unknown names the conditions that decide.
// It never combines statements into an authorization; that is the job of
// package permission. It imports nothing else of this module.
//
// Rules follow the IAM User Guide; the page is cited where a rule is easy to
// get wrong.
package policy
