package analysis

import (
	"slices"
	"strings"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/risk"
	"github.com/cairn-security/cairn/analysis/route"
	"github.com/cairn-security/cairn/analysis/technique"
	"github.com/cairn-security/cairn/graph"
)

// Family is a family of paths with its numbers and words.
type Family struct {
	route.Family
	Rank    int
	Node    graph.Ref // the target's node: a datastore or an account
	Outcome string    // read, write, destroy, administer
	Label   string    // of the target; of the most sensitive asset behind an account
	Score   risk.Score
	Title   string   // one sentence
	Why     []string // the facts that make it work, a few words each
}

func (r *Result) family(f *route.Family) *Family {
	state := r.Graph.State(f.Target)
	out := &Family{Family: *f, Node: state.Node, Outcome: route.Outcome(state.Kind)}
	impact := 0.0
	if state.Kind == attack.Administers {
		out.Behind = slices.Clone(r.assetsIn[state.Node])
		impact = r.Options.Settings.Priors.ImpactOf("", out.Outcome, -1) // of what is not known to lie there
		for _, store := range out.Behind {
			if i := r.impact(store, out.Outcome); i > impact {
				impact, out.Label = i, r.Data.Of(store).Label
			}
		}
	} else {
		impact = r.impact(state.Node, out.Outcome)
		out.Label = r.Data.Of(state.Node).Label
	}
	out.Score = risk.NewScore(r.Model.Family(f.Paths), impact, r.Options.Settings.Priors.Levels)
	out.Title = r.title(out)
	out.Why = r.why(out)
	return out
}

// title is the path in one sentence: who, what, through whom.
func (r *Result) title(f *Family) string {
	can := " can "
	if f.Status == attack.Unknown {
		can = " could, as far as was read, "
	}
	title := r.EntryName(f.Entry) + can + f.Outcome + " " + r.name(f.Node)
	starts := map[graph.Ref]bool{f.Node: true}
	for _, e := range f.Best().Entries {
		starts[e.Node] = true
	}
	var through []string
	for _, ref := range r.Chain(f.Best()) {
		if !starts[ref] {
			through = append(through, r.name(ref))
		}
	}
	if len(through) > 0 {
		title += " through " + strings.Join(through, ", ")
	}
	return title
}

// EntryName says where a path starts in words: "Internet", "Leaked key of x".
func (r *Result) EntryName(e route.Entry) string {
	name := r.name(e.Node)
	switch technique.EntryKind(e.Kind) {
	case technique.EntryLeakedKey:
		return "Leaked key of " + name
	case technique.EntryForeign:
		return "Foreign account " + name
	case technique.EntryCI:
		return "Anybody's pipeline at " + name
	}
	return name
}

// why names what the steps do, in order, each once: the last one, which all
// paths to data have in common, only where nothing comes before it.
func (r *Result) why(f *Family) []string {
	const most = 3
	var out []string
	steps := f.Best().Steps
	for i, s := range steps {
		if s.Entry || s.Step == route.NoStep || len(out) == most || (i == len(steps)-1 && len(out) > 0) {
			continue
		}
		t, ok := technique.Lookup(r.Graph.Technique(s.Step))
		if ok && !slices.Contains(out, t.Name) {
			out = append(out, t.Name)
		}
	}
	return out
}

// Chain lists the nodes of a path from entry to target, each once.
func (r *Result) Chain(p *route.Path) []graph.Ref {
	var chain []graph.Ref
	seen := map[graph.Ref]bool{graph.NoRef: true}
	add := func(id route.StateID) {
		if ref := r.Graph.State(id).Node; !seen[ref] {
			seen[ref] = true
			chain = append(chain, ref)
		}
	}
	for _, s := range p.Steps {
		for _, premise := range s.Premises {
			add(premise)
		}
		add(s.Conclusion)
	}
	return chain
}

// StepDecisions are the decisions of a visible step with what was contracted into it.
func (r *Result) StepDecisions(s route.PathStep) []*attack.Decision {
	var all []*attack.Decision
	for _, id := range s.Merged {
		all = append(all, r.Graph.Decisions(id)...)
	}
	if s.Step != route.NoStep {
		all = append(all, r.Graph.Decisions(s.Step)...)
	}
	return all
}

// StepFactors are the distinct factors of a visible step.
func (r *Result) StepFactors(s route.PathStep) []attack.Factor {
	var all []attack.Factor
	seen := map[route.FactorID]bool{}
	for _, id := range append(append([]route.StepID{}, s.Merged...), s.Step) {
		if id == route.NoStep {
			continue
		}
		for _, f := range r.Graph.StepFactors(id) {
			if !seen[f] {
				seen[f] = true
				all = append(all, r.Graph.Factor(f))
			}
		}
	}
	return all
}

// EntryKind says where a family starts, in the words of the settings.
func (f *Family) EntryKind() technique.EntryKind { return technique.EntryKind(f.Entry.Kind) }

func (r *Result) name(ref graph.Ref) string {
	if ref == graph.NoRef {
		return "someone outside"
	}
	n := r.Snap.Node(ref)
	switch {
	case n.Kind == graph.KindInternet:
		return "Internet"
	case n.Kind == graph.KindAnyPrincipal:
		return "Any AWS account"
	case n.Kind == graph.KindAccount:
		if alias := r.Snap.Text(ref, graph.PropAlias); alias != "" {
			return alias
		}
	}
	if n.Name != "" {
		return n.Name
	}
	return n.ID
}

// pathFacts counts the families of which some path rests on a fact, or is made
// easier by it: a metadata service that wants no token is no condition of a
// path, and still on it.
func (r *Result) pathFacts() map[attack.FactKey]int {
	counts := map[attack.FactKey]int{}
	for _, f := range r.Families {
		seen := map[attack.FactKey]bool{}
		count := func(fact attack.Fact) {
			if k := fact.Key(); !seen[k] {
				seen[k] = true
				counts[k]++
			}
		}
		for i := range f.Paths {
			for _, s := range f.Paths[i].Steps {
				for _, d := range r.StepDecisions(s) {
					for _, g := range d.Support {
						for _, fact := range g {
							count(fact)
						}
					}
					for _, reason := range d.Reasons {
						count(reason.Fact)
					}
				}
			}
		}
	}
	return counts
}
