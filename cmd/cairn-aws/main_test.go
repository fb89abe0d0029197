package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cairn-security/cairn/ingest/aws/estatetest"
	"github.com/cairn-security/cairn/ingest/aws/mototest"
	"github.com/cairn-security/cairn/ingest/record"
)

// cairnAWS runs the command line and returns what it printed.
func cairnAWS(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	code = run(context.Background(), args, &out, &err)
	return code, out.String(), err.String()
}

func TestWrongCommandLines(t *testing.T) {
	t.Setenv("XDG_DATA_HOME", t.TempDir())
	tests := map[string]struct {
		args []string
		want string
	}{
		"no folder":       {[]string{"--regions", "eu-west-1"}, "--out"},
		"unknown flag":    {[]string{"--write-everything"}, "unknown flag"},
		"argument":        {[]string{"folder"}, "unexpected argument folder"},
		"no value":        {[]string{"--regions", "eu-west-1", "--out"}, "--out: expected a value"},
		"no number":       {[]string{"--out", "x", "--sample-objects=many"}, "many"},
		"no switch":       {[]string{"--out", "x", "--org=perhaps"}, "perhaps"},
		"stream, resumed": {[]string{"--out", "-", "--resume"}, "--resume needs"},
		"stream and JSON": {[]string{"--out", "-", "--json"}, "standard output"},
		"size":            {[]string{"--out", "x", "--sample-budget", "lots"}, "lots"},
		"accounts alone":  {[]string{"--out", "x", "--accounts", "111122223333"}, "--role-name"},
		"no settings":     {[]string{"--out", "x", "--config", "/nowhere/settings.yaml"}, "settings.yaml"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			code, stdout, stderr := cairnAWS(t, tt.args...)
			if code != 1 || stdout != "" || !strings.Contains(stderr, tt.want) || strings.Count(stderr, "\n") != 1 {
				t.Errorf("exit %d, stdout %q, stderr %q; want one line with %q", code, stdout, stderr, tt.want)
			}
		})
	}
}

// TestFlags: every form of a flag, and the environment where none is given.
func TestFlags(t *testing.T) {
	t.Setenv("AWS_ENDPOINT_URL", "http://from.environment")
	t.Setenv("CAIRN_CONFIG", "environment.yaml")
	t.Setenv("HOME", "/home/ann")
	var c command
	if err := parse(c.flags(), []string{"-q", "--regions", "eu-west-1,eu-west-2", "--regions=eu-west-3", "--config=flag.yaml", "-o", "-",
		"--org", "--resume=no", "--sample-budget=2MiB", "--sample-objects", "7", "--hash-key", "~/key"}); err != nil {
		t.Fatal(err)
	}
	want := command{Quiet: true, Regions: []string{"eu-west-1", "eu-west-2", "eu-west-3"}, Config: "flag.yaml", Out: "-", Org: true,
		SampleBudget: 2 << 20, SampleObjects: 7, HashKey: "/home/ann/key", EndpointURL: "http://from.environment"}
	if diff := cmp.Diff(want, c); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestHelpNamesEveryFlag(t *testing.T) {
	code, stdout, _ := cairnAWS(t, "--help")
	var c command
	for _, o := range c.flags() {
		if code != 0 || !strings.Contains(stdout, "--"+o.name) {
			t.Errorf("exit %d, no --%s in:\n%s", code, o.name, stdout)
		}
	}
	for line := range strings.Lines(stdout) {
		if len(line) > helpWidth+1 {
			t.Errorf("too wide: %s", line)
		}
	}
}

// TestNothingLooksMethodsUpByName: once something does, the linker keeps every
// method of the SDK and the program is three times as large.
func TestNothingLooksMethodsUpByName(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	for name := range strings.Lines(string(out)) {
		if name = strings.TrimSpace(name); slices.Contains([]string{"github.com/alecthomas/kong", "text/template", "html/template"}, name) {
			t.Errorf("%s is linked", name)
		}
	}
}

// TestNoCredentialsIsOneLine asks a metadata service that knows no tokens, which
// the SDK would remark on.
func TestNoCredentialsIsOneLine(t *testing.T) {
	metadata := httptest.NewServer(http.NotFoundHandler())
	defer metadata.Close()
	t.Setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", metadata.URL)
	standard, lines := os.Stderr, filepath.Join(t.TempDir(), "stderr")
	file, err := os.Create(lines)
	if err != nil {
		t.Fatal(err)
	}
	os.Stderr = file
	defer func() { os.Stderr = standard }()

	for _, name := range []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_ENDPOINT_URL"} {
		t.Setenv(name, "")
	}
	t.Setenv("AWS_CONFIG_FILE", os.DevNull)
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", os.DevNull)
	t.Setenv("XDG_DATA_HOME", t.TempDir())
	code, _, stderr := cairnAWS(t, "--dry-run")
	if code != 1 || !strings.Contains(stderr, "AWS_PROFILE") || strings.Count(stderr, "\n") != 1 {
		t.Errorf("exit %d: %q", code, stderr)
	}
	if printed, err := os.ReadFile(lines); err != nil || len(printed) > 0 {
		t.Errorf("the SDK prints %q (%v)", printed, err)
	}
}

