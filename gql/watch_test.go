package gql_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cairn-security/cairn/analysis"
	"github.com/cairn-security/cairn/analysis/sensitivity"
	"github.com/cairn-security/cairn/gql/server"
	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/settings"
)

// estate asks which snapshot answers and how many critical assets it has.
func (s *site) estate(t testing.TB, snapshot string) (id string, critical int) {
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
	s.data(t, "{estate"+arguments+"{snapshot{id} criticalAssets{reached unknown noPathSeen}}}", nil, &out)
	c := out.Estate.CriticalAssets
	return out.Estate.Snapshot.ID, c.Reached + c.Unknown + c.NoPathSeen
}

// eventually asks until an answer is right.
func eventually(t *testing.T, what string, right func() bool) {
	t.Helper()
	for range 500 {
		if right() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("never: %s", what)
}

func (s *site) run(t *testing.T) {
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

func TestNewSnapshotsAndMarksArriveWithoutRestart(t *testing.T) {
	s := newSite(t, nil)
	if r := s.ask(t, "{estate{nodes}}", nil); r.code() != "NOT_FOUND" || !strings.Contains(r.Errors[0].Message, "no snapshot yet") {
		t.Errorf("empty store: %+v", r.Errors)
	}
	if w := s.do(request("GET", "/readyz", "")); w.Code != 200 {
		t.Errorf("an empty store answers: %d", w.Code)
	}
	s.run(t)
	put := func(snap *graph.Snapshot) {
		if err := s.store.Put(t.Context(), snap, nil); err != nil {
			t.Fatal(err)
		}
	}
	put(parse(t, estateText(t)))
	eventually(t, "the first snapshot answers", func() bool { return s.ask(t, "{estate{nodes}}", nil).code() == "" })
	put(later(t, "s-2", "05", func(text string) string { return strings.ReplaceAll(text, "data-classification", "something") }))
	eventually(t, "the newer snapshot answers", func() bool { id, _ := s.estate(t, ""); return id == "s-2" })
	if id, critical := s.estate(t, "s-1"); id != "s-1" || critical != 4 {
		t.Errorf("the older one: %s with %d critical assets, want s-1 with 4", id, critical)
	}
	_, before := s.estate(t, "")
	if before != 3 {
		t.Errorf("the newer one: %d critical assets, want 3", before)
	}
	body, err := json.Marshal(sensitivity.Mark{Label: "Confidential"})
	if err != nil {
		t.Fatal(err)
	}
	// Another process marks: the command line.
	if _, err := s.store.Append(t.Context(), graph.LedgerEntry{Kind: sensitivity.LedgerKind, Subject: "arn:aws:s3:::larch-covers", Body: body}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the mark counts", func() bool { _, n := s.estate(t, ""); return n == before+1 })
}

const markQuery = `mutation($in:MarkDatastoreInput!){markDatastore(input:$in){datastore{id critical source label{name} answer}}}`

func TestMark(t *testing.T) {
	s := sample(t, nil)
	_, before := s.estate(t, "")
	r := s.ask(t, markQuery, map[string]any{"in": map[string]any{"id": "larch-covers", "label": "Highly Confidential"}})
	if want := `"critical":true,"source":"declared","label":{"name":"Highly Confidential"},"answer":"reached"`; !strings.Contains(string(r.Data), want) {
		t.Errorf("marked: %s %+v, want %s", r.Data, r.Errors, want)
	}
	if _, n := s.estate(t, ""); n != before+1 {
		t.Errorf("%d critical assets after the mark, want %d", n, before+1)
	}
	ledger, err := s.store.Ledger(t.Context(), 0)
	if err != nil || len(ledger) != 1 || ledger[0].Actor != "tester" || ledger[0].Subject != "arn:aws:s3:::larch-covers" {
		t.Errorf("ledger %+v, %v", ledger, err)
	}
	if r := s.ask(t, markQuery, map[string]any{"in": map[string]any{"id": "larch-covers", "clear": true}}); !strings.Contains(string(r.Data), `"critical":false`) {
		t.Errorf("cleared: %s %+v", r.Data, r.Errors)
	}
	for _, c := range []struct {
		in   map[string]any
		code string
	}{
		{map[string]any{"id": "nobody", "critical": true}, "NOT_FOUND"},
		{map[string]any{"id": "owner", "critical": true}, "BAD_INPUT"},
		{map[string]any{"id": "larch-covers"}, "BAD_INPUT"},
		{map[string]any{"id": "larch-covers", "clear": false}, "BAD_INPUT"},
		{map[string]any{"id": "larch-covers", "critical": true, "label": "Public"}, "BAD_INPUT"},
		{map[string]any{"id": "larch-covers", "label": "Purple"}, "BAD_INPUT"},
	} {
		if r := s.ask(t, markQuery, map[string]any{"in": c.in}); r.code() != c.code {
			t.Errorf("%v: code %q, want %q", c.in, r.code(), c.code)
		}
	}
	viewer := sample(t, withTokens)
	in := map[string]any{"in": map[string]any{"id": "larch-covers", "critical": true}}
	if r := viewer.ask(t, markQuery, in, "Authorization", "Bearer "+viewerToken); r.code() != "FORBIDDEN" {
		t.Errorf("a viewer marks: code %q", r.code())
	}
	if r := viewer.ask(t, markQuery, in, "Authorization", "Bearer "+token); r.code() != "" {
		t.Errorf("an editor marks: %+v", r.Errors)
	}
}

// Pages and lists asked for at once, on a server that has analysed nothing yet,
// cost one analysis; none of the answers differ.
func TestManyAskAtOnce(t *testing.T) {
	s := sample(t, nil)
	queries := []string{
		"{attackPaths{nodes{id chain{name} choke{reach} closedBy{title}} facets{field values{count}}}}",
		"{datastores{nodes{id risk{value} bestPath{id} gaps{id}} facets{field values{count}}}}",
		"{principals{nodes{id because{text}}}} ", "{exposed{nodes{id chain{rule} behind{id}}}}", "{findings{nodes{id evidence{text}}}}",
		"{coverage{matrix{service} gaps{nodes{id onPaths}}}}", `{search(prefix:"larch"){id kind}}`, "{fixes{id closedPaths{id}}}", "{estate{fixes findings exposed gaps}}",
	}
	answers := make([]string, 10*len(queries))
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() {
			r := s.ask(t, queries[i%len(queries)], nil)
			answers[i] = string(r.Data)
			if len(r.Errors) > 0 {
				t.Errorf("%+v", r.Errors)
			}
		})
	}
	all.Wait()
	for i, a := range answers {
		// Search grows when the fixes are there.
		if a != answers[i%len(queries)] && !strings.HasPrefix(queries[i%len(queries)], "{search") {
			t.Errorf("%s answered differently:\n%s\n%s", queries[i%len(queries)], a, answers[i%len(queries)])
		}
	}
	if metrics := s.do(request("GET", "/metrics", "")).Body.String(); !strings.Contains(metrics, "cairn_analysis_seconds_count 1\n") {
		t.Error("not one analysis")
	}
}

func TestAnAnalysisAlreadyMadeIsNotMadeAgain(t *testing.T) {
	snap := parse(t, estateText(t))
	r, err := analysis.Run(t.Context(), snap, analysis.Options{Settings: settings.Default()})
	if err != nil {
		t.Fatal(err)
	}
	s := newSite(t, func(o *server.Options) { o.Initial = r }, snap)
	if id, _ := s.estate(t, ""); id != "s-1" {
		t.Errorf("snapshot %s", id)
	}
	if metrics := s.do(request("GET", "/metrics", "")).Body.String(); !strings.Contains(metrics, "cairn_analysis_seconds_count 0\n") {
		t.Error("it was made again")
	}
}

func TestAStoreThatDoesNotAnswer(t *testing.T) {
	var fail atomic.Bool
	s := sample(t, func(o *server.Options) {
		open := o.Open
		o.Open = func(ctx context.Context) (graph.Store, error) {
			if fail.Load() {
				return nil, graph.ErrBusy
			}
			return open(ctx)
		}
	})
	fail.Store(true)
	if w := s.do(request("GET", "/readyz", "")); w.Code != 503 {
		t.Errorf("ready: %d", w.Code)
	}
	if r := s.ask(t, "{estate{nodes}}", nil); r.code() != "STORE" {
		t.Errorf("code %q: %+v", r.code(), r.Errors)
	}
	fail.Store(false)
	if id, _ := s.estate(t, ""); id != "s-1" {
		t.Errorf("snapshot %s", id)
	}
	fail.Store(true)
	if id, _ := s.estate(t, ""); id != "s-1" {
		t.Errorf("what was analysed no longer answers: %s", id)
	}
}
