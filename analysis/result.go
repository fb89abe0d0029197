package analysis

import (
	"context"
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

	chokes     lazy[[]Choke]
	fixes      lazy[[]*Fix]
	principals lazy[[]Principal]
	access     lazy[map[graph.Ref]*Access]
	endpoints  lazy[[]reach.Endpoint]
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
	for i := range r.Stores {
		if r.Stores[i].Node == ref {
			return &r.Stores[i]
		}
	}
	return nil
}

// answers gives each critical asset its answer, chance and best family.
func (r *Result) answers(ctx context.Context) error {
	byNode := map[graph.Ref]risk.NodeRisk{}
	for _, n := range r.Estate.Nodes {
		byNode[n.Node] = n
	}
	for _, node := range r.critical() {
		s := Store{Node: node}
		var targets []route.StateID
		for _, k := range dataOutcomes {
			if id, ok := r.Graph.Lookup(attack.State{Kind: k, Node: node}); ok {
				targets = append(targets, id)
				s.Answer = max(s.Answer, r.Finder.Answer(id))
			}
		}
		if n, ok := byNode[node]; ok && s.Answer != route.NoPathSeen {
			chance, err := r.Model.Reached(ctx, r.Finder, []route.StateID{n.Target})
			if err != nil {
				return err
			}
			s.Likelihood, s.Risk, s.Outcome = chance[0], n.Score, route.Outcome(r.Graph.State(n.Target).Kind)
		}
		s.Best = r.bestFamily(node)
		r.Stores = append(r.Stores, s)
		switch s.Answer {
		case route.ReachedTarget:
			r.Counts.Reached++
		case route.UnknownPath:
			r.Counts.Unknown++
		default:
			r.Counts.NoPathSeen++
		}
	}
	return nil
}

// bestFamily is the family of highest risk that ends at a node or has it behind.
func (r *Result) bestFamily(node graph.Ref) *Family {
	var behind *Family
	for _, f := range r.Families { // by rank
		if f.Node == node {
			return f
		}
		if behind == nil {
			for _, b := range f.Behind {
				if b == node {
					behind = f
				}
			}
		}
	}
	return behind
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
