package server_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/cairn-security/cairn/analysis"
	"github.com/cairn-security/cairn/gql/gqltest"
	"github.com/cairn-security/cairn/gql/server"
)

// slowly tries changes as the server does, but only once told to go on.
func slowly(goOn <-chan struct{}) func(*server.Options) {
	return func(o *server.Options) {
		o.Patience = time.Nanosecond
		o.Prove = func(ctx context.Context, r *analysis.Result, told func(tried, total int)) ([]*analysis.Fix, error) {
			told(12, 48)
			select {
			case <-goOn:
			case <-ctx.Done():
				return nil, context.Cause(ctx)
			}
			return r.TryFixes(ctx, told)
		}
	}
}

const aboutFixes = `{
	estate { nodes fixes trials { state tried total } }
	trials { state tried total }
	fixes { id title closedPaths { id } }
	toVault: fixes(target: "larch-vault") { id }
	attackPaths { nodes { id risk { value } closedBy { id } choke { reach } } }
}`

type trials struct {
	State string
	Tried int
	Total *int
}

type fixesReply struct {
	Estate struct {
		Nodes  int
		Fixes  *int
		Trials trials
	}
	Trials      trials
	Fixes       []struct{ ID, Title string }
	ToVault     []struct{ ID string }
	AttackPaths struct {
		Nodes []struct {
			ID       string
			ClosedBy []struct{ ID string }
			Choke    []struct{ Reach int }
		}
	}
}

// A large estate takes minutes to try every change. Whoever looks at it
// meanwhile is answered, told how far it is, and answered in full afterwards.
func TestAnswersDoNotWaitForTrials(t *testing.T) {
	goOn := make(chan struct{})
	s := gqltest.Sample(t, slowly(goOn))
	var r fixesReply
	gqltest.Eventually(t, "told how far the prover is", func() bool {
		s.Data(t, aboutFixes, nil, &r)
		return r.Trials.Tried > 0
	})
	if r.Trials.State != "trying" || r.Trials.Total == nil || *r.Trials.Total != 48 || r.Trials.Tried != 12 || r.Estate.Trials.State != "trying" {
		t.Errorf("trials %+v of %v, want 12 of 48 being tried", r.Trials, r.Trials.Total)
	}
	if r.Estate.Nodes == 0 || len(r.AttackPaths.Nodes) == 0 {
		t.Error("what does not rest on the trials is not answered")
	}
	if r.Estate.Fixes != nil || r.Fixes != nil || r.ToVault != nil {
		t.Errorf("fixes are answered before they were tried: %v %v %v", r.Estate.Fixes, r.Fixes, r.ToVault)
	}
	for _, p := range r.AttackPaths.Nodes {
		if p.ClosedBy != nil {
			t.Errorf("%s is said to be closed by %v before that was tried", p.ID, p.ClosedBy)
		}
	}
	if r := s.Ask(t, `{node(id:"fx-000000000000"){id}}`, nil); r.Code() != "TRYING" {
		t.Errorf("a fix asked for by its id: code %q, want TRYING", r.Code())
	}
	if r := s.Ask(t, `{fixes(target:"no-such-thing"){id}}`, nil); r.Code() != "NOT_FOUND" {
		t.Errorf("a target that is not there: code %q, want NOT_FOUND", r.Code())
	}

	close(goOn)
	gqltest.Eventually(t, "all was tried", func() bool {
		s.Data(t, aboutFixes, nil, &r)
		return r.Trials.State == "done"
	})
	s.Data(t, aboutFixes, nil, &r) // fields are answered side by side: the others may have been a moment earlier
	if r.Estate.Fixes == nil || *r.Estate.Fixes != len(r.Fixes) || len(r.Fixes) == 0 {
		t.Errorf("%v fixes counted, %d listed", r.Estate.Fixes, len(r.Fixes))
	}
	if r.Trials.Total == nil || r.Trials.Tried != *r.Trials.Total {
		t.Errorf("done, and yet %+v", r.Trials)
	}
	closing, choking := 0, 0
	for _, p := range r.AttackPaths.Nodes {
		if p.ClosedBy == nil || p.Choke == nil {
			t.Errorf("%s: closedBy or choke is still null", p.ID)
		}
		closing += len(p.ClosedBy)
		choking += len(p.Choke)
	}
	if closing == 0 || choking == 0 {
		t.Errorf("no path is closed by anything (%d), or has a choke point (%d)", closing, choking)
	}
	var one struct{ Node struct{ ID string } }
	s.Data(t, `query($id:ID!){node(id:$id){id}}`, map[string]any{"id": r.Fixes[0].ID}, &one)
	if one.Node.ID != r.Fixes[0].ID {
		t.Errorf("fix by id: %q", one.Node.ID)
	}
}

