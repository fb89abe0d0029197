package main

import (
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// blocks returns the code blocks of a language under a heading of the README.
func blocks(t *testing.T, heading, language string) (list []string) {
	t.Helper()
	raw, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(raw), "\n"+heading+"\n")
	text, _, _ = strings.Cut(text, "\n## ")
	for _, m := range regexp.MustCompile("(?s)\n```"+language+"\n(.*?\n)```").FindAllStringSubmatch(text, -1) {
		list = append(list, m[1])
	}
	if len(list) == 0 {
		t.Fatalf("no %s block under %q", language, heading)
	}
	return list
}

// TestQuickStart types what the README tells newcomers to type.
func TestQuickStart(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("sh is not on PATH")
	}
	folder := t.TempDir()
	lines := strings.Join(blocks(t, "## Quick start", "sh"), "")
	if strings.Count(lines, "./cairn ") < 5 {
		t.Fatalf("the quick start asks nothing:\n%s", lines)
	}
	script := "set -e\n"
	for line := range strings.Lines(lines) {
		switch {
		case strings.HasPrefix(line, "./cairn "):
			script += line
		case strings.HasPrefix(line, "export CAIRN_STORE="), strings.HasPrefix(line, "go "), strings.TrimSpace(line) == "":
		default:
			t.Errorf("a line that nobody tried: %s", line)
		}
	}
	build := exec.Command("go", "build", "-o", filepath.Join(folder, "cairn"), ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building: %v\n%s", err, out)
	}
	run := exec.Command("sh", "-c", script)
	run.Dir = folder
	run.Env = append(os.Environ(), "CAIRN_STORE="+copyOfDemo(t))
	out, err := run.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s\n%s", err, script, out)
	}
	for _, want := range []string{"FAMILY", "likelihood", "FIX", "vendor-readonly", "internet to patients-db"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("nothing says %q:\n%s", want, out)
		}
	}
}

// TestQueryOfTheReadme asks a server what the README asks.
func TestQueryOfTheReadme(t *testing.T) {
	address := serving(t, "--listen", "127.0.0.1:0")
	body, err := json.Marshal(map[string]string{"query": blocks(t, "## GraphQL and Neo4j", "graphql")[0]})
	if err != nil {
		t.Fatal(err)
	}
	w, err := http.Post(address+"/graphql", "application/json", strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	defer w.Body.Close()
	var reply struct {
		Data struct {
			AttackPaths struct {
				Nodes []struct{ Title, Level string }
			}
		}
		Errors []struct{ Message string }
	}
	if err := json.NewDecoder(w.Body).Decode(&reply); err != nil || len(reply.Errors) > 0 || len(reply.Data.AttackPaths.Nodes) != 5 {
		t.Errorf("%v, %+v", err, reply)
	}
}
