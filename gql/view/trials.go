package view

import (
	"context"
	"sync"
	"time"

	"github.com/cairn-security/cairn/analysis"
)

// States of Trials.
const (
	Trying = "trying"
	Tried  = "done"
	Failed = "failed"
)

// codeTrying marks an answer that is not there yet.
const codeTrying = "TRYING"

// Prover tries single changes on a result. It tells, one call at a time, how
// many of how many it tried.
type Prover func(ctx context.Context, r *analysis.Result, told func(tried, total int)) ([]*analysis.Fix, error)

// patience is how long after the trials began somebody still waits for their
// end: small estates then answer in full at once, large ones never hold a page.
const patience = 2 * time.Second

// Trials say how far the background work on fixes and choke points is.
type Trials struct {
	State string
	Tried int
	Total *int // nil until it is known what is worth trying
}

// progress is how far the prover is.
type progress struct {
	mu    sync.Mutex
	tried int
	total *int
}

func (p *progress) told(tried, total int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tried, p.total = tried, &total
}

// Trials starts the work if nobody did and says how far it is.
func (v *View) Trials(ctx context.Context) (*Trials, error) {
	_, chokes, chokeErr := v.chokesSoon(ctx)
	_, fixes, fixErr := v.fixesSoon(ctx)
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	v.progress.mu.Lock()
	defer v.progress.mu.Unlock()
	t := &Trials{State: Trying, Tried: v.progress.tried, Total: v.progress.total}
	switch {
	case chokeErr != nil || fixErr != nil:
		t.State = Failed
	case chokes && fixes:
		t.State = Tried
	}
	return t, nil
}

// fixesSoon are the fixes; ok is false while changes are still being tried.
func (v *View) fixesSoon(ctx context.Context) (all *fixes, ok bool, err error) {
	return v.fixList.soon(ctx, v.life, v.patience(), v.prove)
}

// chokesSoon are the choke points of every family; ok is false while they are
// still being weighed.
func (v *View) chokesSoon(ctx context.Context) (all map[*analysis.Family][]*ChokePoint, ok bool, err error) {
	return v.chokeList.soon(ctx, v.life, v.patience(), v.weighChokes)
}

func (v *View) patience() time.Duration {
	if v.Patience == 0 {
		return patience
	}
	return v.Patience
}

// prove tries every change.
func (v *View) prove(ctx context.Context) (*fixes, error) {
	try := v.Prove
	if try == nil {
		try = func(ctx context.Context, r *analysis.Result, told func(tried, total int)) ([]*analysis.Fix, error) {
			return r.TryFixes(ctx, told)
		}
	}
	all, err := try(ctx, v.Result, func(tried, total int) {
		v.progress.told(tried, total)
		if v.Told != nil {
			v.Told(tried, total)
		}
	})
	if err != nil {
		return nil, err
	}
	out := &fixes{list: []*Fix{}, closing: map[*analysis.Family][]*Fix{}}
	for _, f := range all {
		one := &Fix{v, f}
		out.list = append(out.list, one)
		for _, family := range f.Closes {
			out.closing[family] = append(out.closing[family], one)
		}
	}
	return out, nil
}
