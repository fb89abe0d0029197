package aws

import "sync/atomic"

// Progress is how far a run is. Total grows as listings name resources.
type Progress struct {
	Done, Total int64 // questions asked and known of
	Rows        int64 // records written
	Calls       int64 // requests sent, retries included
	Throttles   int64
	Gaps        int64 // records that are neither ok nor empty
	Reused      int64 // questions an interrupted run had answered
	Objects     int64 // objects sampled
	Bytes       int64 // bytes read from them
}

type progress struct {
	counter
	done, total, rows, gaps, reused, objects, bytes atomic.Int64
}

func newProgress() *progress {
	return &progress{counter: counter{places: make(chan struct{}, inFlight)}}
}

func (p *progress) snapshot() Progress {
	return Progress{Done: p.done.Load(), Total: p.total.Load(), Rows: p.rows.Load(), Calls: p.calls.Load(),
		Throttles: p.throttles.Load(), Gaps: p.gaps.Load(), Reused: p.reused.Load(), Objects: p.objects.Load(), Bytes: p.bytes.Load()}
}
