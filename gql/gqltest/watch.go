package gqltest

import (
	"context"
	"errors"
	"testing"
	"time"
)

// Estate asks which snapshot answers and how many critical assets it has.
func (s *Site) Estate(t testing.TB, snapshot string) (id string, critical int) {
	t.Helper()
	var out struct {
		Estate struct {
			Snapshot       struct{ ID string }
			CriticalAssets struct{ Reached, Unknown, NoPathSeen int }
		}
	}
	arguments := ""
	if snapshot != "" {
		arguments = `(snapshot:"` + snapshot + `")`
	}
	s.Data(t, "{estate"+arguments+"{snapshot{id} criticalAssets{reached unknown noPathSeen}}}", nil, &out)
	c := out.Estate.CriticalAssets
	return out.Estate.Snapshot.ID, c.Reached + c.Unknown + c.NoPathSeen
}

// AtMost is how long a test waits for what must come. It is far beyond what a
// busy machine needs: only what never comes takes as long.
const AtMost = 2 * time.Minute

// Eventually asks until an answer is right.
func Eventually(t *testing.T, what string, right func() bool) {
	t.Helper()
	for deadline := time.Now().Add(AtMost); ; time.Sleep(10 * time.Millisecond) {
		switch {
		case right():
			return
		case time.Now().After(deadline):
			t.Fatalf("never: %s", what)
		}
	}
}

// Watch runs the watch on the store until the test ends.
func (s *Site) Watch(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("Run ended with %v", err)
		}
	})
}
