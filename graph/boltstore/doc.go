// Package boltstore is the embedded store: one file (go.etcd.io/bbolt) that
// holds snapshots with their record sets, the result cache and the ledger.
//
// The file is never held open. Every operation opens it, does its work and
// closes it: readers share it, a writer has it alone, and whoever cannot have
// it waits up to ten seconds and then gets graph.ErrBusy with the name of the
// process that writes. A snapshot is written in pieces of bounded size and
// becomes visible by one last small transaction, so a process that is killed
// leaves earlier snapshots as they were; its pieces are removed by the next
// writer. The space of what was deleted is used again, but the file does not
// shrink.
//
// Layout: bucket "cairn" with the format version; "index" with the description
// of each complete snapshot; "data" with the pieces, by number; "results";
// "ledger", by revision.
//
// The package never looks inside blobs and keeps nothing of graph.Derived: it
// has no query language.
package boltstore
