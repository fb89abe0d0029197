package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

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

func TestNoCredentialsIsOneLine(t *testing.T) {
	for _, name := range []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_ENDPOINT_URL"} {
		t.Setenv(name, "")
	}
	t.Setenv("AWS_CONFIG_FILE", os.DevNull)
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", os.DevNull)
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	t.Setenv("XDG_DATA_HOME", t.TempDir())
	code, _, stderr := cairnAWS(t, "--dry-run")
	if code != 1 || !strings.Contains(stderr, "AWS_PROFILE") || strings.Count(stderr, "\n") != 1 {
		t.Errorf("exit %d: %q", code, stderr)
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
