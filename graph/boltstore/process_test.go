package boltstore_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/boltstore"
	"github.com/cairn-security/cairn/graph/graphtest"
)

// The test binary is also the other process: with BOLTSTORE_PROCESS set it
// does that part instead of the tests.
func TestMain(m *testing.M) {
	path := os.Getenv("BOLTSTORE_FILE")
	switch os.Getenv("BOLTSTORE_PROCESS") {
	case "":
		os.Exit(m.Run())
	case "put": // announces itself, then imports until it is killed
		s, err := boltstore.Open(path)
		fatal(err)
		snap, sets := large()
		fmt.Println("ready")
		fatal(s.Put(noContext, snap, sets))
		fmt.Println("done")
	case "hold": // holds the file as a writer until its input ends
		s, err := boltstore.Open(path)
		fatal(err)
		fatal(s.Hold(func() {
			fmt.Println("ready")
			bufio.NewReader(os.Stdin).ReadString('\n')
		}))
	}
}

func fatal(err error) {
	if err != nil {
		fmt.Println("error:", err)
		os.Exit(1)
	}
}

func large() (*graph.Snapshot, []graph.RecordSet) {
	snap := graphtest.Estate(graphtest.EstateConfig{Seed: 1, Edges: 100_000, ID: "large"})
	var sets []graph.RecordSet
	for i := range 12 {
		sets = append(sets, graph.RecordSet{Slice: graph.Slice{Service: fmt.Sprint(i)}, Blob: make([]byte, 8<<20)})
	}
	return snap, sets
}

// process starts the other process and waits for its first line.
func process(t *testing.T, part, path string) (cmd *exec.Cmd, lines *bufio.Scanner, stop func()) {
	t.Helper()
	cmd = exec.Command(os.Args[0], "serve", "-secret")
	cmd.Env = append(os.Environ(), "BOLTSTORE_PROCESS="+part, "BOLTSTORE_FILE="+path)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines = bufio.NewScanner(out)
	if !lines.Scan() || lines.Text() != "ready" {
		t.Fatalf("the other process says %q", lines.Text())
	}
	return cmd, lines, func() {
		in.Close()
		cmd.Wait()
	}
}

// An import that is killed at any moment leaves what was there, and nothing of
// itself; the next import removes its pieces.
func TestKilledImport(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cairn.db")
	s := open(t, path)
	first := graphtest.Estate(graphtest.EstateConfig{Seed: 2, Edges: 500, ID: "first"})
	if err := s.Put(t.Context(), first, []graph.RecordSet{{Slice: graph.Slice{Service: "iam"}, Blob: []byte("x")}}); err != nil {
		t.Fatal(err)
	}
	killed := 0
	for _, after := range []time.Duration{0, 5, 15, 30, 60, 90, 130, 180} {
		cmd, lines, _ := process(t, "put", path)
		time.Sleep(after * time.Millisecond)
		cmd.Process.Kill()
		done := lines.Scan()
		cmd.Wait()
		want := 1
		if done {
			want = 2
		} else {
			killed++
		}
		infos, err := s.List(t.Context())
		if err != nil || len(infos) < 1 || len(infos) > want {
			// A kill between the last write and "done" may show two.
			if err != nil || len(infos) != 2 {
				t.Fatalf("killed after %v: %d snapshots, %v", after, len(infos), err)
			}
		}
		for _, info := range infos {
			got, err := s.Load(t.Context(), info.ID)
			if err != nil {
				t.Fatalf("killed after %v: %v", after, err)
			}
			if info.ID == "first" {
				graphtest.Equal(t, first, got)
			} else if err := s.Delete(t.Context(), info.ID); err != nil {
				t.Fatal(err)
			}
		}
		sets, err := s.RecordSets(t.Context(), "first")
		if err != nil || len(sets) != 1 || string(sets[0].Blob) != "x" {
			t.Fatalf("killed after %v: record sets %v, %v", after, sets, err)
		}
	}
	if killed == 0 {
		t.Fatal("no import was killed before its end: the test shows nothing")
	}
	snap, sets := large()
	if err := s.Put(t.Context(), snap, sets); err != nil {
		t.Fatal(err)
	}
	got, err := s.Load(t.Context(), "large")
	if err != nil {
		t.Fatal(err)
	}
	graphtest.Equal(t, snap, got)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	// 110 MB of content: pieces left behind by eight imports would be far more.
	if info.Size() > 260<<20 {
		t.Errorf("the file has %d MiB: what killed imports left is not used again", info.Size()>>20)
	}
	t.Logf("%d imports killed, file %d MiB", killed, info.Size()>>20)
}

func TestBusyNamesTheHolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cairn.db")
	s := open(t, path)
	if err := s.PutResult(t.Context(), "k", []byte("v")); err != nil {
		t.Fatal(err)
	}
	cmd, _, stop := process(t, "hold", path)
	s.SetWait(150 * time.Millisecond)
	for name, err := range map[string]error{
		"write": s.PutResult(t.Context(), "k", nil),
		"read":  func() error { _, err := s.List(t.Context()); return err }(),
	} {
		if !errors.Is(err, graph.ErrBusy) || !strings.Contains(err.Error(), fmt.Sprintf("process %d (boltstore.test serve)", cmd.Process.Pid)) {
			t.Errorf("%s: %v, want ErrBusy that names process %d without its flags", name, err, cmd.Process.Pid)
		}
	}
	if _, err := boltstore.Open(path); err != nil {
		t.Errorf("opening a busy store: %v", err)
	}
	stop()
	if err := s.PutResult(t.Context(), "k", nil); err != nil {
		t.Errorf("after the holder went: %v", err)
	}
	if left, _ := filepath.Glob(path + ".*"); len(left) > 0 {
		t.Errorf("files left beside the store: %v", left)
	}
}

func TestWaitsForTheHolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cairn.db")
	s := open(t, path)
	_, _, stop := process(t, "hold", path)
	time.AfterFunc(100*time.Millisecond, stop)
	if _, err := s.Append(t.Context(), graph.LedgerEntry{Kind: "mark"}); err != nil {
		t.Error(err)
	}
}
