package view

import (
	"context"
	"strings"
	"sync"

	"github.com/cairn-security/cairn/analysis"
	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/report"
	"github.com/cairn-security/cairn/graph"
)

// Certainty is shared by everything that can be uncertain.
type Certainty interface{ IsCertainty() }

// certainty is STATUS of the documents, gaps as objects.
type certainty struct {
	v *View
	s func() report.Status
}

// IsCertainty marks it as a Certainty of the schema.
func (c certainty) IsCertainty() {}

// Gaps are what an unknown answer rests on.
func (c certainty) Gaps() []*Gap { return c.v.gapsOf(c.s().Gaps) }

// Assumptions are the defaults that were taken.
func (c certainty) Assumptions() []string { return c.s().Assumptions }

// Status is decided, conditional or unknown.
func (c certainty) Status() string { return c.s().Status }

// Conditions are what is left to hold: alternatives, each an AND.
func (c certainty) Conditions() [][]attack.Condition { return c.s().Conditions }

// settled is a certainty that is known already.
func (v *View) settled(s report.Status) certainty {
	return certainty{v, func() report.Status { return s }}
}

// AttackPath is a family of paths.
type AttackPath struct {
	certainty
	family *analysis.Family
	chain  []graph.Ref
	facts  func() []string
}

// paths holds the families by rank and where they pass.
type paths struct {
	list    []*AttackPath
	at      map[*analysis.Family]*AttackPath
	through map[graph.Ref][]*AttackPath // by node of any path, by rank
	to      map[graph.Ref][]*AttackPath // by target, or asset behind one
	table   *table
}

func (v *View) newPaths() *paths {
	p := &paths{at: map[*analysis.Family]*AttackPath{}, through: map[graph.Ref][]*AttackPath{}, to: map[graph.Ref][]*AttackPath{}}
	for _, f := range v.Result.Families {
		status := sync.OnceValue(func() report.Status { return v.parts.PathStatus(f.Best()) })
		one := &AttackPath{certainty: certainty{v, status}, family: f, chain: v.Result.Chain(f.Best())}
		one.facts = sync.OnceValue(one.why)
		p.list = append(p.list, one)
		p.at[f] = one
		pass := func(refs ...graph.Ref) {
			for _, ref := range refs {
				if list := p.through[ref]; len(list) == 0 || list[len(list)-1] != one {
					p.through[ref] = append(list, one)
				}
			}
		}
		for i := range f.Paths {
			pass(v.Result.Chain(&f.Paths[i])...)
		}
		if len(f.Best().Entries) > 0 {
			pass(f.Entry.Node)
		}
		for _, ref := range append([]graph.Ref{f.Node}, f.Behind...) {
			p.to[ref] = append(p.to[ref], one)
		}
	}
	p.table = newTable("attackPaths", "level", "entryKind", "label", "outcome", "status", "account")
	for _, one := range p.list {
		p.table.add(one.ID(), v.pathText(one), []string{one.Level()}, []string{one.EntryKind()}, []string{one.family.Label},
			[]string{one.Outcome()}, []string{one.family.Status.String()}, []string{v.snap().Node(one.family.Node).Account})
	}
	p.table.titled("account", v.accountTitle)
	p.table.titled("entryKind", entryTitle)
	return p
}

func (p *paths) of(f *analysis.Family) *AttackPath {
	if f == nil {
		return nil
	}
	return p.at[f]
}

// pathText is what the text filter searches.
func (v *View) pathText(p *AttackPath) string {
	words := []string{p.Title(), p.ID(), p.Entry().Name}
	for _, ref := range append([]graph.Ref{p.family.Node}, p.chain...) {
		n := v.snap().Node(ref)
		words = append(words, n.Name, n.ID)
	}
	return strings.Join(words, "\n")
}

