// Command cairn-aws is the AWS collector: it holds the cloud credentials, reads
// accounts through read-only calls, samples and classifies objects where that is
// granted, and writes a bundle that cairn imports. It analyses nothing.
//
// It ends with 0 when a bundle was written, gaps or an interruption included,
// and with 1 when the command line is wrong or nothing usable could be read.
//
// The first interrupt (Ctrl-C) ends the run early: the bundle is finished, and
// what was not asked is in it as gaps. The second one ends the process; what was
// read stays in the journal beside the bundle. Either way --resume goes on.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// oneInterrupt is how long signals count as one. A terminal interrupts cairn and
// its collector at once, and cairn hands the signal on.
const oneInterrupt = time.Second

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, func() {
		time.Sleep(oneInterrupt)
		stop() // the second signal has its usual effect
	})
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the command without the process around it.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var c command
	flags := c.flags()
	if err := parse(flags, args); err != nil {
		fmt.Fprintln(stderr, "cairn-aws:", err)
		return 1
	}
	switch {
	case c.Help:
		printHelp(stdout, "Reads AWS accounts, read-only, and writes a bundle for cairn.", flags)
		return 0
	case c.Version:
		fmt.Fprintln(stdout, version())
		return 0
	}
	if err := c.run(ctx, stdout, stderr); err != nil {
		if errors.Is(err, context.Canceled) {
			err = errors.New("interrupted before anything was read")
		}
		fmt.Fprintln(stderr, "cairn-aws:", err)
		return 1
	}
	return 0
}
