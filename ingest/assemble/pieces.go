package assemble

import (
	"strings"

	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/ingest/fields"
)

// Where no account authorization dump is part of a source, what identities may
// do is told in pieces: inline policies by name and one by one, attached
// policies, groups. A piece that is missing may grant anything, so it is a gap.

// piece is one thing that has to be told of an identity.
type piece struct {
	of   node
	what string // an operation, or the key of an inline policy that was named
}

// openPiece is a piece whose identity may be an open reference.
type openPiece struct {
	of   place
	what string
}

// tells notes that a reply answers an operation about an identity.
func (c *call) tells(of node, what string) {
	if of != none {
		c.pieces = append(c.pieces, piece{of, what})
	}
}

// namesOf are the inline policies of an identity by name.
func namesOf(name, parameter, typ string) operation {
	names := fields.New("PolicyNames/*")
	return operation{service: "iam", name: name, params: []string{parameter}, about: param(parameter, byName(typ)),
		handle: func(c *call, of node) {
			c.tells(of, name)
			names.Scan(c.rec.Body, func(_ int, v []byte) { c.tells(of, graph.PropInlinePrefix+fields.Text(v)) })
		},
		onEmpty: func(c *call, of node) { c.tells(of, name) }}
}

// told completes an operation that tells one piece of an identity.
func told(op operation) operation {
	op.handle = func(c *call, of node) { c.tells(of, op.name) }
	op.onEmpty = op.handle
	return op
}

// needed are the operations that tell what an identity may do.
var needed = map[graph.Kind][]string{
	graph.KindUser:  {"ListUserPolicies", "ListAttachedUserPolicies", "ListGroupsForUser"},
	graph.KindRole:  {"ListRolePolicies", "ListAttachedRolePolicies"},
	graph.KindGroup: {"ListGroupPolicies", "ListAttachedGroupPolicies"},
}

// single are the operations that tell one inline policy.
var single = map[graph.Kind]string{graph.KindUser: "GetUserPolicy", graph.KindRole: "GetRolePolicy", graph.KindGroup: "GetGroupPolicy"}

// missingPieces leaves a gap for every piece that nothing tells of an identity.
func (m *merger) missingPieces(at func(place) place) {
	dumped := map[string]bool{}
	for slice, outcome := range m.outcomes {
		if slice.Service == "iam" && slice.Operation == "GetAccountAuthorizationDetails" && outcome != graph.OutcomeNotCollected {
			dumped[slice.Account] = true // what was refused of it is a gap already
		}
	}
	known := map[openPiece]bool{}
	var listed []openPiece
	for _, p := range m.pieces {
		p.of = at(p.of)
		known[p] = true
		listed = append(listed, p)
	}
	for h := range graph.Handle(m.b.Len()) {
		n := m.b.Node(h)
		if needed[n.Kind] == nil || !m.b.Known(h) || dumped[n.Account] || !m.accounts[n.Account] {
			continue
		}
		for _, operation := range needed[n.Kind] {
			if !known[openPiece{place(h), operation}] {
				m.missingPiece(n, h, operation)
			}
		}
	}
	for _, p := range listed {
		if p.of == nowhere || !strings.HasPrefix(p.what, graph.PropInlinePrefix) {
			continue
		}
		h := graph.Handle(p.of)
		if n := m.b.Node(h); single[n.Kind] != "" && m.b.Value(h, p.what) == nil {
			m.missingPiece(n, h, single[n.Kind])
		}
	}
}

// missingPiece is one gap for an operation and all that it was not answered for.
func (m *merger) missingPiece(n graph.Node, h graph.Handle, operation string) {
	m.gaps = append(m.gaps, openGap{resource: true, on: place(h), Gap: graph.Gap{
		ID: "gap:iam:" + operation + ":" + n.Account + ":global:pieces", Account: n.Account, Region: "global",
		Service: "iam", Operation: operation, Outcome: graph.OutcomeTruncated,
		Detail: "the source has no account authorization dump and answers " + operation + " not for every identity"}})
}
