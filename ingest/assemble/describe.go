package assemble

import (
	"fmt"

	"github.com/cairn-security/cairn/graph"
)

// A provider describes a thing once in each kind of reply. Where a source holds
// two descriptions of one kind that differ (a list that names a user twice, two
// files of one call), at most one of them holds and nothing says which: what
// both say stays, the rest counts as not read, under a gap of the thing. Of a
// reply that was kept from an earlier reading and a newer one the newer holds.

// described is what is described: a thing in a slice, by one question.
type described struct {
	of    place
	slice int
	key   string // the record's, for answers to a question about the thing
}

// description is one description of a thing.
type description struct {
	of      place
	sum     uint64
	origin  graph.OriginID
	lapsed  bool // a newer one holds
	dispute int  // index of the dispute it is part of, from 1
}

// dispute is descriptions of one thing that contradict each other.
type dispute []descriptionID

// descriptionID is the place of a description in the merger's list, from 1; 0
// is none.
type descriptionID int32

// describe notes that an entry of the batch describes a thing. It returns the
// description that the entry's properties and edges belong to; apply is false
// where its properties must not be set.
func (m *merger) describe(c *call, i node, of place, origin graph.OriginID) (id descriptionID, apply bool) {
	e := &c.nodes[i]
	if e.sum == 0 {
		return 0, true
	}
	now := &m.origins[origin]
	at := described{of: of, slice: now.slice}
	if e.answer {
		at.key = c.rec.Key()
	}
	first, seen := m.descriptions[at]
	if !seen {
		id := m.description(description{of: of, sum: e.sum, origin: origin})
		m.descriptions[at] = id
		return id, true
	}
	d := &m.described[first-1]
	before := &m.origins[d.origin]
	switch {
	case d.sum == e.sum && d.dispute == 0:
		return first, true
	case e.answer && before.File == now.File && before.Stale == now.Stale:
		return first, true // another page of the answer
	case before.Stale != now.Stale || now.Stale && !before.ReadAt.Equal(now.ReadAt):
		newer := before.Stale && (!now.Stale || now.ReadAt.After(before.ReadAt))
		if newer {
			d.lapsed = true
			m.withdraw(of, now.slice, nil)
		}
		id := m.description(description{of: of, sum: e.sum, origin: origin, lapsed: !newer})
		if newer {
			m.descriptions[at] = id
		}
		return id, newer
	}
	id = m.description(description{of: of, sum: e.sum, origin: origin})
	m.clashes = append(m.clashes, clash{i, first, id})
	return id, false
}

func (m *merger) description(d description) descriptionID {
	m.described = append(m.described, d)
	return descriptionID(len(m.described))
}

// clash is an entry that describes a thing otherwise than before.
type clash struct {
	by            node
	first, second descriptionID
}

// contradict withholds what two descriptions do not agree on.
func (m *merger) contradict(c *call, at clash) {
	i, d, other := at.by, &m.described[at.first-1], &m.described[at.second-1]
	if d.dispute == 0 {
		m.disputes = append(m.disputes, dispute{at.first})
		d.dispute = len(m.disputes)
	}
	other.dispute = d.dispute
	m.disputes[d.dispute-1] = append(m.disputes[d.dispute-1], at.second)

	said := map[string]uint64{}
	for _, p := range c.props {
		if p.of != i {
			continue
		}
		said[p.key] = sumOf(p.value)
		if p.mode == yields || d.of < 0 {
			continue // something may say it better
		}
		if have, ok := m.b.Property(graph.Handle(d.of), p.key); !ok || sumOf(have.Value) != said[p.key] {
			m.locked[lock{graph.Handle(d.of), p.key}] = true
		}
	}
	m.withdraw(d.of, m.origins[other.origin].slice, said)
	m.contradiction(other.origin, d.origin, d.of, c.nodes[i].ID, "")
}

// withdraw takes back what replies of a slice said about a thing, apart from
// what is said again.
func (m *merger) withdraw(of place, slice int, said map[string]uint64) {
	if of < 0 {
		return // properties of open references are sorted out by finish
	}
	m.b.Withdraw(graph.Handle(of), func(p graph.Prop) bool {
		sum, again := said[p.Key]
		return m.origins[p.Origin].slice == slice && !(again && sum == sumOf(p.Value))
	})
}

// lock is a property that nothing sets any more.
type lock struct {
	of  graph.Handle
	key string
}

// contradiction reports two contents of one thing, or of one property of it.
func (m *merger) contradiction(now, before graph.OriginID, of place, id, key string) {
	n, b := &m.origins[now], &m.origins[before]
	message := "is described twice with different content"
	if key != "" {
		message = "has " + key + " twice with different content"
	}
	if b.place() != n.place() {
		message += " (first in " + b.place() + ")"
	}
	message += "; what differs counts as not read"
	m.problem(n.place(), id, message)
	g := graph.Gap{ID: fmt.Sprintf("gap:%s:%s:%s:%s:contradiction@%s", n.Service, n.Operation, n.Account, n.Region, id),
		Account: n.Account, Region: n.Region, Service: n.Service, Operation: n.Operation, Outcome: graph.OutcomeMalformed,
		Detail: id + " " + message}
	if key != "" {
		g.ID += "#" + key
	}
	m.gaps = append(m.gaps, openGap{Gap: g, on: of, resource: true})
}

// claim is an edge, or a property of an open reference, that a description
// speaks of.
type claim struct {
	from, to place
	kind     graph.EdgeKind
	key      string
	sum      uint64
}

func (l *openEdge) claim() claim { return claim{from: l.from, to: l.to, kind: l.kind} }

func (p *openProperty) claim() claim { return claim{from: p.of, key: p.key, sum: sumOf(p.value)} }

// agreed counts for every claim which descriptions of a dispute make it.
type agreed map[int]map[claim]map[descriptionID]bool

func (a agreed) note(m *merger, id descriptionID, c claim) {
	if id == 0 || m.described[id-1].dispute == 0 {
		return
	}
	d := m.described[id-1].dispute
	if a[d] == nil {
		a[d] = map[claim]map[descriptionID]bool{}
	}
	if a[d][c] == nil {
		a[d][c] = map[descriptionID]bool{}
	}
	a[d][c][id] = true
}

// holds reports whether a claim of a description stands.
func (a agreed) holds(m *merger, id descriptionID, c claim) bool {
	if id == 0 {
		return true
	}
	d := &m.described[id-1]
	return !d.lapsed && (d.dispute == 0 || len(a[d.dispute][c]) == len(m.disputes[d.dispute-1]))
}
