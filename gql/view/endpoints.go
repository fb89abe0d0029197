package view

import (
	"cmp"
	"strconv"
	"strings"
	"sync"

	"github.com/cairn-security/cairn/analysis/reach"
	"github.com/cairn-security/cairn/analysis/report"
	"github.com/cairn-security/cairn/gql/model"
	"github.com/cairn-security/cairn/graph"
)

// Endpoint is a resource that answers somewhere.
type Endpoint struct {
	v      *View
	at     *reach.Endpoint
	node   *EstateNode
	ranges []report.Range
	doc    func() report.Endpoint
	answer func() *reach.Answer
}

// endpoints are all endpoints, the most exposed first.
type endpoints struct {
	list  []*Endpoint
	order []int32
	byRef map[graph.Ref]*Endpoint
	table *table
}

func (v *View) newEndpoints() *endpoints {
	all := v.Result.Endpoints()
	e := &endpoints{byRef: map[graph.Ref]*Endpoint{}, table: newTable("exposed", "class", "kind", "account", "layer", "port")}
	for i := range all {
		x := &all[i]
		one := &Endpoint{v: v, at: x, node: v.resource(x.Resource), ranges: rangesOf(x.Ranges())}
		one.doc = sync.OnceValue(func() report.Endpoint { return report.EndpointOf(v.snap(), v.docs, x) })
		one.answer = sync.OnceValue(x.Answer)
		e.list = append(e.list, one)
		if ref := x.Resource.Node(); ref != graph.NoRef {
			e.byRef[ref] = one
		}
		var ports []string
		for _, r := range one.ranges {
			ports = append(ports, portName(r.Ports))
		}
		n := one.node
		e.table.add(n.ID, strings.Join([]string{n.Name, n.ID, v.accountTitle(deref(n.Account))}, "\n"),
			[]string{string(x.Class)}, []string{n.Kind}, []string{deref(n.Account)}, []string{string(x.Layer)}, ports)
	}
	e.table.titled("kind", kindTitle)
	e.table.titled("account", v.accountTitle)
	e.order = sorted(e.list, func(a, b *Endpoint) int {
		return cmp.Or(cmp.Compare(exposureRank[a.Class()], exposureRank[b.Class()]), cmp.Compare(b.OnPaths(), a.OnPaths()), cmp.Compare(a.node.Name, b.node.Name))
	})
	return e
}

func (e *endpoints) of(ref graph.Ref) *Endpoint { return e.byRef[ref] }

// resource is the node of a network resource; without one, what the network
// knows of it.
func (v *View) resource(r *reach.Resource) *EstateNode {
	if ref := r.Node(); ref != graph.NoRef {
		return v.node(ref)
	}
	n := v.named(r.ID)
	n.Node = report.Node{ID: r.ID, Kind: r.Kind.String(), Name: cmp.Or(r.Name, r.ID), Account: orNull(r.Account), Region: orNull(r.Region)}
	return n
}

func rangesOf(all []reach.Range) []report.Range {
	out := make([]report.Range, len(all))
	for i, r := range all {
		sources := make([]string, len(r.Sources))
		for j, s := range r.Sources {
			sources[j] = s.String()
		}
		out[i] = report.Range{Sources: sources, Protocol: r.Protocol, Ports: r.Ports}
	}
	return out
}

// portName shortens 22-22 to 22.
func portName(ports string) string {
	if from, to, ok := strings.Cut(ports, "-"); ok && from == to {
		return from
	}
	return ports
}

// holdsPort reports whether a range of ports holds one. ICMP types are no ports.
func holdsPort(ports string, port int) bool {
	from, to, ok := strings.Cut(ports, "-")
	lo, err1 := strconv.Atoi(from)
	hi, err2 := strconv.Atoi(to)
	return ok && err1 == nil && err2 == nil && lo <= port && port <= hi
}

// Exposed lists endpoints under a filter.
func (v *View) Exposed(first *int, after *string, f *model.ExposureFilter) (*EndpointConnection, error) {
	if f == nil {
		f = &model.ExposureFilter{}
	}
	e := v.endpoints()
	keep := func(row int32) bool {
		if f.Port == nil {
			return true
		}
		for _, r := range e.list[row].ranges {
			if holdsPort(r.Ports, *f.Port) || r.Ports == "" && r.Protocol == "all" {
				return true
			}
		}
		return false
	}
	found := e.table.find(filter{text: deref(f.Text), want: map[string][]string{"class": f.Class, "kind": f.Kind, "account": f.Account}, keep: keep}, e.order)
	r, err := v.rows(found, first, after)
	if err != nil {
		return nil, err
	}
	return &EndpointConnection{r, v}, nil
}

// EndpointConnection is a page of endpoints.
type EndpointConnection struct {
	rows
	v *View
}

// EndpointEdge is an endpoint with its cursor.
type EndpointEdge struct {
	Cursor string
	Node   *Endpoint
}

// Nodes are the endpoints of the page.
func (c *EndpointConnection) Nodes() []*Endpoint {
	return pageOf(&c.rows, func(row int32) *Endpoint { return c.v.endpoints().list[row] })
}

// Edges are the endpoints of the page with cursors.
func (c *EndpointConnection) Edges() []*EndpointEdge {
	return edgesOf(&c.rows, func(cursor string, row int32) *EndpointEdge { return &EndpointEdge{cursor, c.v.endpoints().list[row]} })
}

// ID is that of its node.
func (e *Endpoint) ID() string { return e.node.ID }

// Node is the resource.
func (e *Endpoint) Node() *EstateNode { return e.node }

// Class says from where it is reached.
func (e *Endpoint) Class() string { return string(e.at.Class) }

// Layer is the layer that decides from outside.
func (e *Endpoint) Layer() string { return string(e.at.Layer) }

// Assumed is what was taken for granted because it is missing.
func (e *Endpoint) Assumed() []string { return e.at.Assumed }

// Ranges say who may come, on what.
func (e *Endpoint) Ranges() []report.Range { return e.ranges }

// Chain is the way in, element by element, or what stops it.
func (e *Endpoint) Chain() []*Hop { return e.v.hops(e.doc().Chain) }

// Network is the network's part of the answer.
func (e *Endpoint) Network() *report.Part {
	a := e.answer()
	if a == nil {
		return nil
	}
	return &report.Part{Verdict: string(a.Network)}
}

// Service is the service policy's part, nil where there is none.
func (e *Endpoint) Service() *report.Part { return e.doc().Service }

// Behind are the critical assets at the end of families that pass it.
func (e *Endpoint) Behind(first *int) ([]*EstateNode, error) {
	var refs []graph.Ref
	seen := map[graph.Ref]bool{}
	for _, p := range e.v.paths().through[e.node.ref] {
		for _, ref := range append([]graph.Ref{p.family.Node}, p.family.Behind...) {
			if d := e.v.Result.Data.Of(ref); d != nil && d.Critical && !seen[ref] {
				seen[ref] = true
				refs = append(refs, ref)
			}
		}
	}
	refs, err := firstOf(refs, first)
	return e.v.nodes(refs), err
}

// OnPaths counts the families that pass it.
func (e *Endpoint) OnPaths() int {
	if e.node.ref == graph.NoRef {
		return 0
	}
	return len(e.v.paths().through[e.node.ref])
}
