package server_test

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/cairn-security/cairn/analysis"
	"github.com/cairn-security/cairn/analysis/sensitivity"
	"github.com/cairn-security/cairn/gql/gqltest"
	"github.com/cairn-security/cairn/gql/server"
	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/settings"
)

func TestNewSnapshotsAndMarksArriveWithoutRestart(t *testing.T) {
	s := gqltest.New(t, nil)
	if r := s.Ask(t, "{estate{nodes}}", nil); r.Code() != "NOT_FOUND" || !strings.Contains(r.Errors[0].Message, "no snapshot yet") {
		t.Errorf("empty store: %+v", r.Errors)
	}
	if w := s.Do(gqltest.Request("GET", "/readyz", "")); w.Code != 200 {
		t.Errorf("an empty store answers: %d", w.Code)
	}
	s.Watch(t)
	put := func(snap *graph.Snapshot) {
		if err := s.Store.Put(t.Context(), snap, nil); err != nil {
			t.Fatal(err)
		}
	}
	put(gqltest.Parse(t, gqltest.EstateText))
	gqltest.Eventually(t, "the first snapshot answers", func() bool { return s.Ask(t, "{estate{nodes}}", nil).Code() == "" })
	put(gqltest.Later(t, "s-2", "05", func(text string) string { return strings.ReplaceAll(text, "data-classification", "something") }))
	gqltest.Eventually(t, "the newer snapshot answers", func() bool { id, _ := s.Estate(t, ""); return id == "s-2" })
	if id, critical := s.Estate(t, "s-1"); id != "s-1" || critical != 4 {
		t.Errorf("the older one: %s with %d critical assets, want s-1 with 4", id, critical)
	}
	_, before := s.Estate(t, "")
	if before != 3 {
		t.Errorf("the newer one: %d critical assets, want 3", before)
	}
	body, err := json.Marshal(sensitivity.Mark{Label: "Confidential"})
	if err != nil {
		t.Fatal(err)
	}
	// Another process marks: the command line.
	if _, err := s.Store.Append(t.Context(), graph.LedgerEntry{Kind: sensitivity.LedgerKind, Subject: "arn:aws:s3:::larch-covers", Body: body}); err != nil {
		t.Fatal(err)
	}
	gqltest.Eventually(t, "the mark counts", func() bool { _, n := s.Estate(t, ""); return n == before+1 })
}

// Pages and lists asked for at once, on a server that has analysed nothing yet,
// cost one analysis; none of the answers differ.
func TestManyAskAtOnce(t *testing.T) {
	s := gqltest.Sample(t, nil)
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
			r := s.Ask(t, queries[i%len(queries)], nil)
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
	if metrics := s.Do(gqltest.Request("GET", "/metrics", "")).Body.String(); !strings.Contains(metrics, "cairn_analysis_seconds_count 1\n") {
		t.Error("not one analysis")
	}
}

func TestAnAnalysisAlreadyMadeIsNotMadeAgain(t *testing.T) {
	snap := gqltest.Parse(t, gqltest.EstateText)
	r, err := analysis.Run(t.Context(), snap, analysis.Options{Settings: settings.Default()})
	if err != nil {
		t.Fatal(err)
	}
	s := gqltest.New(t, func(o *server.Options) { o.Initial = r }, snap)
	if id, _ := s.Estate(t, ""); id != "s-1" {
		t.Errorf("snapshot %s", id)
	}
	if metrics := s.Do(gqltest.Request("GET", "/metrics", "")).Body.String(); !strings.Contains(metrics, "cairn_analysis_seconds_count 0\n") {
		t.Error("it was made again")
	}
}

func TestAStoreThatDoesNotAnswer(t *testing.T) {
	var fail atomic.Bool
	s := gqltest.Sample(t, func(o *server.Options) {
		open := o.Open
		o.Open = func(ctx context.Context) (graph.Store, error) {
			if fail.Load() {
				return nil, graph.ErrBusy
			}
			return open(ctx)
		}
	})
	fail.Store(true)
	if w := s.Do(gqltest.Request("GET", "/readyz", "")); w.Code != 503 {
		t.Errorf("ready: %d", w.Code)
	}
	if r := s.Ask(t, "{estate{nodes}}", nil); r.Code() != "STORE" {
		t.Errorf("code %q: %+v", r.Code(), r.Errors)
	}
	fail.Store(false)
	if id, _ := s.Estate(t, ""); id != "s-1" {
		t.Errorf("snapshot %s", id)
	}
	fail.Store(true)
	if id, _ := s.Estate(t, ""); id != "s-1" {
		t.Errorf("what was analysed no longer answers: %s", id)
	}
}
