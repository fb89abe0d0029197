package boltstore

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// A writer leaves a note beside the file while it holds it: process, time and
// command. It is for people who wait; the lock itself is the operating
// system's and ends with the process, so a note left behind does no harm.

func (s *Store) notePath() string { return s.path + ".holder" }

func (s *Store) announce() {
	note := fmt.Sprintf("%d\n%s\n%s\n", os.Getpid(), time.Now().UTC().Format(time.RFC3339), command(os.Args))
	// Without the note a waiting process names nobody; nothing else depends on it.
	_ = os.WriteFile(s.notePath(), []byte(note), 0o600)
}

func (s *Store) retract() { _ = os.Remove(s.notePath()) }

// command is the program and its subcommand: what follows the first flag may
// be private.
func command(args []string) string {
	words := []string{filepath.Base(args[0])}
	for _, a := range args[1:min(len(args), 4)] {
		if strings.HasPrefix(a, "-") {
			break
		}
		words = append(words, a)
	}
	return strings.Join(words, " ")
}

// holder names the process that holds the file, as well as it is known.
func (s *Store) holder() string {
	note, err := os.ReadFile(s.notePath())
	fields := strings.SplitN(string(note), "\n", 4)
	if err != nil || len(fields) < 3 {
		return "another process"
	}
	pid, err := strconv.Atoi(fields[0])
	if err != nil || !alive(pid) {
		return "another process"
	}
	return fmt.Sprintf("process %d (%s) since %s", pid, fields[2], fields[1])
}

func alive(pid int) bool {
	p, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	err = p.Signal(syscall.Signal(0))
	return err == nil || !strings.Contains(err.Error(), "finished")
}
