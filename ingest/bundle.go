package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/ingest/record"
)

// Bundle is the source that a bundle is.
type Bundle struct {
	reader *record.Reader
	path   string
}

// OpenBundle opens a bundle: a folder, an archive of one or a file in stream form.
func OpenBundle(path string) (*Bundle, error) {
	r, err := record.Open(path)
	if err != nil {
		return nil, err
	}
	return &Bundle{r, path}, nil
}

// ReadBundle reads a bundle in stream form; name stands for it in messages.
func ReadBundle(in io.Reader, name string) (*Bundle, error) {
	r, err := record.NewReader(in, name)
	if err != nil {
		return nil, err
	}
	return &Bundle{r, name}, nil
}

// Info describes the source; a bundle carries the name of what wrote it.
func (b *Bundle) Info() Info {
	name := b.reader.Manifest().Source
	if name == "" {
		name = "bundle"
	}
	return Info{Name: name, Path: b.path}
}

// Manifest describes the bundle.
func (b *Bundle) Manifest() record.Manifest { return b.reader.Manifest() }

// Close releases the bundle.
func (b *Bundle) Close() error { return b.reader.Close() }

// Records reads the bundle once. Where it was damaged or cut off, the last
// record is a gap that says so: what was lost is not known.
func (b *Bundle) Records(ctx context.Context) iter.Seq2[record.Record, error] {
	return func(yield func(record.Record, error) bool) {
		var damage *record.Problem
		for r, err := range b.reader.Records() {
			if ctx.Err() != nil {
				yield(record.Record{}, context.Cause(ctx))
				return
			}
			if problem := (*record.Problem)(nil); errors.As(err, &problem) {
				damage = problem
			}
			if !yield(r, err) {
				return
			}
		}
		for _, problem := range b.unknown() {
			if !yield(record.Record{}, problem) {
				return
			}
		}
		if damage != nil {
			yield(record.Record{Region: "global", Service: record.ServiceCairn, Operation: record.OpReadBundle, Source: b.Info().Name,
				File: b.path, Outcome: graph.OutcomeTruncated, Detail: damage.Error(), ReadAt: b.reader.Manifest().StartedAt}, nil)
		}
	}
}

// unknown reports fields that this build does not know, one problem for each.
func (b *Bundle) unknown() []*record.Problem {
	counts := b.reader.Report().Unknown
	problems := make([]*record.Problem, 0, len(counts))
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		problems = append(problems, &record.Problem{File: b.path, Place: name,
			Message: fmt.Sprintf("this build does not know the field; it was left out of %d records", counts[name])})
	}
	return problems
}
