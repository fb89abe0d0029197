package report

import (
	"context"
	"strings"

	"github.com/cairn-security/cairn/analysis"
	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/risk"
	"github.com/cairn-security/cairn/analysis/route"
	"github.com/cairn-security/cairn/analysis/technique"
)

// Paths is the document cairn.paths/v1.
type Paths struct {
	Schema    string   `json:"schema"`
	Snapshot  string   `json:"snapshot"`
	Truncated bool     `json:"truncated"`
	Targets   Targets  `json:"targets"`
	Families  []Family `json:"families"`
}

// Targets counts critical assets by answer.
type Targets struct {
	Reached    int `json:"reached"`
	Unknown    int `json:"unknown"`
	NoPathSeen int `json:"noPathSeen"`
}

// Family is a path family.
type Family struct {
	ID        string `json:"id"`
	Rank      int    `json:"rank"`
	Entry     Node   `json:"entry"`
	EntryKind string `json:"entryKind"`
	Target    Node   `json:"target"`
	Outcome   string `json:"outcome"`
	Status
	Likelihood   Estimate   `json:"likelihood"`
	Risk         float64    `json:"risk"`
	RiskInterval [2]float64 `json:"riskInterval"`
	Level        string     `json:"level"`
	Count        int        `json:"count"`
	Behind       []Node     `json:"behind"`
	Title        string     `json:"title"`
	Why          []string   `json:"facts"`
	Detections   []string   `json:"detections"`
	Choke        []Choke    `json:"choke"`
	ClosedBy     []string   `json:"closedBy"`
	Paths        []Path     `json:"paths"`
	Label        *string    `json:"label"`
}

// Choke is an element that paths pass through.
type Choke struct {
	Node        *Node      `json:"node,omitempty"`
	Fact        *Evidence  `json:"fact,omitempty"`
	Mandatory   []string   `json:"mandatory"` // target ids
	RiskRemoved [3]float64 `json:"riskRemoved"`
	Reach       int        `json:"reach"`
}

// Path is one derivation.
type Path struct {
	ID string `json:"id"`
	Status
	Likelihood Estimate `json:"likelihood"`
	Steps      []Step   `json:"steps"`
}

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

// PathsOptions say what of the families to print.
type PathsOptions struct {
	Keep func(*analysis.Family) bool // nil keeps all
	Top  int                         // 0: all
	// AllPaths prints every path of a family, not the best alone.
	AllPaths bool
	// Fixes fills closedBy, which derives the estate again per change.
	Fixes bool
}

// PathsOf builds the document.
func PathsOf(ctx context.Context, r *analysis.Result, o PathsOptions) (*Paths, error) {
	w := writer{r: r, docs: NewDocuments(r.Snap)}
	doc := &Paths{Schema: "cairn.paths/v1", Snapshot: r.Snap.ID(), Truncated: r.Truncated, Targets: targetsOf(r.Counts), Families: []Family{}}
	for _, f := range r.Families {
		if o.Keep != nil && !o.Keep(f) {
			continue
		}
		if o.Top > 0 && len(doc.Families) == o.Top {
			break
		}
		family, err := w.family(ctx, f, o)
		if err != nil {
			return nil, err
		}
		doc.Families = append(doc.Families, family)
	}
	return doc, nil
}

func targetsOf(c analysis.Counts) Targets { return Targets{c.Reached, c.Unknown, c.NoPathSeen} }

// writer turns parts of one result into parts of documents.
type writer struct {
	r    *analysis.Result
	docs *Documents
}

func (w *writer) family(ctx context.Context, f *analysis.Family, o PathsOptions) (Family, error) {
	r := w.r
	out := Family{
		ID: f.ID, Rank: f.Rank, Entry: NodeOf(r.Snap, f.Entry.Node), EntryKind: f.Entry.Kind, Target: NodeOf(r.Snap, f.Node), Outcome: f.Outcome,
		Status: w.pathStatus(f.Best()), Likelihood: estimate(f.Score.Likelihood, w.source(f.Best().Factors)),
		Risk: f.Score.Risk.Value, RiskInterval: [2]float64{f.Score.Risk.Lower, f.Score.Risk.Upper}, Level: f.Score.Level,
		Count: len(f.Paths), Behind: Nodes(r.Snap, f.Behind), Title: f.Title, Why: list(f.Why), Detections: w.detections(f.Best()),
		ClosedBy: []string{}, Choke: []Choke{}, Label: textOrNull(f.Label),
	}
	for i := range f.Paths {
		if i > 0 && !o.AllPaths {
			break
		}
		out.Paths = append(out.Paths, w.path(&f.Paths[i]))
	}
	chokes, err := r.FamilyChokes(ctx, f)
	if err != nil {
		return out, err
	}
	for _, c := range chokes {
		out.Choke = append(out.Choke, w.choke(c))
	}
	if o.Fixes {
		fixes, err := r.ClosedBy(ctx, f)
		if err != nil {
			return out, err
		}
		for _, fix := range fixes {
			out.ClosedBy = append(out.ClosedBy, fix.ID)
		}
	}
	return out, nil
}

func (w *writer) choke(c analysis.Choke) Choke {
	out := Choke{Mandatory: []string{}, RiskRemoved: [3]float64{c.RiskRemoved.Lower, c.RiskRemoved.Value, c.RiskRemoved.Upper}, Reach: c.Reach}
	if c.Fact != nil {
		e := w.docs.Fact(*c.Fact)
		out.Fact = &e
	} else {
		n := NodeOf(w.r.Snap, c.Node)
		out.Node = &n
	}
	for _, t := range c.Mandatory {
		out.Mandatory = append(out.Mandatory, w.r.Snap.Node(w.r.Graph.State(t).Node).ID)
	}
	return out
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
