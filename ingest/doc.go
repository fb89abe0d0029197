// Package ingest runs the way from a source to a snapshot: records are read,
// stripped of values, assembled into a graph and packed into record sets, with
// progress, cancellation and a report of everything that could not be read.
//
// It knows where in a reply values stand that may be secret (environments,
// task definitions, user data, tunnel keys) and lets none of them pass: what
// they hold is judged by a [Scrubber], which packages that detect things
// provide. It reads no format itself and calls no provider.
package ingest
