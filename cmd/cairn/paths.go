package main

import (
	"fmt"
	"strings"

	"github.com/cairn-security/cairn/analysis"
	"github.com/cairn-security/cairn/analysis/report"
	"github.com/cairn-security/cairn/analysis/technique"
	"github.com/cairn-security/cairn/graph"
)

// startFlags say where paths start and end.
type startFlags struct {
	From         string   `help:"Start here only: a principal or workload taken as held (${node})." placeholder:"NODE"`
	AssumeBreach []string `help:"Take a principal or workload as held, beside the usual entry points (${node})." placeholder:"NODE"`
	To           []string `help:"End here only: a datastore or account, critical or not (${node})." placeholder:"NODE"`
	Entry        []string `help:"Entry points to start from, separated by commas: ${entries}; default: all but assume-breach." placeholder:"KIND"`
}

type pathsCommand struct {
	startFlags
	MinRisk  float64  `help:"Leave out families below this risk." placeholder:"N"`
	Top      int      `help:"Print at most this many families." placeholder:"N"`
	Outcome  string   `help:"read, write, destroy or administer." placeholder:"OUTCOME"`
	FailRisk *float64 `help:"Exit 2 when a family has at least this risk." placeholder:"N"`
}

// options turns the flags into options of the analysis.
func (c *startFlags) options(snap *graph.Snapshot, o *analysis.Options) error {
	kinds, err := entries(c.Entry)
	if err != nil {
		return err
	}
	if len(kinds) > 0 {
		o.Entries.Kinds = kinds
	}
	if c.From != "" {
		o.Entries.Kinds = []technique.EntryKind{technique.EntryWorkload}
	}
	for _, arg := range append(c.AssumeBreach, c.From) {
		if arg == "" {
			continue
		}
		ref, err := node(snap, arg, wanted{fits: technique.Breachable})
		if err != nil {
			return err
		}
		if !technique.Breachable(snap.Kind(ref)) {
			return fmt.Errorf("%s (%s) cannot be taken as held: only principals, workloads and the internet can", arg, snap.Kind(ref).Title())
		}
		o.Entries.Breached = append(o.Entries.Breached, ref)
	}
	for _, arg := range c.To {
		ref, err := node(snap, arg, aTarget)
		if err != nil {
			return fmt.Errorf("--to: %w", err)
		}
		o.To = append(o.To, ref)
	}
	return nil
}

func (c *pathsCommand) Run(e *environment) error {
	switch c.Outcome {
	case "", "read", "write", "destroy", "administer":
	default:
		return fmt.Errorf("--outcome %s: want read, write, destroy or administer", c.Outcome)
	}
	if err := atLeastZero("--top", c.Top); err != nil {
		return err
	}
	if err := aRisk("--min-risk", c.MinRisk); err != nil {
		return err
	}
	if c.FailRisk != nil {
		if err := aRisk("--fail-risk", *c.FailRisk); err != nil {
			return err
		}
	}
	r, err := e.analyse(c.options)
	if err != nil {
		return err
	}
	keep := func(f *analysis.Family) bool {
		return f.Score.Risk.Value >= c.MinRisk && (c.Outcome == "" || f.Outcome == c.Outcome)
	}
	if e.globals.JSON {
		if err := e.tryFixes(r); err != nil {
			return err
		}
		doc, err := report.PathsOf(e.ctx, r, report.PathsOptions{Keep: keep, Top: c.Top, Fixes: true})
		if err != nil {
			return err
		}
		if err := e.writeJSON(doc); err != nil {
			return err
		}
	} else if err := e.printPaths(r, keep, c.Top); err != nil {
		return err
	}
	if c.FailRisk != nil {
		for _, f := range r.Families {
			if keep(f) && f.Score.Risk.Value >= *c.FailRisk {
				return errOver
			}
		}
	}
	return nil
}

// printPaths prints the families as a table, with the answer in words first.
func (e *environment) printPaths(r *analysis.Result, keep func(*analysis.Family) bool, top int) error {
	fmt.Fprintln(e.stdout, headline(r))
	var rows [][]string
	for _, f := range r.Families {
		if keep != nil && !keep(f) {
			continue
		}
		if top > 0 && len(rows) == top {
			break
		}
		risk := fmt.Sprintf("%.0f", f.Score.Risk.Value)
		if f.Status.String() == "unknown" {
			risk = fmt.Sprintf("?-%.0f", f.Score.Risk.Upper)
		}
		rows = append(rows, []string{f.ID, risk, f.Score.Level, f.Status.String(), fmt.Sprint(len(f.Paths)), f.Title})
	}
	if err := e.table("FAMILY\tRISK\tLEVEL\tSTATUS\tPATHS\tPATH", rows); err != nil {
		return err
	}
	if r.Truncated {
		fmt.Fprintln(e.stdout, "The search stopped early: there may be more paths.")
	}
	if len(rows) > 0 {
		fmt.Fprintln(e.stdout, "Likelihoods are assumed priors; scores are not calibrated to incidents. cairn explain FAMILY shows the evidence.")
	}
	return nil
}

// entryHelp lists the kinds of entry points.
func entryHelp() string {
	var list []string
	for _, k := range technique.AllEntries() {
		list = append(list, string(k))
	}
	return strings.Join(list, ", ")
}

// startsOf says where the paths of a run start.
func startsOf(r *analysis.Result) string {
	var held []string
	for _, ref := range r.Options.Entries.Breached {
		held = append(held, r.Snap.Node(ref).Name)
	}
	kinds := r.Options.Entries.Kinds
	switch {
	case len(held) > 0 && len(kinds) == 1 && kinds[0] == technique.EntryWorkload:
		return strings.Join(held, " and ")
	case len(held) > 0:
		return "outside or " + strings.Join(held, " and ")
	}
	return "outside"
}

// headline is the answer in one or two sentences.
func headline(r *analysis.Result) string {
	total := r.Counts.Reached + r.Counts.Unknown + r.Counts.NoPathSeen
	if total == 0 {
		return "No critical asset is known: nothing was found, marked or named as sensitive. cairn mark NODE --label LABEL names one."
	}
	var b strings.Builder
	if r.Counts.Reached == 0 {
		fmt.Fprintf(&b, "No path to any of %d critical assets was seen", total)
	} else {
		fmt.Fprintf(&b, "%d of %d critical assets can be reached from %s", r.Counts.Reached, total, startsOf(r))
	}
	if r.Counts.Unknown > 0 {
		fmt.Fprintf(&b, "; for %d it is unknown, since something was not read", r.Counts.Unknown)
	}
	b.WriteString(".")
	gaps := 0
	for _, g := range r.Snap.Gaps() {
		if g.Refused() {
			gaps++
		}
	}
	if gaps > 0 {
		fmt.Fprintf(&b, " %d reads were refused (cairn coverage).", gaps)
	}
	return b.String()
}
