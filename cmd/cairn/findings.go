package main

import (
	"fmt"
	"sort"
	"strings"

	"github.com/cairn-security/cairn/analysis/report"
	"github.com/cairn-security/cairn/graph"
)

type findingsCommand struct {
	All    bool   `help:"Passes as well."`
	Format string `help:"Not there yet: sarif, ocsf and csv." placeholder:"FORMAT"`
}

func (c *findingsCommand) Run(e *environment) error {
	if c.Format != "" {
		return fmt.Errorf("--format %s is not there yet; --json is", c.Format)
	}
	r, err := e.analyse(nil)
	if err != nil {
		return err
	}
	doc := report.FindingsOf(r, c.All)
	if e.globals.JSON {
		return e.writeJSON(doc)
	}
	var rows [][]string
	for _, f := range doc.Findings {
		rows = append(rows, []string{fmt.Sprint(f.Priority), f.Severity, f.Status, f.Rule, orDash(f.Label), fmt.Sprint(f.OnPaths), f.Title})
	}
	if len(rows) == 0 {
		fmt.Fprintln(e.stdout, "No rule failed and none was unknown.")
	}
	return e.table("PRIORITY\tSEVERITY\tSTATUS\tRULE\tLABEL\tON PATHS\tFINDING", rows)
}

type coverageCommand struct{}

func (c *coverageCommand) Run(e *environment) error {
	r, err := e.analyse(nil)
	if err != nil {
		return err
	}
	doc := report.CoverageOf(r)
	if e.globals.JSON {
		return e.writeJSON(doc)
	}
	var tasks []string
	for outcome, n := range doc.Tasks {
		tasks = append(tasks, fmt.Sprintf("%s %d", outcome, n))
	}
	sort.Strings(tasks)
	fmt.Fprintf(e.stdout, "reads: %s\n", strings.Join(tasks, ", "))
	var refused, missing [][]string
	for _, g := range doc.Gaps {
		row := []string{string(g.Outcome), orStar(g.Account), orStar(g.Region), g.Service + " " + g.Operation, fmt.Sprint(len(g.Affects)), g.Detail}
		if g.Outcome == graph.OutcomeNotCollected {
			missing = append(missing, row)
		} else {
			refused = append(refused, row)
		}
	}
	if len(refused) > 0 {
		fmt.Fprintln(e.stdout, "\nAsked for and not answered: what depends on it is unknown.")
	}
	if err := e.table("OUTCOME\tACCOUNT\tREGION\tREAD\tAFFECTS\tDETAIL", refused); err != nil {
		return err
	}
	if len(missing) > 0 {
		fmt.Fprintln(e.stdout, "\nNo part of the source: a named default is taken instead.")
	}
	return e.table("OUTCOME\tACCOUNT\tREGION\tREAD\tAFFECTS\tDEFAULT", missing)
}

func orStar(s string) string {
	if s == "" {
		return "*"
	}
	return s
}

type principalsCommand struct{}

func (c *principalsCommand) Run(e *environment) error {
	r, err := e.analyse(nil)
	if err != nil {
		return err
	}
	doc, err := report.PrincipalsOf(e.ctx, r)
	if err != nil {
		return err
	}
	if e.globals.JSON {
		return e.writeJSON(doc)
	}
	var rows [][]string
	for _, p := range doc.Principals {
		climbs := "no"
		if p.Escalation != nil {
			climbs = fmt.Sprintf("%d hops, %s: %s", p.Escalation.Hops, p.Escalation.Status.Status, strings.Join(p.Escalation.Via, " > "))
		}
		rows = append(rows, []string{p.Node.Name, p.Node.Kind, orDash(p.Node.Account), p.AdministratorStatus, climbs})
	}
	if len(rows) == 0 {
		fmt.Fprintln(e.stdout, "No user and no role was found.")
	}
	return e.table("PRINCIPAL\tKIND\tACCOUNT\tADMINISTRATOR\tESCALATES", rows)
}
