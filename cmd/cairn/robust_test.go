package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// words are what command lines are drawn from: commands, flags, values that are
// right somewhere, and values that are right nowhere. Serving is left out: it
// goes on until it is stopped.
var words = []string{
	"scan", "aws", "import", "bundle", "awscli", "gaad", "policy", "paths", "explain", "blast", "choke", "fix", "data", "mark", "findings", "coverage", "principals",
	"can", "who-can", "reach", "exposed", "simulate", "classify", "snapshots", "list", "show", "delete", "prune", "settings", "check", "version", "whatif", "diff",
	"--json", "--quiet", "-q", "--no-color", "--help", "-h", "--add", "--add=", "--add=s-1", "--all", "--to", "--from", "--entry", "--outcome", "--top", "--min-risk", "--fail-risk",
	"--label", "--critical", "--clear", "--summary", "--jsonl-field", "--fail-label", "--port", "--protocol", "--icmp", "--direction", "--source-address", "--dest-address",
	"--source-port", "--budget", "--target", "--snapshot", "--config", "--keep", "--dry-run", "--resume", "--principal", "--external-id", "--no-data", "--format", "--",
	"internet", "onprem", "anonymous", "jenkins", "bastion", "patients-db", "nwc-public-site", "nwc-staff-hr", "s3:GetObject", "s3:*", "arn:aws:s3:::x/y", "arn:", "ip:10.0.0.1", "ip:",
	"*", "-", "", " ", "0", "-1", "1e9", "22", "65536", "NaN", "tcp", "icmp", "8/0", "8/", "read", "eat", "Confidential", "f-0", "s-0", "file", "nothing", ".", "..", "\x00", "é\xff",
	"bad.json", "cards.csv", "sarif", "forward", "10.0.0.1", "::1", "service:lambda.amazonaws.com", "any-aws-principal",
}

// commands begin command lines, so that most of them get past the parser.
var commands = []string{"", "paths", "paths --json", "explain f-0", "blast", "blast internet", "choke", "data", "mark nwc-public-site", "findings", "coverage", "principals",
	"can anonymous", "can jenkins s3:GetObject", "who-can s3:GetObject", "reach internet", "reach internet bastion", "exposed", "simulate", "classify", "classify cards.csv",
	"snapshots", "snapshots show", "snapshots prune --keep 1", "import gaad", "import gaad bad.json", "import awscli .", "import bundle", "settings check", "policy aws", "version"}

// TestAnyCommandLine: whatever is typed, there is no panic, the exit code is one
// of the contract, and an error says something.
func TestAnyCommandLine(t *testing.T) {
	raw, err := os.ReadFile(strings.TrimPrefix(copyOfDemo(t), "file:"))
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", t.TempDir()) // no collector
	t.Chdir(t.TempDir())
	for name, text := range map[string]string{"bad.json": "{\"UserDetailList\":[{", "cards.csv": "card\n4111111111111111\n", "file": "x"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	store := filepath.Join(t.TempDir(), "any.db")
	rapid.Check(t, func(t *rapid.T) {
		args := strings.Fields(rapid.SampledFrom(commands).Draw(t, "command"))
		args = append(args, rapid.SliceOfN(rapid.SampledFrom(words), 0, 6).Draw(t, "args")...)
		if err := os.WriteFile(store, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		anyCommandLine(t, append(args, "--store", "file:"+store), "{\"id\":\"a\"}\n")
	})
}

// FuzzCommandLine is the same on any text, split at white space.
func FuzzCommandLine(f *testing.F) {
	for _, seed := range []string{"paths --json", "reach internet ip:10.0.0.1 --port 22 --icmp 8/0", "can anonymous s3:GetObject *", "simulate -", "classify - --jsonl-field text", "import gaad -"} {
		f.Add(seed, "{}")
	}
	store := filepath.Join(f.TempDir(), "none.db")
	f.Fuzz(func(t *testing.T, line, stdin string) {
		args := strings.Fields(line)
		for _, a := range args {
			if strings.Contains(a, "/") || strings.HasPrefix(a, "--store") || a == "serve" || a == "demo" || a == "scan" {
				t.Skip("leaves the store, goes on for ever or starts another process")
			}
		}
		t.Chdir(t.TempDir())
		anyCommandLine(t, append(args, "--store", "file:"+store), stdin)
	})
}

func anyCommandLine(t interface {
	Helper()
	Errorf(format string, args ...any)
}, args []string, stdin string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), atMost)
	defer cancel()
	var stdout, stderr bytes.Buffer
	code := run(ctx, args, strings.NewReader(stdin), &stdout, &stderr)
	switch {
	case code != exitDone && code != exitError && code != exitOver:
		t.Errorf("cairn %q exits with %d", args, code)
	case code == exitError && !strings.Contains(stderr.String(), "cairn: "):
		t.Errorf("cairn %q fails and says %q", args, stderr.String())
	case code == exitError && strings.Count(stderr.String(), "cairn: ") > 1:
		t.Errorf("cairn %q says its error twice: %q", args, stderr.String())
	}
	for line := range strings.Lines(stdout.String()) {
		if strings.HasPrefix(line, "{\"") && !json.Valid([]byte(line)) {
			t.Errorf("cairn %q prints a broken line: %q", args, line)
		}
	}
}
