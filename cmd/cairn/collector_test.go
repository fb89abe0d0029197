package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestCollectorHasTheLastWord: what is wrong with credentials or options is said
// once, in the line of the program that knows it.
func TestCollectorHasTheLastWord(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("sh is not on PATH")
	}
	folder := t.TempDir()
	script := "#!/bin/sh\necho 'cairn-aws: the session has expired' >&2\nexit 1\n"
	if err := os.WriteFile(filepath.Join(folder, collector), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", folder+string(os.PathListSeparator)+os.Getenv("PATH"))
	for _, args := range [][]string{{"scan", "aws"}, {"scan", "aws", "--dry-run"}, {"scan", "aws", "--dry-run", "--json"}} {
		code, stdout, stderr := cairn(t, append(args, "--store", "file:"+filepath.Join(folder, "x.db"))...)
		if code != exitError || stdout != "" || stderr != "cairn-aws: the session has expired\n" {
			t.Errorf("cairn %v exits with %d, prints %q and says %q", args, code, stdout, stderr)
		}
	}
}
