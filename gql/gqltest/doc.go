// Package gqltest is for tests of the GraphQL interface: a server over a small
// sample estate in a store file of its own, and requests to it.
//
// It knows the interface from outside alone: what it sends and reads is HTTP.
// Nothing but tests imports it.
package gqltest
