package mototest

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// Server is a running emulator on a loopback port of its own.
type Server struct {
	URL string // http://127.0.0.1:PORT
	t   testing.TB
}

// How long the emulator may take to listen, and how often another port is tried
// when somebody else took the free one.
const (
	startWithin = 30 * time.Second
	startTries  = 3
)

// Start runs an emulator until the test ends. Env adds variables to its
// environment, such as INITIAL_NO_AUTH_ACTION_COUNT=10, which makes it check IAM
// policies after ten calls.
func Start(t testing.TB, env ...string) *Server {
	t.Helper()
	path, err := exec.LookPath("moto_server")
	if err != nil {
		if required("moto") {
			t.Fatalf("moto_server is required by CAIRN_REQUIRE and not on PATH")
		}
		t.Skip("moto_server is not on PATH: no AWS API to test against")
	}
	for try := 1; ; try++ {
		s, err := start(t, path, env)
		if err == nil {
			return s
		}
		if try == startTries {
			t.Fatalf("moto_server: %v", err)
		}
	}
}

// required reports whether CAIRN_REQUIRE, a list separated by commas or spaces,
// names the part.
func required(part string) bool {
	list := strings.FieldsFunc(os.Getenv("CAIRN_REQUIRE"), func(r rune) bool { return r == ',' || r == ' ' })
	for _, name := range list {
		if name == part {
			return true
		}
	}
	return false
}

func start(t testing.TB, path string, env []string) (*Server, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	var output bytes.Buffer
	cmd := exec.Command(path, "-H", host, "-p", port)
	// Without the emulator's own images, and their thousand snapshots.
	cmd.Env = append(append(environment(), "MOTO_EC2_LOAD_DEFAULT_AMIS=false"), env...)
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	exited := make(chan error, 1)
	go func() { exited <- cmd.Wait() }()
	s := &Server{URL: "http://" + address, t: t}
	deadline := time.After(startWithin)
	for !listens(address) {
		select {
		case err := <-exited:
			// The port went to somebody else, or the emulator is broken.
			return nil, fmt.Errorf("ended at once: %v\n%s", err, output.Bytes())
		case <-deadline:
			_ = cmd.Process.Kill()
			<-exited
			return nil, fmt.Errorf("did not listen within %s\n%s", startWithin, output.Bytes())
		case <-time.After(20 * time.Millisecond):
		}
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-exited
	})
	return s, nil
}

// environment is the test's own without what would change the emulated account
// or send the emulator elsewhere.
func environment() []string {
	var env []string
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "MOTO_") && !strings.HasPrefix(v, "AWS_") && !strings.HasPrefix(v, "INITIAL_NO_AUTH") {
			env = append(env, v)
		}
	}
	return env
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

func listens(address string) bool {
	conn, err := net.DialTimeout("tcp", address, time.Second)
	if err != nil {
		return false
	}
	return conn.Close() == nil
}

// EnforceAfter makes the emulator check IAM policies after n more calls.
func (s *Server) EnforceAfter(n int) { s.post("/moto-api/reset-auth", fmt.Sprint(n)) }

// Reset clears the emulator's state.
func (s *Server) Reset() { s.post("/moto-api/reset", "") }

func (s *Server) post(path, body string) {
	s.t.Helper()
	reply, err := http.Post(s.URL+path, "text/plain", strings.NewReader(body))
	if err != nil {
		s.t.Fatalf("moto_server %s: %v", path, err)
	}
	_ = reply.Body.Close()
	if reply.StatusCode != http.StatusOK {
		s.t.Fatalf("moto_server %s: %s", path, reply.Status)
	}
}

// Environ sets the variables that make AWS clients of the test and of processes
// it starts talk to the emulator, and to nothing else.
func (s *Server) Environ(t *testing.T) {
	t.Helper()
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL":            s.URL,
		"AWS_ACCESS_KEY_ID":           "testing",
		"AWS_SECRET_ACCESS_KEY":       "testing",
		"AWS_SESSION_TOKEN":           "",
		"AWS_REGION":                  "us-east-1",
		"AWS_PROFILE":                 "",
		"AWS_CONFIG_FILE":             os.DevNull,
		"AWS_SHARED_CREDENTIALS_FILE": os.DevNull,
		"AWS_EC2_METADATA_DISABLED":   "true",
	} {
		t.Setenv(name, value)
	}
}
