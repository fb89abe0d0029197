package graphtest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/cairn-security/cairn/graph"
)

// Format prints a snapshot in the text form that [Parse] reads. Gaps are
// printed as gap lines; their nodes and AFFECTS edges follow from those.
func Format(s *graph.Snapshot) string {
	var w strings.Builder
	formatMeta(&w, s.Meta())
	for ref := range s.Refs() {
		if !gapNode(s, ref) {
			formatNode(&w, s, ref)
		}
	}
	for ref := range s.Refs() {
		for kind, to := range s.Out(ref) {
			if !gapNode(s, ref) || kind != graph.EdgeAffects {
				fmt.Fprintf(&w, "edge %s %s %s\n", quote(s.Node(ref).ID), kind, quote(s.Node(to).ID))
			}
		}
	}
	for _, g := range s.Gaps() {
		fmt.Fprintf(&w, "gap %s %s", quote(g.ID), quote(string(g.Outcome)))
		fields(&w, "account", g.Account, "region", g.Region, "service", g.Service, "operation", g.Operation, "detail", g.Detail)
		for _, id := range g.Affects {
			fields(&w, "affects", id)
		}
		w.WriteByte('\n')
	}
	return w.String()
}

// gapNode reports whether a node follows from a gap line: it carries nothing
// that the gap does not say.
func gapNode(s *graph.Snapshot, ref graph.Ref) bool {
	if s.Kind(ref) != graph.KindGap || len(s.Props(ref)) > 0 {
		return false
	}
	return slices.ContainsFunc(s.Gaps(), func(g graph.Gap) bool { return g.ID == s.Node(ref).ID })
}

func formatMeta(w *strings.Builder, m graph.Meta) {
	fmt.Fprintf(w, "snapshot %s", quote(m.ID))
	fields(w, "source", m.Source, "taken", moment(m.TakenAt))
	for _, a := range m.Accounts {
		fmt.Fprintf(w, " accounts=%s", quote(a))
	}
	for _, r := range m.Regions {
		fmt.Fprintf(w, " regions=%s", quote(r))
	}
	for _, o := range slices.Sorted(maps.Keys(m.Tasks)) {
		fields(w, "tasks", fmt.Sprintf("%s:%d", o, m.Tasks[o]))
	}
	w.WriteByte('\n')
}

func formatNode(w *strings.Builder, s *graph.Snapshot, ref graph.Ref) {
	n := s.Node(ref)
	fmt.Fprintf(w, "node %s %s", n.Kind, quote(n.ID))
	fields(w, "name", n.Name, "account", n.Account, "region", n.Region)
	w.WriteByte('\n')
	var last graph.Origin
	for _, p := range s.Props(ref) {
		if o := s.Origin(p.Origin); o != last {
			last = o
			w.WriteString("  from")
			fields(w, "source", o.Source, "account", o.Account, "region", o.Region, "service", o.Service,
				"operation", o.Operation, "file", o.File, "read", moment(o.ReadAt))
			if o.Stale {
				fields(w, "stale", "true")
			}
			if o == (graph.Origin{}) {
				fields(w, "stale", "false")
			}
			w.WriteByte('\n')
		}
		key := quote(p.Key)
		if key == "from" {
			key = `"from"`
		}
		fmt.Fprintf(w, "  %s %s\n", key, p.Value)
	}
}

func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// fields prints the pairs whose value is not empty.
func fields(w *strings.Builder, pairs ...string) {
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			fmt.Fprintf(w, " %s=%s", pairs[i], quote(pairs[i+1]))
		}
	}
}
