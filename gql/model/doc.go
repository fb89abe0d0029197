// Package model holds the inputs of the schema, generated from it.
package model
