package graphtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/cairn-security/cairn/graph"
)

func results(h *harness) {
	s, ctx := h.handle(), h.Context()
	h.must(s.Put(ctx, numbered(1), nil))
	_, err := s.Append(ctx, graph.LedgerEntry{Kind: "mark", Subject: "x"})
	h.must(err)
	keys := []string{"k", "", "k2", "ünï 日本 'quoted' \"key\"", strings.Repeat("long", 20_000)}
	for i, key := range keys {
		h.must(s.PutResult(ctx, key, fmt.Appendf(nil, "value %d", i)))
	}
	h.must(s.PutResult(ctx, "k2", nil))
	h.must(s.PutResult(ctx, "k", []byte("replaced \x00\xff")))
	other := h.handle()
	for i, key := range keys {
		want := fmt.Sprintf("value %d", i)
		switch key {
		case "k":
			want = "replaced \x00\xff"
		case "k2":
			want = ""
		}
		if got, ok, err := other.Result(ctx, key); err != nil || !ok || string(got) != want {
			h.Errorf("result %.20q = %q, %v, %v; want %q", key, got, ok, err, want)
		}
	}
	if _, ok, err := s.Result(ctx, "none"); ok || err != nil {
		h.Errorf("a key that was never put: %v, %v", ok, err)
	}
	h.must(s.DropResults(ctx))
	for _, key := range keys {
		if _, ok, err := other.Result(ctx, key); ok || err != nil {
			h.Errorf("result %.20q after dropping all: %v, %v", key, ok, err)
		}
	}
	h.wantSnapshots(s, numbered(1))
	if entries, err := s.Ledger(ctx, 0); len(entries) != 1 || err != nil {
		h.Errorf("the ledger after dropping results: %v, %v", entries, err)
	}
}

func largeResult(h *harness) {
	s, ctx := h.handle(), h.Context()
	for _, size := range []int{30 << 20, 1<<20 + 1, 1 << 20} { // each replaces the one before
		blob := noise(uint64(size), size)
		h.must(s.PutResult(ctx, "k", blob))
		got, ok, err := s.Result(ctx, "k")
		h.must(err)
		if !ok || !bytes.Equal(got, blob) {
			h.Fatalf("%d bytes come back as %d other ones", size, len(got))
		}
	}
}

func ledger(h *harness) {
	s, ctx := h.handle(), h.Context()
	at := time.Date(2026, 1, 15, 6, 0, 0, 123456789, time.UTC)
	want := []graph.LedgerEntry{
		{At: at, Actor: "ann@example.com", Kind: "mark", Subject: "arn:aws:s3:::b", Body: json.RawMessage(`{ "label" : "Restricted",  "why": "<b> & ü" }`)},
		{At: at.Add(-time.Hour), Actor: "日本", Kind: "status", Subject: "", Body: nil},
		{At: at.In(time.FixedZone("x", 3600)), Kind: "audit", Body: json.RawMessage(`[` + strings.Repeat(`"0123456789",`, 50_000) + `0]`)},
	}
	for i := range want {
		want[i].Revision = 4711 // the store's to set
		revision, err := s.Append(ctx, want[i])
		h.must(err)
		if want[i].Revision = uint64(i + 1); revision != want[i].Revision {
			h.Fatalf("entry %d has revision %d", i, revision)
		}
	}
	for _, handle := range []graph.Store{s, h.handle()} {
		for since := range uint64(5) {
			got, err := handle.Ledger(ctx, since)
			h.must(err)
			if diff := differentEntries(want[min(int(since), len(want)):], got); diff != "" {
				h.Errorf("entries above %d: %s", since, diff)
			}
		}
	}
	h.must(s.Put(ctx, numbered(1), nil))
	h.must(s.Delete(ctx, "s1"))
	got, err := s.Ledger(ctx, 0)
	h.must(err)
	if diff := differentEntries(want, got); diff != "" {
		h.Errorf("after a snapshot came and went: %s", diff)
	}
}

// concurrentLedger appends from two handles at once: every entry gets a
// revision of its own, without gaps, and each writer's entries keep their order.
func concurrentLedger(h *harness) {
	const writers, each = 6, 8
	handles := []graph.Store{h.handle(), h.handle()}
	got := make([][]uint64, writers)
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				revision, err := handles[w%2].Append(h.Context(), graph.LedgerEntry{Actor: fmt.Sprint(w), Kind: "mark", Subject: fmt.Sprint(i)})
				if err != nil {
					h.Error(err)
					return
				}
				got[w] = append(got[w], revision)
			}
		})
	}
	wg.Wait()
	entries, err := handles[0].Ledger(h.Context(), 0)
	h.must(err)
	if len(entries) != writers*each {
		h.Fatalf("%d entries, want %d", len(entries), writers*each)
	}
	seen := map[string]int{}
	for i, e := range entries {
		if e.Revision != uint64(i+1) {
			h.Fatalf("revisions are %v, want 1 to %d in order", revisions(entries), len(entries))
		}
		if e.Subject != fmt.Sprint(seen[e.Actor]) {
			h.Errorf("writer %s: entry %s at place %d", e.Actor, e.Subject, seen[e.Actor])
		}
		seen[e.Actor]++
	}
	all := slices.Concat(got...)
	slices.Sort(all)
	if !slices.Equal(all, revisions(entries)) {
		h.Errorf("writers were told revisions %v", all)
	}
}