func TestTrialsThatGoWrong(t *testing.T) {
	for _, c := range []struct {
		name  string
		prove func() ([]*analysis.Fix, error)
	}{
		{"error", func() ([]*analysis.Fix, error) { return nil, errors.New("derivation 7 went wrong in " + t.TempDir()) }},
		{"panic", func() ([]*analysis.Fix, error) { panic("index out of range") }},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := gqltest.Sample(t, func(o *server.Options) {
				o.Prove = func(context.Context, *analysis.Result, func(int, int)) ([]*analysis.Fix, error) { return c.prove() }
			})
			var r struct{ Trials trials }
			s.Data(t, `{trials{state tried total}}`, nil, &r)
			if r.Trials.State != "failed" {
				t.Errorf("state %q, want failed", r.Trials.State)
			}
			failed := s.Ask(t, `{fixes{id} estate{nodes}}`, nil)
			if failed.Code() != "INTERNAL" || failed.Errors[0].Message != "internal error" {
				t.Errorf("fixes: %+v, want an internal error that tells nothing", failed.Errors)
			}
			if string(failed.Data) == "null" {
				t.Error("the rest of the question is lost with the fixes")
			}
		})
	}
}

// The log of the server says how far it is.
func TestServerTellsHowFarItIs(t *testing.T) {
	told := make(chan [2]int, 1000)
	s := gqltest.Sample(t, func(o *server.Options) {
		o.Tried = func(snapshot string, tried, total int) {
			if snapshot == "" {
				t.Error("on no snapshot")
			}
			told <- [2]int{tried, total}
		}
	})
	gqltest.Eventually(t, "tried", func() bool {
		var r struct{ Trials trials }
		s.Data(t, `{trials{state tried total}}`, nil, &r)
		return r.Trials.State == "done"
	})
	close(told)
	want := 0
	for at := range told {
		if at[0] != want || at[1] == 0 {
			t.Fatalf("told %d of %d, want %d", at[0], at[1], want)
		}
		want++
	}
	if want == 0 {
		t.Error("nothing was told")
	}
}

// A mark makes all conclusions anew: what was tried before it is given up, so
// that trials do not pile up.
func TestMarksEndTheTrialsBeforeThem(t *testing.T) {
	begun, ended := make(chan struct{}, 9), make(chan struct{}, 9)
	s := gqltest.Sample(t, func(o *server.Options) {
		o.Patience = time.Nanosecond
		o.Prove = func(ctx context.Context, _ *analysis.Result, _ func(tried, total int)) ([]*analysis.Fix, error) {
			begun <- struct{}{}
			<-ctx.Done()
			ended <- struct{}{}
			return nil, context.Cause(ctx)
		}
	})
	for n := range 3 {
		var r struct{ Trials trials }
		s.Data(t, `{trials{state}}`, nil, &r)
		<-begun
		if r.Trials.State != "trying" {
			t.Fatalf("state %q", r.Trials.State)
		}
		if r := s.Ask(t, `mutation($on:Boolean){markDatastore(input:{id:"larch-covers",critical:$on}){datastore{id}}}`, map[string]any{"on": n%2 == 0}); r.Code() != "" {
			t.Fatalf("%+v", r.Errors)
		}
		select {
		case <-ended:
		case <-time.After(gqltest.AtMost):
			t.Fatal("the trials before the mark go on")
		}
	}
}

// It says as well what it analyses, and which stage begins.
func TestServerTellsStages(t *testing.T) {
	var mu sync.Mutex
	told := map[string][]string{}
	s := gqltest.Sample(t, func(o *server.Options) {
		o.Analysing = func(snapshot string) func(string) {
			return func(stage string) {
				mu.Lock()
				defer mu.Unlock()
				told[snapshot] = append(told[snapshot], stage)
			}
		}
	})
	s.Estate(t, "")
	mu.Lock()
	defer mu.Unlock()
	if len(told) != 1 || len(told["s-1"]) < 4 {
		t.Errorf("told %v", told)
	}
}
