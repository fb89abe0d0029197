package graph

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"strings"
)

// Encode writes a snapshot in the binary form that [Decode] reads. Equal
// snapshots that were built in the same order give equal bytes. Cost: one pass
// and, beside the snapshot, the table of its distinct strings.
func Encode(w io.Writer, s *Snapshot) error {
	meta, err := json.Marshal(s.meta)
	if err != nil {
		return fmt.Errorf("graph: encode meta: %w", err)
	}
	e := &encoder{w: w, buf: make([]byte, 0, encodeBuffer+16)}
	t := newStringTable(s)
	e.bytes([]byte(codecMagic))
	e.u32(codecVersion)
	e.u32(codecSections)
	e.u64(uint64(len(meta)))
	e.bytes(meta)
	e.kinds()
	e.strings(t)
	e.origins(s, t)
	e.nodes(s, t)
	e.edges(s)
	if err := e.props(s, t); err != nil {
		return err
	}
	if err := e.gaps(s, t); err != nil {
		return err
	}
	e.flush()
	e.buf = binary.LittleEndian.AppendUint32(e.buf, e.sum)
	e.flush()
	return e.err
}

const encodeBuffer = 64 << 10

// encoder is a buffered little-endian writer that keeps a checksum.
type encoder struct {
	w   io.Writer
	buf []byte
	sum uint32
	err error
}

func (e *encoder) flush() {
	e.sum = crc32.Update(e.sum, castagnoli, e.buf)
	if e.err == nil {
		_, e.err = e.w.Write(e.buf)
	}
	e.buf = e.buf[:0]
}

func (e *encoder) room() {
	if len(e.buf) >= encodeBuffer {
		e.flush()
	}
}

func (e *encoder) u8(v uint8) {
	e.buf = append(e.buf, v)
	e.room()
}

func (e *encoder) u32(v uint32) {
	e.buf = binary.LittleEndian.AppendUint32(e.buf, v)
	e.room()
}

func (e *encoder) u64(v uint64) {
	e.buf = binary.LittleEndian.AppendUint64(e.buf, v)
	e.room()
}

func (e *encoder) bytes(b []byte) {
	for len(b) > 0 {
		n := min(len(b), encodeBuffer-len(e.buf))
		e.buf = append(e.buf, b[:n]...)
		b = b[n:]
		e.room()
	}
}

func (e *encoder) text(s string) {
	for len(s) > 0 {
		n := min(len(s), encodeBuffer-len(e.buf))
		e.buf = append(e.buf, s[:n]...)
		s = s[n:]
		e.room()
	}
}

func (e *encoder) kinds() {
	names := [2][]string{make([]string, kindCount), edgeNames[:]}
	size := 0
	for k := range names[0] {
		names[0][k] = Kind(k).String()
	}
	for _, list := range names {
		size += 2
		for _, name := range list {
			size += 1 + len(name)
		}
	}
	e.u64(uint64(size))
	for _, list := range names {
		e.u8(uint8(len(list)))
		e.u8(uint8(len(list) >> 8))
		for _, name := range list {
			e.u8(uint8(len(name)))
			e.text(name)
		}
	}
}

func (e *encoder) strings(t *stringTable) {
	e.u64(4 + 4*uint64(len(t.list)) + t.size)
	e.u32(uint32(len(t.list)))
	for _, s := range t.list {
		e.u32(uint32(len(s)))
	}
	for _, s := range t.list {
		e.text(s)
	}
}

func (e *encoder) origins(s *Snapshot, t *stringTable) {
	e.u64(4 + uint64(len(s.origins))*(4*originStrings+16))
	e.u32(uint32(len(s.origins)))
	for i := range s.origins {
		o := &s.origins[i]
		for _, v := range o.texts() {
			e.u32(t.of(v))
		}
		flags := uint32(0)
		if o.Stale {
			flags |= originStale
		}
		if o.ReadAt.IsZero() {
			flags |= originNoTime
		}
		e.u64(uint64(o.ReadAt.Unix()))
		e.u32(uint32(o.ReadAt.Nanosecond()))
		e.u32(flags)
	}
}

func (e *encoder) nodes(s *Snapshot, t *stringTable) {
	n, texts := len(s.nodes), uint64(0)
	for i := range s.nodes {
		texts += uint64(len(s.nodes[i].ID))
		if !s.nodes[i].nameInID() {
			texts += uint64(len(s.nodes[i].Name))
		}
	}
	e.u64(4 + 17*uint64(n) + texts)
	e.u32(uint32(n))
	for i := range s.nodes {
		e.u8(uint8(s.nodes[i].Kind))
	}
	for i := range s.nodes {
		e.u32(t.of(s.nodes[i].Account))
	}
	for i := range s.nodes {
		e.u32(t.of(s.nodes[i].Region))
	}
	for i := range s.nodes {
		e.u32(uint32(len(s.nodes[i].ID)))
	}
	for i := range s.nodes {
		length := uint32(len(s.nodes[i].Name))
		if s.nodes[i].nameInID() {
			length |= nameIsSuffix
		}
		e.u32(length)
	}
	for i := range s.nodes {
		e.text(s.nodes[i].ID)
		if !s.nodes[i].nameInID() {
			e.text(s.nodes[i].Name)
		}
	}
}

