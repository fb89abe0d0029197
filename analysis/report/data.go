package report

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/cairn-security/cairn/analysis"
	"github.com/cairn-security/cairn/analysis/sensitivity"
	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/sit"
)

// Data is the document cairn.data/v1.
type Data struct {
	Schema     string      `json:"schema"`
	Snapshot   string      `json:"snapshot"`
	Datastores []Datastore `json:"datastores"`
	Sampled    []Sample    `json:"sampled,omitempty"` // with a node only
}

// Datastore is one row of the inventory.
type Datastore struct {
	Node       Node              `json:"node"`
	Types      []TypeSeen        `json:"types"`
	Label      *string           `json:"label"`
	Critical   bool              `json:"critical"`
	Regimes    []string          `json:"regimes"`
	Source     string            `json:"source"`
	Because    string            `json:"because"`
	Discovery  string            `json:"discovery"`
	Catalogue  json.RawMessage   `json:"catalogue"`
	Bound      *sit.Bound        `json:"bound"`
	ScannedAt  *time.Time        `json:"scannedAt"`
	Bytes      *int64            `json:"bytes"`
	Records    *int64            `json:"records"`
	Objects    *int64            `json:"objects"`
	Sampled    *int              `json:"sampledObjects"`
	Unreadable int               `json:"unreadable"`
	Exposure   string            `json:"exposure"`
	Encryption Encryption        `json:"encryption"`
	Access     DataAccess        `json:"access"`
	Violations []Violation       `json:"violations"`
	BestPath   *string           `json:"bestPath"`
	Answer     string            `json:"answer"`
	Risk       float64           `json:"risk"`
	Why        map[string]string `json:"why,omitempty"`
}

// TypeSeen is one sensitive information type in a datastore.
type TypeSeen struct {
	Type       string     `json:"type"`
	Confidence string     `json:"confidence"`
	Share      [2]float64 `json:"share"`
	Objects    int        `json:"objects"`
}

// Encryption says how data is protected at rest and on the way.
type Encryption struct {
	AtRest    string  `json:"atRest"` // none, aws, customer, unknown
	Key       *string `json:"key"`
	InTransit string  `json:"inTransit"` // required, optional, unknown

	Why map[string]string `json:"why,omitempty"`
}

// DataAccess counts principals that may act, before any attack. Null where a
// policy that decides was not read.
type DataAccess struct {
	Read       *int `json:"read"`
	Write      *int `json:"write"`
	Administer *int `json:"administer"`
	Anonymous  bool `json:"anonymous"`

	Why map[string]string `json:"why,omitempty"`
}

// Violation is access or a place that the tenant did not intend.
type Violation struct {
	Kind string `json:"kind"`
	What string `json:"what"`
}

// Sample is where something was found. Never a value.
type Sample struct {
	Object   string     `json:"object"`
	Types    []string   `json:"types"`
	Label    *string    `json:"label"`
	Location string     `json:"location"`
	ReadAt   *time.Time `json:"readAt"`
}

// DataOf builds the document about all datastores, or about one.
func DataOf(r *analysis.Result, only graph.Ref) *Data {
	doc := &Data{Schema: "cairn.data/v1", Snapshot: r.Snap.ID(), Datastores: []Datastore{}}
	exposure := Exposures(r)
	for i := range r.Data.All() {
		d := &r.Data.All()[i]
		if only != graph.NoRef && d.Node != only {
			continue
		}
		doc.Datastores = append(doc.Datastores, DatastoreOf(r, d, exposure))
		if only != graph.NoRef {
			doc.Sampled = Samples(r, d)
		}
	}
	return doc
}

// Exposures maps nodes to how exposed they are.
func Exposures(r *analysis.Result) map[graph.Ref]string {
	classes := map[graph.Ref]string{}
	for _, x := range r.Endpoints() {
		if ref := x.Resource.Node(); ref != graph.NoRef {
			classes[ref] = string(x.Class)
		}
	}
	return classes
}

// DatastoreOf describes one datastore.
func DatastoreOf(r *analysis.Result, d *sensitivity.Datastore, exposure map[graph.Ref]string) Datastore {
	out := Datastore{Node: NodeOf(r.Snap, d.Node), Types: []TypeSeen{}, Label: textOrNull(d.Label), Critical: d.Critical, Regimes: list(d.Regimes),
		Source: string(d.Source), Because: d.Because, Discovery: discovery(r, d), Catalogue: r.Snap.Prop(d.Node, graph.PropCatalogue),
		Encryption: encryptionOf(r.Snap, d.Node), Violations: violations(r, d), Why: map[string]string{}, Answer: "noPathSeen"}
	for _, t := range d.Types {
		out.Types = append(out.Types, TypeSeen{string(t.Type), t.Confidence.String(), t.Share, t.Objects})
	}
	if s := d.Sampling; s != nil {
		out.Bound, out.Sampled, out.Unreadable = &s.Bound, &s.Sampled, s.Unreadable
		out.Objects = positive(s.Objects)
		if o, ok := r.Snap.PropOrigin(d.Node, graph.PropSensitivity); ok && !o.ReadAt.IsZero() {
			at := o.ReadAt.UTC()
			out.ScannedAt = &at
		}
	}
	out.Bytes, out.Records = positive(d.Bytes), positive(d.Records)
	out.Exposure = exposureOf(r, d.Node, exposure)
	out.access(r, d.Node)
	if s := r.StoreOf(d.Node); s != nil {
		out.Answer, out.Risk = s.Answer.String(), s.Risk.Value
		if s.Best != nil {
			out.BestPath = &s.Best.ID
		}
	} else {
		out.Why["bestPath"] = "not a critical asset: no path was looked for"
	}
	out.explain()
	return out
}

