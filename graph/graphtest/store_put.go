package graphtest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/cairn-security/cairn/graph"
	"github.com/google/go-cmp/cmp"
)

// noise is incompressible content that differs per seed.
func noise(seed uint64, n int) []byte {
	rng := rand.New(rand.NewPCG(seed, seed))
	b := make([]byte, n+8)
	for i := 0; i < n; i += 8 {
		v := rng.Uint64()
		for j := range 8 {
			b[i+j] = byte(v >> (8 * j))
		}
	}
	return b[:n:n]
}

func someSets() []graph.RecordSet {
	at := time.Date(2026, 1, 15, 6, 0, 0, 123, time.UTC)
	return []graph.RecordSet{
		{Slice: graph.Slice{Account: "2", Region: "eu-west-1", Service: "s3", Operation: "GetBucketPolicy"}, Outcome: graph.OutcomeDenied, Counts: map[graph.Outcome]int{graph.OutcomeOK: 7, graph.OutcomeDenied: 2}, ReadAt: at, Blob: []byte("not JSON \x00\xff")},
		{Slice: graph.Slice{Account: "1", Region: "eu-west-1", Service: "iam", Operation: "ünï"}, Outcome: graph.OutcomeEmpty, ReadAt: at, Blob: nil},
		{Slice: graph.Slice{Account: "1", Region: "eu-west-1", Service: "ec2", Operation: "DescribeInstances"}, Outcome: graph.OutcomeOK, Blob: noise(1, 24<<20)},
		{Slice: graph.Slice{Account: "1", Region: "", Service: "iam", Operation: "B"}, Outcome: graph.OutcomeOK, ReadAt: at, Blob: noise(2, 3<<20+17)},
		{Slice: graph.Slice{Account: "1", Region: "eu-west-1", Service: "ec2", Operation: "A"}, Outcome: graph.OutcomeOK, ReadAt: at, Blob: []byte("{}")},
	}
}

func recordSets(h *harness) {
	s := h.handle()
	put := someSets()
	h.must(s.Put(h.Context(), numbered(1), put))
	h.must(s.Put(h.Context(), numbered(2), put[:1]))
	if diff := differentSets(someSets(), put); diff != "" {
		h.Errorf("Put changed the caller's record sets: %s", diff)
	}
	want := someSets()
	want = []graph.RecordSet{want[3], want[4], want[2], want[1], want[0]}
	got, err := h.handle().RecordSets(h.Context(), "s1")
	h.must(err)
	if diff := differentSets(want, got); diff != "" {
		h.Errorf("record sets: %s", diff)
	}
	got, err = s.RecordSets(h.Context(), "s2")
	h.must(err)
	if len(got) != 1 || !bytes.Equal(got[0].Blob, put[0].Blob) {
		h.Errorf("record sets of the second snapshot: %+v", got)
	}
}

// cancelledPut ends an import at many points on its way. Whatever the point,
// the earlier snapshot stays, the cut one is absent, and it can be put again.
func cancelledPut(h *harness) {
	s := h.handle()
	first := numbered(1)
	h.must(s.Put(h.Context(), first, someSets()[:2]))
	large, err := EstateBuilder(EstateConfig{Seed: 5, Edges: 6_000}).Build(graph.Meta{ID: "large", TakenAt: estateTime.Add(time.Hour * 99)})
	h.must(err)
	sets := []graph.RecordSet{{Slice: graph.Slice{Service: "ec2"}, Blob: noise(3, 9<<20)}}

	begin := time.Now()
	h.must(s.Put(h.Context(), large, sets))
	whole := time.Since(begin)
	h.wantSnapshots(s, first, large)
	h.must(s.Delete(h.Context(), "large"))

	cut := 0
	for i := range 8 {
		ctx, cancel := context.WithTimeout(h.Context(), whole*time.Duration(i+1)/10)
		err := s.Put(ctx, large, sets)
		cancel()
		if err == nil {
			h.wantSnapshots(s, first, large)
			h.must(s.Delete(h.Context(), "large"))
			continue
		}
		cut++
		h.wantError(err, context.DeadlineExceeded)
		h.wantSnapshots(s, first)
		_, err = s.Load(h.Context(), "large")
		h.wantError(err, graph.ErrNotFound)
		_, err = s.RecordSets(h.Context(), "large")
		h.wantError(err, graph.ErrNotFound)
	}
	h.must(s.Put(h.Context(), large, sets))
	h.wantSnapshots(h.handle(), first, large)
	h.Logf("%d of 8 puts were cut", cut)
}

