// Package classify owns reading data for what it holds: formats, detection,
// sampling plans, summaries of datastores, and the scrubber that takes secrets
// out of documents before anything keeps them.
//
// It runs where the data may be read. No value leaves it: results are types,
// places, counts, and keyed hashes. It talks to no cloud, stores nothing, and
// knows nothing of the graph.
package classify
