// Package view holds the objects of the GraphQL schema over one analysed
// snapshot: a [View] and what hangs off it, connections with filters, facets
// and cursors, and the search index.
//
// It concludes nothing; it words, joins and pages what package analysis
// concluded. Everything is safe for concurrent use. What costs (fixes, choke
// points, principals, the counts of reads) is computed once, in the background,
// and whoever needs it waits no longer than their context lasts.
package view
