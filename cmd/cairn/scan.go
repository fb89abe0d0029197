package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/cairn-security/cairn/ingest"
)

// collector is the executable that holds cloud credentials and writes bundles.
const collector = "cairn-aws"

type scanCommand struct {
	AWS scanAWSCommand `cmd:"" name:"aws" help:"Collect AWS accounts with cairn-aws, then analyse them."`
}

type scanAWSCommand struct {
	Profile     string   `help:"Profile of the AWS configuration files." placeholder:"P"`
	Regions     []string `help:"Regions to read; default: all enabled." placeholder:"a,b"`
	Accounts    []string `help:"Accounts to read through --role-name." placeholder:"ID,ID"`
	Org         bool     `help:"Every account of the organization, through --role-name."`
	RoleName    string   `help:"Role to assume in each account." placeholder:"NAME"`
	ExternalID  string   `name:"external-id" help:"External id the role asks for." placeholder:"X"`
	EndpointURL string   `name:"endpoint-url" env:"AWS_ENDPOINT_URL" help:"Endpoint in place of AWS." placeholder:"URL"`

	NoData        bool   `help:"Read no content: no sampling, no user data."`
	SampleBudget  string `help:"Bytes to sample from one account." placeholder:"1GiB"`
	SampleObjects int    `help:"Objects to sample from one bucket." placeholder:"N"`
	Record        string `help:"Keep a copy of the bundle in this folder." type:"path" placeholder:"DIR"`
	HashKey       string `help:"Key file that hashes secrets." type:"path" placeholder:"FILE"`

	Add    *string `help:"Lay it over the latest snapshot, or over --add=SNAPSHOT." placeholder:"SNAPSHOT"`
	DryRun bool    `help:"Say who would read what and about how many calls; read nothing else."`
	Resume bool    `help:"Go on with an interrupted scan into the same --record folder."`
}

func (c *scanAWSCommand) Run(e *environment) error {
	path, err := findCollector()
	if err != nil {
		return err
	}
	if c.Resume && c.Record == "" {
		return errors.New("--resume needs the --record folder of the scan that was interrupted")
	}
	if c.DryRun {
		return e.dryRun(path, c.arguments(""))
	}
	folder := c.Record
	if folder == "" {
		if folder, err = os.MkdirTemp("", "cairn-scan-"); err != nil {
			return err
		}
		defer os.RemoveAll(folder)
		folder = filepath.Join(folder, "bundle")
	}
	started := time.Now()
	if err := e.collect(path, c.arguments(folder), io.Discard); err != nil {
		return err
	}
	if err := e.ctx.Err(); err != nil {
		if c.Record != "" {
			fmt.Fprintf(e.stderr, "interrupted; what was read is in %s: cairn import takes it as it is, --resume goes on\n", c.Record)
		}
		return err
	}
	collected := time.Since(started)
	source, err := ingest.OpenBundle(folder)
	if err != nil {
		return err
	}
	defer source.Close()
	return e.ingest(source, c.Add, c.HashKey, collected)
}

// dryRun hands the collector's own answer on.
func (e *environment) dryRun(path string, args []string) error {
	args = append(args, "--dry-run")
	if e.globals.JSON {
		args = append(args, "--json")
	}
	return e.collect(path, args, e.stdout)
}

// errTold is the end of a command that has said on standard error why it ends.
var errTold = errors.New("the collector has said what is wrong")

// collect runs the collector; its progress goes to standard error. On Ctrl-C it
// gets the signal too and finishes its bundle.
func (e *environment) collect(path string, args []string, stdout io.Writer) error {
	if e.globals.Quiet {
		args = append(args, "--quiet")
	}
	if e.globals.Config != "" {
		args = append(args, "--config", e.globals.Config)
	}
	cmd := exec.CommandContext(e.ctx, path, args...)
	cmd.Stdout, cmd.Stderr = stdout, e.stderr
	cmd.Cancel = func() error {
		if err := cmd.Process.Signal(os.Interrupt); err != nil {
			return err
		}
		return os.ErrProcessDone // a collector that ends well then ended well
	}
	cmd.WaitDelay = 30 * time.Second
	err := cmd.Run()
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		return errTold
	}
	return err
}

func (c *scanAWSCommand) arguments(out string) []string {
	var args []string
	add := func(flag, value string) {
		if value != "" {
			args = append(args, flag, value)
		}
	}
	flag := func(name string, on bool) {
		if on {
			args = append(args, name)
		}
	}
	add("--profile", c.Profile)
	add("--regions", strings.Join(c.Regions, ","))
	add("--accounts", strings.Join(c.Accounts, ","))
	flag("--org", c.Org)
	add("--role-name", c.RoleName)
	add("--external-id", c.ExternalID)
	add("--endpoint-url", c.EndpointURL)
	flag("--no-data", c.NoData)
	add("--sample-budget", c.SampleBudget)
	if c.SampleObjects > 0 {
		add("--sample-objects", strconv.Itoa(c.SampleObjects))
	}
	add("--hash-key", c.HashKey)
	flag("--resume", c.Resume)
	add("--out", out)
	return args
}

// findCollector looks beside this executable and on PATH.
func findCollector() (string, error) {
	name := collector
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	if self, err := os.Executable(); err == nil {
		beside := filepath.Join(filepath.Dir(self), name)
		if info, err := os.Stat(beside); err == nil && !info.IsDir() {
			return beside, nil
		}
	}
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	return "", fmt.Errorf("the collector %s is neither beside cairn nor on PATH; build it with: go build -o . ./cmd/%s", name, collector)
}
