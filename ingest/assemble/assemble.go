package assemble

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"runtime"
	"sync"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/ingest/fields"
	"github.com/cairn-security/cairn/ingest/record"
)

// chunk is how many records are read side by side before they are merged.
const chunk = 256

// Report says what an [Assembler] has met.
type Report struct {
	Records int // records taken in
	// Problems name what could not be read, in the order of the records.
	Problems []*record.Problem
	// Unknown counts records of operations that the table does not know, by
	// "service Operation". They became no part of the graph.
	Unknown map[string]int
}

// Assembler turns records into one snapshot. It is not safe for concurrent use.
type Assembler struct {
	merger merger
	queue  []record.Record
	calls  []call // one for each place in the queue, used again
	report Report
}

// New returns an empty assembler.
func New() *Assembler {
	return &Assembler{merger: newMerger(), report: Report{Unknown: map[string]int{}}}
}

// Add takes in a record. The record's body is kept, not copied.
func (a *Assembler) Add(r record.Record) {
	a.queue = append(a.queue, r)
	if len(a.queue) == chunk {
		a.flush()
	}
}

// Build resolves what is open and freezes the graph. meta's accounts, regions
// and task counts are filled in. The assembler must not be used afterwards.
func (a *Assembler) Build(meta graph.Meta) (*graph.Snapshot, *Report, error) {
	a.flush()
	a.merger.finish()
	meta.Accounts, meta.Regions, meta.Tasks = a.merger.accountList(), a.merger.regionList(), a.merger.tasks()
	snap, err := a.merger.b.Build(meta)
	a.report.Problems = append(a.report.Problems, a.merger.problems...)
	return snap, &a.report, err
}

// Assemble is the whole of it for a sequence of records. An error of the
// sequence that is a *[record.Problem] is reported and the rest goes on; any
// other ends the assembly.
func Assemble(ctx context.Context, records iter.Seq2[record.Record, error], meta graph.Meta) (*graph.Snapshot, *Report, error) {
	a := New()
	for r, err := range records {
		if ctx.Err() != nil {
			return nil, nil, context.Cause(ctx)
		}
		if err != nil {
			problem, ok := err.(*record.Problem)
			if !ok {
				return nil, nil, err
			}
			a.report.Problems = append(a.report.Problems, problem)
			continue
		}
		a.Add(r)
	}
	return a.Build(meta)
}

func (a *Assembler) flush() {
	if len(a.calls) < len(a.queue) {
		a.calls = append(a.calls, make([]call, len(a.queue)-len(a.calls))...)
	}
	var wait sync.WaitGroup
	workers := min(runtime.GOMAXPROCS(0), len(a.queue))
	next := make(chan int, len(a.queue))
	for i := range a.queue {
		next <- i
	}
	close(next)
	for range workers {
		wait.Go(func() {
			for i := range next {
				read(&a.queue[i], &a.calls[i])
			}
		})
	}
	wait.Wait()
	for i := range a.queue {
		r, c := &a.queue[i], &a.calls[i]
		a.report.Records++
		if operations()[opKey{r.Service, r.Operation}] == nil {
			a.report.Unknown[r.Service+" "+r.Operation]++
		}
		a.report.Problems = append(a.report.Problems, c.problems...)
		a.merger.merge(c)
		*c = call{batch: c.batch.reuse()}
	}
	clear(a.queue)
	a.queue = a.queue[:0]
}

// read interprets one record.
func read(r *record.Record, c *call) {
	c.rec = r
	c.setAccount("")
	op := operations()[opKey{r.Service, r.Operation}]
	if !record.Answered(r.Outcome) {
		c.refused(op)
	}
	if op != nil && op.onEmpty != nil && r.Outcome == graph.OutcomeEmpty {
		if on := op.about(c); on != none {
			c.nodes[on].lapsed = true // an empty answer does not prove that it exists
			op.onEmpty(c, on)
		}
		return
	}
	if op == nil || r.Outcome != graph.OutcomeOK && (r.Outcome != graph.OutcomeTruncated || len(r.Body) == 0) {
		return
	}
	c.setAccount("")
	if wrong := misshapen(r.Body); wrong != "" && (wrong != noObject || r.Service != record.ServiceCairn) { // its findings are lists
		on := none
		if op.about != nil {
			on = op.about(c)
		}
		c.malformed(on, "", wrong)
		return
	}
	op.read(c)
}

// misshapen says what is wrong with a body that is no reply.
func misshapen(body []byte) string {
	switch body := bytes.TrimSpace(body); {
	case len(body) == 0, string(body) == "null":
		return "the reply has no body"
	case !json.Valid(body):
		return "the reply is not valid JSON"
	case body[0] != '{':
		return noObject
	}
	return ""
}

const noObject = "the reply is no JSON object"

type opKey struct{ service, name string }

// operations is the table, compiled.
var operations = sync.OnceValue(func() map[opKey]*operation {
	byKey := make(map[opKey]*operation, len(table))
	for i := range table {
		op := &table[i]
		key := opKey{op.service, op.name}
		if byKey[key] != nil {
			panic(fmt.Sprintf("assemble: two rows for %v", key)) // a test reads the table
		}
		byKey[key] = op
		var paths []string
		for _, l := range op.items {
			paths = append(paths, l.path)
			l.spec.compile()
		}
		for _, s := range op.uses {
			s.compile()
		}
		for _, f := range op.facts {
			paths = append(paths, f.path)
		}
		if len(paths) > 0 {
			op.compiled = fields.New(paths...)
		}
	}
	return byKey
})

// Knows reports whether the table has an operation: what it does not know is
// neither assembled nor worth keeping.
func Knows(service, operation string) bool { return operations()[opKey{service, operation}] != nil }
