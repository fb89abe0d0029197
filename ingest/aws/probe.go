package aws

import (
	"sync"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/ingest/record"
)

// probe is the sink of a dry run: it keeps how each operation ended and how
// many calls there would have been, and drops what was answered.
type probe struct {
	mu       sync.Mutex
	outcomes map[string]graph.Outcome // "service:Operation" -> worst
	inputs   map[string]int           // "service:Operation" -> calls seen to be due
	did      map[string]bool
}

func newProbe() *probe {
	return &probe{outcomes: map[string]graph.Outcome{}, inputs: map[string]int{}, did: map[string]bool{}}
}

func (p *probe) begin() int            { return 0 }
func (p *probe) end(int, string, bool) {}
func (p *probe) reuse(string) bool     { return false }

func (p *probe) write(_ int, r record.Record) {
	p.mu.Lock()
	defer p.mu.Unlock()
	key := r.Service + ":" + r.Operation
	if old, ok := p.outcomes[key]; !ok || record.Severity(r.Outcome) > record.Severity(old) {
		p.outcomes[key] = r.Outcome
	}
}

func (p *probe) planned(service, operation string, n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.inputs[service+":"+operation] += n
}

// once is true the first time it is asked about a thing.
func (p *probe) once(thing string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	first := !p.did[thing]
	p.did[thing] = true
	return first
}

// verdict is the word of the preflight document.
func (p *probe) verdict(operation string) string {
	switch outcome, asked := p.outcomes[operation]; {
	case !asked:
		return "notTested"
	case outcome == graph.OutcomeDenied:
		return "denied"
	case record.Answered(outcome), outcome == graph.OutcomeTruncated:
		return "allowed"
	default: // throttled, timed out, not there: nothing is said about rights
		return "notTested"
	}
}
