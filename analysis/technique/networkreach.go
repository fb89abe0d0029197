package technique

import (
	"runtime"

	"golang.org/x/sync/errgroup"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/reach"
	"github.com/cairn-security/cairn/graph"
)

// OfNetwork reports whether a step says that packets arrive somewhere: it rests
// on routes, groups and ports and on no policy.
func OfNetwork(s *attack.Step) bool {
	return s.Technique == networkReach && (s.Conclusion.Kind == attack.At || s.Conclusion.Kind == attack.Reaches)
}

// listener is a datastore and the port it listens on.
type listener struct {
	db   graph.Ref
	port uint16
}

// standing is a network class that workloads stand in.
type standing struct {
	class  reach.Position
	state  attack.State
	sample string // id of a member
}

// deriveNetworkReach: which positions reach the port of a database. Workloads
// whose packets fare alike share a network class, so steps grow with classes.
func deriveNetworkReach(e *Estate, emit func(attack.Step)) {
	if e.Network != nil {
		for _, s := range e.Network {
			emit(s)
		}
		return
	}
	listeners := e.listeners()
	for _, x := range e.exposures() {
		ref := x.Resource.Node()
		if ref == graph.NoRef || !wide(x.Class) || e.internet == graph.NoRef {
			continue
		}
		e.reachStep(e.controls(e.internet), "internet", listeners[ref], x.Resource.ID, emit)
	}
	known := map[reach.Position]attack.State{}
	var order []standing
	for ref := range e.Snap.Refs() {
		if !runsCode(e.Snap.Kind(ref)) {
			continue
		}
		resource, err := e.Reach.Resource(e.Snap.Node(ref).ID)
		if err != nil {
			continue // not in a network: nothing to reach from
		}
		for _, p := range e.Reach.PositionsOf(resource) {
			at, ok := known[p]
			if !ok {
				at = attack.State{Kind: attack.At, Node: graph.NoRef, Aux: uint32(p)}
				known[p] = at
				order = append(order, standing{p, at, resource.ID})
			}
			emit(attack.Step{Technique: networkReach, Premises: []attack.State{executes(ref)}, Conclusion: at, Auxiliary: true})
		}
	}
	for _, steps := range inParallel(order, func(p standing) []attack.Step { return e.reachFrom(p, listeners) }) {
		for _, s := range steps {
			emit(s)
		}
	}
}

// inParallel maps a list on all cores, in its order.
func inParallel[T, R any](list []T, f func(T) R) []R {
	out := make([]R, len(list))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i := range list {
		group.Go(func() error {
			out[i] = f(list[i])
			return nil
		})
	}
	_ = group.Wait() // nothing fails
	return out
}

// reachFrom are the steps from one position to every database.
func (e *Estate) reachFrom(p standing, listeners map[graph.Ref]listener) (steps []attack.Step) {
	seen := map[graph.Ref]bool{}
	listens := func(r *reach.Resource) bool { _, ok := listeners[r.Node()]; return ok }
	for got := range e.Reach.FromTo(p.class, listens) {
		ref := got.Resource.Node()
		if seen[ref] {
			continue
		}
		seen[ref] = true
		e.reachStep(p.state, p.sample, listeners[ref], got.Resource.ID, func(s attack.Step) { steps = append(steps, s) })
	}
	return steps
}

// reachStep emits the step to a database's port if packets arrive there; a zero
// listener is no database.
func (e *Estate) reachStep(from attack.State, sample string, to listener, id string, emit func(attack.Step)) {
	if to.port == 0 {
		return
	}
	d := e.arrival(sample, id, reach.Options{Protocol: "tcp", Port: int(to.port)})
	if d == nil {
		return
	}
	emit(attack.Step{
		Technique: networkReach, Premises: []attack.State{from}, Decisions: []*attack.Decision{d},
		Conclusion: attack.State{Kind: attack.Reaches, Node: to.db, Port: to.port}, Title: "Packets arrive at " + e.name(to.db),
	})
}

// listeners are the databases by what their endpoints are: themselves, or the
// instances of a cluster; and file systems.
func (e *Estate) listeners() map[graph.Ref]listener {
	found := map[graph.Ref]listener{}
	for _, kind := range []graph.Kind{graph.KindDBInstance, graph.KindDBCluster, graph.KindWarehouse} {
		for _, ref := range e.Snap.ByKind(kind) {
			db := e.databaseOf(ref)
			if port, ok := e.databasePort(db); ok {
				found[ref] = listener{db, port}
			}
		}
	}
	for _, fs := range e.Snap.ByKind(graph.KindFileSystem) {
		found[fs] = listener{fs, nfsPort}
	}
	return found
}
