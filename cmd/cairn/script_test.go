package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"cairn": func() { os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// TestScripts plays what people type. Each script has a data folder of its own;
// $DEMO is the store of the sample company, made once.
func TestScripts(t *testing.T) {
	demo := filepath.Join(t.TempDir(), "demo.db")
	t.Setenv("XDG_DATA_HOME", t.TempDir())
	if code := run(context.Background(), []string{"demo", "--no-serve", "--quiet", "--store", "file:" + demo}, nil, devNull(t), devNull(t)); code != exitDone {
		t.Fatalf("cairn demo exits with %d", code)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Setenv("DEMO", "file:"+demo)
			env.Setenv("HOME", env.WorkDir)
			env.Setenv("XDG_DATA_HOME", filepath.Join(env.WorkDir, "data"))
			return nil
		},
	})
}

func devNull(t *testing.T) *os.File {
	t.Helper()
	f, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}
