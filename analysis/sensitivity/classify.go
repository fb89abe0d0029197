package sensitivity

import (
	"fmt"
	"slices"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/settings"
	"github.com/cairn-security/cairn/graph/sit"
)

// Source says how a label is known.
type Source string

// Sources, as documents name them.
const (
	Scan      Source = "scan"
	Catalogue Source = "catalogue"
	Declared  Source = "declared"
	Assumed   Source = "assumed"
	None      Source = "none"
)

// Datastore is what is known about the content of one datastore.
type Datastore struct {
	Node graph.Ref
	// Label is one of the tenant's, or empty when nothing sensitive is known.
	Label    string
	Source   Source
	Because  string // what the label rests on, one line
	Critical bool   // at or above the threshold, or marked
	// Types holds what sampling found, those the tenant switched on only.
	Types    []sit.Summary
	Regimes  []string
	Sampling *sit.Sampling // nil when nothing was read
	Records  int64         // -1 when unknown
	Bytes    int64         // -1 when unknown
}

// Index holds every datastore of a snapshot in node order.
type Index struct {
	list []Datastore
	at   map[graph.Ref]int
}

// All returns every datastore in node order. The slice is shared.
func (x *Index) All() []Datastore { return x.list }

// Of returns the datastore at a node, nil when the node is none.
func (x *Index) Of(ref graph.Ref) *Datastore {
	if i, ok := x.at[ref]; ok {
		return &x.list[i]
	}
	return nil
}

// Critical returns the critical assets in node order.
func (x *Index) Critical() []graph.Ref {
	var refs []graph.Ref
	for i := range x.list {
		if x.list[i].Critical {
			refs = append(refs, x.list[i].Node)
		}
	}
	return refs
}

// Classify labels every datastore of the snapshot. Errors name properties that
// do not parse; the datastores behind them count as not read.
func Classify(snap *graph.Snapshot, set *settings.Settings, marks map[string]Mark) (*Index, []error) {
	x := &Index{at: map[graph.Ref]int{}}
	var errs []error
	for ref := range snap.Refs() {
		if !holdsData(snap, ref) {
			continue
		}
		d, err := classify(snap, set, ref)
		if err != nil {
			errs = append(errs, err)
		}
		x.at[ref] = len(x.list)
		x.list = append(x.list, d)
	}
	x.inherit(snap, set)
	for i := range x.list {
		d := &x.list[i]
		d.Critical = d.Label != "" && set.Sensitive(d.Label)
		if m, ok := marks[snap.Node(d.Node).ID]; ok {
			d.declare(m, set)
		}
	}
	return x, errs
}

// holdsData leaves out what only looks like a datastore: nodes that something
// refers to and nothing described, and instances that are members of a cluster
// that is described itself hold no data of their own.
func holdsData(snap *graph.Snapshot, ref graph.Ref) bool {
	if !snap.Kind(ref).Datastore() {
		return false
	}
	if snap.Kind(ref) != graph.KindDBInstance {
		return true
	}
	for from := range snap.InKind(ref, graph.EdgeContains) {
		if snap.Kind(from) == graph.KindDBCluster {
			return false
		}
	}
	return true
}

func classify(snap *graph.Snapshot, set *settings.Settings, ref graph.Ref) (Datastore, error) {
	d := Datastore{Node: ref, Source: None, Records: -1, Bytes: -1}
	var sampling sit.Sampling
	read, err := snap.Decode(ref, graph.PropSensitivity, &sampling)
	if err != nil {
		err = fmt.Errorf("%s: property %s: %w", snap.Node(ref).ID, graph.PropSensitivity, err)
	} else if read {
		d.sampled(&sampling, set)
	}
	if d.Label == "" {
		d.assume(snap, set)
	}
	return d, err
}

func (d *Datastore) sampled(s *sit.Sampling, set *settings.Settings) {
	d.Sampling, d.Records, d.Bytes = s, s.Records, s.Bytes
	counts := settings.Counts{}
	var ids []sit.ID
	for _, t := range s.Types {
		if !set.TypeEnabled(t.Type) || t.Confidence < set.Types.MinConfidence {
			continue
		}
		d.Types = append(d.Types, t)
		counts[t.Type] = t.Distinct
		ids = append(ids, t.Type)
	}
	d.Regimes = sit.Regimes(ids...)
	if s.Sampled > s.Unreadable {
		d.Source = Scan
		d.Because = fmt.Sprintf("%d objects sampled, no enabled type seen", s.Sampled)
	}
	if label, rule := set.LabelFor(counts); rule != nil {
		what := string(rule.Category)
		if rule.Type != "" {
			what = string(rule.Type)
		}
		d.Label, d.Source = label, Scan
		d.Because = fmt.Sprintf("at least %d distinct %s found in %d sampled objects", max(rule.AtLeast, 1), what, s.Sampled)
	}
}

// assume takes what names and tags say, but only where nothing was read.
func (d *Datastore) assume(snap *graph.Snapshot, set *settings.Settings) {
	if d.Source == Scan {
		return
	}
	tags := map[string]string{}
	if _, err := snap.Decode(d.Node, graph.PropTags, &tags); err != nil {
		tags = nil // tags of an odd shape say nothing
	}
	if a, ok := set.Assume(snap.Node(d.Node).Name, tags); ok {
		d.Label, d.Source, d.Because = a.Label, Assumed, a.Because
	}
}

// inherit gives snapshots and images the label of what they were taken from,
// where that is higher than what is known of the copy itself. Chains of copies
// are short; a pass per level is enough.
func (x *Index) inherit(snap *graph.Snapshot, set *settings.Settings) {
	for range 4 {
		changed := false
		for i := range x.list {
			d := &x.list[i]
			if d.Source == Scan {
				continue
			}
			for from := range snap.OutKind(d.Node, graph.EdgeSnapshotOf) {
				src := x.Of(from)
				if src == nil || src.Label == "" || set.Labels.Rank(src.Label) <= set.Labels.Rank(d.Label) {
					continue
				}
				d.Label, d.Source = src.Label, src.Source
				d.Because = "copy of " + snap.Node(from).Name
				d.Types, d.Regimes = slices.Clone(src.Types), src.Regimes
				d.Records = src.Records
				changed = true
			}
		}
		if !changed {
			return
		}
	}
}

func (d *Datastore) declare(m Mark, set *settings.Settings) {
	if m.Label != "" {
		d.Label, d.Source, d.Because = m.Label, Declared, "marked by hand"
		d.Critical = set.Sensitive(m.Label)
	}
	if m.Critical != nil {
		d.Critical = *m.Critical
		if d.Source == None {
			d.Source, d.Because = Declared, "marked by hand"
		}
	}
}
