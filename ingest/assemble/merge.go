package assemble

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/arn"
	"github.com/cairn-security/cairn/ingest/record"
)

// merger puts batches together in order. A place is a builder's handle or,
// negative, an open reference.
type merger struct {
	b     *graph.Builder
	names map[string][]graph.Handle

	open     []entry // references by name, resolved by finish
	openByID map[string]place
	links    []openEdge
	props    []openProperty
	gaps     []openGap
	// openAliases name open references, inherits are pairs of a thing and the
	// definition whose role it runs as, roles the roles that are known.
	openAliases []openAlias
	inherits    [][2]place
	roles       map[place][]place

	places    []place // of the batch being merged
	contained []bool  // by handle: something contains it
	describer map[graph.Handle]graph.Slice
	accounts  map[string]bool
	regions   map[string]bool
	outcomes  map[graph.Slice]graph.Outcome
	problems  []*record.Problem
}

type place int64

// nowhere is the place of what is gone: nothing holds there.
const nowhere = place(math.MinInt64)

type openEdge struct {
	from, to place
	kind     graph.EdgeKind
}

type openProperty struct {
	of     place
	origin graph.OriginID
	property
}

type openAlias struct {
	of   place
	name string
}

type openGap struct {
	graph.Gap
	on       place
	resource bool // on is a node, not the account
}

func newMerger() merger {
	m := merger{
		b: graph.NewBuilder(), names: map[string][]graph.Handle{}, openByID: map[string]place{},
		describer: map[graph.Handle]graph.Slice{}, accounts: map[string]bool{}, regions: map[string]bool{},
		outcomes: map[graph.Slice]graph.Outcome{}, roles: map[place][]place{},
	}
	for _, n := range specials {
		m.b.Add(n)
	}
	return m
}

// specials are the nodes that every estate has.
var specials = []graph.Node{
	{ID: "internet", Kind: graph.KindInternet, Name: "Internet"},
	{ID: "onprem", Kind: graph.KindOnPrem, Name: "On-premises network"},
	{ID: "anonymous", Kind: graph.KindAnonymous, Name: "Anonymous caller"},
	{ID: "any-aws-principal", Kind: graph.KindAnyPrincipal, Name: "Any AWS principal"},
}

func (m *merger) merge(c *call) {
	m.note(c.rec)
	if len(c.nodes) > len(m.places) {
		m.places = make([]place, 2*len(c.nodes))
	}
	places := m.places[:len(c.nodes)] // all are written below
	var origin graph.OriginID
	if record.Answered(c.rec.Outcome) || c.rec.Outcome == graph.OutcomeTruncated {
		// Also of a reply that was empty: that it was read is a fact.
		origin = m.b.Origin(c.rec.Origin())
	}
	var doubled map[node]bool
	for i := range c.nodes {
		e := &c.nodes[i]
		if !e.described {
			places[i] = m.refer(e)
			continue
		}
		h, created := m.b.Add(e.Node)
		places[i] = place(h)
		m.name(e.name, h)
		if before, seen := m.describer[h]; !created && seen && before == c.rec.Slice() {
			if doubled == nil {
				doubled = map[node]bool{}
			}
			doubled[node(i)] = true
		} else if !seen {
			m.describer[h] = c.rec.Slice()
		}
	}
	for _, a := range c.aliases {
		if p := places[a.of]; p >= 0 {
			m.name(a.name, graph.Handle(p))
		} else {
			m.openAliases = append(m.openAliases, openAlias{p, a.name})
		}
	}
	for _, i := range c.inherits {
		m.inherits = append(m.inherits, [2]place{places[i[0]], places[i[1]]})
	}
	for _, p := range c.props {
		if doubled[p.of] && p.key == graph.PropResource {
			m.repeated(c, p, places[p.of])
			continue
		}
		m.property(openProperty{places[p.of], origin, p})
	}
	for _, l := range c.links {
		m.edge(openEdge{places[l.from], places[l.to], l.kind})
	}
	for _, g := range c.gaps {
		open := openGap{Gap: g.Gap, resource: g.on != none}
		if open.resource {
			open.on = places[g.on]
		}
		m.gaps = append(m.gaps, open)
	}
}

// repeated reports an id that one list describes twice in different words; the
// first description stays.
func (m *merger) repeated(c *call, p property, at place) {
	var compact bytes.Buffer
	h := graph.Handle(at)
	if compactJSON(&compact, p.value) == nil && !bytes.Equal(compact.Bytes(), m.b.Value(h, p.key)) {
		m.problems = append(m.problems, &record.Problem{File: c.rec.Place(), Place: m.b.Node(h).ID,
			Message: "is described twice; the first description stays"})
	}
}

