package assemble

import (
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
	links    []openEdge     // all, because what they rest on may be contradicted
	props    []openProperty // of open references
	gaps     []openGap
	// openAliases name open references, inherits are pairs of a thing and the
	// definition whose role it runs as, roles the roles that are known.
	openAliases []openAlias
	inherits    [][2]place
	pieces      []openPiece
	roles       map[place][]place
	units       [][2]graph.Handle // organizational units with what stands in them

	places    []place         // of the batch being merged
	from      []descriptionID // of its entries
	contained []bool          // by handle: something contains it
	sliceIDs  map[graph.Slice]int
	origins   []origin // by graph.OriginID
	// descriptions are the first, or newest, of everything; described lists all.
	descriptions map[described]descriptionID
	described    []description
	disputes     []dispute
	clashes      []clash // in the batch being merged
	locked       map[lock]bool
	lesser       map[lock]bool // policies told by descriptions that yield

	accounts map[string]bool
	regions  map[string]bool
	outcomes map[graph.Slice]graph.Outcome
	problems []*record.Problem
}

type place int64

// nowhere is the place of what is gone: nothing holds there.
const nowhere = place(math.MinInt64)

// openEdge is an edge and the descriptions it belongs to: of its ends, as far
// as the reply describes them.
type openEdge struct {
	from, to place
	kind     graph.EdgeKind
	by       [2]descriptionID
}

type openProperty struct {
	of     place
	origin graph.OriginID
	by     descriptionID
	property
}

// origin is where properties come from, and its slice.
type origin struct {
	graph.Origin
	slice int
}

// place names an origin in messages.
func (o *origin) place() string {
	if o.File != "" {
		return o.File
	}
	return o.Call()
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
		sliceIDs: map[graph.Slice]int{}, descriptions: map[described]descriptionID{}, locked: map[lock]bool{}, lesser: map[lock]bool{},
		accounts: map[string]bool{}, regions: map[string]bool{},
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
		m.from = make([]descriptionID, 2*len(c.nodes))
	}
	places, from := m.places[:len(c.nodes)], m.from[:len(c.nodes)] // all are written below
	var origin graph.OriginID
	if record.Answered(c.rec.Outcome) || c.rec.Outcome == graph.OutcomeTruncated {
		// Also of a reply that was empty: that it was read is a fact.
		origin = m.origin(c.rec)
	}
	var muted map[node]bool
	for i := range c.nodes {
		e := &c.nodes[i]
		if e.described {
			h, _ := m.b.Add(e.Node)
			places[i] = place(h)
			m.name(e.name, h)
		} else {
			places[i] = m.refer(e)
		}
		by, apply := m.describe(c, node(i), places[i], origin)
		if from[i] = by; !apply {
			if muted == nil {
				muted = map[node]bool{}
			}
			muted[node(i)] = true
		}
	}
	for _, a := range c.aliases {
		if p := places[a.of]; p >= 0 {
			m.name(a.name, graph.Handle(p))
		} else {
			m.openAliases = append(m.openAliases, openAlias{p, a.name})
		}
	}
	for _, p := range c.pieces {
		m.pieces = append(m.pieces, openPiece{places[p.of], p.what})
	}
	for _, i := range c.inherits {
		m.inherits = append(m.inherits, [2]place{places[i[0]], places[i[1]]})
	}
	for _, p := range c.props {
		if places[p.of] < 0 {
			m.props = append(m.props, openProperty{places[p.of], origin, from[p.of], p})
		} else if !muted[p.of] {
			m.property(openProperty{places[p.of], origin, 0, p})
		}
	}
	for _, d := range m.clashes { // now that everything is set which they speak of
		m.contradict(c, d)
	}
	m.clashes = m.clashes[:0]
	for _, l := range c.links {
		m.links = append(m.links, openEdge{places[l.from], places[l.to], l.kind, [2]descriptionID{from[l.from], from[l.to]}})
	}
	for _, g := range c.gaps {
		open := openGap{Gap: g.Gap, resource: g.on != none}
		if open.resource {
			open.on = places[g.on]
		}
		m.gaps = append(m.gaps, open)
	}
}

// origin interns where a record's properties come from.
func (m *merger) origin(r *record.Record) graph.OriginID {
	o := r.Origin()
	id := m.b.Origin(o)
	if int(id) == len(m.origins) {
		slice, ok := m.sliceIDs[r.Slice()]
		if !ok {
			slice = len(m.sliceIDs)
			m.sliceIDs[r.Slice()] = slice
		}
		m.origins = append(m.origins, origin{o, slice})
	}
	return id
}

func (m *merger) problem(file, place, message string) {
	m.problems = append(m.problems, &record.Problem{File: file, Place: place, Message: message})
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
	switch l.kind {
	case graph.EdgeHasRole:
		m.roles[l.from] = append(m.roles[l.from], l.to)
	case graph.EdgeContains:
		m.contain(graph.Handle(l.to))
		if m.b.Node(graph.Handle(l.from)).Kind == graph.KindOrgUnit {
			m.units = append(m.units, [2]graph.Handle{graph.Handle(l.from), graph.Handle(l.to)})
		}
	}
	m.b.Link(graph.Handle(l.from), graph.Handle(l.to), l.kind)
}

func (m *merger) contain(h graph.Handle) {
	if int(h) >= len(m.contained) {
		m.contained = append(m.contained, make([]bool, int(h)+1024-len(m.contained))...)
	}
	m.contained[h] = true
}
