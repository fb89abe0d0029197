// Package route owns the attack graph: the AND/OR hypergraph of attack steps,
// the search for derivations in it, path families and choke points.
//
// A state holds if some step concludes it; a step fires if all its premises
// hold; a step without premises is an entry. A path is a derivation: one step
// per state it needs, without cycles, from entries to the target. Costs are
// integer micro-nats (-ln of likelihood, in millionths), so that sums are
// exact and equal input gives equal output.
//
// The package decides nothing about the estate (that is what decisions in the
// steps are for) and knows no probabilities beyond those of the factors on one
// path: package risk puts families and datastores into numbers.
package route
