package technique

import (
	"encoding/json"
	"slices"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/permission"
	"github.com/cairn-security/cairn/graph"
)

const openKeyPolicy attack.TechniqueID = "open-key"

// keyOpenings are the writes that let somebody use a key, with the context keys
// of a request that an attacker makes.
// https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
// https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html
var keyOpenings = []struct {
	action string
	keys   map[string]string
}{
	{"kms:PutKeyPolicy", nil},
	{"kms:CreateGrant", map[string]string{"kms:GrantIsForAWSResource": "false", "kms:GrantOperations": "Decrypt"}},
}

// deriveOpenKey: data that only its key keeps closed is open to who writes the
// policy of the key, or makes a grant on it. What that gives is decided by asking
// the permission engine about the estate in which the keys are open.
func deriveOpenKey(e *Estate, emit func(attack.Step)) {
	openers := e.keyOpeners()
	if len(openers) == 0 {
		return
	}
	var patch graph.Patch
	for _, o := range openers {
		patch.Set = append(patch.Set, graph.PropChange{Node: o.key, Key: graph.PropPolicy, Value: everyKey})
	}
	after := e.with(patch)
	if after == nil {
		return
	}
	for _, o := range openers {
		for _, store := range o.stores {
			for _, a := range o.actors {
				e.useOpened(after, o.key, a, store, emit)
			}
		}
	}
}

var everyKey = json.RawMessage(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"kms:*","Resource":"*"}]}`)

// keyOpener is a key of what somebody is after, with who may open it.
type keyOpener struct {
	key    graph.Ref
	stores []graph.Ref
	actors []actor
}

func (e *Estate) keyOpeners() []keyOpener {
	var list []keyOpener
	for _, key := range e.Snap.ByKind(graph.KindKey) {
		o := keyOpener{key: key}
		for store := range e.Snap.InKind(key, graph.EdgeEncryptedBy) {
			if e.worthOpening(store) {
				o.stores = append(o.stores, store)
			}
		}
		if len(o.stores) == 0 {
			continue
		}
		for _, how := range keyOpenings {
			for _, a := range e.actors(how.action, permission.OnNode(key), e.Snap.Node(key).Account, how.keys) {
				if !slices.ContainsFunc(o.actors, func(b actor) bool { return b.ref == a.ref && b.decision.Status <= a.decision.Status }) {
					o.actors = append(o.actors, a)
				}
			}
		}
		if len(o.actors) > 0 {
			list = append(list, o)
		}
	}
	return list
}

// useOpened emits what an actor has of a datastore once the key is open to it,
// and has not already.
func (e *Estate) useOpened(after *Estate, key graph.Ref, a actor, store graph.Ref, emit func(attack.Step)) {
	for o := range outcomes {
		d := after.Perm.CanAccess(a.ref, store, outcomes[o].access, e.given())
		if !d.Allowed {
			continue
		}
		decisions := []*attack.Decision{a.decision, e.without(d, func(f attack.Fact) bool { return f.Node == key && f.Property == graph.PropPolicy })}
		both := attack.And(decisions...)
		if direct := e.Perm.CanAccess(a.ref, store, outcomes[o].access, e.given()); direct.Allowed && direct.Status <= both.Status {
			continue
		}
		s := attack.Step{
			Technique: openKeyPolicy, Premises: []attack.State{a.state}, Decisions: decisions,
			Factors: []attack.Factor{e.factor(openKeyPolicy, selfPrior, store)},
			Title:   e.name(a.ref) + " opens the key " + e.name(key) + " and " + outcomes[o].verb + " " + e.name(store),
		}
		e.addResidue(&s, both, a.ref)
		e.gains(s, store, outcomes[o].state, emit)
	}
}
