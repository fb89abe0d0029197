package view

import (
	"cmp"
	"slices"
	"time"

	"github.com/cairn-security/cairn/analysis/report"
	"github.com/cairn-security/cairn/graph"
)

// Evidence is the place in a document that decided something.
type Evidence struct {
	report.Evidence
	v *View
}

func (v *View) evidence(e report.Evidence) *Evidence { return &Evidence{e, v} }

func (v *View) evidences(all []report.Evidence) []*Evidence {
	out := make([]*Evidence, len(all))
	for i := range all {
		out[i] = v.evidence(all[i])
	}
	return out
}

// Node is where the document stands.
func (e *Evidence) Node() *EstateNode { return e.v.of(e.Evidence.Node) }

// Document is the id of the document, nil where the fact is no document's.
func (e *Evidence) Document() *string { return orNull(e.Evidence.Document) }

// Title says what the document is.
func (e *Evidence) Title() string {
	if ref, property, ok := e.v.docs.Find(e.Evidence.Document); ok {
		return report.PropertyTitle(e.v.snap().Kind(ref), property)
	}
	if e.Policy != "" {
		return e.Policy
	}
	kind, _ := graph.ParseKind(e.Evidence.Node.Kind)
	return kind.Title()
}

// Reason is evidence with what it says for the decision.
type Reason struct {
	Policy, Effect string
	Evidence       *Evidence
}

func (v *View) reasons(all []report.Evidence) []*Reason {
	out := make([]*Reason, len(all))
	for i, e := range all {
		out[i] = &Reason{e.Policy, e.Effect, v.evidence(e)}
	}
	return out
}

// Document is one raw document in its canonical rendering.
type Document struct {
	v        *View
	node     graph.Ref
	property string
}

// IsNode marks it as a Node of the schema.
func (d *Document) IsNode() {}

// Document finds a document by its id, nil when there is none.
func (v *View) Document(id string) *Document {
	ref, property, ok := v.docs.Find(id)
	if !ok {
		return nil
	}
	return &Document{v, ref, property}
}

// ID names the document.
func (d *Document) ID() string { return report.DocumentID(d.v.snap().Node(d.node).ID, d.property) }

// Node is where the document stands.
func (d *Document) Node() *EstateNode { return d.v.node(d.node) }

// Title says what the document is.
func (d *Document) Title() string { return report.PropertyTitle(d.v.snap().Kind(d.node), d.property) }

// Text is the document indented, key order kept.
func (d *Document) Text() string {
	if doc := d.v.docs.Render(d.node, d.property); doc != nil {
		return doc.Text
	}
	return string(d.v.snap().Prop(d.node, d.property)) // nested deeper than the renderer goes
}

// Call is the operation or file that gave the document.
func (d *Document) Call() string {
	o, _ := d.v.snap().PropOrigin(d.node, d.property)
	return o.Call()
}

// ReadAt is when it was read, nil where that is not known.
func (d *Document) ReadAt() *time.Time {
	o, ok := d.v.snap().PropOrigin(d.node, d.property)
	if !ok || o.ReadAt.IsZero() {
		return nil
	}
	at := o.ReadAt.UTC()
	return &at
}

// sortBy sorts by a text.
func sortBy[T any](list []T, key func(T) string) {
	slices.SortStableFunc(list, func(a, b T) int { return cmp.Compare(key(a), key(b)) })
}
