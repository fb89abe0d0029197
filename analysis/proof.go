package analysis

import (
	"context"
	"strings"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/remediate"
	"github.com/cairn-security/cairn/analysis/route"
	"github.com/cairn-security/cairn/analysis/technique"
	"github.com/cairn-security/cairn/graph"
)

// try derives the estate again with a change in place. All steps are derived
// anew; paths are looked for only where steps differ from those before, since
// elsewhere they are the same.
func (r *Result) try(ctx context.Context, c remediate.Change) (*Fix, error) {
	opts := r.Options
	opts.Stage = nil
	after := &Result{Snap: r.Snap.With(c.Patch), Options: opts, Data: r.Data}
	if !touchesNetwork(c.Patch) {
		after.Reach, after.network = r.Reach, r.networkSteps()
	}
	if err := after.derive(ctx); err != nil {
		return nil, err
	}
	families, same, err := r.familiesAfter(ctx, after)
	if err != nil {
		return nil, err
	}
	if after.Estate, err = after.Model.Estate(ctx, after.Finder, after.stakes()); err != nil {
		return nil, err
	}
	fix := &Fix{Change: c, RiskRemoved: r.Estate.Less(&after.Estate)}
	for _, store := range after.assets {
		if after.answer(store) == route.ReachedTarget {
			fix.ReachedAfter++
		}
	}
	left := map[string]bool{}
	for i := range families {
		left[families[i].ID] = left[families[i].ID] || families[i].Status != attack.Unknown
	}
	for _, f := range r.Families {
		if f.Status != attack.Unknown && !left[f.ID] && !same[f.Target] {
			fix.Closes = append(fix.Closes, f)
		}
	}
	for _, f := range after.withoutDetours(families) {
		if f.Status != attack.Unknown && r.opened(after, f.Best()) {
			fix.Opened++
		}
	}
	return fix, nil
}

// networkSteps are the steps that rest on the network alone. Never nil.
func (r *Result) networkSteps() []attack.Step {
	steps, _ := r.ofNetwork.get(func() ([]attack.Step, error) { // never fails
		list := []attack.Step{}
		for id := range route.StepID(r.Graph.Len()) {
			if s := r.Graph.Step(id); technique.OfNetwork(&s) {
				list = append(list, r.Graph.Alternatives(id)...)
			}
		}
		return list, nil
	})
	return steps
}

// touchesNetwork reports whether a change may be to something that package reach
// reads: anything but policies of principals, sharing with principals and
// credentials. Edges it does not read.
func touchesNetwork(p graph.Patch) bool {
	for _, c := range p.Set {
		switch c.Key {
		case graph.PropTrust, graph.PropDocument, graph.PropACL, graph.PropOwnership, graph.PropPublicAccessBlock, graph.PropGrants, graph.PropCredentials, graph.PropCredentialReport:
		default:
			if !strings.HasPrefix(c.Key, graph.PropInlinePrefix) {
				return true
			}
		}
	}
	return false
}

// familiesAfter finds the families of the targets that a change may concern;
// same are the targets, as r numbers them, that it does not.
func (r *Result) familiesAfter(ctx context.Context, after *Result) (families []route.Family, same map[route.StateID]bool, err error) {
	difference := route.Compare(r.Graph, after.Graph)
	same = map[route.StateID]bool{}
	var concerned []route.StateID
	for _, now := range after.targets() {
		before, ok := r.Graph.Lookup(after.Graph.State(now))
		if !ok {
			before = route.NoState
		}
		if difference.Touches(before, now) {
			concerned = append(concerned, now)
		} else {
			same[before] = true
		}
	}
	families, _ = after.search(ctx, concerned)
	return families, same, ctx.Err()
}

// opened reports whether a path found after a change takes a step that did not
// exist before it.
func (r *Result) opened(after *Result, p *route.Path) bool {
	for _, id := range p.Raw {
		if !r.hasStep(after.Graph.Step(id)) {
			return true
		}
	}
	return false
}

// hasStep finds a step by technique, visible premises and conclusion. Steps of
// auxiliary states, whose numbers mean nothing in another run, count as known.
func (r *Result) hasStep(s attack.Step) bool {
	if s.Auxiliary || s.Conclusion.Kind.Auxiliary() {
		return true
	}
	target, ok := r.Graph.Lookup(s.Conclusion)
	if !ok {
		return false
	}
	for id := range r.Graph.Into(target) {
		if r.Graph.Technique(id) == s.Technique && r.Graph.Status(id) <= s.Status() {
			return true
		}
	}
	return false
}
