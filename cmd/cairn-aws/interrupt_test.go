package main

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"
)

// asCommand makes this test binary be the command.
const asCommand = "CAIRN_AWS_TEST_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// TestTwoSignalsOfOneInterrupt: a terminal interrupts cairn and its collector at
// once, and cairn hands the signal on; the collector still ends in its own way.
func TestTwoSignalsOfOneInterrupt(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("interrupts are sent in another way")
	}
	asked, released := make(chan struct{}), make(chan struct{})
	once := sync.OnceFunc(func() { close(asked) })
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		once()
		<-released
	}))
	defer server.Close()
	defer close(released)
	cmd := exec.Command(os.Args[0], "--out", filepath.Join(t.TempDir(), "bundle"), "--regions", "eu-west-1", "--endpoint-url", server.URL)
	cmd.Env = append(os.Environ(), asCommand+"=1", "AWS_ACCESS_KEY_ID=testing", "AWS_SECRET_ACCESS_KEY=testing", "AWS_PROFILE=",
		"AWS_CONFIG_FILE="+os.DevNull, "AWS_SHARED_CREDENTIALS_FILE="+os.DevNull, "AWS_EC2_METADATA_DISABLED=true", "XDG_DATA_HOME="+t.TempDir())
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	hung := time.AfterFunc(2*time.Minute, func() { _ = cmd.Process.Kill() })
	defer hung.Stop()
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case <-asked:
	case err := <-ended:
		t.Fatalf("ended before it asked anything: %v: %s", err, said.String())
	}
	for range 2 {
		if err := cmd.Process.Signal(os.Interrupt); err != nil && !errors.Is(err, os.ErrProcessDone) {
			t.Fatal(err)
		}
	}
	<-ended
	if code := cmd.ProcessState.ExitCode(); code != 1 || said.String() != "cairn-aws: interrupted before anything was read\n" {
		t.Errorf("%s, says %q", cmd.ProcessState, said.String())
	}
}
