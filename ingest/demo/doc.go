// Package demo is the sample company: Northwind Clinics, a dozen accounts as a
// collector would have read them. Everything here is invented. Its replies go
// through the same bundle, assembly, sampling and analysis as a real estate, so
// every figure shown of it is computed.
//
// The estate holds routes of each kind cairn knows, near misses that must not
// be reported (each says beside its code what stands in the way), and reads
// that were refused.
package demo
