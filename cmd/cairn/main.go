// Command cairn finds how somebody could get from outside to sensitive data in
// a cloud estate, and the smallest change that stops it.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// Exit codes are part of the contract with scripts.
const (
	exitDone  = 0
	exitError = 1 // the command line is wrong or nothing usable could be read
	exitOver  = 2 // a threshold was passed
)

// errOver is returned by a command that has printed its result and found it
// over the threshold it was given.
var errOver = errors.New("over the threshold")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is the whole program: it is what tests call.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	var cli commandLine
	exited := -1
	parser, err := kong.New(&cli, kong.Name("cairn"), kong.Description(description), kong.Writers(stdout, stderr), kong.UsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}), kong.Exit(func(code int) { exited = code }),
		kong.Vars{"formats": importFormats(), "node": nodeHelp, "entries": entryHelp()})
	if err != nil {
		fmt.Fprintln(stderr, "cairn:", err)
		return exitError
	}
	args = readable(args)
	command, err := parser.Parse(args)
	if exited >= 0 {
		return exited // help was asked for and printed
	}
	if err != nil {
		fmt.Fprintln(stderr, "cairn:", misread(err, args))
		return exitError
	}
	out := &keptError{w: stdout}
	env := &environment{ctx: ctx, stdin: &interruptible{ctx: ctx, in: stdin}, stdout: out, stderr: &lineWriter{w: stderr}, globals: cli.Globals}
	err = command.Run(env)
	if err == nil || errors.Is(err, errOver) {
		err = cmp.Or(out.err, err)
	}
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errOver):
		return exitOver
	case ctx.Err() != nil:
		fmt.Fprintln(stderr, "cairn: stopped")
		return exitError
	case errors.Is(err, errTold):
		return exitError
	default:
		fmt.Fprintln(stderr, "cairn:", err)
		return exitError
	}
}

const description = "How could someone get from outside to our sensitive data, and what is the smallest change that stops it?"

// Globals are flags of every command, before or after its name.
type Globals struct {
	Store    string `help:"Where snapshots are kept: file:PATH or neo4j://HOST:7687. Default: a file in the user's data folder." env:"CAIRN_STORE" placeholder:"URL"`
	Snapshot string `help:"Snapshot to ask; default: the latest." placeholder:"ID"`
	JSON     bool   `name:"json" help:"Print one JSON document."`
	Quiet    bool   `short:"q" help:"No progress on standard error."`
	NoColor  bool   `help:"No colour (NO_COLOR does the same). Output has none yet."`
	Config   string `help:"Settings file." env:"CAIRN_CONFIG" placeholder:"FILE"`
}

// commandLine is every command, in the order help lists them.
type commandLine struct {
	Globals `embed:""`

	Demo demoCommand `cmd:"" help:"Analyse the sample company, print its top paths, serve the interface."`

	Scan   scanCommand   `cmd:"" help:"Collect a cloud estate, then analyse it."`
	Import importCommand `cmd:"" help:"Analyse what was collected elsewhere (${formats})."`
	Policy policyCommand `cmd:"" help:"Print the read-only policy and role template for scanning."`

	Paths   pathsCommand   `cmd:"" help:"Ranked attack path families."`
	Explain explainCommand `cmd:"" help:"One path or family in full, with evidence."`
	Blast   blastCommand   `cmd:"" help:"What a node leads to, or who gets there."`
	Choke   chokeCommand   `cmd:"" help:"Elements that paths pass through."`
	Fix     fixCommand     `cmd:"" help:"Single changes ranked by the risk they remove, each proved by deriving again."`

	Data       dataCommand       `cmd:"" help:"Datastores, what is in them and who gets at it."`
	Mark       markCommand       `cmd:"" help:"Label a datastore by hand."`
	Findings   findingsCommand   `cmd:"" help:"What lies open or breaks a posture rule."`
	Coverage   coverageCommand   `cmd:"" help:"What was read and what was not."`
	Principals principalsCommand `cmd:"" help:"Who is, or can become, administrator."`

	Can     canCommand     `cmd:"" help:"May a principal do something to a resource?"`
	WhoCan  whoCanCommand  `cmd:"" name:"who-can" help:"Who may do something to a resource?"`
	Reach   reachCommand   `cmd:"" help:"Do packets get from one place to another?"`
	Exposed exposedCommand `cmd:"" help:"What can be reached from the internet, on which ports."`

	Simulate simulateCommand `cmd:"" help:"Decide policy cases from a file, one JSON object per line."`
	Classify classifyCommand `cmd:"" help:"Find sensitive information in files."`

	Snapshots snapshotsCommand `cmd:"" help:"List, show, delete and prune snapshots."`
	Serve     serveCommand     `cmd:"" help:"Serve the interface and the GraphQL API."`
	Settings  settingsCommand  `cmd:"" help:"Check a settings file."`
	Version   versionCommand   `cmd:"" help:"Print the version."`
}