func TestAgainstTheEmulator(t *testing.T) {
	server := mototest.Start(t)
	server.Environ(t)
	estatetest.Create(t, server.URL)
	data := t.TempDir()
	t.Setenv("XDG_DATA_HOME", data)
	key := filepath.Join(data, "cairn", "hash.key")

	t.Run("dry run", func(t *testing.T) {
		code, stdout, stderr := cairnAWS(t, "--dry-run", "--json", "--regions", estatetest.Region)
		var doc map[string]any
		if err := json.Unmarshal([]byte(stdout), &doc); err != nil || code != 0 || stderr != "" {
			t.Fatalf("exit %d, %v, stderr %q", code, err, stderr)
		}
		for _, field := range []string{"caller", "accounts", "regions", "calls", "objects", "cost", "operations"} {
			if _, ok := doc[field]; !ok {
				t.Errorf("no %s", field)
			}
		}
		if doc["schema"] != "cairn.preflight/v1" {
			t.Errorf("schema %v", doc["schema"])
		}
		code, stdout, _ = cairnAWS(t, "--dry-run", "--no-data", "--regions", estatetest.Region)
		if code != 0 || !strings.Contains(stdout, "s3:ListBuckets") || strings.Contains(stdout, "s3:GetObject ") {
			t.Errorf("exit %d:\n%s", code, stdout)
		}
	})
	t.Run("folder", func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "bundle")
		code, stdout, stderr := cairnAWS(t, "--out", dir, "--json", "--regions", estatetest.Region)
		var doc collection
		if err := json.Unmarshal([]byte(stdout), &doc); err != nil || code != 0 {
			t.Fatalf("exit %d, %v, stderr %q", code, err, stderr)
		}
		if doc.Schema != collectionSchema || doc.Records == 0 || doc.Objects == 0 || doc.Interrupted != nil ||
			!slices.Equal(doc.Accounts, []string{estatetest.Account}) {
			t.Errorf("%+v", doc)
		}
		secret, err := os.ReadFile(key)
		if err != nil {
			t.Fatalf("no hash key was made: %v", err)
		}
		if info, err := os.Stat(key); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("hash key: %v, %v", info.Mode(), err)
		}
		raw, err := os.ReadFile(filepath.Join(dir, "records.ndjson"))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(raw, secret) {
			t.Error("the bundle holds the hash key")
		}
		if code, _, stderr := cairnAWS(t, "--out", dir); code != 1 || !strings.Contains(stderr, "not empty") {
			t.Errorf("written over: exit %d, %q", code, stderr)
		}
	})
	t.Run("stream", func(t *testing.T) {
		code, stdout, stderr := cairnAWS(t, "--out", "-", "--quiet", "--no-data", "--regions", estatetest.Region)
		if code != 0 || stderr != "" {
			t.Fatalf("exit %d: %q", code, stderr)
		}
		reader, err := record.NewReader(strings.NewReader(stdout), "stream")
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, err := range reader.Records() {
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
		if n < 50 {
			t.Errorf("%d records", n)
		}
	})
}
