// Package report turns results of the analysis into the documents people and
// scripts read: the JSON of the commands (schema cairn.NAME/v1), the same as
// typed values for GraphQL, and evidence with document, pointer and lines.
//
// It decides nothing and stores nothing. Fields may be added, never renamed or
// re-typed: people script against them.
package report
