package server_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/cairn-security/cairn/gql/gqltest"
	"github.com/cairn-security/cairn/gql/server"
	"github.com/cairn-security/cairn/graph"
)

// stuck is a store that never gives its snapshots.
type stuck struct{ graph.Store }

func (stuck) Load(ctx context.Context, _ string) (*graph.Snapshot, error) {
	<-ctx.Done()
	return nil, context.Cause(ctx)
}

// Who asks while a snapshot is still being analysed is told so in time.
func TestAnalysisThatTakesLong(t *testing.T) {
	s := gqltest.Sample(t, func(o *server.Options) {
		o.Timeout = 50 * time.Millisecond
		open := o.Open
		o.Open = func(ctx context.Context) (graph.Store, error) {
			store, err := open(ctx)
			return stuck{store}, err
		}
	})
	// A busy machine may need longer than that even to ask the store.
	for range 2 {
		gqltest.Eventually(t, "told that it is still being analysed", func() bool {
			r := s.Ask(t, "{estate{nodes}}", nil)
			return r.Code() == "ANALYSING" && strings.Contains(r.Errors[0].Message, "still being analysed")
		})
	}
	gqltest.Eventually(t, "what needs no analysis answers", func() bool {
		r := s.Ask(t, "{snapshots{id}}", nil)
		return r.Code() == "" && string(r.Data) == `{"snapshots":[{"id":"s-1"}]}`
	})
}

// A caller who leaves is no error of the server, and takes nothing away from others.
func TestCallerWhoLeaves(t *testing.T) {
	s := gqltest.Sample(t, nil)
	ctx, leave := context.WithCancel(t.Context())
	leave()
	w := s.Do(gqltest.Request("POST", "/graphql", `{"query":"{estate{nodes}}"}`, "Content-Type", "application/json").WithContext(ctx))
	if code := codeOf(t, w); code != "LIMIT" {
		t.Errorf("code %q: %s", code, w.Body)
	}
	if id, _ := s.Estate(t, ""); id != "s-1" {
		t.Errorf("afterwards %q answers", id)
	}
}

// Run ends with its context, and what it computed with it.
func TestRunEnds(t *testing.T) {
	s := gqltest.Sample(t, nil)
	ctx, stop := context.WithCancelCause(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	gqltest.Eventually(t, "the snapshot is analysed", func() bool { id, _ := s.Estate(t, ""); return id == "s-1" })
	why := errors.New("asked to stop")
	stop(why)
	if err := <-done; !errors.Is(err, why) {
		t.Errorf("Run ended with %v", err)
	}
}
