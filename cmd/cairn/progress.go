package main

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/cairn-security/cairn/analysis"
)

// sayEvery is how often a long run says how far it is.
const sayEvery = 2 * time.Second

// trying returns what is told how many changes were tried: it says so on
// standard error at the start, now and then, and at the end of what took long.
// where is "" or says on what.
func (e *environment) trying(where string) func(tried, total int) {
	var begun, said time.Time
	return func(tried, total int) {
		now := time.Now()
		switch {
		case total == 0: // nothing is worth trying
		case tried == 0:
			begun, said = now, now
			e.say("trying %s%s, each by deriving all paths again", plural(total, "change"), where)
		case tried == total && now.Sub(begun) >= sayEvery:
			e.say("tried %s%s in %s", plural(total, "change"), where, now.Sub(begun).Round(time.Second/10))
		case tried < total && now.Sub(said) >= sayEvery:
			said = now
			e.say("tried %d of %d changes%s", tried, total, where)
		}
	}
}

// tryFixes tries all changes and says how far that is.
func (e *environment) tryFixes(r *analysis.Result) error {
	weighing := time.AfterFunc(sayEvery, func() { e.say("weighing which changes are worth trying") })
	defer weighing.Stop()
	tell := e.trying("")
	_, err := r.TryFixes(e.ctx, func(tried, total int) {
		weighing.Stop()
		tell(tried, total)
	})
	return err
}

// lineWriter lets several goroutines write whole lines.
type lineWriter struct {
	mu sync.Mutex
	w  io.Writer
}

// Write writes one line, or several.
func (w *lineWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.w.Write(p)
}

// analysing returns what says how far the analysis of a snapshot is, where that
// takes long; "" is the one that was asked for.
func (e *environment) analysing(snapshot string) func(stage string) {
	begun := time.Now()
	on := ""
	if snapshot != "" {
		on = " " + snapshot
	}
	return func(stage string) {
		if time.Since(begun) >= sayEvery {
			e.say("analysing%s: %s", on, stage)
		}
	}
}

// triedOn says how far the server is on a snapshot.
func (e *environment) triedOn() func(snapshot string, tried, total int) {
	var mu sync.Mutex
	tell := map[string]func(tried, total int){}
	return func(snapshot string, tried, total int) {
		mu.Lock()
		if tell[snapshot] == nil || tried == 0 {
			tell[snapshot] = e.trying(fmt.Sprintf(" on %s", snapshot))
		}
		one := tell[snapshot]
		mu.Unlock()
		one(tried, total)
	}
}
