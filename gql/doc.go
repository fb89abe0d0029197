// Package gql is the GraphQL interface: the schema in schema/, generated code in
// generated and model, the objects of the schema in view, the root fields in
// resolver, and HTTP in server. Package gqltest is for its tests.
//
// It concludes nothing: every answer is one of package analysis, in the words
// of package report. It never imports ingest or a store.
package gql
