package main

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/analysis"
	"github.com/cairn-security/cairn/analysis/permission"
	"github.com/cairn-security/cairn/analysis/reach"
	"github.com/cairn-security/cairn/analysis/report"
)

type reachCommand struct {
	From          string `arg:"" help:"Node (${node}), internet, onprem or ip:ADDRESS."`
	To            string `arg:"" help:"Node (${node}), internet, onprem or ip:ADDRESS."`
	Port          int    `help:"Destination port; default: any." placeholder:"P"`
	Protocol      string `help:"tcp, udp, icmp, icmpv6 or a number; default: any." placeholder:"P"`
	SourceAddress string `help:"One source address." placeholder:"ADDRESS"`
	DestAddress   string `help:"One destination address." placeholder:"ADDRESS"`
	SourcePort    int    `help:"One source port." placeholder:"P"`
	ICMP          string `name:"icmp" help:"TYPE or TYPE/CODE." placeholder:"TYPE/CODE"`
	Direction     string `help:"forward: the request only; both: the reply must pass too." enum:"forward,both" default:"both"`
}

func (c *reachCommand) Run(e *environment) error {
	o := reach.Options{Protocol: c.Protocol, Port: c.Port, ICMP: c.ICMP, SourcePort: c.SourcePort, Forward: c.Direction == "forward"}
	var err error
	if c.SourceAddress != "" {
		if o.SourceAddress, err = netip.ParseAddr(c.SourceAddress); err != nil {
			return fmt.Errorf("--source-address: %w", err)
		}
	}
	if c.DestAddress != "" {
		if o.DestAddress, err = netip.ParseAddr(c.DestAddress); err != nil {
			return fmt.Errorf("--dest-address: %w", err)
		}
	}
	snap, _, err := e.load()
	if err != nil {
		return err
	}
	engine, err := permission.New(e.ctx, snap, permission.Options{})
	if err != nil {
		return err
	}
	o.Policy = analysis.AnonymousPolicy(snap, engine)
	estate := reach.FromSnapshot(snap)
	var sides [2]string
	for i, arg := range []string{c.From, c.To} {
		if sides[i], err = estate.Side(snap, arg); err != nil {
			return similar(snap, err)
		}
	}
	answer, err := estate.Query(sides[0], sides[1], o)
	if err != nil {
		return err
	}
	answer.From, answer.To = c.From, c.To // as they were asked for
	doc := report.ReachOf(snap, report.NewDocuments(snap), answer)
	if e.globals.JSON {
		return e.writeJSON(doc)
	}
	e.printReach(doc)
	return nil
}

func (e *environment) printReach(d *report.Reach) {
	w := e.stdout
	fmt.Fprintf(w, "%s: %s to %s\n", d.Verdict, d.From, d.To)
	if d.Service != nil {
		fmt.Fprintf(w, "network %s, service policy %s\n", d.Network.Verdict, d.Service.Verdict)
	}
	for _, r := range d.Ranges {
		fmt.Fprintf(w, "  %s %s from %s\n", r.Protocol, onePort(r.Ports), strings.Join(r.Sources, ", "))
	}
	for i, h := range d.Chain {
		fmt.Fprintf(w, "  %d. %s %s: %s (%s)\n", i+1, h.Kind, h.Element, h.Rule, h.Decision)
	}
	if d.BlockedBy != nil {
		fmt.Fprintf(w, "blocked by %s: %s. %s\n", d.BlockedBy.Element, d.BlockedBy.Rule, d.BlockedBy.Why)
	}
	if d.Opens != nil {
		fmt.Fprintf(w, "it would open by: %s\n", *d.Opens)
	}
	for _, m := range d.Missing {
		fmt.Fprintf(w, "not read: %s\n", m)
	}
	for _, a := range d.Assumptions {
		fmt.Fprintf(w, "assumed: %s\n", a)
	}
}

// exposureOrder has the widest class first; what was not read could be any.
var exposureOrder = []string{"internet", "broad", "partner", "restricted", "unknown", "internal", "none"}

type exposedCommand struct {
	All bool `help:"Endpoints that only the inside reaches, too."`
}

func (c *exposedCommand) Run(e *environment) error {
	r, err := e.analyse(nil)
	if err != nil {
		return err
	}
	doc := report.ExposedOf(r)
	if e.globals.JSON {
		return e.writeJSON(doc)
	}
	slices.SortStableFunc(doc.Endpoints, func(a, b report.Endpoint) int {
		return cmp.Or(cmp.Compare(slices.Index(exposureOrder, a.Class), slices.Index(exposureOrder, b.Class)), cmp.Compare(a.Node.Name, b.Node.Name))
	})
	var rows [][]string
	for _, x := range doc.Endpoints {
		if !c.All && (x.Class == "internal" || x.Class == "none") {
			continue
		}
		var ports, sources []string
		for _, r := range x.Ranges {
			ports = append(ports, strings.TrimSpace(r.Protocol+" "+onePort(r.Ports)))
			sources = append(sources, r.Sources...)
		}
		if len(sources) > 3 {
			sources = append(sources[:3], fmt.Sprintf("+%d", len(sources)-3))
		}
		rows = append(rows, []string{x.Class, x.Layer, x.Node.Name, x.Node.Kind, strings.Join(ports, ", "), strings.Join(sources, " ")})
	}
	if len(rows) == 0 {
		fmt.Fprintln(e.stdout, "Nothing answers from outside, as far as was read.")
	}
	return e.table("CLASS\tLAYER\tENDPOINT\tKIND\tPORTS\tSOURCES", rows)
}

// onePort shortens a range of one port.
func onePort(ports string) string {
	if first, last, ok := strings.Cut(ports, "-"); ok && first == last {
		return first
	}
	return ports
}
