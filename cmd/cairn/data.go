package main

import (
	"encoding/json"
	"fmt"
	"os/user"
	"strings"
	"time"

	"github.com/cairn-security/cairn/analysis/report"
	"github.com/cairn-security/cairn/analysis/sensitivity"
	"github.com/cairn-security/cairn/graph"
)

type dataCommand struct {
	Node string `arg:"" optional:"" help:"One datastore in full: ${node}."`
	All  bool   `help:"In the table, also datastores without a label that nobody reaches."`
}

func (c *dataCommand) Run(e *environment) error {
	r, err := e.analyse(nil)
	if err != nil {
		return err
	}
	only := graph.NoRef
	if c.Node != "" {
		if only, err = node(r.Snap, c.Node, aDatastore); err != nil {
			return err
		}
	}
	doc := report.DataOf(r, only)
	if e.globals.JSON {
		return e.writeJSON(doc)
	}
	var rows [][]string
	plain := 0
	for _, d := range doc.Datastores {
		if !c.All && only == graph.NoRef && d.Label == nil && (d.Exposure == "none" || d.Exposure == "internal") {
			plain++
			continue
		}
		var types []string
		for _, t := range d.Types {
			types = append(types, t.Type)
		}
		rows = append(rows, []string{d.Node.Name, d.Node.Kind, orDash(d.Label), d.Source, d.Exposure, d.Encryption.AtRest, number(d.Access.Read), d.Answer, strings.Join(types, ",")})
	}
	if len(rows) == 0 && plain == 0 {
		fmt.Fprintln(e.stdout, "No datastore was found.")
	}
	if err := e.table("DATASTORE\tKIND\tLABEL\tKNOWN BY\tEXPOSURE\tENCRYPTION\tREADERS\tFROM OUTSIDE\tTYPES", rows); err != nil {
		return err
	}
	if plain > 0 {
		fmt.Fprintf(e.stdout, "%s without a label that nobody outside reaches (--all lists them)\n", plural(plain, "more datastore"))
	}
	if only != graph.NoRef {
		e.printSamples(doc)
	}
	return nil
}

func (e *environment) printSamples(doc *report.Data) {
	for _, d := range doc.Datastores {
		fmt.Fprintf(e.stdout, "\n%s\nlabel rests on: %s\n", d.Node.ID, d.Because)
	}
	for _, s := range doc.Sampled {
		fmt.Fprintf(e.stdout, "  %s %s: %s\n", s.Object, s.Location, strings.Join(s.Types, ", "))
	}
}

func orDash(s *string) string {
	if s == nil {
		return "-"
	}
	return *s
}

func number(n *int) string {
	if n == nil {
		return "?"
	}
	return fmt.Sprint(*n)
}

type markCommand struct {
	Node     string `arg:"" help:"Datastore to mark: ${node}."`
	Label    string `help:"Label to give it." xor:"what" placeholder:"LABEL"`
	Critical bool   `help:"Make it a critical asset whatever its label." xor:"what"`
	Clear    bool   `help:"Take the mark back." xor:"what"`
}

func (c *markCommand) Run(e *environment) error {
	set, err := e.settings()
	if err != nil {
		return err
	}
	mark := sensitivity.Mark{Label: c.Label, Clear: c.Clear}
	switch {
	case c.Label != "":
		if set.Labels.Rank(c.Label) < 0 {
			return fmt.Errorf("no label is called %q; the settings have %s", c.Label, strings.Join(set.Labels, ", "))
		}
	case c.Critical:
		mark.Critical = &c.Critical
	case !c.Clear:
		return fmt.Errorf("say what to mark it as: --label LABEL, --critical or --clear")
	}
	store, err := e.open()
	if err != nil {
		return err
	}
	defer store.Close()
	snap, err := e.snapshot(store)
	if err != nil {
		return err
	}
	ref, err := node(snap, c.Node, aDatastore)
	if err != nil {
		return err
	}
	n := snap.Node(ref)
	body, err := json.Marshal(mark)
	if err != nil {
		return err
	}
	entry := graph.LedgerEntry{At: time.Now().UTC(), Actor: actor(), Kind: sensitivity.LedgerKind, Subject: n.ID, Body: body}
	if entry.Revision, err = store.Append(e.ctx, entry); err != nil {
		return err
	}
	if e.globals.JSON {
		return e.writeJSON(struct {
			Schema   string           `json:"schema"`
			Node     report.Node      `json:"node"`
			Mark     sensitivity.Mark `json:"mark"`
			Revision uint64           `json:"revision"`
		}{"cairn.mark/v1", report.NodeOf(snap, ref), mark, entry.Revision})
	}
	fmt.Fprintf(e.stdout, "%s is marked; the mark is kept over rescans.\n", n.ID)
	return nil
}

// actor is who makes an entry of the ledger.
func actor() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return "unknown"
}
