package report

import (
	"encoding/json"
	"strings"
	"sync"
	"time"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/graph"
)

// Evidence is EVIDENCE of the machine output: the place that decided something.
type Evidence struct {
	Node     Node       `json:"node"`
	Document string     `json:"document"`
	Pointer  string     `json:"pointer"`
	Lines    []int      `json:"lines"` // from, to; null for an absence
	Sid      *string    `json:"sid"`
	Text     string     `json:"text"`
	Call     string     `json:"call"`
	ReadAt   *time.Time `json:"readAt"`

	// Policy and Effect say, in decisions, which policy type or network element
	// decided and what.
	Policy string `json:"policy,omitempty"`
	Effect string `json:"effect,omitempty"`
}

// Documents renders the documents of one snapshot and keeps what it rendered.
// It is safe for concurrent use.
type Documents struct {
	snap  *graph.Snapshot
	mu    sync.Mutex
	cache map[documentKey]*graph.Document
	facts map[attack.Fact]Evidence // few facts decide many steps
}

type documentKey struct {
	node     graph.Ref
	property string
}

// Bounds of what is kept: documents are a few kilobytes each, facts a few hundred
// bytes.
const maxRendered, maxFacts = 4096, 1 << 15

// NewDocuments returns a renderer for a snapshot.
func NewDocuments(snap *graph.Snapshot) *Documents {
	return &Documents{snap: snap, cache: map[documentKey]*graph.Document{}, facts: map[attack.Fact]Evidence{}}
}

// DocumentID names a property of a node as a document.
func DocumentID(node, property string) string { return node + "#" + property }

// Find resolves a document id.
func (d *Documents) Find(id string) (node graph.Ref, property string, ok bool) {
	cut := strings.LastIndexByte(id, '#')
	if cut < 0 {
		return graph.NoRef, "", false
	}
	ref, ok := d.snap.Lookup(id[:cut])
	if !ok || d.snap.Prop(ref, id[cut+1:]) == nil {
		return graph.NoRef, "", false
	}
	return ref, id[cut+1:], true
}

// Render returns the canonical text of a property, nil when there is none or
// it does not parse.
func (d *Documents) Render(node graph.Ref, property string) *graph.Document {
	raw := d.snap.Prop(node, property)
	if raw == nil {
		return nil
	}
	key := documentKey{node, property}
	d.mu.Lock()
	defer d.mu.Unlock()
	if doc, ok := d.cache[key]; ok {
		return doc
	}
	doc, err := graph.RenderDocument(raw)
	if err != nil {
		doc = nil
	}
	if len(d.cache) >= maxRendered {
		clear(d.cache)
	}
	d.cache[key] = doc
	return doc
}

// Evidence describes a reason.
func (d *Documents) Evidence(r attack.Reason) Evidence {
	e := d.Fact(r.Fact)
	e.Policy, e.Effect = r.Policy, r.Effect
	if r.Text != "" {
		e.Text = r.Text
	}
	return e
}

// Reasons describes several reasons; it is never nil.
func (d *Documents) Reasons(reasons []attack.Reason) []Evidence {
	out := make([]Evidence, 0, len(reasons))
	for _, r := range reasons {
		out = append(out, d.Evidence(r))
	}
	return out
}

// Fact describes where a fact stands. An absent fact has no lines; its text
// says what is not there. What it points to is shared: do not write.
func (d *Documents) Fact(f attack.Fact) Evidence {
	d.mu.Lock()
	e, known := d.facts[f]
	d.mu.Unlock()
	if known {
		return e
	}
	e = d.describe(f)
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.facts) >= maxFacts {
		clear(d.facts)
	}
	d.facts[f] = e
	return e
}

func (d *Documents) describe(f attack.Fact) Evidence {
	e := Evidence{Node: NodeOf(d.snap, f.Node), Pointer: f.Pointer}
	if f.Node == graph.NoRef {
		e.Text = f.Anchor
		return e
	}
	if f.Property != "" {
		e.Document = DocumentID(e.Node.ID, f.Property)
	}
	if o, ok := d.snap.PropOrigin(f.Node, f.Property); ok {
		e.Call = o.Call()
		if !o.ReadAt.IsZero() {
			at := o.ReadAt.UTC()
			e.ReadAt = &at
		}
	}
	if f.Absent {
		e.Text = "absent: " + f.Anchor
		return e
	}
	doc := d.Render(f.Node, f.Property)
	if doc == nil {
		e.Document = ""
		return e
	}
	from, to := doc.Lines(f.Pointer)
	e.Lines = []int{from, to}
	element, _ := graph.Element(d.snap.Prop(f.Node, f.Property), f.Pointer)
	var statement struct{ Sid string }
	if json.Unmarshal(element, &statement) == nil {
		e.Sid = textOrNull(statement.Sid)
	}
	e.Text = doc.Excerpt(from, min(to, from+maxExcerpt))
	return e
}

// maxExcerpt is how many lines of a document an evidence text repeats.
const maxExcerpt = 24

var propertyTitles = map[string]string{
	graph.PropPolicy: "Resource policy", graph.PropTrust: "Trust policy", graph.PropDocument: "Policy document",
	graph.PropACL: "Access control list", graph.PropOwnership: "Object ownership", graph.PropPublicAccessBlock: "Block public access",
	graph.PropEncryption: "Encryption", graph.PropAttributes: "Attributes", graph.PropGrants: "Grants", graph.PropURL: "Function URL",
	graph.PropListeners: "Listeners", graph.PropRules: "Rules", graph.PropHealth: "Target health", graph.PropRoutes: "Routes",
	graph.PropEntries: "Entries", graph.PropUserData: "User data findings", graph.PropEnvironment: "Environment findings",
	graph.PropCredentials: "Credentials found", graph.PropSensitivity: "Sampling", graph.PropTags: "Tags",
	graph.PropCredentialReport: "Credential report", graph.PropVersioning: "Versioning",
}

// PropertyTitle says in words what a property of a kind of node is.
func PropertyTitle(kind graph.Kind, property string) string {
	if name, ok := strings.CutPrefix(property, graph.PropInlinePrefix); ok {
		return "Inline policy " + name
	}
	if property == graph.PropResource {
		return kind.Title()
	}
	if property == graph.PropPolicy {
		switch kind {
		case graph.KindBucket:
			return "Bucket policy"
		case graph.KindKey:
			return "Key policy"
		}
	}
	if t, ok := propertyTitles[property]; ok {
		return t
	}
	return property
}
