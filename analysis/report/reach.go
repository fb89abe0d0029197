package report

import (
	"github.com/cairn-security/cairn/analysis"
	"github.com/cairn-security/cairn/analysis/reach"
	"github.com/cairn-security/cairn/graph"
)

// Reach is the document cairn.reach/v1.
type Reach struct {
	Schema      string   `json:"schema,omitempty"`
	Snapshot    string   `json:"snapshot,omitempty"`
	From        string   `json:"from"`
	To          string   `json:"to"`
	Verdict     string   `json:"verdict"`
	Network     Part     `json:"network"`
	Service     *Part    `json:"service"`
	Layer       string   `json:"layer"`
	Ranges      []Range  `json:"ranges"`
	Chain       []Hop    `json:"chain"`
	BlockedBy   *Blocked `json:"blockedBy"`
	Opens       *string  `json:"opens"`
	Missing     []string `json:"missing"`
	Gaps        []string `json:"gaps"`
	Assumptions []string `json:"assumptions"`

	Why map[string]string `json:"why,omitempty"`
}

// Part is one layer's verdict.
type Part struct {
	Verdict string `json:"verdict"`
	Why     string `json:"why,omitempty"`
}

// Range says who may come, on what.
type Range struct {
	Sources  []string `json:"sources"`
	Protocol string   `json:"protocol"`
	Ports    string   `json:"ports"`
}

// Hop is one element on the way and the rule there that decided.
type Hop struct {
	Element  string    `json:"element"`
	Kind     string    `json:"kind"`
	Rule     string    `json:"rule"`
	Decision string    `json:"decision"`
	Evidence *Evidence `json:"evidence"`
}

// Blocked is the first element that decided against.
type Blocked struct {
	Element string `json:"element"`
	Rule    string `json:"rule"`
	Why     string `json:"why"`
}

// ReachOf builds the document from an answer.
func ReachOf(snap *graph.Snapshot, docs *Documents, a *reach.Answer) *Reach {
	out := &Reach{Schema: "cairn.reach/v1", Snapshot: snap.ID(), From: a.From, To: a.To, Verdict: string(a.Verdict), Network: Part{Verdict: string(a.Network)},
		Layer: string(a.Layer), Ranges: rangesOf(a.Ranges), Chain: chainOf(docs, a.Chain), Opens: textOrNull(a.Opens()), Missing: list(a.Missing), Gaps: list(a.Gaps), Assumptions: list(a.Assumptions)}
	if a.Service != nil {
		out.Service = &Part{Verdict: string(a.Service.Verdict), Why: a.Service.Why}
	}
	if b := a.BlockedBy; b != nil {
		out.BlockedBy = &Blocked{b.Element, b.Rule, b.Why}
	}
	out.Why = nulls(null{"service", "no service policy decides here", out.Service == nil},
		null{"blockedBy", "nothing that was read blocks it", out.BlockedBy == nil},
		null{"opens", "there is nothing to open", out.Opens == nil && out.BlockedBy == nil},
		null{"opens", "no single change is known to open it", out.Opens == nil && out.BlockedBy != nil})
	return out
}

func rangesOf(all []reach.Range) []Range {
	out := make([]Range, 0, len(all))
	for _, r := range all {
		sources := make([]string, 0, len(r.Sources))
		for _, p := range r.Sources {
			sources = append(sources, p.String())
		}
		out = append(out, Range{sources, r.Protocol, r.Ports})
	}
	return out
}

func chainOf(docs *Documents, steps []reach.Step) []Hop {
	out := make([]Hop, 0, len(steps))
	for _, s := range steps {
		h := Hop{Element: s.Element, Kind: s.Kind, Rule: s.Rule, Decision: s.Decision}
		if len(s.Facts) > 0 {
			e := docs.Fact(s.Facts[0])
			h.Evidence = &e
		}
		out = append(out, h)
	}
	return out
}

// Exposed is the document cairn.exposed/v1.
type Exposed struct {
	Schema    string     `json:"schema"`
	Snapshot  string     `json:"snapshot"`
	Endpoints []Endpoint `json:"endpoints"`
}

// Endpoint is one resource that packets may reach.
type Endpoint struct {
	Node    Node     `json:"node"`
	Class   string   `json:"class"`
	Layer   string   `json:"layer"`
	Assumed []string `json:"assumed"`
	Missing []string `json:"missing"`
	Ranges  []Range  `json:"ranges"`
	Chain   []Hop    `json:"chain"`
	Service *Part    `json:"service"`
}

// ExposedOf builds the document about every endpoint.
func ExposedOf(r *analysis.Result) *Exposed {
	docs := NewDocuments(r.Snap)
	all := r.Endpoints()
	doc := &Exposed{Schema: "cairn.exposed/v1", Snapshot: r.Snap.ID(), Endpoints: make([]Endpoint, 0, len(all))}
	for i := range all {
		doc.Endpoints = append(doc.Endpoints, EndpointOf(r.Snap, docs, &all[i]))
	}
	return doc
}

// EndpointOf describes one endpoint with the chain that lets packets in, or
// that stops them.
func EndpointOf(snap *graph.Snapshot, docs *Documents, x *reach.Endpoint) Endpoint {
	node := Node{ID: x.Resource.ID, Kind: x.Resource.Kind.String(), Name: x.Resource.Name, Account: textOrNull(x.Resource.Account), Region: textOrNull(x.Resource.Region)}
	if ref := x.Resource.Node(); ref != graph.NoRef {
		node = NodeOf(snap, ref)
	}
	out := Endpoint{Node: node, Class: string(x.Class), Layer: string(x.Layer), Assumed: list(x.Assumed), Missing: list(x.Missing), Ranges: rangesOf(x.Ranges()), Chain: []Hop{}}
	if answer := x.Answer(); answer != nil {
		out.Chain = chainOf(docs, answer.Chain)
		if answer.BlockedBy != nil && len(out.Chain) == 0 {
			out.Chain = chainOf(docs, []reach.Step{answer.BlockedBy.Step})
		}
	}
	if x.Service != nil {
		out.Service = &Part{Verdict: string(x.Service.Verdict), Why: x.Service.Why}
	}
	return out
}
