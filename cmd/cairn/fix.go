package main

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/cairn-security/cairn/analysis"
	"github.com/cairn-security/cairn/analysis/report"
	"github.com/cairn-security/cairn/graph"
)

type fixCommand struct {
	Target string `help:"Only fixes that close paths to this datastore or account (${node})." placeholder:"NODE"`
	Budget int    `help:"Leave out fixes of more effort (1 to 5)." placeholder:"N"`
	Top    int    `help:"Print at most this many; default: 20 in the table, all with --json." placeholder:"N"`
}

// usualFixes is how many fixes the table shows.
const usualFixes = 20

func (c *fixCommand) Run(e *environment) error {
	for flag, n := range map[string]int{"--top": c.Top, "--budget": c.Budget} {
		if err := atLeastZero(flag, n); err != nil {
			return err
		}
	}
	r, err := e.analyse(nil)
	if err != nil {
		return err
	}
	var keep func(*analysis.Family) bool
	if c.Target != "" {
		ref, err := node(r.Snap, c.Target, aTarget)
		if err != nil {
			return fmt.Errorf("--target: %w", err)
		}
		keep = func(f *analysis.Family) bool { return f.Node == ref || holds(f.Behind, ref) }
	}
	if err := e.tryFixes(r); err != nil {
		return err
	}
	doc, err := report.PlanOf(e.ctx, r, keep, c.Budget)
	if err != nil {
		return err
	}
	if e.globals.JSON {
		if c.Top > 0 {
			doc.Fixes = doc.Fixes[:min(len(doc.Fixes), c.Top)]
		}
		return e.writeJSON(doc)
	}
	top := cmp.Or(c.Top, usualFixes)
	fmt.Fprintln(e.stdout, headline(r))
	var rows [][]string
	for i, f := range doc.Fixes {
		if i == top {
			break
		}
		opens := ""
		if f.Opens > 0 {
			opens = fmt.Sprintf(" OPENS %d", f.Opens)
		}
		rows = append(rows, []string{f.ID, fmt.Sprintf("%.0f", f.RiskRemoved[1]), fmt.Sprint(f.Closes), fmt.Sprint(f.Effort), fmt.Sprint(f.ReachedAfter), f.Title + opens})
	}
	if len(rows) == 0 {
		fmt.Fprintln(e.stdout, "No single change known to cairn removes risk.")
		return nil
	}
	if err := e.table("FIX\tRISK REMOVED\tCLOSES\tEFFORT\tREACHED AFTER\tCHANGE", rows); err != nil {
		return err
	}
	if n := len(doc.Unclosable); n > 0 {
		fmt.Fprintf(e.stdout, "%d families are closed by no single change: %s\n", n, strings.Join(unclosable(doc), ", "))
	}
	return nil
}

func unclosable(doc *report.Plan) []string {
	var ids []string
	for _, u := range doc.Unclosable {
		ids = append(ids, u.Path)
	}
	return ids
}

func holds(list []graph.Ref, ref graph.Ref) bool {
	for _, x := range list {
		if x == ref {
			return true
		}
	}
	return false
}
