package server

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"sync"

	"github.com/cairn-security/cairn/analysis"
	"github.com/cairn-security/cairn/analysis/sensitivity"
	"github.com/cairn-security/cairn/gql/view"
	"github.com/cairn-security/cairn/graph"
)

// keep is how many analysed snapshots stay in memory.
const keep = 3

// estates gives analysed snapshots: it knows what the store holds, analyses what
// is asked for once however many ask, and keeps the latest few. What is "in
// force" answers when no snapshot is named: the newest snapshot that is
// analysed, with the marks up to a revision of the ledger.
type estates struct {
	options *Options
	metrics *metrics
	life    context.Context
	end     context.CancelFunc

	turn chan struct{} // one advance at a time

	mu      sync.Mutex
	asked   bool         // the store answered
	stored  []graph.Info // oldest first
	ledger  []graph.LedgerEntry
	inForce key
	entries map[key]*entry
	clock   int // of uses
}

// key says what a result depends on; settings and run options never change
// while a server runs.
type key struct {
	snapshot string
	revision uint64 // of the ledger
}

// entry is an analysis, at work or done.
type entry struct {
	done chan struct{}
	view *view.View
	err  error
	used int
	stop context.CancelFunc
}

func newEstates(o *Options, m *metrics) *estates {
	e := &estates{options: o, metrics: m, turn: make(chan struct{}, 1), entries: map[key]*entry{}}
	e.life, e.end = context.WithCancel(context.Background())
	return e
}

func (e *estates) close() { e.end() }

func (e *estates) answered() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.asked
}

// refresh asks the store what it holds.
func (e *estates) refresh(ctx context.Context) error {
	e.mu.Lock()
	since := uint64(0)
	if n := len(e.ledger); n > 0 {
		since = e.ledger[n-1].Revision
	}
	e.mu.Unlock()
	store, err := e.options.Open(ctx)
	if err != nil {
		return e.unavailable(err)
	}
	defer store.Close()
	stored, err := store.List(ctx)
	if err != nil {
		return e.unavailable(err)
	}
	added, err := store.Ledger(ctx, since)
	if err != nil {
		return e.unavailable(err)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.asked, e.stored = true, stored
	for _, a := range added { // another refresh may have been faster
		if n := len(e.ledger); n == 0 || e.ledger[n-1].Revision < a.Revision {
			e.ledger = append(e.ledger, a)
		}
	}
	e.metrics.snapshots.Set(float64(len(stored)))
	return nil
}

// advance brings what is in force up to the store: the newest snapshot under all
// marks, once it is analysed. Until then the old one answers.
func (e *estates) advance(ctx context.Context) error {
	select {
	case e.turn <- struct{}{}:
		defer func() { <-e.turn }()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if err := e.refresh(ctx); err != nil {
		return err
	}
	e.mu.Lock()
	if len(e.stored) == 0 {
		e.inForce = key{}
		e.mu.Unlock()
		return nil
	}
	newest := key{snapshot: e.stored[len(e.stored)-1].ID}
	if n := len(e.ledger); n > 0 {
		newest.revision = e.ledger[n-1].Revision
	}
	same := newest == e.inForce
	e.mu.Unlock()
	if same {
		return nil
	}
	if _, err := e.wait(ctx, newest); err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.inForce = newest
	for k, one := range e.entries { // under fewer marks: nobody asks for it any more
		if k.snapshot == newest.snapshot && k.revision < newest.revision {
			one.stop()
			delete(e.entries, k)
		}
	}
	return nil
}

// View returns an analysed snapshot; "" is the one in force.
func (e *estates) View(ctx context.Context, snapshot string) (*view.View, error) {
	k, err := e.key(ctx, snapshot)
	if err != nil {
		return nil, err
	}
	return e.wait(ctx, k)
}

func (e *estates) key(ctx context.Context, snapshot string) (key, error) {
	e.mu.Lock()
	k := e.inForce
	e.mu.Unlock()
	if k == (key{}) {
		if err := e.advance(ctx); err != nil {
			return key{}, err
		}
		e.mu.Lock()
		k = e.inForce
		e.mu.Unlock()
	}
	if k == (key{}) {
		return key{}, view.Errorf(view.NotFound, "%s holds no snapshot yet: run cairn demo, cairn scan aws or cairn import", e.options.StoreName)
	}
	if snapshot == "" || snapshot == k.snapshot {
		return k, nil
	}
	if _, ok := e.info(snapshot); !ok {
		if err := e.refresh(ctx); err != nil {
			return key{}, err
		}
		if _, ok := e.info(snapshot); !ok {
			return key{}, view.Errorf(view.NotFound, "no snapshot %.80q in %s", snapshot, e.options.StoreName)
		}
	}
	return key{snapshot, k.revision}, nil
}

func (e *estates) info(snapshot string) (graph.Info, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, i := range e.stored {
		if i.ID == snapshot {
			return i, true
		}
	}
	return graph.Info{}, false
}

// Snapshots describes the stored snapshots, oldest first.
func (e *estates) Snapshots(ctx context.Context) ([]graph.Info, error) {
	if !e.answered() {
		if err := e.refresh(ctx); err != nil {
			return nil, err
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.stored, nil // replaced, never written
}

func (e *estates) newest(snapshot string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.stored) > 0 && e.stored[len(e.stored)-1].ID == snapshot
}

// Mark appends to the ledger and derives the newest snapshot with it.
func (e *estates) Mark(ctx context.Context, node string, m sensitivity.Mark) (*view.View, error) {
	body, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	store, err := e.options.Open(ctx)
	if err != nil {
		return nil, e.unavailable(err)
	}
	_, err = store.Append(ctx, graph.LedgerEntry{At: e.options.Now().UTC(), Actor: e.options.Actor, Kind: sensitivity.LedgerKind, Subject: node, Body: body})
	store.Close()
	if err != nil {
		return nil, e.unavailable(err)
	}
	if err := e.advance(ctx); err != nil {
		return nil, err
	}
	return e.View(ctx, "")
}

// sets reads the slices of a snapshot.
func (e *estates) sets(ctx context.Context, snapshot string) ([]graph.RecordSet, error) {
	store, err := e.options.Open(ctx)
	if err != nil {
		return nil, e.unavailable(err)
	}
	defer store.Close()
	sets, err := store.RecordSets(ctx, snapshot)
	if err != nil {
		return nil, e.unavailable(err)
	}
	for i := range sets {
		sets[i].Blob = nil // only the counts are of use here
	}
	return sets, nil
}

// unavailable is an error of the store.
func (e *estates) unavailable(err error) error {
	return fmt.Errorf("%w: %s: %w", errStore, e.options.StoreName, err)
}

// marks are those in force at a revision.
func (e *estates) marks(revision uint64) map[string]sensitivity.Mark {
	e.mu.Lock()
	defer e.mu.Unlock()
	n := 0
	for n < len(e.ledger) && e.ledger[n].Revision <= revision {
		n++
	}
	return sensitivity.Marks(e.ledger[:n])
}

// given returns the analysis that the command made already, if it is the one asked for.
func (e *estates) given(snapshot string, marks map[string]sensitivity.Mark) *analysis.Result {
	r := e.options.Initial
	if r == nil || r.Snap.ID() != snapshot || r.Options.Settings.Hash() != e.options.Settings.Hash() {
		return nil
	}
	if len(r.Options.Marks)+len(marks) > 0 && !reflect.DeepEqual(r.Options.Marks, marks) {
		return nil
	}
	return r
}
