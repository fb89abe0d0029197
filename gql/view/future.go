package view

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// future is a value that is computed once, in a goroutine of its own, when it
// is first asked for. Who waits for it may give up; the computation goes on for
// as long as the view lives.
type future[T any] struct {
	once  sync.Once
	begun time.Time
	done  chan struct{}
	v     T
	err   error
}

func newFuture[T any]() *future[T] { return &future[T]{done: make(chan struct{})} }

// get starts the computation if nobody did and waits for it or for ctx.
func (f *future[T]) get(ctx, life context.Context, compute func(context.Context) (T, error)) (T, error) {
	f.start(life, compute)
	if v, err, ok := f.ready(); ok {
		return v, err
	}
	select {
	case <-f.done:
		return f.v, f.err
	case <-ctx.Done():
		var none T
		return none, context.Cause(ctx)
	}
}

// start starts the computation if nobody did.
func (f *future[T]) start(life context.Context, compute func(context.Context) (T, error)) {
	f.once.Do(func() {
		f.begun = time.Now()
		go func() {
			defer close(f.done)
			defer func() {
				if p := recover(); p != nil {
					f.err = fmt.Errorf("internal error: %v", p)
				}
			}()
			f.v, f.err = compute(life)
		}()
	})
}

// soon is get for who does not wait longer than until patience has passed since
// the computation began: ok is false while it is still at work then.
func (f *future[T]) soon(ctx, life context.Context, patience time.Duration, compute func(context.Context) (T, error)) (v T, ok bool, err error) {
	f.start(life, compute)
	ctx, cancel := context.WithDeadline(ctx, f.begun.Add(patience))
	defer cancel()
	select {
	case <-f.done:
	case <-ctx.Done():
		if v, err, ok = f.ready(); !ok {
			return v, false, nil
		}
	}
	return f.v, f.err == nil, f.err
}

// ready returns the value without waiting; ok is false while there is none.
func (f *future[T]) ready() (v T, err error, ok bool) {
	select {
	case <-f.done:
		return f.v, f.err, true
	default:
		return v, nil, false
	}
}
