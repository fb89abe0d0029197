package aws

import (
	"sync"
	"sync/atomic"

	"github.com/cairn-security/cairn/ingest/record"
)

// sink takes records, unit by unit. It is safe for concurrent use and reports
// its first failure (a full disk) once, apart, which ends the run.
type sink interface {
	begin() (unit int)
	write(unit int, r record.Record)
	// end closes a unit; whole means that all its reads were answered.
	end(unit int, key string, whole bool)
	// reuse reports that an interrupted run has this unit, and takes it over.
	reuse(key string) bool
}

// stream is the sink of a bundle that leaves at once: records of a unit that is
// not finished are already gone, so nothing can be reused.
type stream struct {
	bundle *record.Writer
	units  atomic.Int64
	once   sync.Once
	broken func(error) // called once, with the first failure
}

func (s *stream) begin() int { return int(s.units.Add(1)) }

func (s *stream) write(_ int, r record.Record) {
	if err := s.bundle.Write(r); err != nil {
		s.once.Do(func() { s.broken(err) })
	}
}

func (s *stream) end(int, string, bool) {}

func (s *stream) reuse(string) bool { return false }
