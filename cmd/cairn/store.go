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
		return neo4jstore.Open(ctx, neo4jstore.Config{URL: url, User: os.Getenv("NEO4J_USER"), Password: os.Getenv("NEO4J_PASSWORD")})
	}
	return nil, fmt.Errorf("store %q: want file:PATH or neo4j://HOST:7687", url)
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
