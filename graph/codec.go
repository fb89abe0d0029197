package graph

import (
	"fmt"
	"hash/crc32"
)

// The stored form of a snapshot, all numbers little-endian:
//
//	magic "cairnsnp" | version u32 | number of sections u32
//	per section: length u64 | bytes
//	CRC-32C u32 of everything before it
//
// Sections, in this order; n nodes, m edges, p properties; "string" is a u32
// that indexes the section strings:
//
//	meta     JSON of Meta
//	kinds    names of node kinds, then of edge kinds: u16 count, per name u8 length | bytes
//	strings  u32 count | u32 length each | bytes; the first is empty
//	origins  u32 count, each: 6 strings | i64 seconds | u32 nanoseconds | u32 flags
//	nodes    u32 n | kind u8[n] | account string[n] | region string[n] |
//	         id length u32[n] | name length u32[n] | ids and names as bytes;
//	         a name length with the top bit set means: the last bytes of the id
//	edges    u32 m | first edge of each node u32[n+1] | target u32[m] | kind u8[m]
//	props    u32 p | first property of each node u32[n+1] | key string[p] |
//	         origin u32[p] | length u32[p]
//	values   the JSON of all properties, one after another
//	gaps     u32 count, each: 7 strings | u32 affected | node u32 each
//
// Kinds are stored by name, so a build that numbers them otherwise still reads
// the file. Edges are stored in one direction; the other is dealt out on
// reading, which costs less than reading and checking it would.
const (
	codecMagic    = "cairnsnp"
	codecVersion  = 1
	codecSections = 9
)

const (
	originStale   = 1 << 0
	originNoTime  = 1 << 1
	nameIsSuffix  = 1 << 31
	originStrings = 6
	gapStrings    = 7
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// formatError is an ErrFormat that names the place.
func formatError(section, format string, args ...any) error {
	return fmt.Errorf("%w: snapshot, section %s: %s", ErrFormat, section, fmt.Sprintf(format, args...))
}
