// Package assemble turns records into a graph: it alone knows what the body of
// a reply means.
//
// A table names every operation it understands, one file per service; most
// rows say declaratively where ids, references and policies stand in a reply,
// the rest have a handler of their own. Replies are read in parallel into
// batches of nodes, properties and links, and merged in the order in which the
// records came, so equal records give equal graphs.
//
// What a reply refers to without its account (a subnet id, a key alias) is
// resolved at the end against everything that was described: first in the
// account and region of the reply, then where the id is unique. What stays
// unresolved becomes an explicit unknown node. Every read that was refused
// becomes a coverage gap on the node (or account) that depends on it.
//
// Of two descriptions of one thing in one kind of reply at most one holds: what
// both say stays, what differs counts as not read and is a gap of the thing. Of
// a reply kept from an earlier reading and a newer one the newer holds.
//
// The package never decides anything: no edge here says that an attacker could
// walk it. It never panics on input, and a part it cannot read costs that part
// alone: a problem that names file and place, a gap, and the rest goes on.
package assemble
