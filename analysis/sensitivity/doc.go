// Package sensitivity decides how sensitive each datastore is: from what
// sampling or a catalogue found, from what a person declared, or, marked as
// assumed, from names and tags that speak. It reads no data itself.
//
// Order of trust: declared by hand, found by sampling, taken from a catalogue,
// inherited by a copy from its source, assumed. What nothing is known about
// stays without a label and is never called harmless.
package sensitivity