func (m *merger) note(r *record.Record) {
	slice := r.Slice()
	if before, seen := m.outcomes[slice]; !seen || record.Severity(r.Outcome) > record.Severity(before) {
		m.outcomes[slice] = r.Outcome
	}
	if region := regionOf(r.Region); region != "" {
		m.regions[region] = true
	}
	if arn.IsAccount(r.Account) && !m.accounts[r.Account] {
		m.accounts[r.Account] = true
		m.b.Add(graph.Node{ID: graph.AccountID(r.Account), Kind: graph.KindAccount, Account: r.Account})
	}
}

func (m *merger) name(name string, h graph.Handle) {
	if name != "" && !slices.Contains(m.names[name], h) {
		m.names[name] = append(m.names[name], h)
	}
}

// refer finds or opens what an entry refers to.
func (m *merger) refer(e *entry) place {
	if h, ok := m.b.Find(e.ID); ok && (e.name == "" || m.b.Known(h)) {
		if e.evident {
			m.b.Add(e.Node)
		}
		return place(h)
	}
	if e.name == "" && !e.evident && !e.lapsed {
		return place(m.b.Refer(suggested(e.Node)))
	}
	if p, ok := m.openByID[e.ID]; ok {
		old := &m.open[^p]
		if e.evident && (!old.evident || old.Node.Name == "") {
			old.Node.Name = e.Node.Name // said of the thing, not guessed from its id
		}
		old.evident = old.evident || e.evident
		old.lapsed = old.lapsed && e.lapsed
		if old.Kind == graph.KindUnknown {
			old.Kind = e.Kind
		}
		return p
	}
	m.open = append(m.open, *e)
	p := place(^(len(m.open) - 1))
	m.openByID[e.ID] = p
	return p
}

// suggested leaves a reference only a kind that is certain without a
// description: something of the estate that nothing described stays unknown.
func suggested(n graph.Node) graph.Node {
	switch n.Kind {
	case graph.KindExternalAccount, graph.KindAccount, graph.KindService, graph.KindIdentityProvider,
		graph.KindInternet, graph.KindOnPrem, graph.KindAnonymous, graph.KindAnyPrincipal:
	default:
		n.Kind = graph.KindUnknown
	}
	return n
}

func (m *merger) edge(l openEdge) {
	if l.from < 0 || l.to < 0 {
		m.links = append(m.links, l)
		return
	}
	switch l.kind {
	case graph.EdgeHasRole:
		m.roles[l.from] = append(m.roles[l.from], l.to)
	case graph.EdgeContains:
		m.contain(graph.Handle(l.to))
	}
	m.b.Link(graph.Handle(l.from), graph.Handle(l.to), l.kind)
}

func (m *merger) contain(h graph.Handle) {
	if int(h) >= len(m.contained) {
		m.contained = append(m.contained, make([]bool, int(h)+1024-len(m.contained))...)
	}
	m.contained[h] = true
}

func (m *merger) property(p openProperty) {
	if p.of < 0 {
		m.props = append(m.props, p)
		return
	}
	h := graph.Handle(p.of)
	before := m.b.Value(h, p.key)
	value := p.value
	switch {
	case before == nil:
	case p.mode == yields:
		return
	case p.mode == joins:
		value = joinLists(before, value)
	case p.mode == merges:
		value = mergeObjects(before, value)
	}
	if err := m.b.Set(h, p.key, value, p.origin); err != nil {
		m.problems = append(m.problems, &record.Problem{Place: m.b.Node(h).ID, Message: fmt.Sprintf("property %s: %v", p.key, err)})
	}
}

// joinLists appends one JSON list to another; what is no list replaces.
func joinLists(before, value json.RawMessage) json.RawMessage {
	if len(value) < 2 || before[0] != '[' || value[0] != '[' {
		return value
	}
	if len(before) == 2 {
		return value
	}
	if len(value) == 2 {
		return before
	}
	return slices.Concat(before[:len(before)-1], []byte{','}, value[1:])
}

// mergeObjects adds the members that an object lacks; the order stays.
func mergeObjects(before, value json.RawMessage) json.RawMessage {
	var have, more map[string]json.RawMessage
	if json.Unmarshal(before, &have) != nil || json.Unmarshal(value, &more) != nil {
		return before
	}
	merged := bytes.TrimSuffix(before, []byte("}"))
	for _, name := range slices.Sorted(maps.Keys(more)) {
		if _, ok := have[name]; ok {
			continue
		}
		quoted, err := json.Marshal(name)
		if err != nil {
			return before
		}
		if len(have) > 0 || len(merged) > 1 {
			merged = slices.Concat(merged, []byte{','})
		}
		merged = slices.Concat(merged, quoted, []byte{':'}, more[name])
	}
	return slices.Concat(merged, []byte("}"))
}
