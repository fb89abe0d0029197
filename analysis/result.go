package analysis

import (
	"sync"
	"time"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/permission"
	"github.com/cairn-security/cairn/analysis/posture"
	"github.com/cairn-security/cairn/analysis/reach"
	"github.com/cairn-security/cairn/analysis/risk"
	"github.com/cairn-security/cairn/analysis/route"
	"github.com/cairn-security/cairn/analysis/sensitivity"
	"github.com/cairn-security/cairn/graph"
)

// Result is what one run concluded. It is safe for concurrent use once Run has
// returned it.
type Result struct {
	Snap    *graph.Snapshot
	Options Options // as they were used, defaults filled in
	Data    *sensitivity.Index
	Perm    *permission.Engine
	Reach   *reach.Estate
	Graph   *route.Graph
	Finder  *route.Finder
	Model   *risk.Model

	Families []*Family // by rank
	// Counts adds the critical assets up by answer.
	Counts Counts
	// Stores holds one entry per critical asset, by node order.
	Stores []Store
	Estate risk.Estate
	// Truncated: some target had more paths than were looked at, or the search
	// ended early.
	Truncated bool
	Findings  []posture.Finding
	Problems  []error
	Took      time.Duration

	assets   []graph.Ref               // critical assets of the run, in node order
	assetsIn map[graph.Ref][]graph.Ref // by account
	storeAt  map[graph.Ref]int         // in Stores
	network  []attack.Step             // of the network, where a result before a change knows them

	chokes     lazy[[]Choke]
	fixes      lazy[[]*Fix]
	principals lazy[[]Principal]
	access     lazy[map[graph.Ref]*Access]
	endpoints  lazy[[]reach.Endpoint]
	ofNetwork  lazy[[]attack.Step]
}

// Counts are targets by answer.
type Counts struct{ Reached, Unknown, NoPathSeen int }

// Store is what the search says of one critical asset.
type Store struct {
	Node       graph.Ref
	Answer     route.Answer
	Outcome    string        // the one that counts, "" when no path was seen
	Likelihood risk.Estimate // P(reached) for that outcome
	Risk       risk.Estimate
	Best       *Family // of highest risk among those that end here or pass behind, nil without a path
}

// StoreOf returns what is said of a critical asset, nil for any other node.
func (r *Result) StoreOf(ref graph.Ref) *Store {
	if i, ok := r.storeAt[ref]; ok {
		return &r.Stores[i]
	}
	return nil
}

// answers gives each critical asset its answer, chance and best family.
func (r *Result) answers() {
	risks := make(map[graph.Ref]*risk.NodeRisk, len(r.Estate.Nodes))
	for i := range r.Estate.Nodes {
		risks[r.Estate.Nodes[i].Node] = &r.Estate.Nodes[i]
	}
	best := r.bestFamilies()
	r.Stores, r.storeAt = make([]Store, 0, len(r.assets)), make(map[graph.Ref]int, len(r.assets))
	for _, node := range r.assets {
		s := Store{Node: node, Answer: r.answer(node), Best: best[node]}
		if n := risks[node]; n != nil && s.Answer != route.NoPathSeen {
			s.Likelihood, s.Risk, s.Outcome = n.Likelihood, n.Risk, route.Outcome(r.Graph.State(n.Target).Kind)
		}
		r.storeAt[node] = len(r.Stores)
		r.Stores = append(r.Stores, s)
		r.Counts.add(s.Answer)
	}
}

// answer is the best over the outcomes on a datastore.
func (r *Result) answer(store graph.Ref) (best route.Answer) {
	for _, k := range dataOutcomes {
		if id, ok := r.Graph.Lookup(attack.State{Kind: k, Node: store}); ok {
			best = max(best, r.Finder.Answer(id))
		}
	}
	return best
}

func (c *Counts) add(a route.Answer) {
	switch a {
	case route.ReachedTarget:
		c.Reached++
	case route.UnknownPath:
		c.Unknown++
	default:
		c.NoPathSeen++
	}
}

// bestFamilies maps nodes to the family of highest risk that ends there or, for
// want of one, has the node behind it.
func (r *Result) bestFamilies() map[graph.Ref]*Family {
	ends, behind := map[graph.Ref]*Family{}, map[graph.Ref]*Family{}
	for _, f := range r.Families { // by rank
		if ends[f.Node] == nil {
			ends[f.Node] = f
		}
		for _, b := range f.Behind {
			if behind[b] == nil {
				behind[b] = f
			}
		}
	}
	for node, f := range behind {
		if ends[node] == nil {
			ends[node] = f
		}
	}
	return ends
}

// FamilyByID finds a family by its id or by the id of one of its paths.
func (r *Result) FamilyByID(id string) *Family {
	for _, f := range r.Families {
		if f.ID == id {
			return f
		}
	}
	for _, f := range r.Families {
		for i := range f.Paths {
			if f.Paths[i].ID == id {
				return f
			}
		}
	}
	return nil
}

// lazy is a value computed when first asked for; an error (a cancelled context)
// is not kept.
type lazy[T any] struct {
	mu   sync.Mutex
	done bool
	v    T
}

func (l *lazy[T]) get(compute func() (T, error)) (T, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.done {
		return l.v, nil
	}
	v, err := compute()
	if err == nil {
		l.v, l.done = v, true
	}
	return v, err
}
