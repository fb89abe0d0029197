// Package sit owns the vocabulary of sensitive data: the sensitive information
// types the product detects, the confidence of a match, the ordered labels of a
// tenant, what was measured about a datastore, and the record of a credential
// that was found without its secret part.
//
// It is a leaf: it detects nothing, reads no settings, holds no value of the
// data it speaks about, and imports nothing else of this module.
package sit
