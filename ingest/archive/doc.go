// Package archive opens folders and archives of folders as file systems, so
// that importers need not know which of the two a person has.
package archive