// racingPuts puts different snapshots from two handles at once, and then one
// snapshot from several: one wins.
func racingPuts(h *harness) {
	a, b := h.handle(), h.handle()
	var wg sync.WaitGroup
	for i, s := range []graph.Store{a, b} {
		wg.Go(func() {
			if err := s.Put(h.Context(), numbered(i+1), nil); err != nil {
				h.Error(err)
			}
		})
	}
	wg.Wait()
	h.wantSnapshots(a, numbered(1), numbered(2))

	errs := make([]error, 4)
	for i := range errs {
		wg.Go(func() { errs[i] = []graph.Store{a, b}[i%2].Put(h.Context(), numbered(3), nil) })
	}
	wg.Wait()
	won := 0
	for _, err := range errs {
		switch {
		case err == nil:
			won++
		case !errors.Is(err, graph.ErrExists) && !errors.Is(err, graph.ErrBusy):
			h.Errorf("a racing put ends with %v, want ErrExists or ErrBusy", err)
		}
	}
	if won != 1 {
		h.Errorf("%d of %d racing puts of one id succeeded: %v", won, len(errs), errs)
	}
	h.wantSnapshots(b, numbered(1), numbered(2), numbered(3))
}

// derived writes conclusions beside a snapshot, which must not change it.
func derived(h *harness) {
	s := h.handle()
	first, second := numbered(1), numbered(2)
	h.must(s.Put(h.Context(), first, nil))
	h.must(s.Put(h.Context(), second, nil))
	buckets, roles := first.ByKind(graph.KindBucket), first.ByKind(graph.KindRole)
	bucket, role := first.Node(buckets[0]).ID, first.Node(roles[0]).ID
	d := graph.Derived{
		Sensitivity: []graph.DerivedSensitivity{{Node: bucket, Label: "Restricted", Critical: true, Source: "scan", Types: []string{"credit-card"}}, {Node: "no such node", Label: "x"}},
		Steps:       []graph.DerivedStep{{From: role, To: bucket, Technique: "s3-read", Status: "decided", Likelihood: 0.9, Gains: "reads"}, {From: "gone", To: bucket}},
		Paths:       []graph.DerivedPath{{ID: "p1", Title: "ünï", Entry: role, Target: bucket, Rank: 1, Risk: 3.5, Nodes: []string{role, bucket, role, "gone"}}},
	}
	for i := range 2 { // the second time replaces the first
		d.Paths[0].Title = fmt.Sprintf("path %d", i)
		h.must(s.PutDerived(h.Context(), "s1", d))
		h.wantSnapshots(s, first, second)
	}
	h.must(s.PutDerived(h.Context(), "s1", graph.Derived{}))
	h.must(s.PutDerived(h.Context(), "s1", d))
	h.must(s.Delete(h.Context(), "s1"))
	h.wantError(s.PutDerived(h.Context(), "s1", d), graph.ErrNotFound)
	h.wantSnapshots(s, second)
}

// differentSets compares record sets by what they say and the hash of their bytes.
func differentSets(a, b []graph.RecordSet) string {
	lines := func(sets []graph.RecordSet) (out []string) {
		for _, s := range sets {
			out = append(out, fmt.Sprintf("%+v %s %v %s %d bytes %x", s.Slice, s.Outcome, s.Counts, s.ReadAt.UTC(), len(s.Blob), sha256.Sum256(s.Blob)))
		}
		return out
	}
	return cmp.Diff(lines(a), lines(b))
}

// differentEntries compares ledger entries byte for byte.
func differentEntries(a, b []graph.LedgerEntry) string {
	lines := func(entries []graph.LedgerEntry) (out []string) {
		for _, e := range entries {
			out = append(out, fmt.Sprintf("%d %s %q %q %q %s", e.Revision, e.At.UTC(), e.Actor, e.Kind, e.Subject, e.Body))
		}
		return out
	}
	return cmp.Diff(lines(a), lines(b))
}

func revisions(entries []graph.LedgerEntry) []uint64 {
	var list []uint64
	for _, e := range entries {
		list = append(list, e.Revision)
	}
	return list
}
