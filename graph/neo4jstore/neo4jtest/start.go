package neo4jtest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// Start returns the URL of a running server. The server belongs to the test
// binary and ends with it, killed or not: it watches a pipe.
func Start(t testing.TB) (uri string) {
	t.Helper()
	if uri := os.Getenv("NEO4J_URI"); uri != "" {
		return uri
	}
	s := theServer()
	if s.err != nil {
		if slices.Contains(strings.FieldsFunc(os.Getenv("CAIRN_REQUIRE"), func(r rune) bool { return r == ',' || r == ' ' }), "neo4j") {
			t.Fatalf("CAIRN_REQUIRE wants Neo4j: %v", s.err)
		}
		t.Skipf("no Neo4j: %v", s.err)
	}
	return s.uri
}

// Pid is the process of the server that [Start] started, 0 for a server given
// by NEO4J_URI.
func Pid(t testing.TB) int {
	t.Helper()
	if os.Getenv("NEO4J_URI") != "" {
		return 0
	}
	Start(t)
	return theServer().pid
}

type server struct {
	uri   string
	pid   int
	input io.Closer // kept open: the server ends when it closes
	err   error
}

var theServer = sync.OnceValue(func() *server {
	s := &server{}
	s.err = s.start()
	return s
})

const startTimeout = 90 * time.Second

func (s *server) start() error {
	java, err := exec.LookPath("java")
	if err != nil {
		return errors.New("java is not on PATH")
	}
	lib, err := classPath()
	if err != nil {
		return err
	}
	home, err := os.MkdirTemp("", "cairn-neo4j-")
	if err != nil {
		return err
	}
	port, err := freePort()
	if err != nil {
		return err
	}
	cmd := exec.Command(java, "-Xmx512m", "-Xshare:auto",
		"--add-opens=java.base/java.nio=ALL-UNNAMED", "--add-opens=java.base/java.io=ALL-UNNAMED", "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
		"-cp", filepath.Join(lib, "classes")+string(os.PathListSeparator)+filepath.Join(lib, "lib", "*"), "Server", home, strconv.Itoa(port))
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	var complaints tail
	cmd.Stderr = &complaints
	if err := cmd.Start(); err != nil {
		return err
	}
	ready := make(chan bool, 1)
	go func() {
		lines := bufio.NewScanner(out)
		said := false
		for lines.Scan() {
			if lines.Text() == "ready" && !said {
				said = true
				ready <- true
			}
		}
		if !said {
			ready <- false
		}
	}()
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	select {
	case ok := <-ready:
		if ok {
			s.uri, s.pid, s.input = fmt.Sprintf("bolt://127.0.0.1:%d", port), cmd.Process.Pid, in
			return nil
		}
		cmd.Wait()
		return fmt.Errorf("the server ended: %s", complaints.String())
	case <-ctx.Done():
		cmd.Process.Kill()
		return fmt.Errorf("the server was not ready after %s: %s", startTimeout, complaints.String())
	}
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// tail keeps the end of what was written to it.
type tail struct {
	mu   sync.Mutex
	data []byte
}

func (w *tail) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.data = append(w.data, p...)
	w.data = w.data[max(0, len(w.data)-2000):]
	return len(p), nil
}

func (w *tail) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return strings.TrimSpace(string(w.data))
}
