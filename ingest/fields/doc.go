// Package fields finds values in JSON text by their paths, in one pass and
// without decoding the rest.
//
// Replies of cloud APIs are large and a reader wants a few fields of each
// element; decoding into structs costs most of an import. The package reads
// text that was validated before, changes nothing and knows no format.
package fields
