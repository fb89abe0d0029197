package aws

import (
	"context"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/ingest/aws/estatetest"
)

// A run that is cancelled while it samples ends with a whole bundle in which the
// rest is gaps; resumed, it asks only for the rest.
func resumed(t *testing.T, emulator string) {
	target, err := url.Parse(emulator)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var requests atomic.Int64
	forward := httputil.NewSingleHostReverseProxy(target)
	forward.ErrorLog = log.New(io.Discard, "", 0) // clients that hang up are the point
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if requests.Add(1) == 120 {
			cancel()
		}
		forward.ServeHTTP(w, r)
	}))
	defer proxy.Close()
	dir := filepath.Join(t.TempDir(), "bundle")
	o := testOptions(t, estatetest.Region)
	o.Endpoint = proxy.URL
	first, err := Folder(ctx, o, dir, false, "test", nil)
	if err != nil {
		t.Fatal(err)
	}
	if first.Interrupted == nil {
		t.Fatal("the run says nothing of being cancelled")
	}
	asked := requests.Load()
	all := openBundle(t, dir)
	cut := 0
	for _, r := range all {
		if r.Outcome == graph.OutcomeTimeout && strings.Contains(r.Detail, "cancelled") {
			cut++
		}
	}
	if cut == 0 {
		t.Error("nothing says that the run was cancelled")
	}
	if _, err := os.Stat(dir + ".journal"); err != nil {
		t.Fatalf("no journal to resume from: %v", err)
	}

	if _, err := Folder(context.Background(), o, dir, false, "test", nil); err == nil {
		t.Error("a bundle was overwritten without --resume")
	}
	other := o
	other.NoData = true
	if _, err := Folder(context.Background(), other, dir, true, "test", nil); err == nil || !strings.Contains(err.Error(), "other options") {
		t.Errorf("resumed with other options: %v", err)
	}

	second, err := Folder(context.Background(), o, dir, true, "test", nil)
	if err != nil || second.Interrupted != nil {
		t.Fatal(err, second.Interrupted)
	}
	whole := openBundle(t, dir)
	checkRecords(t, whole)
	for _, r := range whole {
		if r.Outcome == graph.OutcomeTimeout {
			t.Errorf("%s is still a gap: %s", r.Place(), r.Detail)
		}
	}
	if p := second.Progress; p.Done != p.Total || p.Reused == 0 {
		t.Errorf("%+v after %d requests of the first run", p, asked)
	}
	whole.one(t, "s3", "GetBucketPolicy", "Bucket", estatetest.Cards)
	if _, err := os.Stat(dir + ".journal"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the journal is left behind: %v", err)
	}
}
