package graphtest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/cairn-security/cairn/graph"
)

// Store runs the conformance suite: everything that graph.Store promises and
// everything in which two stores could differ visibly. fresh makes an empty
// store and returns a function that opens a handle on it; the suite opens
// several and closes each.
func Store(t *testing.T, fresh func(t *testing.T) (open func() graph.Store)) {
	for _, c := range []struct {
		name string
		run  func(h *harness)
	}{
		{"empty", emptyStore},
		{"round trip", roundTrip},
		{"side by side", sideBySide},
		{"taken id", takenID},
		{"bad id", badID},
		{"delete", deleteOne},
		{"record sets", recordSets},
		{"cancelled put", cancelledPut},
		{"racing puts", racingPuts},
		{"reads during writes", readsDuringWrites},
		{"results", results},
		{"large result", largeResult},
		{"ledger", ledger},
		{"ledger under concurrency", concurrentLedger},
		{"derived", derived},
		{"cancelled context", cancelledContext},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.run(&harness{T: t, open: fresh(t)})
		})
	}
}

// harness is one subtest with its own store.
type harness struct {
	*testing.T
	open func() graph.Store
}

// handle opens the store once more and closes it with the test.
func (h *harness) handle() graph.Store {
	h.Helper()
	s := h.open()
	h.Cleanup(func() {
		if err := s.Close(); err != nil {
			h.Errorf("close: %v", err)
		}
	})
	return s
}

func (h *harness) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

func (h *harness) wantError(err, want error) {
	h.Helper()
	if !errors.Is(err, want) {
		h.Fatalf("error %v, want one that is %v", err, want)
	}
}

// wantSnapshots compares the list of the store with ids and loads each.
func (h *harness) wantSnapshots(s graph.Store, want ...*graph.Snapshot) {
	h.Helper()
	infos, err := s.List(h.Context())
	h.must(err)
	if len(infos) != len(want) {
		h.Fatalf("the store lists %d snapshots, want %d: %v", len(infos), len(want), infos)
	}
	for i, info := range infos {
		snap := want[i]
		if info.ID != snap.ID() || info.Nodes != snap.Len() || info.Edges != snap.Edges() || info.Gaps != len(snap.Gaps()) || !info.TakenAt.Equal(snap.Meta().TakenAt) || info.Source != snap.Meta().Source {
			h.Errorf("entry %d is %+v, want snapshot %s with %d nodes, %d edges, %d gaps", i, info, snap.ID(), snap.Len(), snap.Edges(), len(snap.Gaps()))
		}
		got, err := s.Load(h.Context(), snap.ID())
		h.must(err)
		Equal(h, snap, got)
	}
}

// numbered makes a small estate that differs from the others and is newer the
// higher its number is.
func numbered(n int) *graph.Snapshot {
	b := EstateBuilder(EstateConfig{Seed: uint64(n), Edges: 300})
	s, err := b.Build(graph.Meta{
		ID: fmt.Sprintf("s%d", n), Source: "generated", TakenAt: estateTime.Add(time.Duration(n) * time.Hour),
		Accounts: []string{"111122223333"}, Tasks: map[graph.Outcome]int{graph.OutcomeOK: n},
	})
	if err != nil {
		panic(err)
	}
	return s
}

// odd is a graph of everything that is awkward to store.
const odd = `
snapshot "ünï/çødé 日本 🗻 'x' \"y\"" source=demo taken=2026-01-02T03:04:05.123456789Z accounts=1 accounts="" regions=eu-west-1 tasks=ok:3 tasks=denied:1
node account arn:aws:iam::1:root account=1
node role "arn:aws:iam::1:role/Ünï 🗻/{}$;'\\" name="a \"b\"" account=1
  from source=aws account=1 region=global service=iam operation=GetRole file="dir/a b.json" read=2026-01-02T03:04:05.000000007Z stale=true
  trust {"Statement":[{"Sid":"</script> \u2028 é","n":12345678901234567890.000000001}]}
  inline/x {}
  "inline/y \n z" {"a":[]}
  inline/ {"b":null}
  from service=cairn
  sensitivity {"types":[]}
  id "looks like a field"
  kind 5
  snapshot null
  region true
  origins [1,2]
  "key with 'quotes' and ` + "`ticks`" + `" {}
node unknown nobody
node bucket arn:aws:s3:::b name=b account=1 region=eu-west-1
node db-instance arn:aws:rds:eu-west-1:1:db:b name=b account=1 region=eu-west-1
node gap gap-node-without-gap name=x
edge arn:aws:iam::1:root CONTAINS arn:aws:s3:::b
edge arn:aws:s3:::b CONTAINS arn:aws:s3:::b
edge arn:aws:s3:::b USES nobody
edge arn:aws:s3:::b REFERS nobody
edge nobody TRUSTS never-described
edge gap-node-without-gap AFFECTS nobody
gap g1 denied account=1 region=eu-west-1 service=s3 operation=GetBucketPolicy detail="AccessDenied: über" affects=arn:aws:s3:::b affects=missing
gap g2 notCollected service=macie operation=List
`

