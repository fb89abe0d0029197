package main

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestInterfaceInABrowser starts the demo as a newcomer does and walks it in
// headless Chromium: list, path, evidence and every other page, in light and
// dark, at two widths. The script fails on console errors, on requests that
// leave the machine and on accessibility violations.
func TestInterfaceInABrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("walking the interface takes minutes: left out in short mode")
	}
	node, chromium := component(t, "node", "node"), component(t, "chromium", "chromium", "chromium-browser", "google-chrome")
	if _, err := os.Stat("../../web/node_modules/playwright-core"); err != nil {
		missing(t, "node", "playwright-core is not installed: run npm ci in web")
	}
	address := startDemo(t)
	walk := exec.Command(node, "e2e/walk.mjs", address, "--browser", chromium)
	walk.Dir = "../../web"
	if out, err := walk.CombinedOutput(); err != nil {
		t.Errorf("the walk ends with %v:\n%s", err, out)
	}
}

// component finds an executable or skips the test.
func component(t *testing.T, name string, candidates ...string) string {
	t.Helper()
	for _, c := range candidates {
		if path, err := exec.LookPath(c); err == nil {
			return path
		}
	}
	missing(t, name, name+" is not on PATH")
	return ""
}

// missing skips, or fails where CAIRN_REQUIRE names the component.
func missing(t *testing.T, name, why string) {
	t.Helper()
	required := strings.FieldsFunc(os.Getenv("CAIRN_REQUIRE"), func(r rune) bool { return r == ',' || r == ' ' })
	if slices.Contains(required, name) {
		t.Fatalf("%s, and CAIRN_REQUIRE names %s", why, name)
	}
	t.Skip(why)
}

// startDemo runs the real executable and returns its address.
func startDemo(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	binary := filepath.Join(folder, "cairn")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("building: %v\n%s", err, out)
	}
	demo := exec.Command(binary, "demo", "--listen", "127.0.0.1:0", "--store", "file:"+filepath.Join(folder, "demo.db"))
	stdout, err := demo.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := demo.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = demo.Process.Signal(os.Interrupt)
		done := make(chan error, 1)
		go func() { done <- demo.Wait() }()
		select {
		case err := <-done:
			if err != nil {
				t.Errorf("the demo ends with %v after Ctrl-C", err)
			}
		case <-time.After(atMost):
			_ = demo.Process.Kill()
			t.Error("the demo goes on after Ctrl-C")
		}
	})
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if address := lines.Text(); strings.HasPrefix(address, "http://") {
			go func() { // keep the pipe empty
				for lines.Scan() {
				}
			}()
			return address
		}
	}
	t.Fatal("the demo prints no address")
	return ""
}
