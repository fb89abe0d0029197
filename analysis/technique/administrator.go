package technique

import (
	"strings"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/permission"
	"github.com/cairn-security/cairn/graph"
)

const administrator attack.TechniqueID = "administrator"

// deriveAdministrator: who administers an account holds everything in it. The
// account's node is the hub between administrators and what they hold.
func deriveAdministrator(e *Estate, emit func(attack.Step)) {
	deriveForeignIdentities(e, emit)
	for _, p := range e.identities() {
		a := e.administration(p)
		account := e.Snap.AccountOf(p)
		if a.Status == permission.NotAdministrator || account == graph.NoRef {
			continue
		}
		s := attack.Step{
			Technique: administrator, Premises: []attack.State{e.controls(p)}, Decisions: []*attack.Decision{a.Decision},
			Conclusion: administers(account), Title: e.name(p) + " administers " + e.accountName(account),
		}
		e.addResidue(&s, a.Decision, p)
		emit(s)
	}
	for ref := range e.Snap.Refs() {
		account := e.Snap.AccountOf(ref)
		if account == graph.NoRef {
			continue
		}
		for _, s := range e.heldBy(ref) {
			if e.withheld(s) {
				continue
			}
			emit(attack.Step{Technique: administrator, Premises: []attack.State{administers(account)}, Conclusion: s,
				Title: "The administrator of " + e.accountName(account) + " " + s.Kind.String() + " " + e.name(ref)})
		}
	}
}

// heldBy is what an administrator of its account holds of a node.
func (e *Estate) heldBy(ref graph.Ref) []attack.State {
	kind := e.Snap.Kind(ref)
	switch {
	case kind == graph.KindUser || kind == graph.KindRole:
		if e.serviceLinked(ref) {
			return nil
		}
		return []attack.State{e.controls(ref)}
	case holdsSecret(kind):
		return []attack.State{knows(ref), {Kind: attack.Reads, Node: ref}, {Kind: attack.Writes, Node: ref}, {Kind: attack.Destroys, Node: ref}}
	case kind.Datastore() && e.Data.Of(ref) != nil:
		held := []attack.State{{Kind: attack.Reads, Node: ref}, {Kind: attack.Writes, Node: ref}, {Kind: attack.Destroys, Node: ref}}
		if len(e.holdingsOf(ref).credentials) > 0 {
			held = append(held, knows(ref))
		}
		return held
	case kind.Compute():
		return []attack.State{executes(ref)}
	case kind == graph.KindTaskDefinition && len(e.credentials(ref)) > 0:
		return []attack.State{knows(ref)}
	}
	return nil
}

// withheld reports whether the organization's policies keep everybody of the
// account from what a state gives: an administrator of it cannot change them.
func (e *Estate) withheld(s attack.State) bool {
	access := permission.ReadAccess // what knowing a secret takes
	for _, o := range outcomes {
		if o.state == s.Kind {
			access = o.access
		}
	}
	return e.Snap.Kind(s.Node).Datastore() && e.Perm.Withheld(s.Node, access, e.given())
}

func administers(account graph.Ref) attack.State {
	return attack.State{Kind: attack.Administers, Node: account}
}

func (e *Estate) accountName(account graph.Ref) string {
	if alias := e.Snap.Text(account, graph.PropAlias); alias != "" {
		return alias
	}
	return e.Snap.Node(account).Account
}

func containsPath(id, path string) bool { return strings.Contains(id, path) }
