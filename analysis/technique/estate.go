package technique

import (
	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/permission"
	"github.com/cairn-security/cairn/analysis/reach"
	"github.com/cairn-security/cairn/analysis/sensitivity"
	"github.com/cairn-security/cairn/graph"
	"github.com/cairn-security/cairn/graph/settings"
)

// Estate is everything a technique may ask.
type Estate struct {
	Snap     *graph.Snapshot
	Settings *settings.Settings
	Data     *sensitivity.Index
	Perm     *permission.Engine
	Reach    *reach.Estate
	// Entries says where attackers start.
	Entries Entries
	// Network are the steps that are [OfNetwork], where they are known from an
	// estate with the same Reach; nil: derive them.
	Network []attack.Step

	aux       uint32
	internet  graph.Ref
	only      graph.Ref           // the one principal that acts; NoRef: everybody may
	tags      map[string]string   // of the one principal, as context keys, where others are tried
	allowAll  map[string][]string // managed policies that say everything, by account
	admins    map[graph.Ref]permission.Administration
	assumed   []permission.Assumption
	exposed   []*reach.Endpoint
	openTo    map[openKey][]*attack.Decision // filled by deriveAnonymousAccess
	places    map[string]attack.State        // by VPC endpoint
	held      map[graph.Ref]*holdings        // by datastore
	found     []find                         // by place
	paired    []pairing                      // by place
	asked     []tagAsker                     // by principal
	granted   []permission.Grant             // on datastores
	strangers []graph.Ref
}

// newAux returns a fresh auxiliary state.
func (e *Estate) newAux() attack.State {
	e.aux++
	return attack.State{Kind: attack.Aux, Node: graph.NoRef, Aux: e.aux}
}

// special returns a node that exists in every estate, NoRef in a broken one.
func (e *Estate) special(id string) graph.Ref {
	if ref, ok := e.Snap.Lookup(id); ok {
		return ref
	}
	return graph.NoRef
}

func (e *Estate) name(ref graph.Ref) string {
	if ref == graph.NoRef {
		return ""
	}
	n := e.Snap.Node(ref)
	if n.Name != "" {
		return n.Name
	}
	return n.ID
}

// factor is the uncertainty of a technique at a node.
func (e *Estate) factor(id attack.TechniqueID, prior string, at graph.Ref) attack.Factor {
	p := e.Settings.Priors.TechniqueFor(prior)
	return attack.Factor{Key: "technique:" + string(id) + "@" + e.Snap.Node(at).ID, Value: p.Value, Source: p.Source, Reason: p.Reason}
}

// entryFactor is the uncertainty that an entry happens at all.
func (e *Estate) entryFactor(kind EntryKind, variant string, at graph.Ref) attack.Factor {
	p, ok := e.Settings.Priors.EntryFor(string(kind), variant)
	if !ok {
		p = settings.Prior{Value: 1, Source: "assumed", Reason: "no prior is set for " + string(kind)}
	}
	return attack.Factor{Key: "entry:" + string(kind) + "@" + e.Snap.Node(at).ID, Value: p.Value, Source: p.Source, Reason: p.Reason}
}

// controls is the state of holding a principal's credentials. How they are held
// follows from what is taken: users lose long-term keys, roles lose sessions.
// Neither carries MFA: a stolen key has none, and the session of a workload was
// never opened with one.
func (e *Estate) controls(ref graph.Ref) attack.State {
	s := attack.State{Kind: attack.Controls, Node: ref}
	switch e.Snap.Kind(ref) {
	case graph.KindUser:
		s.Qualifier = attack.ByKey
	case graph.KindRole, graph.KindAnyPrincipal, graph.KindExternalAccount:
		s.Qualifier = attack.BySession
	}
	return s
}

func executes(ref graph.Ref) attack.State { return attack.State{Kind: attack.Executes, Node: ref} }

func knows(ref graph.Ref) attack.State { return attack.State{Kind: attack.Knows, Node: ref} }
