package main

import (
	"fmt"
	"strings"

	"github.com/cairn-security/cairn/analysis"
	"github.com/cairn-security/cairn/analysis/report"
)

type explainCommand struct {
	Path string `arg:"" help:"Id of a family or path, as cairn paths prints them."`
	startFlags
}

func (c *explainCommand) Run(e *environment) error {
	r, err := e.analyse(c.options)
	if err != nil {
		return err
	}
	family := r.FamilyByID(c.Path)
	if family == nil {
		return fmt.Errorf("no family or path has the id %q in snapshot %s; cairn paths lists them", c.Path, r.Snap.ID())
	}
	if err := e.tryFixes(r); err != nil {
		return err
	}
	doc, err := report.PathsOf(e.ctx, r, report.PathsOptions{Keep: func(f *analysis.Family) bool { return f == family }, AllPaths: true, Fixes: true})
	if err != nil {
		return err
	}
	if e.globals.JSON {
		return e.writeJSON(doc)
	}
	e.printFamily(&doc.Families[0], c.Path)
	return nil
}

func (e *environment) printFamily(f *report.Family, id string) {
	w := e.stdout
	fmt.Fprintf(w, "%s\n\n", f.Title)
	fmt.Fprintf(w, "risk        %.0f (%.0f-%.0f), %s\n", f.Risk, f.RiskInterval[0], f.RiskInterval[1], f.Level)
	fmt.Fprintf(w, "likelihood  %.2f (%.2f-%.2f), %s\n", f.Likelihood.Value, f.Likelihood.Lower, f.Likelihood.Upper, f.Likelihood.Source)
	fmt.Fprintf(w, "status      %s\n", f.Status.Status)
	fmt.Fprintf(w, "paths       %d\n", f.Count)
	for _, b := range f.Behind {
		fmt.Fprintf(w, "behind      %s\n", b.Name)
	}
	for _, path := range f.Paths {
		if len(f.Paths) > 1 && id != f.ID && path.ID != id {
			continue
		}
		fmt.Fprintf(w, "\npath %s, likelihood %.2f\n", path.ID, path.Likelihood.Value)
		for i, s := range path.Steps {
			e.printStep(i+1, &s)
		}
		if id == f.ID {
			if len(f.Paths) > 1 {
				fmt.Fprintf(w, "\n%d more paths differ only by interchangeable nodes; --json has them all.\n", len(f.Paths)-1)
			}
			break
		}
	}
	if len(f.ClosedBy) > 0 {
		fmt.Fprintf(w, "\nclosed by   %s (cairn fix)\n", strings.Join(f.ClosedBy, ", "))
	} else {
		fmt.Fprintln(w, "\nNo single change known to cairn closes the whole family.")
	}
}

func (e *environment) printStep(n int, s *report.Step) {
	w := e.stdout
	fmt.Fprintf(w, "\n%2d. %s", n, s.Title)
	if len(s.Attack) > 0 {
		fmt.Fprintf(w, " [%s]", strings.Join(s.Attack, ", "))
	}
	fmt.Fprintf(w, "\n    %s, %.2f %s, %s\n", s.Name, s.Likelihood.Value, s.Likelihood.Source, s.Status.Status)
	for _, alternative := range s.Conditions {
		var parts []string
		for _, c := range alternative {
			not := ""
			if c.Negated {
				not = "not "
			}
			parts = append(parts, fmt.Sprintf("%s%s %s %s", not, c.Key, c.Operator, strings.Join(c.Values, ", ")))
		}
		fmt.Fprintf(w, "    only if %s\n", strings.Join(parts, " and "))
	}
	for _, g := range s.Gaps {
		fmt.Fprintf(w, "    rests on what was not read: %s\n", g)
	}
	for _, a := range s.Assumptions {
		fmt.Fprintf(w, "    assumed: %s\n", a)
	}
	for _, ev := range s.Evidence {
		place := ev.Node.Name
		if ev.Document != "" && ev.Lines != nil {
			place += fmt.Sprintf(" %s, lines %d-%d", ev.Pointer, ev.Lines[0], ev.Lines[1])
		}
		if ev.Sid != nil {
			place += fmt.Sprintf(" %q", *ev.Sid)
		}
		text, _, _ := strings.Cut(ev.Text, "\n")
		fmt.Fprintf(w, "    - %s: %s\n      %s", ev.Policy, text, place)
		if ev.ReadAt != nil {
			fmt.Fprintf(w, " (%s, %s)", ev.Call, ev.ReadAt.Format("2006-01-02 15:04:05"))
		}
		fmt.Fprintln(w)
	}
}
