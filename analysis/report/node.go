package report

import (
	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/graph"
)

// Node is NODE of the machine output.
type Node struct {
	ID      string  `json:"id"`
	Kind    string  `json:"kind"`
	Name    string  `json:"name"`
	Account *string `json:"account"`
	Region  *string `json:"region"`
}

// NodeOf describes the node behind ref; NoRef gives the zero Node.
func NodeOf(snap *graph.Snapshot, ref graph.Ref) Node {
	if ref == graph.NoRef {
		return Node{Kind: graph.KindUnknown.String()}
	}
	return Described(snap.Node(ref))
}

// Described describes a node, or what could be one.
func Described(n graph.Node) Node {
	name := n.Name
	if name == "" {
		name = n.ID
	}
	return Node{ID: n.ID, Kind: n.Kind.String(), Name: name, Account: textOrNull(n.Account), Region: textOrNull(n.Region)}
}

// Nodes describes several nodes.
func Nodes(snap *graph.Snapshot, refs []graph.Ref) []Node {
	list := make([]Node, 0, len(refs))
	for _, r := range refs {
		list = append(list, NodeOf(snap, r))
	}
	return list
}

func textOrNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// Status is STATUS of the machine output; it is embedded.
type Status struct {
	Status      string               `json:"status"`
	Conditions  [][]attack.Condition `json:"conditions"`
	Gaps        []string             `json:"gaps"`
	Assumptions []string             `json:"assumptions"`
}

// StatusOf reads the status of one decision.
func StatusOf(d *attack.Decision) Status {
	return Status{Status: d.Status.String(), Conditions: conditions(d.Conditions), Gaps: list(d.Gaps), Assumptions: list(d.Assumptions)}
}

// StatusOfAll reads the status of decisions that are all needed.
func StatusOfAll(all []*attack.Decision) Status {
	d := attack.And(all...)
	return StatusOf(d)
}

func conditions(all [][]attack.Condition) [][]attack.Condition {
	out := make([][]attack.Condition, 0, len(all))
	for _, alternative := range all {
		fixed := make([]attack.Condition, 0, len(alternative))
		for _, c := range alternative {
			c.Values = list(c.Values)
			fixed = append(fixed, c)
		}
		out = append(out, fixed)
	}
	return out
}

// list never is nil, so that JSON shows [] and not null.
func list[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// State is STATE of the machine output.
type State struct {
	Kind      string  `json:"kind"`
	Node      Node    `json:"node"`
	Qualifier *string `json:"qualifier"`
	Port      *int    `json:"port"`
}

// StateOf describes a state.
func StateOf(snap *graph.Snapshot, s attack.State) State {
	out := State{Kind: s.Kind.String(), Node: NodeOf(snap, s.Node), Qualifier: textOrNull(s.Qualifier.String())}
	if s.Kind == attack.Reaches {
		port := int(s.Port)
		out.Port = &port
	}
	return out
}

// Estimate is an uncertain number: LIKELIHOOD of the machine output, and risk.
type Estimate struct {
	Value  float64 `json:"value"`
	Lower  float64 `json:"lower"`
	Upper  float64 `json:"upper"`
	Source string  `json:"source"`
}
