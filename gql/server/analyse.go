package server

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/cairn-security/cairn/analysis"
	"github.com/cairn-security/cairn/gql/view"
	"github.com/cairn-security/cairn/graph"
)

// wait returns the view of a key once it is there, starting the analysis if
// nobody did. Who gives up leaves the analysis at work for the next one.
func (e *estates) wait(ctx context.Context, k key) (*view.View, error) {
	one := e.entry(k)
	select {
	case <-one.done:
		return one.view, one.err
	default:
	}
	select {
	case <-one.done:
		return one.view, one.err
	case <-ctx.Done():
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return nil, view.Errorf(codeAnalysing, "snapshot %s is still being analysed: ask again in a moment", k.snapshot)
		}
		return nil, context.Cause(ctx)
	}
}

// entry finds or starts an analysis.
func (e *estates) entry(k key) *entry {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.clock++
	if k.snapshot == e.inForce.snapshot && k.revision < e.inForce.revision {
		k = e.inForce // a mark came between the question and this
	}
	if one := e.entries[k]; one != nil {
		one.used = e.clock
		return one
	}
	ctx, stop := context.WithCancel(e.life)
	one := &entry{done: make(chan struct{}), used: e.clock, stop: stop}
	e.entries[k] = one
	e.evict()
	go func() {
		one.view, one.err = e.analyse(ctx, k)
		if one.err != nil {
			stop()
			e.forget(k, one) // the next one who asks tries again
		}
		close(one.done)
		if one.err == nil {
			e.warm(ctx, one.view)
		}
	}()
	return one
}

func (e *estates) forget(k key, one *entry) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.entries[k] == one {
		delete(e.entries, k)
	}
}

// evict drops what was used longest ago; what is in force stays.
func (e *estates) evict() {
	for len(e.entries) > keep {
		var oldest key
		for k, one := range e.entries {
			if k != e.inForce && (oldest == (key{}) || one.used < e.entries[oldest].used) {
				oldest = k
			}
		}
		e.entries[oldest].stop()
		delete(e.entries, oldest)
	}
}

// analyse loads a snapshot and draws the conclusions.
func (e *estates) analyse(ctx context.Context, k key) (v *view.View, err error) {
	defer func() {
		if p := recover(); p != nil {
			v, err = nil, fmt.Errorf("analysing %s: %v", k.snapshot, p)
		}
	}()
	info, ok := e.info(k.snapshot)
	if !ok {
		return nil, view.Errorf(view.NotFound, "no snapshot %.80q", k.snapshot)
	}
	marks := e.marks(k.revision)
	r := e.given(k.snapshot, marks)
	if r == nil {
		snap, err := e.load(ctx, k.snapshot)
		if err != nil {
			return nil, err
		}
		start := time.Now()
		opts := analysis.Options{Settings: e.options.Settings, Marks: marks}
		if e.options.Analysing != nil {
			opts.Stage = e.options.Analysing(k.snapshot)
		}
		if r, err = analysis.Run(ctx, snap, opts); err != nil {
			return nil, err
		}
		e.metrics.analysis.Observe(time.Since(start).Seconds())
		for _, p := range r.Problems {
			e.options.Logger.Warn("analysing", "snapshot", k.snapshot, "problem", p)
		}
	}
	c := view.Config{Info: info, Latest: e.newest, Sets: e.sets, Permissions: e.options.Permissions, Prove: e.options.Prove, Patience: e.options.Patience}
	if e.options.Tried != nil {
		c.Told = func(tried, total int) { e.options.Tried(k.snapshot, tried, total) }
	}
	return view.New(ctx, r, c), nil
}

// load takes the snapshot from another analysis of it, or from the store.
func (e *estates) load(ctx context.Context, id string) (*graph.Snapshot, error) {
	e.mu.Lock()
	var have *graph.Snapshot
	for k, one := range e.entries {
		select {
		case <-one.done:
			if k.snapshot == id && one.view != nil {
				have = one.view.Result.Snap
			}
		default:
		}
	}
	e.mu.Unlock()
	if have != nil {
		return have, nil
	}
	store, err := e.options.Open(ctx)
	if err != nil {
		return nil, e.unavailable(err)
	}
	defer store.Close()
	snap, err := store.Load(ctx, id)
	if errors.Is(err, graph.ErrNotFound) {
		return nil, view.Errorf(view.NotFound, "snapshot %.80q is gone from %s", id, e.options.StoreName)
	}
	if err != nil {
		return nil, e.unavailable(err)
	}
	return snap, nil
}

// warm computes what pages need before they ask.
func (e *estates) warm(ctx context.Context, v *view.View) {
	defer func() {
		if p := recover(); p != nil {
			e.options.Logger.Error("preparing pages", "snapshot", v.Info.ID, "panic", p)
		}
	}()
	start := time.Now()
	if err := v.Warm(ctx); err != nil && ctx.Err() == nil {
		e.options.Logger.Warn("preparing pages", "snapshot", v.Info.ID, "error", err)
		return
	}
	e.options.Logger.Debug("pages are prepared", "snapshot", v.Info.ID, "took", time.Since(start))
}
