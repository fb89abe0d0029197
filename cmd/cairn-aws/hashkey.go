package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// defaultHashKey is where the key lies that hashes secrets: in the user's data
// folder, never in a bundle.
func defaultHashKey() (string, error) {
	dir, err := dataFolder()
	if err != nil {
		return "", fmt.Errorf("no place for the hash key, name one with --hash-key: %w", err)
	}
	return filepath.Join(dir, "cairn", "hash.key"), nil
}

// dataFolder follows the customs of the system; elsewhere the XDG base
// directories (https://specifications.freedesktop.org/basedir-spec/latest/).
func dataFolder() (string, error) {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		return os.UserConfigDir()
	}
	if dir := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return dir, nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(home, ".local", "share"), nil
}