// explain gives the reason of every null that has none yet.
func (out *Datastore) explain() {
	for _, field := range []struct {
		name, why string
		null      bool
	}{
		{"label", "nothing sensitive was found, named or declared", out.Label == nil},
		{"catalogue", "no catalogue was imported", out.Catalogue == nil},
		{"bound", "nothing was sampled", out.Bound == nil},
		{"scannedAt", "nothing was sampled", out.ScannedAt == nil},
		{"sampledObjects", "nothing was sampled", out.Sampled == nil},
		{"objects", "the number of objects was not read", out.Objects == nil},
		{"bytes", "the size was not read", out.Bytes == nil},
		{"records", "the number of records was not read", out.Records == nil},
		{"bestPath", "no path was seen", out.BestPath == nil},
	} {
		if field.null && out.Why[field.name] == "" {
			out.Why[field.name] = field.why
		}
	}
	if len(out.Why) == 0 {
		out.Why = nil
	}
}

func positive(n int64) *int64 {
	if n < 0 {
		return nil
	}
	return &n
}

func (out *Datastore) access(r *analysis.Result, ref graph.Ref) {
	a := r.Access()[ref]
	if a == nil {
		a = &analysis.Access{}
	}
	out.Access.Anonymous = a.Anonymous
	if a.Unread {
		const why = "a policy that decides was not read"
		out.Why["access"] = why
		out.Access.Why = map[string]string{"read": why, "write": why, "administer": why}
		return
	}
	read, write, administer := a.Read, a.Write, a.Administer
	out.Access.Read, out.Access.Write, out.Access.Administer = &read, &write, &administer
}

// exposureOf is the class of the node's own endpoint, or of a member's.
func exposureOf(r *analysis.Result, ref graph.Ref, classes map[graph.Ref]string) string {
	if c, ok := classes[ref]; ok {
		return c
	}
	for member := range r.Snap.OutKind(ref, graph.EdgeContains) {
		if c, ok := classes[member]; ok {
			return c
		}
	}
	if a := r.Access()[ref]; a != nil {
		switch {
		case a.AnyAccount: // which everybody can open
			return "internet"
		case a.Unread:
			return "unknown"
		}
	}
	return "none"
}

func discovery(r *analysis.Result, d *sensitivity.Datastore) string {
	n := r.Snap.Node(d.Node)
	if !r.Options.Settings.Discovery.On || r.Options.Settings.Excluded(n.ID, n.Name) {
		return "off"
	}
	for _, g := range r.Snap.GapsOf(d.Node) {
		if g.Refused() && (g.Operation == "GetObject" || g.Operation == "ListObjectsV2" || g.Operation == "Classify") {
			return "notPermitted"
		}
	}
	if d.Sampling == nil {
		return "off"
	}
	return "on"
}

// violations are readers and regions that the settings do not intend.
func violations(r *analysis.Result, d *sensitivity.Datastore) []Violation {
	out := []Violation{}
	n := r.Snap.Node(d.Node)
	intended, ok := r.Options.Settings.IntendedFor(n.ID, n.Name)
	if !ok {
		return out
	}
	if len(intended.Regions) > 0 && n.Region != "" && !intended.AllowsRegion(n.Region) {
		out = append(out, Violation{"region", "lies in " + n.Region})
	}
	if a := r.Access()[d.Node]; a != nil && len(intended.Principals) > 0 {
		for _, p := range a.Readers {
			who := r.Snap.Node(p)
			if !intended.AllowsPrincipal(who.ID, who.Name) {
				out = append(out, Violation{"access", who.ID + " may read"})
			}
		}
	}
	return out
}

// Samples lists where types were seen, grouped by object and place.
func Samples(r *analysis.Result, d *sensitivity.Datastore) []Sample {
	out := []Sample{}
	if d.Sampling == nil {
		return out
	}
	var at *time.Time
	if o, ok := r.Snap.PropOrigin(d.Node, graph.PropSensitivity); ok && !o.ReadAt.IsZero() {
		t := o.ReadAt.UTC()
		at = &t
	}
	for _, l := range d.Sampling.Seen {
		s := Sample{Object: l.Object, Types: []string{string(l.Type)}, Location: strings.TrimSpace(l.Column), ReadAt: at}
		if label, _ := r.Options.Settings.LabelFor(map[sit.ID]int{l.Type: max(l.Count, 1)}); label != "" {
			s.Label = &label
		}
		out = append(out, s)
	}
	return out
}
