package report

import (
	"context"
	"slices"

	"github.com/cairn-security/cairn/analysis"
	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/route"
	"github.com/cairn-security/cairn/graph"
)

// Blast is the document cairn.blast/v1.
type Blast struct {
	Schema   string         `json:"schema"`
	Snapshot string         `json:"snapshot"`
	From     Node           `json:"from"`
	States   []HeldState    `json:"states"`
	Counts   map[string]int `json:"counts"`
}

// HeldState is one state that a start leads to, or that leads to a target.
type HeldState struct {
	Kind string `json:"kind"`
	Node Node   `json:"node"`
	Port *int   `json:"port"`
	Status
	Likelihood Estimate `json:"likelihood"`
	Hops       int      `json:"hops"`
	Via        []string `json:"via"`
}

// BlastOf walks forward from what controlling a node gives.
func BlastOf(ctx context.Context, r *analysis.Result, from graph.Ref) (*Blast, error) {
	start := r.Graph.Held(from)
	if r.Snap.Kind(from).Datastore() {
		start = append(start, dataStates(r, from)...)
	}
	if len(start) == 0 { // from nothing the walk would start at the entries
		return blast(r, from, nil), nil
	}
	held, err := r.Graph.Blast(ctx, start)
	if err != nil {
		return nil, err
	}
	return blast(r, from, held), nil
}

// dataStates are what holding a datastore means: what is in it is read, and what
// others take from it is written.
func dataStates(r *analysis.Result, store graph.Ref) (list []route.StateID) {
	for _, id := range r.Graph.Of(store) {
		switch r.Graph.State(id).Kind {
		case attack.Reads, attack.Writes, attack.Destroys:
			list = append(list, id)
		}
	}
	return list
}

// ExposureOf walks backward: who gets to a node.
func ExposureOf(ctx context.Context, r *analysis.Result, to graph.Ref) (*Blast, error) {
	best := map[route.StateID]route.Held{}
	var order []route.StateID
	for _, target := range r.Graph.Of(to) {
		if s := r.Graph.State(target); s.Kind == attack.Reaches || (s.Kind == attack.Knows && r.Data.Of(to) != nil) {
			continue // to reach a port, or to know a login, is not to be there
		}
		held, err := r.Graph.Exposure(ctx, target)
		if err != nil {
			return nil, err
		}
		for _, h := range held {
			old, seen := best[h.State]
			if !seen {
				order = append(order, h.State)
			}
			if !seen || h.Hops < old.Hops {
				best[h.State] = h
			}
		}
	}
	all := make([]route.Held, 0, len(order))
	for _, id := range order {
		all = append(all, best[id])
	}
	return blast(r, to, all), nil
}

func blast(r *analysis.Result, node graph.Ref, held []route.Held) *Blast {
	doc := &Blast{Schema: "cairn.blast/v1", Snapshot: r.Snap.ID(), From: NodeOf(r.Snap, node), States: []HeldState{}, Counts: map[string]int{}}
	for _, h := range held {
		s := StateOf(r.Snap, r.Graph.State(h.State))
		via := make([]string, 0, len(h.Via))
		for _, v := range h.Via {
			via = append(via, string(v))
		}
		known := h.Likelihood
		if h.Status == attack.Unknown {
			known = 0
		}
		doc.States = append(doc.States, HeldState{Kind: s.Kind, Node: s.Node, Port: s.Port, Hops: h.Hops, Via: via,
			Status: StatusOf(r.RestsOn(h.Steps)), Likelihood: Estimate{known, known, h.Likelihood, stepsSource(r, h.Steps)}})
		doc.Counts[s.Kind]++
	}
	return doc
}

// stepsSource is the weakest source among the factors of steps.
func stepsSource(r *analysis.Result, steps []route.StepID) string {
	var factors []attack.Factor
	for _, s := range steps {
		for _, f := range r.Graph.StepFactors(s) {
			factors = append(factors, r.Graph.Factor(f))
		}
	}
	return sourceOf(factors)
}

// Chokes is the document cairn.choke/v1.
type Chokes struct {
	Schema   string  `json:"schema"`
	Snapshot string  `json:"snapshot"`
	Points   []Choke `json:"points"`
}

// ChokesOf builds the document; with a node only points mandatory for it.
func ChokesOf(ctx context.Context, r *analysis.Result, to graph.Ref) (*Chokes, error) {
	all, err := r.Chokes(ctx)
	if err != nil {
		return nil, err
	}
	w := writer{r: r, docs: NewDocuments(r.Snap)}
	doc := &Chokes{Schema: "cairn.choke/v1", Snapshot: r.Snap.ID(), Points: []Choke{}}
	for _, c := range all {
		point := w.choke(c)
		if to == graph.NoRef || slices.Contains(point.Mandatory, r.Snap.Node(to).ID) {
			doc.Points = append(doc.Points, point)
		}
	}
	return doc, nil
}