func (n *Node) nameInID() bool { return n.Name != "" && strings.HasSuffix(n.ID, n.Name) }

func (e *encoder) edges(s *Snapshot) {
	e.u64(4 + 4*uint64(len(s.out.start)) + 5*uint64(len(s.out.dst)))
	e.u32(uint32(len(s.out.dst)))
	for _, v := range s.out.start {
		e.u32(v)
	}
	for _, v := range s.out.dst {
		e.u32(uint32(v))
	}
	for _, k := range s.out.kind {
		e.u8(uint8(k))
	}
}

// props writes the sections props and values. It goes through [Snapshot.Props],
// so that a patched snapshot is written as it reads.
func (e *encoder) props(s *Snapshot, t *stringTable) error {
	count, size := 0, uint64(0)
	for ref := range s.Refs() {
		for _, p := range s.Props(ref) {
			if uint64(len(p.Value)) > math.MaxUint32 || count == math.MaxUint32 {
				return fmt.Errorf("graph: encode %s: property %s is too large", s.nodes[ref].ID, p.Key)
			}
			count++
			size += uint64(len(p.Value))
		}
	}
	e.u64(4 + 4*uint64(len(s.nodes)+1) + 12*uint64(count))
	e.u32(uint32(count))
	at := uint32(0)
	e.u32(at)
	for ref := range s.Refs() {
		at += uint32(len(s.Props(ref)))
		e.u32(at)
	}
	e.eachProp(s, func(p Prop) { e.u32(t.of(p.Key)) })
	e.eachProp(s, func(p Prop) { e.u32(uint32(p.Origin)) })
	e.eachProp(s, func(p Prop) { e.u32(uint32(len(p.Value))) })
	e.u64(size)
	e.eachProp(s, func(p Prop) { e.bytes(p.Value) })
	return nil
}

func (e *encoder) eachProp(s *Snapshot, write func(Prop)) {
	for ref := range s.Refs() {
		for _, p := range s.Props(ref) {
			write(p)
		}
	}
}

func (e *encoder) gaps(s *Snapshot, t *stringTable) error {
	size := uint64(4)
	for i := range s.gaps {
		size += 4 * uint64(gapStrings+1+len(s.gaps[i].Affects))
	}
	e.u64(size)
	e.u32(uint32(len(s.gaps)))
	for i := range s.gaps {
		g := &s.gaps[i]
		for _, v := range g.texts() {
			e.u32(t.of(v))
		}
		e.u32(uint32(len(g.Affects)))
		for _, id := range g.Affects {
			ref, ok := s.Lookup(id)
			if !ok {
				return fmt.Errorf("graph: encode gap %s: it affects %s, which is no node", g.ID, id)
			}
			e.u32(uint32(ref))
		}
	}
	return nil
}

// texts lists an origin's strings in their stored order.
func (o *Origin) texts() [originStrings]string {
	return [...]string{o.Source, o.Account, o.Region, o.Service, o.Operation, o.File}
}

// texts lists a gap's strings in their stored order.
func (g *Gap) texts() [gapStrings]string {
	return [...]string{g.ID, g.Account, g.Region, g.Service, g.Operation, string(g.Outcome), g.Detail}
}

// stringTable numbers the strings that repeat: accounts, regions, keys, calls.
type stringTable struct {
	list  []string
	index map[string]uint32
	size  uint64
	last  uint32 // accounts and keys come in runs
}

func newStringTable(s *Snapshot) *stringTable {
	t := &stringTable{index: map[string]uint32{}}
	t.of("")
	for i := range s.nodes {
		t.of(s.nodes[i].Account)
	}
	for i := range s.nodes {
		t.of(s.nodes[i].Region)
	}
	for ref := range s.Refs() {
		for _, p := range s.Props(ref) {
			t.of(p.Key)
		}
	}
	for i := range s.origins {
		for _, v := range s.origins[i].texts() {
			t.of(v)
		}
	}
	for i := range s.gaps {
		for _, v := range s.gaps[i].texts() {
			t.of(v)
		}
	}
	return t
}

func (t *stringTable) of(s string) uint32 {
	if len(t.list) > 0 && t.list[t.last] == s {
		return t.last
	}
	n, ok := t.index[s]
	if !ok {
		n = uint32(len(t.list))
		t.index[s] = n
		t.list = append(t.list, s)
		t.size += uint64(len(s))
	}
	t.last = n
	return n
}
