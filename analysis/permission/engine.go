package permission

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"sync"
	"time"

	"github.com/cairn-security/cairn/analysis/policy"
	"github.com/cairn-security/cairn/graph"
)

// Options of an engine. The zero value is the usual.
type Options struct {
	// At is the time that conditions on dates are tested at; zero: when the
	// snapshot was taken.
	At time.Time
}

// Engine answers permission questions about one snapshot. It is safe for
// concurrent use.
type Engine struct {
	snap *graph.Snapshot
	at   time.Time

	docs     []document                           // by Attached.ID
	compiled map[[sha256.Size]byte]*policy.Policy // by content
	places   map[place]*Attached
	sets     map[string]*Set // by kind and document ids

	accounts   map[string]*account
	read       []*account // those that were read, in snapshot order
	listedOrgs []string   // organizations whose accounts are all known
	principals map[graph.Ref]*principal
	order      []*principal // users and roles in snapshot order
	resources  map[graph.Ref]*resource
	gaps       []graph.Gap // found while reading documents

	bases   sync.Map // action -> *policy.Context
	callers func() *callers
}

// document is where a compiled document stands in the snapshot.
type document struct {
	node graph.Ref
	prop string
	// prefix of JSON pointers when the document is a part of the property.
	prefix string
}

// New reads principals, resources and their policies from a snapshot and
// compiles each distinct document once. Cost: one pass over the nodes plus the
// size of all distinct documents. The error is the context's.
func New(ctx context.Context, snap *graph.Snapshot, opts Options) (*Engine, error) {
	e := &Engine{
		snap: snap, at: opts.At,
		compiled:   map[[sha256.Size]byte]*policy.Policy{},
		places:     map[place]*Attached{},
		sets:       map[string]*Set{},
		accounts:   map[string]*account{},
		principals: map[graph.Ref]*principal{},
		resources:  map[graph.Ref]*resource{},
	}
	if e.at.IsZero() {
		e.at = snap.Meta().TakenAt
	}
	e.readOrganization()
	n := 0
	for _, kind := range [...]graph.Kind{graph.KindUser, graph.KindRole} {
		for _, ref := range snap.ByKind(kind) {
			if n++; n%1024 == 0 && ctx.Err() != nil {
				return nil, context.Cause(ctx)
			}
			p := e.readPrincipal(ref)
			e.principals[ref] = p
			e.order = append(e.order, p)
		}
	}
	for _, ref := range snap.ByKind(graph.KindUnknown) {
		if e.foreignIdentity(snap.Node(ref)) {
			p := e.readPrincipal(ref)
			e.principals[ref] = p
			e.order = append(e.order, p)
		}
	}
	for _, kind := range otherKinds {
		for _, ref := range snap.ByKind(kind) {
			e.principals[ref] = e.readOther(ref)
		}
	}
	for _, ref := range snap.ByKind(graph.KindVPCEndpoint) {
		e.attached(ref, graph.PropPolicy)
	}
	for ref := range snap.Refs() {
		if n++; n%1024 == 0 && ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if r := e.readResource(ref); r != nil {
			e.resources[ref] = r
		}
	}
	e.callers = sync.OnceValue(e.newCallers)
	return e, nil
}

// Gaps are coverage gaps found in documents: policies that are attached and
// were not read, documents that could not be parsed. They come on top of the
// snapshot's own.
func (e *Engine) Gaps() []graph.Gap { return e.gaps }

// attached is attach with one Attached per node and property, so that policies
// shared by many principals are one document.
func (e *Engine) attached(node graph.Ref, prop string) *Attached {
	key := place{node, prop}
	if a, ok := e.places[key]; ok {
		return a
	}
	a := e.attach(node, prop)
	e.places[key] = a
	return a
}

type place struct {
	node graph.Ref
	prop string
}

// attach compiles a property that is a policy document; nil when the node has
// no such property.
func (e *Engine) attach(node graph.Ref, prop string) *Attached {
	raw := e.snap.Prop(node, prop)
	if len(raw) == 0 || string(raw) == "null" {
		return nil
	}
	name := e.snap.Node(node).ID + "#" + prop
	a := e.register(node, prop, "", e.compile(name, raw))
	a.Name = name
	if a.Doc.Incomplete() {
		e.malformed(node, prop, a.Doc)
	}
	return a
}

func (e *Engine) register(node graph.Ref, prop, prefix string, p *policy.Policy) *Attached {
	a := &Attached{Policy: p, ID: int32(len(e.docs))}
	e.docs = append(e.docs, document{node, prop, prefix})
	return a
}

func (e *Engine) compile(name string, raw json.RawMessage) *policy.Policy {
	sum := sha256.Sum256(raw)
	if p, ok := e.compiled[sum]; ok {
		return p
	}
	text := []byte(raw)
	if raw[0] == '"' {
		var s string
		if json.Unmarshal(raw, &s) == nil {
			text = []byte(s)
		}
	}
	p := policy.Compile(policy.ParseLenient(name, text))
	e.compiled[sum] = p
	return p
}

func (e *Engine) malformed(node graph.Ref, prop string, doc *policy.Document) {
	n := e.snap.Node(node)
	detail := ""
	for _, p := range doc.Problems {
		here := *p // equal documents are compiled once, under the name of the first
		here.Document = n.ID + "#" + prop
		detail = here.Error()
		break
	}
	e.gap(graph.Gap{ID: "malformed:" + n.ID + "#" + prop, Account: n.Account, Region: n.Region, Service: "iam",
		Operation: "policy document", Outcome: graph.OutcomeMalformed, Detail: detail, Affects: []string{n.ID}})
}

func (e *Engine) gap(g graph.Gap) {
	for i := range e.gaps {
		if e.gaps[i].ID == g.ID {
			return
		}
	}
	e.gaps = append(e.gaps, g)
}

// shared returns one set per kind and list of documents.
func (e *Engine) shared(kind PolicyType, label string, docs []*Attached, unread []string) *Set {
	key := make([]byte, 0, 64)
	key = append(key, byte(kind))
	for _, d := range docs {
		key = append(key, byte(d.ID), byte(d.ID>>8), byte(d.ID>>16), byte(d.ID>>24))
	}
	for _, u := range unread {
		key = append(append(key, 0), u...)
	}
	key = append(append(key, 1), label...)
	if s, ok := e.sets[string(key)]; ok {
		return s
	}
	s := NewSet(kind, docs...)
	s.Label = label
	s.Unread = append(s.Unread, unread...)
	s.id = uint32(len(e.sets) + 1)
	e.sets[string(key)] = s
	return s
}
