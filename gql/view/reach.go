package view

import (
	"net/netip"

	"github.com/cairn-security/cairn/analysis"
	"github.com/cairn-security/cairn/analysis/reach"
	"github.com/cairn-security/cairn/analysis/report"
	"github.com/cairn-security/cairn/graph"
)

// ReachQuestion are the arguments of reach.
type ReachQuestion struct {
	From, To                                              string
	Port, SourcePort                                      *int
	Protocol, SourceAddress, DestAddress, ICMP, Direction *string
}

// Reach is the answer.
type Reach struct {
	report.Reach
	v *View
}

// Reach answers whether packets arrive, and whether the call may pass.
func (v *View) Reach(q ReachQuestion) (*Reach, error) {
	o := reach.Options{Protocol: deref(q.Protocol), ICMP: deref(q.ICMP), Forward: deref(q.Direction) == "forward"}
	if q.Port != nil {
		o.Port = *q.Port
	}
	if q.SourcePort != nil {
		o.SourcePort = *q.SourcePort
	}
	for _, a := range []struct {
		name string
		text *string
		to   *netip.Addr
	}{{"sourceAddress", q.SourceAddress, &o.SourceAddress}, {"destAddress", q.DestAddress, &o.DestAddress}} {
		if a.text == nil {
			continue
		}
		addr, err := netip.ParseAddr(*a.text)
		if err != nil {
			return nil, Errorf(BadInput, "%s: %s", a.name, err)
		}
		*a.to = addr
	}
	o.Policy = analysis.AnonymousPolicy(v.snap(), v.Result.Perm)
	from, err := v.Result.Reach.Side(v.snap(), q.From)
	if err != nil {
		return nil, named(err)
	}
	to, err := v.Result.Reach.Side(v.snap(), q.To)
	if err != nil {
		return nil, named(err)
	}
	answer, err := v.Result.Reach.Query(from, to, o)
	if err != nil {
		return nil, named(err)
	}
	return &Reach{*report.ReachOf(v.snap(), v.docs, answer), v}, nil
}

// From is the side that asks.
func (r *Reach) From() *EstateNode { return r.v.side(r.Reach.From) }

// To is the side that is asked.
func (r *Reach) To() *EstateNode { return r.v.side(r.Reach.To) }

// side is a party of a question: an id, a name, an address.
func (v *View) side(name string) *EstateNode {
	if r, err := v.Result.Reach.Resource(name); err == nil {
		return v.resource(r)
	}
	return v.element(name)
}

// element is the node that an element of a chain names: by id or, where the
// network shortens it, by the resource part.
func (v *View) element(name string) *EstateNode {
	if ref, err := v.snap().Resolve(name); err == nil && name != "" {
		return v.node(ref)
	}
	if name == "" {
		return &EstateNode{Node: report.Node{Kind: graph.KindUnknown.String()}, v: v, ref: graph.NoRef}
	}
	return v.named(name)
}

// Chain is the way, element by element.
func (r *Reach) Chain() []*Hop { return r.v.hops(r.Reach.Chain) }

// BlockedBy is the first element that decided against.
func (r *Reach) BlockedBy() *Block {
	b := r.Reach.BlockedBy
	if b == nil {
		return nil
	}
	return &Block{r.v.element(b.Element), b.Rule, b.Why}
}

// Block is an element that decided against.
type Block struct {
	Element *EstateNode
	Rule    string
	Why     string
}

// Hop is one element on the way and the rule there that decided.
type Hop struct {
	report.Hop
	v *View
}

func (v *View) hops(all []report.Hop) []*Hop {
	out := make([]*Hop, len(all))
	for i := range all {
		out[i] = &Hop{all[i], v}
	}
	return out
}

// Element is what stands on the way. One that is no node of the estate keeps
// the network's word for what it is.
func (h *Hop) Element() *EstateNode {
	n := h.v.element(h.Hop.Element)
	if n.ref == graph.NoRef && n.Kind == graph.KindUnknown.String() && h.Kind != "" {
		n.Kind = h.Kind
	}
	return n
}

// Evidence is where the rule stands.
func (h *Hop) Evidence() *Evidence {
	if h.Hop.Evidence == nil {
		return nil
	}
	return h.v.evidence(*h.Hop.Evidence)
}