// entryTitle is an entry point in words.
func entryTitle(kind string) string {
	switch kind {
	case "internet":
		return "Internet"
	case "any-aws-principal":
		return "Any AWS account"
	case "foreign-account":
		return "Foreign account"
	case "vulnerable-workload":
		return "Vulnerable workload"
	case "ci-identity":
		return "CI identity"
	case "leaked-key":
		return "Leaked key"
	case "assume-breach":
		return "Assumed breach"
	}
	return kind
}

// IsNode marks it as a Node of the schema.
func (p *AttackPath) IsNode() {}

// ID is a hash of what its paths agree in.
func (p *AttackPath) ID() string { return p.family.ID }

// Rank is its place by risk, from 1.
func (p *AttackPath) Rank() int { return p.family.Rank }

// Title is one sentence.
func (p *AttackPath) Title() string { return p.family.Title }

// Why are the facts that make it work.
func (p *AttackPath) Why() []string { return p.facts() }

// Entry is where it starts.
func (p *AttackPath) Entry() *EstateNode { return p.v.node(p.family.Entry.Node) }

// EntryKind says what kind of start that is.
func (p *AttackPath) EntryKind() string { return p.family.Entry.Kind }

// Target is where it ends.
func (p *AttackPath) Target() *EstateNode { return p.v.node(p.family.Node) }

// Label is that of the target; nil for an account.
func (p *AttackPath) Label() *Label {
	if p.v.kindOf(p.family.Node) == graph.KindAccount {
		return nil
	}
	return p.v.label(p.family.Label)
}

// Outcome is what happens to the target.
func (p *AttackPath) Outcome() string { return p.family.Outcome }

// Likelihood is the chance that at least one of its paths holds.
func (p *AttackPath) Likelihood() *report.Estimate {
	e := p.v.parts.Estimate(p.family.Score.Likelihood, p.family.Best())
	return &e
}

// Impact is what the outcome is worth.
func (p *AttackPath) Impact() float64 { return p.family.Score.Impact }

// Risk is likelihood times impact.
func (p *AttackPath) Risk() *report.Estimate {
	e := p.v.parts.Estimate(p.family.Score.Risk, p.family.Best())
	return &e
}

// Level is the risk in one word.
func (p *AttackPath) Level() string { return p.family.Score.Level }

// Count counts its paths.
func (p *AttackPath) Count() int { return len(p.family.Paths) }

// Behind are the critical datastores behind an administered account.
func (p *AttackPath) Behind() []*EstateNode { return p.v.nodes(p.family.Behind) }

// Chain are the nodes of the best path, each once, the entry first.
func (p *AttackPath) Chain() []*EstateNode { return p.v.nodes(p.chain) }

// StepCount counts the steps of the best path.
func (p *AttackPath) StepCount() int { return p.family.Best().Hops() }

// Factors are the uncertainties of the best path.
func (p *AttackPath) Factors() []*Factor { return p.v.factors(p.v.parts.Factors(p.family.Best())) }

// Detections are logs and detectors that would show the steps.
func (p *AttackPath) Detections() []string { return p.v.parts.Detections(p.family.Best()) }

// Interchangeable are the places at which its paths differ.
func (p *AttackPath) Interchangeable() []*Interchangeable {
	out := make([]*Interchangeable, 0, len(p.family.Interchangeable))
	for _, x := range p.family.Interchangeable {
		out = append(out, &Interchangeable{x.Kind.String(), orNull(x.Account), p.v.nodes(x.Nodes), len(x.Nodes)})
	}
	return out
}

// Interchangeable is one place at which paths differ.
type Interchangeable struct {
	Kind    string
	Account *string
	Nodes   []*EstateNode
	Count   int
}

// ClosedBy are single changes that close the whole family; nil while changes
// are still being tried.
func (p *AttackPath) ClosedBy(ctx context.Context) ([]*Fix, error) {
	all, ok, err := p.v.fixesSoon(ctx)
	if err != nil || !ok {
		return nil, err
	}
	return append([]*Fix{}, all.closing[p.family]...), nil
}
