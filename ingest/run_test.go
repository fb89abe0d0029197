package ingest

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/ingest/record"
)

// given is a source of records and errors.
type given []any

func (g given) Info() Info { return Info{Name: "test"} }

func (g given) Records(context.Context) iter.Seq2[record.Record, error] {
	return func(yield func(record.Record, error) bool) {
		for _, x := range g {
			r, _ := x.(record.Record)
			err, _ := x.(error)
			if !yield(r, err) {
				return
			}
		}
	}
}

var at = time.Date(2026, 11, 24, 8, 15, 0, 0, time.UTC)

func said(service, operation string, o graph.Outcome, body string, params ...string) record.Record {
	r := record.Record{Account: "111122223333", Region: "eu-west-1", Service: service, Operation: operation, Outcome: o, Source: "test", ReadAt: at}
	if body != "" {
		r.Body = json.RawMessage(body)
	}
	for i := 0; i < len(params); i += 2 {
		r.Params = map[string]string{params[i]: params[i+1]}
	}
	return r
}

func TestRun(t *testing.T) {
	var last Progress
	result, err := Run(context.Background(), given{
		said("s3", "ListBuckets", "ok", `{"Buckets":[{"Name":"a"},{"Name":"b"}]}`),
		&record.Problem{File: "x.json", Message: "is broken"},
		said("s3", "GetBucketPolicy", "denied", "", "Bucket", "a"),
		said("weather", "GetForecast", "ok", `{"Sun":true}`),
		said("kms", "ListKeys", "ok", `{"Keys":`),
	}, Options{Now: at, Progress: func(p Progress) { last = p }})
	if err != nil {
		t.Fatal(err)
	}
	s := result.Snapshot
	if !regexp.MustCompile(`^s-20261124-081500-[0-9a-f]{4}$`).MatchString(s.ID()) {
		t.Errorf("id %s", s.ID())
	}
	var problems []string
	for _, p := range result.Report.Problems {
		problems = append(problems, p.Error())
	}
	if diff := cmp.Diff([]string{"x.json: is broken", "kms ListKeys: the reply is not valid JSON"}, problems); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]int{"weather GetForecast": 1}, result.Report.Unknown); diff != "" {
		t.Error(diff)
	}
	var gaps []string
	for _, g := range s.Gaps() {
		gaps = append(gaps, g.ID+" affects "+strings.Join(g.Affects, ","))
	}
	if diff := cmp.Diff([]string{
		"gap:kms:ListKeys:111122223333:eu-west-1 affects arn:aws:iam::111122223333:root",
		"gap:s3:GetBucketPolicy:111122223333:eu-west-1:a affects arn:aws:s3:::a",
	}, gaps); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[graph.Outcome]int{"ok": 1, "denied": 1, "malformed": 1}, s.Meta().Tasks); diff != "" {
		t.Error(diff)
	}
	if len(result.Sets) != 3 || last.Stage != StageAssemble || last.Records != 4 {
		t.Errorf("%d sets, progress %+v", len(result.Sets), last)
	}
}

func TestSnapshotIDFollowsTheContent(t *testing.T) {
	id := func(body string) string {
		result, err := Run(context.Background(), given{said("s3", "ListBuckets", "ok", body)}, Options{Now: at})
		if err != nil {
			t.Fatal(err)
		}
		return result.Snapshot.ID()
	}
	one, same, other := id(`{"Buckets":[{"Name":"a"}]}`), id(`{"Buckets":[{"Name":"a"}]}`), id(`{"Buckets":[{"Name":"b"}]}`)
	if one != same || one == other {
		t.Errorf("ids %s, %s, %s", one, same, other)
	}
}

func TestNothingUsable(t *testing.T) {
	for name, source := range map[string]given{
		"empty":        {},
		"all refused":  {said("s3", "ListBuckets", "denied", "")},
		"all cut off":  {said("cairn", "Bundle", "truncated", "")},
		"only a break": {&record.Problem{File: "a", Message: "b"}},
	} {
		result, err := Run(context.Background(), source, Options{})
		if !errors.Is(err, ErrNothing) || result == nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Run(context.Background(), given{errors.New("disk on fire")}, Options{}); err == nil || errors.Is(err, ErrNothing) {
		t.Errorf("a failing source: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Run(ctx, given{said("s3", "ListBuckets", "empty", "")}, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestEmptyAccountIsASnapshot(t *testing.T) {
	result, err := Run(context.Background(), given{said("s3", "ListBuckets", "empty", "")}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := result.Snapshot.Meta().Accounts; len(got) != 1 {
		t.Errorf("accounts %v", got)
	}
}

func TestRunOverABase(t *testing.T) {
	first, err := Run(context.Background(), given{
		said("s3", "ListBuckets", "ok", `{"Buckets":[{"Name":"a"},{"Name":"gone"}]}`),
		said("s3", "GetBucketPolicy", "ok", `{"Policy":"{\"Statement\":[]}"}`, "Bucket", "a"),
		said("s3", "GetBucketPolicy", "ok", `{"Policy":"{\"Statement\":[]}"}`, "Bucket", "gone"),
		said("kms", "ListKeys", "ok", `{"Keys":[{"KeyId":"k"}]}`),
	}, Options{Now: at})
	if err != nil {
		t.Fatal(err)
	}
	list := said("s3", "ListBuckets", "ok", `{"Buckets":[{"Name":"a"}]}`)
	list.ReadAt = at.Add(time.Hour)
	denied := said("s3", "GetBucketPolicy", "denied", "", "Bucket", "a")
	denied.ReadAt = list.ReadAt
	second, err := Run(context.Background(), given{list, denied}, Options{Now: at.Add(time.Hour), Base: first.Sets})
	if err != nil {
		t.Fatal(err)
	}
	s := second.Snapshot
	a, ok := s.Lookup("arn:aws:s3:::a")
	if !ok {
		t.Fatal("bucket a is lost")
	}
	if o, ok := s.PropOrigin(a, graph.PropPolicy); !ok || !o.Stale {
		t.Errorf("the policy that was kept is not marked: %+v", o)
	}
	if len(s.Gaps()) != 0 {
		t.Errorf("gaps %v: what is kept answers", s.Gaps())
	}
	if _, ok := s.Lookup("arn:aws:s3:::gone"); ok {
		t.Error("a bucket that is no longer listed came back with its old policy")
	}
	if _, ok := s.Lookup("arn:aws:kms:eu-west-1:111122223333:key/k"); !ok {
		t.Error("what the second run did not read is lost")
	}
}
