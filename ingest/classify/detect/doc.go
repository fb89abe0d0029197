// Package detect owns the detectors of sensitive information types: text in,
// spans out.
//
// One pass over the bytes finds word starts and a few marks ('@', '=', ':',
// "-----BEGIN"); nearly every word is dismissed after one table lookup, and
// only what has the shape of a type is checked (check digits, prefixes,
// calendars) and then weighed by context: the name of the field it stands in
// or a keyword nearby. A passed check digit is evidence, not proof: one random
// number in ten passes most of them, so such types need context to count.
//
// The package reads no files, keeps no text, and knows nothing of datastores.
package detect
