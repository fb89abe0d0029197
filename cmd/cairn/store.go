package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/boltstore"
	"github.com/cairn-security/cairn/graph/neo4jstore"
)

// storeURL is the store that was asked for, or the default.
func (e *environment) storeURL() string {
	if e.globals.Store != "" {
		return e.globals.Store
	}
	return "file:" + filepath.Join(dataFolder(), "cairn.db")
}

// open opens the store by its URL.
func (e *environment) open() (graph.Store, error) { return openStore(e.ctx, e.storeURL()) }

func openStore(ctx context.Context, url string) (graph.Store, error) {
	scheme, rest, ok := strings.Cut(url, ":")
	switch {
	case ok && scheme == "file" && rest != "":
		return boltstore.Open(strings.TrimPrefix(rest, "//"))
	case ok && (strings.HasPrefix(scheme, "neo4j") || strings.HasPrefix(scheme, "bolt")) && strings.HasPrefix(rest, "//"):
		password, err := neo4jPassword()
		if err != nil {
			return nil, err
		}
		return neo4jstore.Open(ctx, neo4jstore.Config{URL: url, User: os.Getenv("NEO4J_USER"), Password: password})
	}
	return nil, fmt.Errorf("store %q: want file:PATH or neo4j://HOST:7687", url)
}

// neo4jPassword is in the environment, or in the file that the environment names.
func neo4jPassword() (string, error) {
	file := os.Getenv("NEO4J_PASSWORD_FILE")
	if file == "" {
		return os.Getenv("NEO4J_PASSWORD"), nil
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("NEO4J_PASSWORD_FILE: %w", err)
	}
	return strings.TrimSpace(string(raw)), nil
}

// dataFolder is where a user's programs keep their data, by the customs of the
// platform (on Linux the XDG base directory specification).
func dataFolder() string {
	home, err := os.UserHomeDir()
	if err != nil {
		home = os.TempDir()
	}
	switch runtime.GOOS {
	case "windows":
		if d := os.Getenv("LocalAppData"); d != "" {
			return filepath.Join(d, "cairn")
		}
	case "darwin":
		return filepath.Join(home, "Library", "Application Support", "cairn")
	}
	if d := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(d) {
		return filepath.Join(d, "cairn")
	}
	return filepath.Join(home, ".local", "share", "cairn")
}
