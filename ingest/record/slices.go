package record

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"

	"github.com/cairn-security/cairn/graph"
)

// blockSize is how much of a slice is gathered before it is compressed.
const blockSize = 1 << 20

// Grouper sorts records into slices and packs each into an opaque blob:
// gzip-compressed NDJSON in blocks. Its memory is the compressed size plus at
// most one block per slice. It is not safe for concurrent use.
type Grouper struct {
	slices map[graph.Slice]*packed
	pack   *gzip.Writer
}

type packed struct {
	set   graph.RecordSet
	block []byte // not compressed yet
}

// NewGrouper returns an empty grouper.
func NewGrouper() *Grouper { return &Grouper{slices: map[graph.Slice]*packed{}} }

// Add puts a record into its slice.
func (g *Grouper) Add(r *Record) error {
	line, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("%s: %w", r.Place(), err)
	}
	key := r.Slice()
	p := g.slices[key]
	if p == nil {
		p = &packed{set: graph.RecordSet{Slice: key, Outcome: r.Outcome, Counts: map[graph.Outcome]int{}}}
		g.slices[key] = p
	}
	if Severity(r.Outcome) > Severity(p.set.Outcome) {
		p.set.Outcome = r.Outcome
	}
	p.set.Counts[r.Outcome]++
	if r.ReadAt.After(p.set.ReadAt) {
		p.set.ReadAt = r.ReadAt
	}
	p.block = append(append(p.block, line...), '\n')
	if len(p.block) >= blockSize {
		return g.seal(p)
	}
	return nil
}

// Sets returns the slices sorted by account, region, service and operation.
// The grouper must not be used afterwards.
func (g *Grouper) Sets() ([]graph.RecordSet, error) {
	sets := make([]graph.RecordSet, 0, len(g.slices))
	for _, p := range g.slices {
		if err := g.seal(p); err != nil {
			return nil, err
		}
		sets = append(sets, p.set)
	}
	slices.SortFunc(sets, func(a, b graph.RecordSet) int { return compareSlices(a.Slice, b.Slice) })
	return sets, nil
}

func compareSlices(a, b graph.Slice) int {
	return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Region, b.Region),
		cmp.Compare(a.Service, b.Service), cmp.Compare(a.Operation, b.Operation))
}

// seal compresses a block and appends it: gzip members follow each other in one stream.
func (g *Grouper) seal(p *packed) error {
	if len(p.block) == 0 {
		return nil
	}
	buf := bytes.NewBuffer(p.set.Blob)
	if g.pack == nil {
		g.pack, _ = gzip.NewWriterLevel(buf, gzip.BestSpeed) // the level is valid
	} else {
		g.pack.Reset(buf)
	}
	_, err := g.pack.Write(p.block)
	if err = errors.Join(err, g.pack.Close()); err != nil {
		return err
	}
	p.set.Blob, p.block = buf.Bytes(), nil
	return nil
}

// Unpack iterates over the records of a slice in the order they were added. A
// damaged blob yields one error and ends.
func Unpack(set graph.RecordSet) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		if len(set.Blob) == 0 {
			return
		}
		fail := func(err error) {
			yield(Record{}, fmt.Errorf("record set %s %s of %s %s: %w", set.Service, set.Operation, set.Account, set.Region, err))
		}
		unpack, err := gzip.NewReader(bytes.NewReader(set.Blob))
		if err != nil {
			fail(err)
			return
		}
		dec := json.NewDecoder(bufio.NewReaderSize(unpack, 1<<16))
		for {
			var r Record
			if err := dec.Decode(&r); err != nil {
				if !errors.Is(err, io.EOF) {
					fail(err)
				}
				return
			}
			if !yield(r, nil) {
				return
			}
		}
	}
}

// UnpackAll iterates over the records of all sets, one set after another.
func UnpackAll(sets []graph.RecordSet) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		for _, set := range sets {
			for r, err := range Unpack(set) {
				if !yield(r, err) {
					return
				}
			}
		}
	}
}
