package main

import (
	"bytes"
	"context"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cairn-security/cairn/graph/graphtest"
)

// atMost is how long a test waits for what must come. It is far beyond what a
// busy machine needs: only what never comes takes as long.
const atMost = 2 * time.Minute

// interrupted runs a command, ends its context once started says so and returns
// what it printed on standard error. It fails where the command does not wait
// for that, or goes on afterwards.
func interrupted(t *testing.T, stdin io.Reader, started <-chan struct{}, stdout io.Writer, args ...string) (code int, stderr string) {
	t.Helper()
	code, stderr, alone := perhapsInterrupted(t, stdin, started, stdout, args...)
	if alone {
		t.Fatalf("cairn %v ended by itself with %d: %s", args, code, stderr)
	}
	return code, stderr
}

// perhapsInterrupted says as well whether the command ended by itself.
func perhapsInterrupted(t *testing.T, stdin io.Reader, started <-chan struct{}, stdout io.Writer, args ...string) (code int, stderr string, alone bool) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var said bytes.Buffer
	done := make(chan int, 1)
	go func() { done <- run(ctx, args, stdin, stdout, &said) }()
	select {
	case <-started:
	case code := <-done:
		return code, said.String(), true
	case <-time.After(atMost):
		t.Fatalf("cairn %v did not start", args)
	}
	cancel()
	select {
	case code := <-done:
		return code, said.String(), false
	case <-time.After(atMost):
		t.Fatalf("cairn %v goes on after Ctrl-C", args)
		return 0, "", false
	}
}

// patient is a standard input on which nothing ever comes, like a terminal whose
// owner thinks. It says when it is read.
type patient struct{ read chan struct{} }

func (p patient) Read([]byte) (int, error) {
	close(p.read)
	select {}
}

func TestInterruptWhileWaitingForInput(t *testing.T) {
	for _, args := range [][]string{{"simulate", "-"}, {"classify", "-"}, {"import", "gaad", "-"}, {"import", "bundle", "-"}} {
		in := patient{make(chan struct{})}
		args = append(args, "--store", "file:"+filepath.Join(t.TempDir(), "x.db"))
		code, stderr := interrupted(t, in, in.read, io.Discard, args...)
		if code != exitError || stderr != "cairn: stopped\n" {
			t.Errorf("cairn %v exits with %d and says %q", args, code, stderr)
		}
	}
}

// TestInterruptAnalysis ends commands in the middle of their work on an estate
// that takes seconds.
func TestInterruptAnalysis(t *testing.T) {
	if testing.Short() {
		t.Skip("a large estate takes seconds to make: left out in short mode")
	}
	store := "file:" + filepath.Join(t.TempDir(), "large.db")
	s, err := openStore(context.Background(), store)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Put(context.Background(), graphtest.Estate(graphtest.EstateConfig{Seed: 1, Edges: 100_000}), nil); err != nil {
		t.Fatal(err)
	}
	s.Close()
	for _, args := range [][]string{{"paths"}, {"fix"}, {"principals"}} {
		// How long the work takes is up to the machine: a fast one is stopped earlier.
		for after, alone := 300*time.Millisecond, true; alone && !t.Failed(); after /= 3 {
			started := make(chan struct{})
			time.AfterFunc(after, func() { close(started) })
			var code int
			var stderr string
			code, stderr, alone = perhapsInterrupted(t, strings.NewReader(""), started, io.Discard, append(args, "--quiet", "--store", store)...)
			switch {
			case alone && (code != exitDone || after < time.Millisecond):
				t.Errorf("cairn %v ends by itself within %s with %d: %s", args, after, code, stderr)
			case !alone && (code != exitError || stderr != "cairn: stopped\n"):
				t.Errorf("cairn %v exits with %d and says %q", args, code, stderr)
			}
		}
	}
}

// TestInterruptServing: asked to stop, a server has done what it was started for.
func TestInterruptServing(t *testing.T) {
	store := copyOfDemo(t)
	for _, args := range [][]string{{"serve"}, {"demo"}} {
		line := newFirstLine("http://127.0.0.1:")
		code, stderr := interrupted(t, strings.NewReader(""), line.seen, line, append(args, "--listen", "127.0.0.1:0", "--quiet", "--store", store)...)
		if code != exitDone || stderr != "" {
			t.Errorf("cairn %v exits with %d and says %q", args, code, stderr)
		}
	}
}

// firstLine says when a line with a prefix was written to it.
type firstLine struct {
	prefix string
	seen   chan struct{}
	said   bool
}

func newFirstLine(prefix string) *firstLine {
	return &firstLine{prefix: prefix, seen: make(chan struct{})}
}

func (l *firstLine) Write(p []byte) (int, error) {
	if !l.said && bytes.HasPrefix(p, []byte(l.prefix)) {
		l.said = true
		close(l.seen)
	}
	return len(p), nil
}

// TestStoppedBeforeItStarts: every command that works on a store or a file ends
// at once where the context has ended.
func TestStoppedBeforeItStarts(t *testing.T) {
	store := copyOfDemo(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, args := range [][]string{{"paths"}, {"explain", "f-0"}, {"blast", "internet"}, {"choke"}, {"fix"}, {"data"}, {"findings"}, {"coverage"}, {"principals"},
		{"can", "jenkins", "s3:GetObject", "nwc-public-site"}, {"who-can", "s3:GetObject", "nwc-public-site"}, {"reach", "internet", "bastion"}, {"exposed"},
		{"snapshots"}, {"snapshots", "show"}, {"mark", "nwc-public-site", "--critical"}, {"demo", "--no-serve"}} {
		var stdout, stderr bytes.Buffer
		code := run(ctx, append(args, "--store", store), nil, &stdout, &stderr)
		if code != exitError || stderr.String() != "cairn: stopped\n" || stdout.Len() > 0 {
			t.Errorf("cairn %v exits with %d, prints %q and says %q", args, code, stdout.String(), stderr.String())
		}
	}
}
