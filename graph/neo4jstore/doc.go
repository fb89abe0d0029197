// Package neo4jstore keeps snapshots in Neo4j (5.26 or later, Community
// suffices) as a real property graph for people who write Cypher, and reads
// them back from it.
//
// What stands in the database, all of one snapshot marked with its id:
//
//	(:Snapshot {id, complete, takenAt, source, nodes, edges, gaps, meta})
//	(:Node:Bucket {snapshot, id, kind, name, account, region, …})
//	    the second label is the kind in camel case; a property of the graph is a
//	    property of the node under its key, as JSON text; inline policies stand
//	    in the lists inlineNames and inlinePolicies; tagList has tags as "key=value"
//	(:Node)-[:HAS_ROLE]->(:Node)           typed as graph.EdgeKind prints
//	(:RecordSet), (:Result), (:LedgerEntry), (:Blob)   opaque content
//
// and beside it what the analysis concluded (see PutDerived): the properties
// sensitivity, critical, sensitivitySource and sensitivityTypes of datastores,
// (:Node)-[:STEP {technique, status, likelihood, gains}]->(:Node), and
// (:Path {snapshot, id, rank, risk, …})-[:VISITS {position}]->(:Node).
//
// An import writes under its own id and sets complete last, so one that dies
// leaves nothing that can be seen; its remains are removed by a later import.
// Cypher questions should start at a complete snapshot. Relationships of other
// types, other labels and properties that are no text may be added by hand;
// a text property added to a :Node would count as one of the graph.
//
// The package never decides anything by Cypher: analysis runs on the snapshot
// that Load returns.
package neo4jstore
