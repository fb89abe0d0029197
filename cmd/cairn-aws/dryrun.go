package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/cairn-security/cairn/ingest/aws"
)

func (c *command) dryRun(ctx context.Context, o aws.Options, stdout io.Writer) error {
	plan, err := aws.Preflight(ctx, o)
	if err != nil {
		return err
	}
	if c.JSON {
		return writeJSON(stdout, plan)
	}
	w := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "caller\t%s\n", plan.Caller)
	fmt.Fprintf(w, "accounts\t%s\n", strings.Join(plan.Accounts, " "))
	fmt.Fprintf(w, "regions\t%s\n", strings.Join(plan.Regions, " "))
	fmt.Fprintf(w, "calls\tabout %d\n", plan.Calls)
	if plan.Objects != nil {
		fmt.Fprintf(w, "objects\tat most %d sampled\n", *plan.Objects)
	} else {
		fmt.Fprintf(w, "objects\tnone: %s\n", plan.Why["objects"])
	}
	fmt.Fprintf(w, "cost\tat most %.4f %s (%s)\n\n", plan.Cost.Upper, plan.Cost.Currency, plan.Cost.Basis)
	fmt.Fprintln(w, "OPERATION\tOUTCOME\tNEEDS")
	for _, p := range plan.Probes {
		fmt.Fprintf(w, "%s\t%s\t%s\n", p.Operation, p.Outcome, strings.Join(p.Actions, " "))
	}
	return w.Flush()
}
