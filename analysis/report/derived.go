package report

import (
	"github.com/cairn-security/cairn/analysis"
	"github.com/cairn-security/cairn/graph"
)

// DerivedOf puts a result into the neutral words of a store with a query
// language: sensitivity per datastore, visible steps, ranked paths.
func DerivedOf(r *analysis.Result) graph.Derived {
	var out graph.Derived
	id := func(ref graph.Ref) string { return r.Snap.Node(ref).ID }
	for _, d := range r.Data.All() {
		s := graph.DerivedSensitivity{Node: id(d.Node), Label: d.Label, Critical: d.Critical, Source: string(d.Source)}
		for _, t := range d.Types {
			s.Types = append(s.Types, string(t.Type))
		}
		out.Sensitivity = append(out.Sensitivity, s)
	}
	type stepKey struct{ from, to, technique, gains string }
	seen := map[stepKey]bool{}
	for _, f := range r.Families {
		p := graph.DerivedPath{ID: f.ID, Title: f.Title, Target: id(f.Node), Outcome: f.Outcome, Status: f.Status.String(), Level: f.Score.Level,
			Rank: f.Rank, Risk: f.Score.Risk.Value, Likelihood: f.Score.Likelihood.Value}
		if f.Entry.Node != graph.NoRef {
			p.Entry = id(f.Entry.Node)
		}
		for _, ref := range r.Chain(f.Best()) {
			p.Nodes = append(p.Nodes, id(ref))
		}
		out.Paths = append(out.Paths, p)
		for i := range f.Paths {
			for _, s := range f.Paths[i].Steps {
				if s.Entry || len(s.Premises) == 0 {
					continue
				}
				step := r.Graph.Visible(s)
				conclusion := r.Graph.State(s.Conclusion)
				likelihood := 1.0
				for _, factor := range r.StepFactors(s) {
					likelihood *= factor.Value
				}
				// One relationship per premise: a join is a node with several steps into it.
				for _, premise := range s.Premises {
					from := r.Graph.State(premise).Node
					if from == graph.NoRef || conclusion.Node == graph.NoRef {
						continue
					}
					key := stepKey{id(from), id(conclusion.Node), string(step.Technique), conclusion.Kind.String()}
					if seen[key] {
						continue
					}
					seen[key] = true
					out.Steps = append(out.Steps, graph.DerivedStep{From: key.from, To: key.to, Technique: key.technique, Status: step.Status().String(), Likelihood: likelihood, Gains: key.gains})
				}
			}
		}
	}
	return out
}
