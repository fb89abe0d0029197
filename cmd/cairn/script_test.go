package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var (
	// binaryFolder holds what is made once per test binary.
	binaryFolder string
	errDemo      = errors.New("the sample company cannot be made")
)

func TestMain(m *testing.M) {
	testscript.Main(once{m}, map[string]func(){
		"cairn": func() { os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// once runs the tests with a folder of their own for data, which goes with them.
type once struct{ *testing.M }

func (o once) Run() int {
	folder, err := os.MkdirTemp("", "cairn-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(folder)
	binaryFolder = folder
	for name, value := range map[string]string{"XDG_DATA_HOME": filepath.Join(folder, "data"), "CAIRN_STORE": "", "CAIRN_CONFIG": "", "NO_COLOR": ""} {
		if err := os.Setenv(name, value); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	return o.M.Run()
}

// TestScripts plays what people type. Each script has a data folder of its own;
// $DEMO is the store of the sample company.
func TestScripts(t *testing.T) {
	demo := demoStore(t)
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Setenv("DEMO", demo)
			env.Setenv("HOME", env.WorkDir)
			env.Setenv("XDG_DATA_HOME", filepath.Join(env.WorkDir, "data"))
			return nil
		},
	})
}
