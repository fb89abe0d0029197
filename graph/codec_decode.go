package graph

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"time"
)

// Decode reads a snapshot that [Encode] wrote. Anything else, a cut or changed
// file included, is an error that wraps [ErrFormat] and names the place.
func Decode(r io.Reader) (*Snapshot, error) {
	data, err := readAll(r)
	if err != nil {
		return nil, fmt.Errorf("graph: read snapshot: %w", err)
	}
	return DecodeBytes(data)
}

func readAll(r io.Reader) ([]byte, error) {
	if sized, ok := r.(interface{ Len() int }); ok {
		data := make([]byte, sized.Len())
		_, err := io.ReadFull(r, data)
		return data, err
	}
	return io.ReadAll(r)
}

// DecodeBytes is [Decode] of bytes in memory. The snapshot keeps them: property
// values are slices of data, which must not change afterwards.
//
// Cost: O(n + m + bytes); a few allocations however large the snapshot is.
func DecodeBytes(data []byte) (*Snapshot, error) {
	d, err := openSections(data)
	if err != nil {
		return nil, err
	}
	s := &Snapshot{}
	if meta := d.section("meta"); d.err == nil {
		if err := json.Unmarshal(meta.data, &s.meta); err != nil {
			return nil, formatError("meta", "%v", err)
		}
	}
	kinds, edgeKinds := d.kinds(d.section("kinds"))
	text := d.strings(d.section("strings"))
	s.origins = d.origins(d.section("origins"), text)
	s.nodes = d.nodes(d.section("nodes"), text, kinds)
	s.out = d.edges(d.section("edges"), len(s.nodes), edgeKinds)
	s.propsAt, s.props = d.props(d.section("props"), d.section("values"), text, len(s.nodes), len(s.origins))
	s.gaps = d.gaps(d.section("gaps"), text, s.nodes)
	if d.err != nil {
		return nil, d.err
	}
	if len(d.rest) > 0 {
		return nil, formatError("gaps", "%d bytes follow the last section", len(d.rest))
	}
	return s.settle()
}

// settle completes a snapshot whose nodes, properties and outgoing edges are
// read. Where this build orders kinds otherwise than the writer did, the
// snapshot is built anew.
func (s *Snapshot) settle() (*Snapshot, error) {
	if s.ordered() {
		s.in = s.out.reversed()
		if !s.index() {
			return nil, formatError("nodes", "two nodes have one id")
		}
		return s, nil
	}
	b := NewBuilder()
	b.origins = s.origins
	for i, n := range s.nodes {
		if h, created := b.Add(n); created {
			b.props[h] = s.Props(Ref(i))
		}
	}
	if b.Len() != len(s.nodes) {
		return nil, formatError("nodes", "two nodes have one id")
	}
	for from := range s.nodes {
		for kind, to := range s.out.of(Ref(from)) {
			b.Link(Handle(from), Handle(to), kind)
		}
	}
	for _, g := range s.gaps {
		b.Gap(g)
	}
	return b.Build(s.meta)
}

func (s *Snapshot) ordered() bool {
	for i := 1; i < len(s.nodes); i++ {
		if compareNodes(&s.nodes[i-1], &s.nodes[i]) >= 0 {
			return false
		}
	}
	for ref := range s.nodes {
		for i := s.out.start[ref] + 1; i < s.out.start[ref+1]; i++ {
			a, b := s.out.kind[i-1], s.out.kind[i]
			if a > b || a == b && s.out.dst[i-1] >= s.out.dst[i] {
				return false
			}
		}
		props := s.Props(Ref(ref))
		for i := 1; i < len(props); i++ {
			if props[i-1].Key >= props[i].Key {
				return false
			}
		}
	}
	return slices.IsSortedFunc(s.gaps, func(a, b Gap) int {
		if a.ID < b.ID {
			return -1
		}
		return 1
	})
}

// decoder walks over the sections and keeps the first error.
type decoder struct {
	rest []byte
	err  error
}

func openSections(data []byte) (*decoder, error) {
	const head = len(codecMagic) + 8
	if len(data) < head || string(data[:len(codecMagic)]) != codecMagic {
		return nil, formatError("header", "this is not a snapshot")
	}
	version := binary.LittleEndian.Uint32(data[len(codecMagic):])
	if version != codecVersion {
		return nil, formatError("header", "version %d; this build reads version %d", version, codecVersion)
	}
	if n := binary.LittleEndian.Uint32(data[len(codecMagic)+4:]); n != codecSections {
		return nil, formatError("header", "%d sections, want %d", n, codecSections)
	}
	if len(data) < head+4 {
		return nil, formatError("header", "cut off")
	}
	end := len(data) - 4
	if crc32.Checksum(data[:end], castagnoli) != binary.LittleEndian.Uint32(data[end:]) {
		return nil, locateCut(data[head:])
	}
	return &decoder{rest: data[head:end]}, nil
}

// locateCut finds out where data with a wrong checksum end, to say whether they
// are cut or changed.
func locateCut(data []byte) error {
	for _, name := range [codecSections]string{"meta", "kinds", "strings", "origins", "nodes", "edges", "props", "values", "gaps"} {
		if len(data) < 8 {
			return formatError(name, "cut off")
		}
		size := binary.LittleEndian.Uint64(data)
		if size > uint64(len(data)-8) {
			return formatError(name, "cut off: %d of %d bytes", len(data)-8, size)
		}
		data = data[8+size:]
	}
	if len(data) < 4 {
		return formatError("checksum", "cut off")
	}
	return formatError("checksum", "the data do not match it: they were changed or damaged")
}

// section takes the next section.
func (d *decoder) section(name string) *part {
	p := &part{name: name, d: d}
	if d.err != nil {
		return p
	}
	if len(d.rest) < 8 {
		d.err = formatError(name, "missing")
		return p
	}
	size := binary.LittleEndian.Uint64(d.rest)
	if size > uint64(len(d.rest)-8) {
		d.err = formatError(name, "claims %d bytes, %d are left", size, len(d.rest)-8)
		return p
	}
	p.data, d.rest = d.rest[8:8+size:8+size], d.rest[8+size:]
	return p
}

// originTime is the stored form of a time turned back.
func originTime(seconds uint64, nanos, flags uint32) time.Time {
	if flags&originNoTime != 0 {
		return time.Time{}
	}
	return time.Unix(int64(seconds), int64(nanos)).UTC()
}
