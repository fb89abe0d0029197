// Package graphtest helps to test what reads, writes and stores graphs: a text
// form of small graphs ([Parse], [Format]), equality of snapshots ([Equal]),
// seeded generators of whole estates ([Estate]) and of attack hypergraphs
// ([AttackGraph]) in any size, and the conformance suite that every
// implementation of graph.Store must pass ([Store]).
//
// Generators are deterministic: one configuration gives one graph, on every
// machine. Estates look like a cloud (kinds, identifiers, documents in the
// shape the AWS CLI prints, hubs and long tails); they are no sample of any
// real one.
//
// The package imports neither analysis nor ingest, so that both can use it.
package graphtest
