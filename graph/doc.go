// Package graph is cairn's model of an observed estate: nodes, structural
// edges, raw documents as properties, coverage gaps and time, frozen in an
// immutable [Snapshot].
//
// A graph holds only what was observed. Whether a principal may act or a
// packet arrives is a conclusion, and conclusions are drawn in package
// analysis from the documents kept here. A node carries the provider's own
// description of the thing under the property [PropResource] and each policy
// or setting that was read apart under a key of its own (see the Prop
// constants), always as JSON, always with an [Origin] that says by which call
// and when it was read.
//
// Write with a [Builder], read from a [Snapshot]: node references are dense
// integers, edges stand in compressed sparse rows in both directions, and
// properties lie apart so that a walk over edges never touches them.
//
// The package imports nothing of cairn but its leaves (arn, sit, settings).
package graph
