package report

import (
	"strings"

	"github.com/cairn-security/cairn/analysis"
	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/risk"
	"github.com/cairn-security/cairn/analysis/route"
	"github.com/cairn-security/cairn/analysis/technique"
)

// Step is one application of a technique.
type Step struct {
	Technique  string   `json:"technique"`
	Name       string   `json:"name"`
	Title      string   `json:"title"`
	Attack     []string `json:"attack"`
	Premises   []State  `json:"premises"`
	Conclusion State    `json:"conclusion"`
	Status
	Likelihood Estimate       `json:"likelihood"`
	Factors    []Factor       `json:"factors"`
	Checks     []attack.Check `json:"checks"`
	Evidence   []Evidence     `json:"evidence"`
	Verify     string         `json:"verify"`
}

// Factor is one named uncertainty.
type Factor struct {
	Key    string  `json:"key"`
	Value  float64 `json:"value"`
	Source string  `json:"source"`
	Reason string  `json:"reason"`
}

func (w *writer) path(p *route.Path) Path {
	out := Path{ID: p.ID, Status: w.pathStatus(p), Likelihood: estimate(w.r.Model.Path(p), w.source(p.Factors)), Steps: []Step{}}
	for _, s := range p.Steps {
		if s.Entry || s.Step == route.NoStep {
			continue
		}
		out.Steps = append(out.Steps, w.step(s))
	}
	return out
}

func (w *writer) pathStatus(p *route.Path) Status {
	var all []*attack.Decision
	for _, s := range p.Steps {
		all = append(all, w.r.StepDecisions(s)...)
	}
	return StatusOfAll(all)
}

func (w *writer) step(s route.PathStep) Step {
	r := w.r
	step := r.Graph.Step(s.Step)
	decisions := r.StepDecisions(s)
	factors := r.StepFactors(s)
	out := Step{Technique: string(step.Technique), Title: step.Title, Attack: []string{}, Premises: []State{}, Conclusion: StateOf(r.Snap, r.Graph.State(s.Conclusion)),
		Status: StatusOfAll(decisions), Checks: w.checks(&step, decisions), Evidence: []Evidence{}, Factors: []Factor{}}
	if t, ok := technique.Lookup(step.Technique); ok {
		out.Name, out.Attack, out.Verify = t.Name, list(t.Attack), t.Verify
	}
	for _, p := range s.Premises {
		out.Premises = append(out.Premises, StateOf(r.Snap, r.Graph.State(p)))
	}
	out.Title = titleFor(r, s, out.Title)
	value := 1.0
	for _, f := range factors {
		value *= f.Value
		out.Factors = append(out.Factors, Factor{f.Key, f.Value, f.Source, f.Reason})
	}
	out.Likelihood = Estimate{value, value, value, sourceOf(factors)}
	if step.Status() == attack.Unknown {
		out.Likelihood.Value, out.Likelihood.Lower = 0, 0
	}
	for _, d := range decisions {
		out.Evidence = append(out.Evidence, w.docs.Reasons(d.Reasons)...)
	}
	return out
}

// checks are the step's own and one per fact that a decision rests on.
func (w *writer) checks(step *attack.Step, decisions []*attack.Decision) []attack.Check {
	out := append([]attack.Check{}, step.Checks...)
	for _, d := range decisions {
		outcome := "pass"
		if d.Status != attack.Decided {
			outcome = "unknown"
		}
		for _, r := range d.Reasons {
			out = append(out, attack.Check{Name: r.Policy, Outcome: outcome, SettledBy: r.Text})
		}
		for _, g := range d.Gaps {
			out = append(out, attack.Check{Name: "read", Outcome: "unknown", SettledBy: g})
		}
	}
	return out
}

func (w *writer) detections(p *route.Path) []string {
	out, seen := []string{}, map[string]bool{}
	for _, s := range p.Steps {
		if s.Step == route.NoStep {
			continue
		}
		t, ok := technique.Lookup(w.r.Graph.Technique(s.Step))
		if !ok {
			continue
		}
		for _, d := range t.Detections {
			if !seen[d] {
				seen[d] = true
				out = append(out, d)
			}
		}
	}
	return out
}

func (w *writer) source(ids []route.FactorID) string {
	factors := make([]attack.Factor, len(ids))
	for i, id := range ids {
		factors[i] = w.r.Graph.Factor(id)
	}
	return sourceOf(factors)
}

// sourceOf is the weakest source among factors: what nobody measured makes the
// product assumed; without any factor the number follows from configuration.
func sourceOf(factors []attack.Factor) string {
	source := "derived"
	for _, f := range factors {
		switch {
		case f.Source == "assumed":
			return "assumed"
		case f.Source != "derived":
			source = f.Source
		}
	}
	return source
}

func estimate(e risk.Estimate, source string) Estimate {
	return Estimate{e.Value, e.Lower, e.Upper, source}
}

// titleFor names the principal a path goes through in the title of a step that
// several share.
func titleFor(r *analysis.Result, s route.PathStep, title string) string {
	if !strings.HasPrefix(title, attack.Holder) {
		return title
	}
	for _, p := range s.Premises {
		if state := r.Graph.State(p); state.Kind == attack.Controls {
			return NodeOf(r.Snap, state.Node).Name + strings.TrimPrefix(title, attack.Holder)
		}
	}
	return "Who holds the permission" + strings.TrimPrefix(title, attack.Holder)
}