func emptyStore(h *harness) {
	s, ctx := h.handle(), h.Context()
	h.wantSnapshots(s)
	_, err := s.Load(ctx, "s1")
	h.wantError(err, graph.ErrNotFound)
	_, err = s.RecordSets(ctx, "s1")
	h.wantError(err, graph.ErrNotFound)
	h.wantError(s.Delete(ctx, "s1"), graph.ErrNotFound)
	h.wantError(s.PutDerived(ctx, "s1", graph.Derived{}), graph.ErrNotFound)
	if _, ok, err := s.Result(ctx, "k"); ok || err != nil {
		h.Errorf("a result in an empty store: %v %v", ok, err)
	}
	h.must(s.DropResults(ctx))
	if entries, err := s.Ledger(ctx, 0); len(entries) > 0 || err != nil {
		h.Errorf("a ledger in an empty store: %v %v", entries, err)
	}
}

func roundTrip(h *harness) {
	s := h.handle()
	strange := MustParse(h, odd)
	empty := MustParse(h, "snapshot empty taken=2026-03-01T00:00:00Z")
	h.must(s.Put(h.Context(), empty, nil))
	h.must(s.Put(h.Context(), strange, nil))
	h.wantSnapshots(s, strange, empty)
	h.wantSnapshots(h.handle(), strange, empty)
}

func sideBySide(h *harness) {
	s := h.handle()
	first, second, third := numbered(1), numbered(2), numbered(3)
	// One estate under two ids: nothing of one may leak into the other.
	again, err := EstateBuilder(EstateConfig{Seed: 1, Edges: 300}).Build(graph.Meta{ID: "again", TakenAt: estateTime.Add(90 * time.Minute)})
	h.must(err)
	for _, snap := range []*graph.Snapshot{third, first, again, second} {
		h.must(s.Put(h.Context(), snap, nil))
	}
	h.wantSnapshots(s, first, again, second, third)
	_, err = s.Load(h.Context(), "s")
	h.wantError(err, graph.ErrNotFound)
}

func takenID(h *harness) {
	s := h.handle()
	first := numbered(1)
	h.must(s.Put(h.Context(), first, []graph.RecordSet{{Slice: graph.Slice{Service: "iam"}, Blob: []byte("x")}}))
	other, err := EstateBuilder(EstateConfig{Seed: 9, Edges: 200}).Build(graph.Meta{ID: "s1"})
	h.must(err)
	h.wantError(s.Put(h.Context(), other, nil), graph.ErrExists)
	h.wantError(h.handle().Put(h.Context(), other, nil), graph.ErrExists)
	h.wantSnapshots(s, first)
	sets, err := s.RecordSets(h.Context(), "s1")
	h.must(err)
	if len(sets) != 1 || string(sets[0].Blob) != "x" {
		h.Errorf("record sets after a refused put: %+v", sets)
	}
}

func badID(h *harness) {
	s := h.handle()
	snap, err := graph.NewBuilder().Build(graph.Meta{})
	h.must(err)
	if err := s.Put(h.Context(), snap, nil); err == nil {
		h.Error("a snapshot without an id was stored")
	}
	_, err = s.Load(h.Context(), "")
	h.wantError(err, graph.ErrNotFound)
	h.wantSnapshots(s)
}

func deleteOne(h *harness) {
	s := h.handle()
	first, second := numbered(1), numbered(2)
	sets := []graph.RecordSet{{Slice: graph.Slice{Service: "iam"}, Blob: []byte("x")}}
	h.must(s.Put(h.Context(), first, sets))
	h.must(s.Put(h.Context(), second, sets))
	h.must(s.Delete(h.Context(), "s1"))
	h.wantSnapshots(s, second)
	_, err := s.Load(h.Context(), "s1")
	h.wantError(err, graph.ErrNotFound)
	_, err = s.RecordSets(h.Context(), "s1")
	h.wantError(err, graph.ErrNotFound)
	h.wantError(s.Delete(h.Context(), "s1"), graph.ErrNotFound)
	h.must(s.Put(h.Context(), first, nil))
	h.wantSnapshots(h.handle(), first, second)
	left, err := s.RecordSets(h.Context(), "s1")
	h.must(err)
	if len(left) != 0 {
		h.Errorf("record sets of the deleted snapshot are back: %+v", left)
	}
}

func readsDuringWrites(h *harness) {
	writer, reader := h.handle(), h.handle()
	first := numbered(1)
	h.must(writer.Put(h.Context(), first, nil))
	var wg sync.WaitGroup
	wg.Go(func() {
		for n := 2; n < 6; n++ {
			if err := writer.Put(h.Context(), numbered(n), nil); err != nil {
				h.Error(err)
			}
		}
	})
	for range 2 {
		wg.Go(func() {
			for range 5 {
				got, err := reader.Load(h.Context(), "s1")
				if err != nil {
					h.Error(err)
					return
				}
				if d := Difference(first, got); d != "" {
					h.Error(d)
				}
			}
		})
	}
	wg.Wait()
}

func cancelledContext(h *harness) {
	s := h.handle()
	h.must(s.Put(h.Context(), numbered(1), nil))
	ctx, cancel := context.WithCancel(h.Context())
	cancel()
	h.wantError(s.Put(ctx, numbered(2), nil), context.Canceled)
	_, err := s.Load(ctx, "s1")
	h.wantError(err, context.Canceled)
	_, err = s.List(ctx)
	h.wantError(err, context.Canceled)
	h.wantError(s.Delete(ctx, "s1"), context.Canceled)
	_, err = s.Append(ctx, graph.LedgerEntry{Kind: "mark"})
	h.wantError(err, context.Canceled)
	h.wantError(s.PutResult(ctx, "k", nil), context.Canceled)
	h.wantSnapshots(s, numbered(1))
}
