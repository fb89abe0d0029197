package technique

import (
	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/reach"
	"github.com/cairn-security/cairn/graph"
)

const (
	exploitWorkload attack.TechniqueID = "exploit-workload"
	networkReach    attack.TechniqueID = "network-reach"
)

// Footholds are the techniques that give execution on a workload from outside.
func Footholds() []attack.TechniqueID { return []attack.TechniqueID{exploitWorkload, callFunction} }

// runsCode: a service stands for the tasks it runs.
func runsCode(k graph.Kind) bool { return k.Compute() || k == graph.KindContainerService }

// exploitable are the kinds of compute that an application runs on which may be
// attacked through an open port.
func exploitable(k graph.Kind) bool {
	switch k {
	case graph.KindInstance, graph.KindTask, graph.KindContainerService, graph.KindAppService, graph.KindNotebook:
		return true
	}
	return false
}

// deriveExploitWorkload: a workload that nearly everybody reaches is attacked
// sooner or later. Workloads open to listed ranges only are no way in for
// everybody and give no step.
func deriveExploitWorkload(e *Estate, emit func(attack.Step)) {
	if !e.Entries.On(EntryWorkload) || e.internet == graph.NoRef {
		return
	}
	for _, x := range e.exposures() {
		ref := x.Resource.Node()
		if ref == graph.NoRef || !exploitable(e.Snap.Kind(ref)) || !wide(x.Class) {
			continue
		}
		d := e.arrival("internet", x.Resource.ID, reach.Options{})
		if d == nil {
			continue
		}
		emit(attack.Step{
			Technique: exploitWorkload, Premises: []attack.State{e.controls(e.internet)}, Decisions: []*attack.Decision{d}, Conclusion: executes(ref),
			Factors: []attack.Factor{e.entryFactor(EntryWorkload, "", ref)},
			Title:   "An application on " + e.name(ref) + " is exploited from the internet" + through(x),
		})
	}
}

func through(x *reach.Endpoint) string {
	if len(x.Through) == 0 {
		return ""
	}
	return " through " + x.Through[0].Name
}

// wide classes let nearly everybody in, or may do so.
func wide(c reach.Class) bool {
	return c == reach.ClassInternet || c == reach.ClassBroad || c == reach.ClassUnknown
}

func (e *Estate) exposures() []*reach.Endpoint {
	if e.exposed == nil {
		all := e.Reach.Exposed(reach.Options{})
		e.exposed = make([]*reach.Endpoint, len(all))
		for i := range all {
			e.exposed[i] = &all[i]
		}
	}
	return e.exposed
}

// arrival is the decision that packets arrive, nil when they do not.
func (e *Estate) arrival(from, to string, o reach.Options) *attack.Decision {
	answer, err := e.Reach.Query(from, to, o)
	if err != nil || answer.Network == reach.Blocked {
		return nil
	}
	return answer.Decision()
}

// deriveNetworkReach: which positions reach the port of a database. Workloads
// whose packets fare alike share a network class, so steps grow with classes.
func deriveNetworkReach(e *Estate, emit func(attack.Step)) {
	for _, x := range e.exposures() {
		ref := x.Resource.Node()
		if ref == graph.NoRef || !wide(x.Class) || e.internet == graph.NoRef {
			continue
		}
		e.reachStep(e.controls(e.internet), "internet", ref, x.Resource.ID, emit)
	}
	type position struct {
		state  attack.State
		sample string // id of a member
	}
	positions := map[reach.Position]position{}
	var order []reach.Position
	for ref := range e.Snap.Refs() {
		if !runsCode(e.Snap.Kind(ref)) {
			continue
		}
		resource, err := e.Reach.Resource(e.Snap.Node(ref).ID)
		if err != nil {
			continue // not in a network: nothing to reach from
		}
		for _, p := range e.Reach.PositionsOf(resource) {
			at, ok := positions[p]
			if !ok {
				at = position{attack.State{Kind: attack.At, Node: graph.NoRef, Aux: uint32(p)}, resource.ID}
				positions[p] = at
				order = append(order, p)
			}
			emit(attack.Step{Technique: networkReach, Premises: []attack.State{executes(ref)}, Conclusion: at.state, Auxiliary: true})
		}
	}
	for _, p := range order {
		seen := map[graph.Ref]bool{}
		for got := range e.Reach.From(p) {
			ref := got.Resource.Node()
			if ref == graph.NoRef || seen[ref] {
				continue
			}
			seen[ref] = true
			e.reachStep(positions[p].state, positions[p].sample, ref, got.Resource.ID, emit)
		}
	}
}

// reachStep emits the step to a database's port, if the thing is a database and
// packets arrive at that port.
func (e *Estate) reachStep(from attack.State, sample string, endpoint graph.Ref, id string, emit func(attack.Step)) {
	db := e.databaseOf(endpoint)
	port, ok := e.databasePort(db)
	if !ok {
		return
	}
	d := e.arrival(sample, id, reach.Options{Protocol: "tcp", Port: int(port)})
	if d == nil {
		return
	}
	emit(attack.Step{
		Technique: networkReach, Premises: []attack.State{from}, Decisions: []*attack.Decision{d},
		Conclusion: attack.State{Kind: attack.Reaches, Node: db, Port: port}, Title: "Packets arrive at " + e.name(db),
	})
}
