package aws

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cairn-security/cairn/graph"
)

// standIn answers who is calling and assumes roles; everything else is up to
// rest.
func standIn(t *testing.T, refused string, rest http.HandlerFunc) string {
	t.Helper()
	noCloud(t)
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "x")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.Header.Get("Authorization"), "/sts/") {
			rest(w, r)
			return
		}
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		w.Header().Set("Content-Type", "text/xml")
		switch arn := r.Form.Get("RoleArn"); {
		case r.Form.Get("Action") == "GetCallerIdentity":
			account := "111122223333"
			if key := r.Header.Get("Authorization"); strings.Contains(key, "Credential=IN") {
				account = strings.Split(strings.Split(key, "Credential=IN")[1], "/")[0]
			}
			fmt.Fprintf(w, `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>%s</Account><Arn>arn:aws:iam::%[1]s:user/u</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>`, account)
		case strings.Contains(arn, refused):
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprint(w, `<ErrorResponse><Error><Code>AccessDenied</Code><Message>not authorized to perform sts:AssumeRole</Message></Error></ErrorResponse>`)
		default:
			fmt.Fprintf(w, `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>IN%s</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`, strings.Split(arn, ":")[4])
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func deny(w http.ResponseWriter, _ *http.Request) {
	w.WriteHeader(http.StatusForbidden)
	fmt.Fprint(w, `<Error><Code>AccessDenied</Code></Error>`)
}

// An account whose role cannot be taken is a gap; the others are still read.
func TestUnreachableAccount(t *testing.T) {
	o := testOptions(t, "eu-west-1")
	o.Endpoint = standIn(t, "444455556666", deny)
	o.Accounts, o.RoleName, o.ExternalID = []string{"444455556666", "222233334444"}, "path/reader", "x"
	dir := filepath.Join(t.TempDir(), "bundle")
	if _, err := Folder(context.Background(), o, dir, false, "test", nil); err != nil {
		t.Fatal(err)
	}
	all := openBundle(t, dir)
	r := all.one(t, "sts", "AssumeRole")
	if r.Account != "444455556666" || r.Outcome != graph.OutcomeDenied || r.Params["RoleArn"] != "arn:aws:iam::444455556666:role/path/reader" {
		t.Errorf("%+v", r)
	}
	if r := all.one(t, "iam", "GetAccountAuthorizationDetails"); r.Account != "222233334444" {
		t.Errorf("%+v", r)
	}

	o.Accounts = o.Accounts[:1]
	_, err := Folder(context.Background(), o, filepath.Join(t.TempDir(), "none"), false, "test", nil)
	if err == nil || !strings.Contains(err.Error(), "no account could be read") || !strings.Contains(err.Error(), "444455556666") {
		t.Errorf("got %v", err)
	}
}

// A session that expires while it is used ends the run, not the bundle: the rest
// is gaps, and the journal waits for --resume.
func TestSessionExpiresMidway(t *testing.T) {
	o := testOptions(t, "eu-west-1")
	o.Endpoint = standIn(t, "none", func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `<Response><Errors><Error><Code>ExpiredToken</Code><Message>expired</Message></Error></Errors></Response>`)
	})
	dir := filepath.Join(t.TempDir(), "bundle")
	result, err := Folder(context.Background(), o, dir, false, "test", nil)
	if err != nil || !errors.Is(result.Interrupted, ErrExpired) {
		t.Fatal(err, result.Interrupted)
	}
	for _, r := range openBundle(t, dir) {
		if r.Outcome == graph.OutcomeEmpty && r.Service != "sts" {
			t.Errorf("%s is said to be empty", r.Place())
		}
	}
}

// Without a word about regions the configured one is read, and the record says
// that the others are not known.
func TestRegionsThatCannotBeListed(t *testing.T) {
	o := testOptions(t)
	o.Endpoint = standIn(t, "none", deny)
	t.Setenv("AWS_REGION", "eu-north-1")
	dir := filepath.Join(t.TempDir(), "bundle")
	if _, err := Folder(context.Background(), o, dir, false, "test", nil); err != nil {
		t.Fatal(err)
	}
	all := openBundle(t, dir)
	if r := all.one(t, "ec2", "DescribeRegions"); r.Outcome != graph.OutcomeDenied {
		t.Errorf("%+v", r)
	}
	if r := all.one(t, "ec2", "DescribeVpcs"); r.Region != "eu-north-1" {
		t.Errorf("%+v", r)
	}
}

// An interruption before any account is open is told as one, not as what each
// account made of it.
func TestInterruptedWhileOpening(t *testing.T) {
	o := testOptions(t, "eu-west-1")
	o.Accounts, o.RoleName = []string{"444455556666", "222233334444"}, "reader"
	standIn(t, "none", deny) // credentials
	ctx, cancel := context.WithCancel(context.Background())
	over := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err == nil && r.Form.Get("Action") == "GetCallerIdentity" {
			w.Header().Set("Content-Type", "text/xml")
			fmt.Fprint(w, `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>111122223333</Account><Arn>arn:aws:iam::111122223333:user/u</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>`)
			return
		}
		cancel()
		<-over
	}))
	defer server.Close()
	defer close(over)
	o.Endpoint = server.URL
	if _, err := Folder(ctx, o, filepath.Join(t.TempDir(), "none"), false, "test", nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
