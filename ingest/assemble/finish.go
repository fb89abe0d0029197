package assemble

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/arn"
	"github.com/cairn-security/cairn/ingest/record"
)

// finish resolves the open references and hangs up what depends on them.
func (m *merger) finish() {
	resolved := make([]place, len(m.open))
	done := make([]bool, len(m.open))
	for _, a := range m.openAliases { // before what may refer by them
		i := ^a.of
		if !done[i] {
			resolved[i], done[i] = m.resolve(&m.open[i]), true
		}
		if resolved[i] != nowhere {
			m.name(a.name, graph.Handle(resolved[i]))
		}
	}
	for i := range m.open {
		if !done[i] {
			resolved[i] = m.resolve(&m.open[i])
		}
	}
	at := func(p place) place {
		if p < 0 {
			return resolved[^p]
		}
		return p
	}
	links := m.links[:0]
	for _, l := range m.links {
		if l.from, l.to = at(l.from), at(l.to); l.from != nowhere && l.to != nowhere {
			links = append(links, l)
		}
	}
	m.hang(links, at)
	for _, i := range m.inherits {
		m.inherit(at(i[0]), at(i[1]))
	}
	m.missingPieces(at)
	m.settle()
	m.unitCycles()
	m.dropCollected()
	for _, g := range m.gaps {
		if g.resource {
			if g.on = at(g.on); g.on == nowhere {
				continue
			}
		}
		m.gap(g)
	}
}

// hang sets what was left open and no description contradicts.
func (m *merger) hang(links []openEdge, at func(place) place) {
	both := agreed{}
	if len(m.disputes) > 0 {
		for _, l := range links {
			for _, by := range l.by {
				both.note(m, by, l.claim())
			}
		}
		for _, p := range m.props {
			both.note(m, p.by, p.claim())
		}
	}
	for _, p := range m.props {
		claim := claim{}
		if len(m.disputes) > 0 {
			claim = p.claim()
		}
		if of := at(p.of); of != nowhere && both.holds(m, p.by, claim) {
			p.of = of
			m.property(p)
		}
	}
	for _, l := range links {
		switch {
		case both.holds(m, l.by[0], l.claim()) && both.holds(m, l.by[1], l.claim()):
			m.edge(l)
			m.unreadGroup(l)
		case m.mayRunAs(l):
			m.b.Link(graph.Handle(l.from), graph.Handle(l.to), l.kind)
		}
	}
}

// mayRunAs reports an edge of a contradicted description that stays all the
// same: what code may run as. Its description is gone, so that nobody takes the
// edge for certain, but without it nobody would see that it is possible.
func (m *merger) mayRunAs(l openEdge) bool {
	for _, by := range l.by {
		if by != 0 && m.described[by-1].lapsed {
			return false
		}
	}
	from := m.b.Node(graph.Handle(l.from)).Kind
	return l.kind == graph.EdgeHasProfile || l.kind == graph.EdgeHasRole && from != graph.KindInstanceProfile && from != graph.KindTaskDefinition
}

// unreadGroup: what a group grants its members is not known where nothing
// describes the group.
func (m *merger) unreadGroup(l openEdge) {
	if l.kind != graph.EdgeMemberOf || m.b.Known(graph.Handle(l.to)) {
		return
	}
	user, group := m.b.Node(graph.Handle(l.from)), m.b.Node(graph.Handle(l.to))
	m.gaps = append(m.gaps, openGap{resource: true, on: l.from, Gap: graph.Gap{
		ID: "gap:iam:GetAccountAuthorizationDetails:" + user.Account + ":global:" + group.ID + "@" + user.ID, Account: user.Account, Region: "global",
		Service: "iam", Operation: "GetAccountAuthorizationDetails", Outcome: graph.OutcomeTruncated,
		Detail: user.ID + " is a member of " + group.ID + ", which nothing in the source describes"}})
}

// dropCollected forgets that one source lacked a kind of data which another
// one laid beside it has, whatever the region.
func (m *merger) dropCollected() {
	read := map[string]map[string]bool{} // account -> "service Operation"
	for slice, outcome := range m.outcomes {
		if outcome == graph.OutcomeNotCollected {
			continue
		}
		if read[slice.Account] == nil {
			read[slice.Account] = map[string]bool{}
		}
		read[slice.Account][slice.Service+" "+slice.Operation] = true
	}
	m.gaps = slices.DeleteFunc(m.gaps, func(g openGap) bool {
		return !g.Refused() && collected(g.Service, g.Operation, read[g.Account])
	})
	maps.DeleteFunc(m.outcomes, func(slice graph.Slice, outcome graph.Outcome) bool {
		return outcome == graph.OutcomeNotCollected && collected(slice.Service, slice.Operation, read[slice.Account])
	})
}

