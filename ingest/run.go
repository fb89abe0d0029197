package ingest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/ingest/assemble"
	"github.com/cairn-security/cairn/ingest/record"
)

// Options steer [Run].
type Options struct {
	// Scrubber finds credentials in the values that are removed; without one
	// they are removed unread.
	Scrubber Scrubber
	// Base are the record sets of the snapshot that the source is laid over
	// (--add), nil for a snapshot of its own.
	Base []graph.RecordSet
	// Progress is called now and then, from one goroutine at a time.
	Progress func(Progress)
	// Now is the time the snapshot carries; the clock's where it is zero.
	Now time.Time
}

// Stage is what a pipeline is doing.
type Stage string

// Stages in order.
const (
	StageRead     Stage = "reading"
	StageAssemble Stage = "assembling"
)

// Progress says how far a pipeline is.
type Progress struct {
	Stage    Stage
	Records  int
	Bytes    int64 // of replies
	Problems int
}

// Result is what a pipeline made.
type Result struct {
	Snapshot *graph.Snapshot
	Sets     []graph.RecordSet
	Report   Report
	// Assembling is how long the graph took, reading the source not included.
	Assembling time.Duration
}

// Report says what was read and what could not be.
type Report struct {
	Records int   // records the source gave
	Bytes   int64 // of their replies
	// Useful counts records that were answered, or in part: zero means that
	// nothing usable could be read.
	Useful   int
	Problems []*record.Problem
	// Unknown counts records of operations that this build cannot read, by
	// "service Operation". They are not kept.
	Unknown map[string]int
}

// ErrNothing says that a source held nothing that could be used.
var ErrNothing = errors.New("nothing usable could be read")

// Run reads a source and makes a snapshot of it. Parts that cannot be read are
// problems in the report and gaps in the snapshot. If nothing at all was of
// use the error is [ErrNothing] and the result still carries the report.
//
// Cost: one pass over the records; without a base each is assembled as it
// comes, with one the merged record sets are assembled after reading.
func Run(ctx context.Context, source Source, o Options) (*Result, error) {
	if o.Now.IsZero() {
		o.Now = time.Now()
	}
	p := &pipeline{options: o, info: source.Info(), sets: record.NewGrouper(), build: assemble.New()}
	p.report.Unknown = map[string]int{}
	for r, err := range source.Records(ctx) {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if err != nil {
			if problem := (*record.Problem)(nil); errors.As(err, &problem) {
				p.report.Problems = append(p.report.Problems, problem)
				continue
			}
			return nil, err
		}
		if err := p.take(r); err != nil {
			return nil, err
		}
	}
	if p.report.Useful == 0 {
		return &Result{Report: p.report}, ErrNothing
	}
	return p.finish(ctx)
}

type pipeline struct {
	options Options
	info    Info
	sets    *record.Grouper
	build   *assemble.Assembler
	took    time.Duration
	sum     [sha256.Size]byte
	report  Report
}

// progressEvery is how many records pass between two reports.
const progressEvery = 64

func (p *pipeline) take(r record.Record) error {
	p.report.Records++
	p.report.Bytes += int64(len(r.Body))
	if record.Answered(r.Outcome) || r.Outcome == graph.OutcomeTruncated && len(r.Body) > 0 {
		p.report.Useful++
	}
	if p.report.Records%progressEvery == 0 {
		p.progress(StageRead)
	}
	if !assemble.Knows(r.Service, r.Operation) && r.Outcome == graph.OutcomeOK {
		p.report.Unknown[r.Service+" "+r.Operation]++
		return nil
	}
	if len(r.Body) > 0 && !json.Valid(r.Body) {
		p.report.Problems = append(p.report.Problems, &record.Problem{File: r.Place(), Message: "the reply is not valid JSON"})
		r.Body, r.Outcome, r.Detail = nil, graph.OutcomeMalformed, "the reply is not valid JSON"
	}
	r, findings := scrub(r, p.options.Scrubber)
	if err := p.keep(r); err != nil {
		return err
	}
	for _, f := range findings {
		if err := p.keep(f); err != nil {
			return err
		}
	}
	return nil
}

func (p *pipeline) keep(r record.Record) error {
	h := sha256.New()
	h.Write(p.sum[:])
	fmt.Fprintf(h, "%v\x00%s\x00%s\x00", r.Slice(), r.Key(), r.Outcome)
	h.Write(r.Body)
	h.Sum(p.sum[:0])
	if err := p.sets.Add(&r); err != nil {
		return err
	}
	if p.options.Base == nil {
		start := time.Now()
		p.build.Add(r)
		p.took += time.Since(start)
	}
	return nil
}

func (p *pipeline) finish(ctx context.Context) (*Result, error) {
	p.progress(StageAssemble)
	sets, err := p.sets.Sets()
	if err != nil {
		return nil, err
	}
	start := time.Now()
	if p.options.Base != nil {
		if sets, err = record.Overlay(p.options.Base, sets); err != nil {
			return nil, err
		}
		for r, err := range record.UnpackAll(sets) {
			if ctx.Err() != nil {
				return nil, context.Cause(ctx)
			}
			if err != nil {
				return nil, err
			}
			p.build.Add(r)
		}
	}
	now := p.options.Now.UTC().Truncate(time.Second)
	snap, report, err := p.build.Build(graph.Meta{ID: SnapshotID(now, p.sum[:]), TakenAt: now, Source: p.info.Name})
	if err != nil {
		return nil, err
	}
	p.report.Problems = append(p.report.Problems, report.Problems...)
	return &Result{Snapshot: snap, Sets: sets, Report: p.report, Assembling: p.took + time.Since(start)}, nil
}

func (p *pipeline) progress(stage Stage) {
	if p.options.Progress != nil {
		p.options.Progress(Progress{stage, p.report.Records, p.report.Bytes, len(p.report.Problems)})
	}
}

// SnapshotID names a snapshot by the second it was taken at and the first four
// hex digits of a hash of what it holds: s-20261124-081500-ab12.
func SnapshotID(at time.Time, hash []byte) string {
	return "s-" + at.UTC().Format("20060102-150405") + "-" + hex.EncodeToString(hash[:2])
}
