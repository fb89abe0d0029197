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
			Technique: exploitWorkload, Premises: []attack.State{e.outside()}, Decisions: []*attack.Decision{d}, Conclusion: executes(ref),
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
