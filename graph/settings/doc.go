// Package settings owns the tenant's settings: labels and their threshold,
// which information types count, rules from types to labels, what names and
// tags suggest, data discovery, and the likelihood priors.
//
// One YAML file is read as a whole: every fault is reported with its line, and
// nothing is applied from a file that has one. The package reads no cloud and
// no data, and imports only the information types.
package settings
