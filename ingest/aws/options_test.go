package aws

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cairn-security/cairn/graph/settings"
)

func TestOptionsCheck(t *testing.T) {
	tests := map[string]struct {
		change func(*Options)
		want   string // part of the error; empty for none
	}{
		"plain":               {func(o *Options) {}, ""},
		"accounts":            {func(o *Options) { o.Accounts, o.RoleName = []string{"111122223333"}, "r" }, ""},
		"accounts, no role":   {func(o *Options) { o.Accounts = []string{"111122223333"} }, "--role-name"},
		"org, no role":        {func(o *Options) { o.Org = true }, "--role-name"},
		"org and accounts":    {func(o *Options) { o.Org, o.Accounts, o.RoleName = true, []string{"111122223333"}, "r" }, "exclude"},
		"short account":       {func(o *Options) { o.Accounts, o.RoleName = []string{"1234"}, "r" }, `"1234"`},
		"external id alone":   {func(o *Options) { o.ExternalID = "x" }, "--role-name"},
		"empty region":        {func(o *Options) { o.Regions = []string{""} }, "--regions"},
		"negative sample":     {func(o *Options) { o.SampleObjects = -1 }, "negative"},
		"nothing to scrub by": {func(o *Options) { o.Hasher = nil }, "scrub"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			o := testOptions(t, "eu-west-1")
			tt.change(&o)
			err := o.Check()
			if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want %q", err, tt.want)
			}
		})
	}
}

// noCloud makes the SDK find no credentials and ask nobody for any.
func noCloud(t *testing.T) {
	t.Helper()
	for _, name := range []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_ENDPOINT_URL",
		"AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"} {
		t.Setenv(name, "")
	}
	t.Setenv("AWS_CONFIG_FILE", os.DevNull)
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", os.DevNull)
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
}

func TestWithoutCredentials(t *testing.T) {
	noCloud(t)
	dir := filepath.Join(t.TempDir(), "bundle")
	o := testOptions(t, "eu-west-1")
	_, err := Folder(context.Background(), o, dir, false, "test", nil)
	if !errors.Is(err, ErrNoCredentials) {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Error("something was written")
	}
	o.Profile = "nobody"
	if _, err := Folder(context.Background(), o, dir, false, "test", nil); err == nil || !strings.Contains(err.Error(), `profile "nobody"`) {
		t.Errorf("got %v", err)
	}
	o.Profile, o.Endpoint = "", "localhost:5000"
	if _, err := Folder(context.Background(), o, dir, false, "test", nil); err == nil || !strings.Contains(err.Error(), "endpoint") {
		t.Errorf("got %v", err)
	}
}

func TestExpiredSession(t *testing.T) {
	noCloud(t)
	t.Setenv("AWS_ACCESS_KEY_ID", "ASIAEXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "x")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		_, _ = w.Write([]byte(`<ErrorResponse><Error><Code>ExpiredToken</Code><Message>The security token included in the request is expired</Message></Error></ErrorResponse>`))
	}))
	defer server.Close()
	o := testOptions(t, "eu-west-1")
	o.Endpoint = server.URL
	_, err := Folder(context.Background(), o, filepath.Join(t.TempDir(), "b"), false, "test", nil)
	if !errors.Is(err, ErrExpired) || strings.Contains(err.Error(), "\n") {
		t.Errorf("got %v", err)
	}
}

func TestBudget(t *testing.T) {
	b := newBudget(settings.Budget{Bytes: 100, Objects: 3, Requests: 4}, 2)
	if !b.take(60) || b.take(60) || !b.take(40) || b.take(1) {
		t.Error("100 bytes were not what could be taken")
	}
	if !b.request() || !b.request() || b.request() {
		t.Error("four requests were not what could be made")
	}
	late := newBudget(settings.Budget{Time: time.Nanosecond}, 1)
	time.Sleep(time.Millisecond)
	if late.take(1) {
		t.Error("the time was over")
	}
	if free := newBudget(settings.Budget{}, 1); !free.take(1<<40) || free.share() != 0 {
		t.Error("no limit is none")
	}
}
