package technique

import (
	"maps"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/permission"
	"github.com/cairn-security/cairn/graph"
)

// given is what is known of a request that an attacker makes with stolen
// credentials. Where it comes from is not known, so that conditions on the
// position stay conditions.
func (e *Estate) given() permission.Given {
	return permission.Given{Stolen: true, Keys: maps.Clone(e.tags)}
}

// principalState is the premise of acting as a principal; ok is false for
// principals nobody can become, such as services.
func (e *Estate) principalState(p graph.Ref) (s attack.State, ok bool) {
	switch e.Snap.Kind(p) {
	case graph.KindAnonymous:
		return e.controls(e.internet), e.internet != graph.NoRef
	case graph.KindUser, graph.KindRole, graph.KindAnyPrincipal, graph.KindExternalAccount:
		return e.controls(p), true
	case graph.KindUnknown: // named by a policy, in an account that was not read
		return e.controls(p), e.isForeign(p)
	}
	return attack.State{}, false
}

// isForeign reports whether a node is a user or role of an account that was not
// read. They are asked for once.
func (e *Estate) isForeign(p graph.Ref) bool {
	if e.strangers == nil {
		e.strangers = append([]graph.Ref{}, e.Perm.ForeignIdentities()...)
	}
	_, found := slices.BinarySearch(e.strangers, p)
	return found
}

// actor is a principal that may do something an attacker wants.
type actor struct {
	ref      graph.Ref
	state    attack.State
	decision *attack.Decision
}

// actors lists who may perform an action on a resource, administrators of the
// resource's account left out: they need no technique, see deriveAdministrator.
func (e *Estate) actors(action string, on permission.Resource, account string, keys map[string]string) []actor {
	g := e.request(action, on, keys)
	if e.only != graph.NoRef {
		state, ok := e.principalState(e.only)
		if d := e.Perm.Can(e.only, action, on, g); ok && d.Allowed && !e.isAdministrator(e.only) {
			return []actor{{e.only, state, d}}
		}
		return nil
	}
	who, _ := e.Perm.WhoCan(action, on, g, func(p graph.Ref) bool { return e.Snap.Node(p).Account == account && e.isAdministrator(p) })
	var list []actor
	for _, w := range who {
		state, ok := e.principalState(w.Node)
		if !ok || (e.Snap.Node(w.Node).Account == account && e.isAdministrator(w.Node)) {
			continue
		}
		list = append(list, actor{w.Node, state, w.Decision})
	}
	return list
}

// request is what is given of an action with some context keys. Writes of IAM
// carry the boundary of the user or role they are about; those that put a
// boundary carry the new one, which an attacker would have allow everything.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
func (e *Estate) request(action string, on permission.Resource, keys map[string]string) permission.Given {
	g := e.given()
	if g.Keys == nil {
		g.Keys = map[string]string{}
	}
	maps.Copy(g.Keys, keys)
	if on.Node == graph.NoRef || !strings.HasPrefix(action, "iam:") || !e.identity(on.Node) {
		return g
	}
	const key = boundaryKey
	if strings.HasPrefix(action, "iam:Put") && strings.HasSuffix(action, "PermissionsBoundary") {
		g.Keys[key] = allowsAll
		return g
	}
	g.Absent = []string{key}
	for boundary := range e.Snap.OutKind(on.Node, graph.EdgeBoundary) {
		g.Absent = nil
		g.Keys[key] = e.Snap.Node(boundary).ID
	}
	return g
}

// identity reports whether a node is a user or role.
func (e *Estate) identity(ref graph.Ref) bool {
	k := e.Snap.Kind(ref)
	return k == graph.KindUser || k == graph.KindRole
}

// allowed asks one more action of an actor.
func (e *Estate) allowed(a actor, action string, on permission.Resource, keys map[string]string) (*attack.Decision, bool) {
	g := e.request(action, on, keys)
	d := e.Perm.Can(a.ref, action, on, g)
	return d, d.Allowed
}

// administration is asked once per principal.
func (e *Estate) administration(p graph.Ref) permission.Administration {
	if e.admins == nil {
		e.admins = map[graph.Ref]permission.Administration{}
	}
	a, ok := e.admins[p]
	if !ok {
		g := e.given()
		if p != e.only {
			g.Keys = nil // the tags are those of the one that acts
		}
		a = e.Perm.Administrator(p, g)
		e.admins[p] = a
	}
	return a
}

func (e *Estate) isAdministrator(p graph.Ref) bool {
	return e.identity(p) && e.administration(p).Status == permission.IsAdministrator
}

// identities are the users and roles in node order.
func (e *Estate) identities() []graph.Ref {
	list := slices.Concat(e.Snap.ByKind(graph.KindUser), e.Snap.ByKind(graph.KindRole))
	slices.Sort(list)
	return list
}

// anyRegion is a region of the estate for resources that do not exist yet.
func (e *Estate) anyRegion() string {
	for _, r := range e.Snap.Meta().Regions {
		if r != "" && r != "global" {
			return r
		}
	}
	return "us-east-1"
}
