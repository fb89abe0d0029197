package view

import (
	"cmp"
	"strings"

	"github.com/cairn-security/cairn/analysis"
	"github.com/cairn-security/cairn/analysis/report"
	"github.com/cairn-security/cairn/gql/model"
	"github.com/cairn-security/cairn/graph"
)

// stores holds the inventory in the order of the analysis.
type stores struct {
	docs   []report.Datastore
	hits   []*analysis.Store
	row    map[graph.Ref]int32
	table  *table
	orders map[string][]int32
}

// unread is the label value of what was not read.
const unread = "unknown"

func (v *View) newStores() *stores {
	all := v.Result.Data.All()
	s := &stores{docs: make([]report.Datastore, len(all)), hits: make([]*analysis.Store, len(all)), row: make(map[graph.Ref]int32, len(all))}
	s.table = newTable("datastores", "kind", "label", "type", "regime", "exposure", "source", "answer", "account", "encryption")
	hit := map[graph.Ref]*analysis.Store{}
	for i := range v.Result.Stores {
		hit[v.Result.Stores[i].Node] = &v.Result.Stores[i]
	}
	exposure := report.Exposures(v.Result)
	for i := range all {
		d := &all[i]
		doc := report.DatastoreOf(v.Result, d, exposure)
		s.docs[i], s.hits[i], s.row[d.Node] = doc, hit[d.Node], int32(i)
		var types []string
		text := []string{doc.Node.Name, doc.Node.ID, v.accountTitle(deref(doc.Node.Account))}
		for _, t := range doc.Types {
			types = append(types, t.Type)
			text = append(text, t.Type, typeName(t.Type))
		}
		label := d.Label
		if label == "" && doc.Source == "none" {
			label = unread
		}
		s.table.add(doc.Node.ID, strings.Join(text, "\n"), []string{doc.Node.Kind}, []string{label}, types, doc.Regimes, []string{doc.Exposure},
			[]string{doc.Source}, []string{doc.Answer}, []string{deref(doc.Node.Account)}, []string{doc.Encryption.AtRest})
	}
	s.table.titled("kind", kindTitle)
	s.table.titled("type", typeName)
	s.table.titled("account", v.accountTitle)
	s.sort(v)
	return s
}

func kindTitle(kind string) string {
	k, ok := graph.ParseKind(kind)
	if !ok {
		return kind
	}
	return k.Title()
}

var exposureRank = map[string]int{"internet": 0, "broad": 1, "unknown": 2, "restricted": 3, "partner": 4, "internal": 5, "none": 6}

// sort orders the rows in every way. What was not read sorts with the sensitive.
func (s *stores) sort(v *View) {
	all, set := v.Result.Data.All(), v.Result.Options.Settings
	threshold := set.Labels.Rank(set.Threshold)
	label := func(i int32) int {
		switch d := &all[i]; {
		case d.Label != "":
			return 2 * set.Labels.Rank(d.Label)
		case s.docs[i].Source == "none":
			return 2*threshold - 1 // below what is known to be sensitive
		}
		return -1
	}
	answer := map[string]int{"reached": 2, "unknown": 1}
	upper := func(i int32) float64 {
		if s.hits[i] == nil {
			return 0
		}
		return s.hits[i].Risk.Upper
	}
	byRisk := func(a, b int32) int {
		return cmp.Or(cmp.Compare(s.docs[b].Risk, s.docs[a].Risk), cmp.Compare(upper(b), upper(a)), cmp.Compare(answer[s.docs[b].Answer], answer[s.docs[a].Answer]),
			cmp.Compare(label(b), label(a)))
	}
	rows := make([]int32, len(all))
	for i := range rows {
		rows[i] = int32(i)
	}
	s.orders = map[string][]int32{
		"risk":  sorted(rows, byRisk),
		"label": sorted(rows, func(a, b int32) int { return cmp.Or(cmp.Compare(label(b), label(a)), byRisk(a, b)) }),
		"name":  sorted(rows, func(a, b int32) int { return cmp.Compare(s.docs[a].Node.Name, s.docs[b].Node.Name) }),
		"exposure": sorted(rows, func(a, b int32) int {
			return cmp.Or(cmp.Compare(exposureRank[s.docs[a].Exposure], exposureRank[s.docs[b].Exposure]), byRisk(a, b))
		}),
		"scannedAt": sorted(rows, func(a, b int32) int { return cmp.Compare(s.scanned(b), s.scanned(a)) }),
	}
}

// scanned is when a datastore was sampled, 0 for never: those come last.
func (s *stores) scanned(i int32) int64 {
	if at := s.docs[i].ScannedAt; at != nil {
		return at.UnixNano()
	}
	return 0
}

// Datastores lists the inventory under a filter.
func (v *View) Datastores(first *int, after *string, f *model.DatastoreFilter, sort *string) (*DatastoreConnection, error) {
	if f == nil {
		f = &model.DatastoreFilter{}
	}
	s := v.stores()
	keep := func(row int32) bool { return f.Critical == nil || *f.Critical == s.docs[row].Critical }
	found := s.table.find(filter{
		text: deref(f.Text),
		want: map[string][]string{"kind": f.Kind, "label": f.Label, "type": f.Type, "regime": f.Regime, "exposure": f.Exposure, "source": f.Source,
			"answer": f.Answer, "account": f.Account, "encryption": f.Encryption},
		keep: keep,
	}, s.orders[deref(sort)])
	r, err := v.rows(found, first, after)
	if err != nil {
		return nil, err
	}
	return &DatastoreConnection{r, v}, nil
}

// Datastore finds one by id or unique name, nil when the node is none.
func (v *View) Datastore(id string) (*Datastore, error) {
	ref, err := v.snap().ResolveAs(id, graph.Kind.Datastore)
	if err != nil {
		return nil, named(err)
	}
	return v.datastoreOf(ref), nil
}

func (v *View) datastoreOf(ref graph.Ref) *Datastore {
	if !v.kindOf(ref).Datastore() {
		return nil
	}
	row, ok := v.stores().row[ref]
	if !ok {
		return nil
	}
	return v.datastore(row)
}

// DatastoreConnection is a page of the inventory.
type DatastoreConnection struct {
	rows
	v *View
}

// DatastoreEdge is a datastore with its cursor.
type DatastoreEdge struct {
	Cursor string
	Node   *Datastore
}

// Nodes are the datastores of the page.
func (c *DatastoreConnection) Nodes() []*Datastore { return pageOf(&c.rows, c.v.datastore) }

// Edges are the datastores of the page with cursors.
func (c *DatastoreConnection) Edges() []*DatastoreEdge {
	return edgesOf(&c.rows, func(cursor string, row int32) *DatastoreEdge { return &DatastoreEdge{cursor, c.v.datastore(row)} })
}

// CriticalCount counts the critical assets under the filter.
func (c *DatastoreConnection) CriticalCount() int {
	n := 0
	for _, row := range c.all.rows {
		if c.v.stores().docs[row].Critical {
			n++
		}
	}
	return n
}

// MarkDatastorePayload is what a mark led to.
type MarkDatastorePayload struct{ Datastore *Datastore }
