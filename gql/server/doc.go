// Package server serves GraphQL and the interface over HTTP: routes, limits,
// who may ask, headers, metrics, and the watch on the store that brings new
// snapshots and marks in without a restart.
//
// It answers no question itself: package resolver does. It never listens and
// never holds the store open: the command passes a handler to its listener, and
// an opener for the store.
package server