// resolve finds the node that an open reference means: in its own account and
// region, then, where the name allows it, anywhere, as long as there is only one.
func (m *merger) resolve(e *entry) place {
	if h, ok := m.b.Find(e.ID); ok && m.b.Known(h) {
		if e.evident {
			m.b.Add(e.Node) // fills what the description leaves open
		}
		return place(h)
	}
	var sameRegion, all []graph.Handle
	for _, h := range m.names[e.name] {
		n := m.b.Node(h)
		if n.Account == e.Account && n.Region == e.Region {
			return place(h)
		}
		if e.anywhere || e.Account == "" || n.Account == "" || (n.Account == e.Account && e.Region == "") {
			all = append(all, h)
			if n.Region == e.Region {
				sameRegion = append(sameRegion, h)
			}
		}
	}
	if len(sameRegion) == 1 {
		return place(sameRegion[0])
	}
	if len(all) == 1 {
		return place(all[0])
	}
	if e.evident {
		h, _ := m.b.Add(e.Node)
		return place(h)
	}
	if e.lapsed {
		return nowhere
	}
	return place(m.b.Refer(suggested(e.Node)))
}

// inherit gives a thing the role that its definition names, unless it names
// one of its own.
func (m *merger) inherit(thing, definition place) {
	if thing == nowhere || definition == nowhere || len(m.roles[thing]) > 0 {
		return
	}
	for _, role := range m.roles[definition] {
		m.b.Link(graph.Handle(thing), graph.Handle(role), graph.EdgeHasRole)
	}
}

// settle names what nothing named and puts what nothing contains into its
// account.
func (m *merger) settle() {
	for h := range graph.Handle(m.b.Len()) {
		n := m.b.Node(h)
		if n.Name == "" {
			n.Name = n.ID
			if a, ok := arn.Parse(n.ID); n.Kind == graph.KindAccount {
				n.Name = n.Account
			} else if ok {
				n.Name = a.Name()
			}
			if m.b.Known(h) {
				m.b.Add(n)
			}
		}
		if !m.accounts[n.Account] || n.Kind == graph.KindAccount || !m.b.Known(h) || (int(h) < len(m.contained) && m.contained[h]) {
			continue
		}
		if account, ok := m.b.Find(graph.AccountID(n.Account)); ok {
			m.b.Link(account, h, graph.EdgeContains)
		}
	}
}

// gap hangs a gap on what depends on it: the resource that was asked about,
// else the account; where the source names no account, everything that was
// read without one.
func (m *merger) gap(g openGap) {
	switch {
	case g.resource:
		g.Affects = []string{m.b.Node(graph.Handle(g.on)).ID}
	case g.Account != "":
		g.Affects = []string{graph.AccountID(g.Account)}
		if g.Service == "organizations" && g.Refused() {
			g.Affects = append(g.Affects, m.askedAbout()...)
		}
	case g.Service == record.ServiceCairn:
		for account := range m.accounts {
			g.Affects = append(g.Affects, graph.AccountID(account))
		}
	case g.Refused():
		for h := range graph.Handle(m.b.Len()) {
			if n := m.b.Node(h); m.b.Known(h) && n.Account == "" && (g.Region == "" || n.Region == g.Region) && !special(n.Kind) {
				g.Affects = append(g.Affects, n.ID)
			}
		}
	}
	m.b.Gap(g.Gap)
}

// askedAbout are the accounts whose organization was asked about from another
// account: an organization answers once for all that are in it.
func (m *merger) askedAbout() []string {
	asked := map[string]bool{}
	for slice := range m.outcomes {
		if slice.Service == "organizations" {
			asked[slice.Account] = true
		}
	}
	var others []string
	for account := range m.accounts {
		if !asked[account] {
			others = append(others, graph.AccountID(account))
		}
	}
	return others
}

func special(k graph.Kind) bool {
	return k == graph.KindInternet || k == graph.KindOnPrem || k == graph.KindAnonymous || k == graph.KindAnyPrincipal
}

func (m *merger) accountList() []string { return slices.Sorted(maps.Keys(m.accounts)) }
func (m *merger) regionList() []string  { return slices.Sorted(maps.Keys(m.regions)) }

func (m *merger) tasks() map[graph.Outcome]int {
	counts := map[graph.Outcome]int{}
	for _, o := range m.outcomes {
		counts[o]++
	}
	return counts
}

func compactJSON(buf *bytes.Buffer, value []byte) error { return json.Compact(buf, value) }
