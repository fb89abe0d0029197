package main

import (
	"cmp"
	"fmt"
	"sort"
	"strings"

	"github.com/cairn-security/cairn/analysis/report"
	"github.com/cairn-security/cairn/graph"
)

type blastCommand struct {
	Node string `arg:"" help:"Node to start from (internet included), or with --to the node to get to: ${node}."`
	To   bool   `help:"The other way round: who gets there."`
}

func (c *blastCommand) Run(e *environment) error {
	r, err := e.analyse(nil)
	if err != nil {
		return err
	}
	ref, err := node(r.Snap, c.Node, anyNode)
	if err != nil {
		return err
	}
	var doc *report.Blast
	if c.To {
		doc, err = report.ExposureOf(e.ctx, r, ref)
	} else {
		doc, err = report.BlastOf(e.ctx, r, ref)
	}
	if err != nil {
		return err
	}
	if e.globals.JSON {
		return e.writeJSON(doc)
	}
	var counts []string
	for kind, n := range doc.Counts {
		counts = append(counts, fmt.Sprintf("%s %d", kind, n))
	}
	sort.Strings(counts)
	if len(counts) == 0 {
		fmt.Fprintf(e.stdout, "%s: nothing was seen.\n", doc.From.Name)
		return nil
	}
	fmt.Fprintf(e.stdout, "%s: %s\n", doc.From.Name, strings.Join(counts, ", "))
	var rows [][]string
	for _, s := range doc.States {
		name := s.Node.Name
		if s.Port != nil {
			name += fmt.Sprintf(":%d", *s.Port)
		}
		rows = append(rows, []string{fmt.Sprint(s.Hops), s.Kind, name, s.Node.Kind, s.Status.Status, fmt.Sprintf("%.2f", s.Likelihood.Value), strings.Join(s.Via, " > ")})
	}
	return e.table("HOPS\tSTATE\tNODE\tKIND\tSTATUS\tLIKELIHOOD\tVIA", rows)
}

type chokeCommand struct {
	To string `help:"Only elements that are mandatory for this datastore or account (${node})." placeholder:"NODE"`
}

func (c *chokeCommand) Run(e *environment) error {
	r, err := e.analyse(nil)
	if err != nil {
		return err
	}
	to := graph.NoRef
	if c.To != "" {
		if to, err = node(r.Snap, c.To, aTarget); err != nil {
			return fmt.Errorf("--to: %w", err)
		}
	}
	doc, err := report.ChokesOf(e.ctx, r, to)
	if err != nil {
		return err
	}
	if e.globals.JSON {
		return e.writeJSON(doc)
	}
	var rows [][]string
	for _, p := range doc.Points {
		name, kind := "", "fact"
		if p.Node != nil {
			name, kind = p.Node.Name, p.Node.Kind
		} else {
			name = p.Fact.Node.Name + " " + cmp.Or(p.Fact.Pointer, p.Fact.Text)
			if p.Fact.Sid != nil {
				name += " " + *p.Fact.Sid
			}
		}
		rows = append(rows, []string{fmt.Sprintf("%.0f", p.RiskRemoved[1]), fmt.Sprint(len(p.Mandatory)), fmt.Sprint(p.Reach), kind, name})
	}
	switch {
	case len(rows) > 0:
	case to != graph.NoRef:
		fmt.Fprintf(e.stdout, "Nothing is on every path to %s.\n", r.Snap.Node(to).Name)
	default:
		fmt.Fprintln(e.stdout, "No path was seen, so nothing stands on one.")
	}
	return e.table("RISK REMOVED\tMANDATORY FOR\tREACH\tKIND\tELEMENT", rows)
}
