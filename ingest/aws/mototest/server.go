package mototest

import (
	"fmt"
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

// startWithin is how long the emulator may take to listen. It needs less than a
// second; a machine that is busy with other tests may need much longer.
const startWithin = 3 * time.Minute

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
	s, err := start(t, path, env)
	if err != nil {
		t.Fatalf("moto_server: %v", err)
	}
	return s
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
	// Port 0: the system gives one that is free, and nobody else can take it
	// between the choice and the start.
	cmd := exec.Command(path, "-H", "127.0.0.1", "-p", "0")
	// Without the emulator's own images, and their thousand snapshots.
	cmd.Env = append(append(environment(), "MOTO_EC2_LOAD_DEFAULT_AMIS=false", "PYTHONUNBUFFERED=1"), env...)
	output := &announcement{url: make(chan string, 1)}
	cmd.Stdout, cmd.Stderr = output, output
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	exited := make(chan error, 1)
	go func() { exited <- cmd.Wait() }()
	select {
	case url := <-output.url:
		t.Cleanup(func() {
			_ = cmd.Process.Kill()
			<-exited
		})
		return &Server{URL: url, t: t}, nil
	case err := <-exited:
		return nil, fmt.Errorf("ended at once: %v\n%s", err, output)
	case <-time.After(startWithin):
		_ = cmd.Process.Kill()
		<-exited
		return nil, fmt.Errorf("did not listen within %s\n%s", startWithin, output)
	}
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
