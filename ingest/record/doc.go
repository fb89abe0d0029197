// Package record is what collectors write and importers read: one raw reply of
// one read operation with who was asked, what for, when and how it ended.
//
// A record's body has the shape the AWS CLI prints for the operation (field
// names as in the API, policies as JSON objects or strings), already scrubbed:
// no raw secret and no sampled byte is ever part of a record. Everything
// downstream (bundle, store, replay, diff) works on records; only
// ingest/assemble knows what a body means.
//
// What cairn itself found rather than a provider said uses the service
// [ServiceCairn]: the operation names it and the body is a type of graph/sit.
package record
