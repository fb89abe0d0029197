package main

import (
	"fmt"
	"strings"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/permission"
	"github.com/cairn-security/cairn/analysis/report"
	"github.com/cairn-security/cairn/graph"
)

// question opens the permission engine on the snapshot asked for.
func (e *environment) question() (*graph.Snapshot, *permission.Engine, error) {
	snap, _, err := e.load()
	if err != nil {
		return nil, nil, err
	}
	engine, err := permission.New(e.ctx, snap, permission.Options{})
	return snap, engine, err
}

// resource is what a person names: *, an ARN of anything, or a node.
func resource(snap *graph.Snapshot, arg string) (permission.Resource, error) {
	if arg == "*" {
		return permission.OnAccount(), nil
	}
	ref, err := node(snap, arg, anyNode)
	switch {
	case err == nil:
		return permission.OnNode(ref), nil
	case strings.HasPrefix(arg, "arn:"):
		return permission.OnARN(arg), nil
	}
	return permission.Resource{}, err
}

func checkAction(action string) error {
	service, name, ok := strings.Cut(action, ":")
	if !ok || service == "" || name == "" || strings.ContainsAny(action, "*? ") {
		return fmt.Errorf("action %q: want one action such as s3:GetObject", action)
	}
	return nil
}

type canCommand struct {
	Principal string `arg:"" help:"User, role or account (${node}), session ARN, anonymous, any-aws-principal or service:HOST."`
	Action    string `arg:"" help:"One action, such as s3:GetObject."`
	Resource  string `arg:"" help:"Node (${node}), any ARN, or * for actions that take no resource."`
}

func (c *canCommand) Run(e *environment) error {
	if err := checkAction(c.Action); err != nil {
		return err
	}
	snap, engine, err := e.question()
	if err != nil {
		return err
	}
	on, err := resource(snap, c.Resource)
	if err != nil {
		return err
	}
	var d *attack.Decision
	var door graph.Ref
	var asker report.Node
	who, err := node(snap, c.Principal, anAsker)
	if stranger, ok := engine.Stranger(c.Principal); err != nil && ok {
		asker = report.Described(stranger.Node)
		d, door = engine.StrangerCan(stranger, c.Action, on, permission.Given{})
	} else if err != nil {
		return err
	} else {
		asker = report.NodeOf(snap, who)
		d, door = engine.CanByAnyDoor(who, c.Action, on, permission.Given{})
	}
	doc := report.DecisionOf(snap, report.NewDocuments(snap), asker, c.Action, c.Resource, d, door)
	if e.globals.JSON {
		return e.writeJSON(doc)
	}
	e.printDecision(doc)
	return nil
}

func (e *environment) printDecision(d *report.Decision) {
	w := e.stdout
	word := map[string]string{"allow": "Yes", "deny": "No", "conditional": "Under conditions", "unknown": "Unknown"}[d.Decision]
	through := ""
	if d.Door != nil {
		through = " through the access point " + d.Door.Name
	}
	fmt.Fprintf(w, "%s: %s %s %s%s.\n", word, d.Principal.Name, d.Action, d.Resource, through)
	for _, alternative := range d.Conditions {
		var parts []string
		for _, c := range alternative {
			not := ""
			if c.Negated {
				not = "not "
			}
			parts = append(parts, not+c.Key+" "+c.Operator+" "+strings.Join(c.Values, ", "))
		}
		fmt.Fprintf(w, "  if %s\n", strings.Join(parts, " and "))
	}
	for _, r := range d.Reasons {
		sid := ""
		if r.Sid != nil {
			sid = " " + *r.Sid
		}
		fmt.Fprintf(w, "  %s by the %s of %s%s (%s)\n", r.Effect, r.Policy, r.Node.Name, sid, r.Pointer)
	}
	for _, m := range d.Missing {
		fmt.Fprintf(w, "  missing: %s\n", m)
	}
	for _, g := range d.Gaps {
		fmt.Fprintf(w, "  not read: %s\n", g)
	}
	for _, a := range d.Assumptions {
		fmt.Fprintf(w, "  assumed: %s\n", a)
	}
}

type whoCanCommand struct {
	Action   string `arg:"" help:"One action, such as s3:GetObject."`
	Resource string `arg:"" help:"Node (${node}), any ARN, or * for actions that take no resource."`
}

func (c *whoCanCommand) Run(e *environment) error {
	if err := checkAction(c.Action); err != nil {
		return err
	}
	snap, engine, err := e.question()
	if err != nil {
		return err
	}
	on, err := resource(snap, c.Resource)
	if err != nil {
		return err
	}
	who, everyone := engine.WhoCanByAnyDoor(c.Action, on, permission.Given{}, nil)
	doc := report.WhoCanOf(snap, report.NewDocuments(snap), c.Action, c.Resource, who, everyone)
	if e.globals.JSON {
		return e.writeJSON(doc)
	}
	if everyone {
		fmt.Fprintln(e.stdout, "Everyone.")
	}
	var rows [][]string
	for _, p := range doc.Principals {
		var by []string
		for _, r := range p.Reasons {
			by = append(by, r.Policy)
		}
		because := strings.Join(by, ", ")
		if p.Door != nil {
			because = "access point " + p.Door.Name + ": " + because
		}
		rows = append(rows, []string{p.Node.Name, p.Node.Kind, orDash(p.Node.Account), p.Decision, because})
	}
	if len(rows) == 0 && !everyone {
		fmt.Fprintln(e.stdout, "Nobody, as far as was read.")
	}
	return e.table("PRINCIPAL\tKIND\tACCOUNT\tDECISION\tBY", rows)
}
