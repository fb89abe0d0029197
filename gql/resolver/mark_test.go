package resolver_test

import (
	"strings"
	"testing"

	"github.com/cairn-security/cairn/gql/gqltest"
	"github.com/cairn-security/cairn/gql/server"
	"github.com/cairn-security/cairn/graph"
)

const token, viewerToken = "a-token-that-nobody-guesses", "another-token-to-look-only"

const markQuery = `mutation($in:MarkDatastoreInput!){markDatastore(input:$in){datastore{id critical source label{name} answer}}}`

func TestMark(t *testing.T) {
	s := gqltest.Sample(t, nil)
	_, before := s.Estate(t, "")
	r := s.Ask(t, markQuery, map[string]any{"in": map[string]any{"id": "larch-covers", "label": "Highly Confidential"}})
	if want := `"critical":true,"source":"declared","label":{"name":"Highly Confidential"},"answer":"reached"`; !strings.Contains(string(r.Data), want) {
		t.Errorf("marked: %s %+v, want %s", r.Data, r.Errors, want)
	}
	if _, n := s.Estate(t, ""); n != before+1 {
		t.Errorf("%d critical assets after the mark, want %d", n, before+1)
	}
	ledger, err := s.Store.Ledger(t.Context(), 0)
	if err != nil || len(ledger) != 1 || ledger[0].Actor != "tester" || ledger[0].Subject != "arn:aws:s3:::larch-covers" {
		t.Errorf("ledger %+v, %v", ledger, err)
	}
	if r := s.Ask(t, markQuery, map[string]any{"in": map[string]any{"id": "larch-covers", "clear": true}}); !strings.Contains(string(r.Data), `"critical":false`) {
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
		if r := s.Ask(t, markQuery, map[string]any{"in": c.in}); r.Code() != c.code {
			t.Errorf("%v: code %q, want %q", c.in, r.Code(), c.code)
		}
	}
	viewer := gqltest.Sample(t, func(o *server.Options) { o.Token, o.ViewerToken = token, viewerToken })
	in := map[string]any{"in": map[string]any{"id": "larch-covers", "critical": true}}
	if r := viewer.Ask(t, markQuery, in, "Authorization", "Bearer "+viewerToken); r.Code() != "FORBIDDEN" {
		t.Errorf("a viewer marks: code %q", r.Code())
	}
	if r := viewer.Ask(t, markQuery, in, "Authorization", "Bearer "+token); r.Code() != "" {
		t.Errorf("an editor marks: %+v", r.Errors)
	}
}

// A mark on what a later snapshot no longer has is kept, and said to be so.
func TestMarkOnAnOlderSnapshot(t *testing.T) {
	gone := gqltest.Later(t, "s-2", "05", func(text string) string {
		return strings.ReplaceAll(text, "larch-covers", "larch-pictures")
	})
	s := gqltest.New(t, nil, gqltest.Parse(t, gqltest.EstateText), gone)
	r := s.Ask(t, markQuery, map[string]any{"in": map[string]any{"id": "arn:aws:s3:::larch-covers", "critical": true}})
	if r.Code() != "NOT_FOUND" {
		t.Errorf("code %q: only what the latest snapshot has is marked: %+v", r.Code(), r.Errors)
	}
	ledger, err := s.Store.Ledger(t.Context(), 0)
	if err != nil || len(ledger) != 0 {
		t.Errorf("ledger %+v, %v; want nothing", ledger, err)
	}
	// Marks of the command line count for every snapshot that has the node.
	if _, err := s.Store.Append(t.Context(), graph.LedgerEntry{Kind: "mark", Subject: "arn:aws:s3:::larch-covers", Body: []byte(`{"critical":true}`)}); err != nil {
		t.Fatal(err)
	}
}
