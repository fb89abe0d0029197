package route

import (
	"slices"
	"strings"

	"github.com/cairn-security/cairn/analysis/attack"
)

// details keeps in columns what only people and the index of facts read.
// Titles are lists of words, since names recur; words, decisions and checks
// are shared by number. Places are steps; the alternatives of merged steps
// have the places after the last step.
type details struct {
	words     []string
	decisions []*attack.Decision
	checks    []attack.Check
	title     column
	decision  column
	check     column
	auxiliary []uint64            // one bit per place
	more      map[StepID][]uint32 // places of the alternatives of the few steps that have some

	// Only while building.
	wordOf     map[string]uint32
	decisionOf map[*attack.Decision]uint32
	checkOf    map[attack.Check]uint32
}

// column is a list of numbers per place.
type column struct{ off, list []uint32 }

func (c *column) at(place uint32) []uint32 { return c.list[c.off[place]:c.off[place+1]] }

func (c *column) end() { c.off = append(c.off, uint32(len(c.list))) }

// permuted returns the column with the places in another order, in memory of
// its own size.
func (c *column) permuted(order []uint32) column {
	out := column{make([]uint32, 1, len(order)+1), make([]uint32, 0, len(c.list))}
	for _, place := range order {
		out.list = append(out.list, c.at(place)...)
		out.end()
	}
	return out
}

func newDetails() *details {
	start := []uint32{0}
	return &details{
		title: column{off: start}, decision: column{off: slices.Clone(start)}, check: column{off: slices.Clone(start)},
		wordOf: map[string]uint32{}, decisionOf: map[*attack.Decision]uint32{}, checkOf: map[attack.Check]uint32{},
		more: map[StepID][]uint32{},
	}
}

func (d *details) add(step *attack.Step) {
	place := len(d.title.off) - 1
	if step.Title != "" {
		for word := range strings.SplitSeq(step.Title, " ") {
			id, ok := d.wordOf[word]
			if !ok {
				word = strings.Clone(word) // do not keep the title for a word
				id = uint32(len(d.words))
				d.words = append(d.words, word)
				d.wordOf[word] = id
			}
			d.title.list = append(d.title.list, id)
		}
	}
	d.title.end()
	for _, x := range step.Decisions {
		d.decision.list = append(d.decision.list, intern(d.decisionOf, &d.decisions, x))
	}
	d.decision.end()
	for _, x := range step.Checks {
		d.check.list = append(d.check.list, intern(d.checkOf, &d.checks, x))
	}
	d.check.end()
	if place&63 == 0 {
		d.auxiliary = append(d.auxiliary, 0)
	}
	if step.Auxiliary {
		d.auxiliary[place>>6] |= 1 << (place & 63)
	}
}

func intern[T comparable](ids map[T]uint32, list *[]T, x T) uint32 {
	id, ok := ids[x]
	if !ok {
		id = uint32(len(*list))
		*list = append(*list, x)
		ids[x] = id
	}
	return id
}

// settle puts the places in their final order and drops what only building
// needs.
func (d *details) settle(order []uint32) {
	d.wordOf, d.decisionOf, d.checkOf = nil, nil, nil
	d.title, d.decision, d.check = d.title.permuted(order), d.decision.permuted(order), d.check.permuted(order)
	bits := make([]uint64, len(d.auxiliary))
	for to, from := range order {
		bits[to>>6] |= d.auxiliary[from>>6] >> (from & 63) & 1 << (to & 63)
	}
	d.auxiliary = bits
}

func (d *details) titleAt(place uint32) string {
	var b strings.Builder
	for i, w := range d.title.at(place) {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(d.words[w])
	}
	return b.String()
}

// Step puts a step together again: its best alternative where several steps
// with one technique, premises, conclusion, factors and status were added.
func (g *Graph) Step(id StepID) attack.Step { return g.stepAt(id, uint32(id)) }

// Alternatives returns all steps that were merged into one, the one of
// [Graph.Step] first: any of them suffices.
func (g *Graph) Alternatives(id StepID) []attack.Step {
	all := []attack.Step{g.Step(id)}
	for _, place := range g.details.more[id] {
		all = append(all, g.stepAt(id, place))
	}
	return all
}

// Decisions returns what a step (its best alternative) rests on.
func (g *Graph) Decisions(id StepID) []*attack.Decision {
	return g.decisionsAt(uint32(id))
}

// Visible puts a path's step together with what was contracted into it: its
// premises are the visible ones, its decisions, factors and checks those of
// all steps merged, the auxiliary ones first, equal ones once.
func (g *Graph) Visible(ps PathStep) attack.Step {
	own := g.Step(ps.Step)
	step := attack.Step{Technique: own.Technique, Title: own.Title, Conclusion: own.Conclusion}
	for _, p := range ps.Premises {
		step.Premises = append(step.Premises, g.states[p])
	}
	for _, s := range append(slices.Clone(ps.Merged), ps.Step) {
		part := g.Step(s)
		step.Decisions = appendNew(step.Decisions, part.Decisions)
		step.Factors = appendNew(step.Factors, part.Factors)
		step.Checks = appendNew(step.Checks, part.Checks)
	}
	return step
}

func appendNew[T comparable](list, more []T) []T {
	for _, x := range more {
		if !slices.Contains(list, x) {
			list = append(list, x)
		}
	}
	return list
}

func (g *Graph) decisionsAt(place uint32) []*attack.Decision {
	ids := g.details.decision.at(place)
	list := make([]*attack.Decision, len(ids))
	for i, n := range ids {
		list[i] = g.details.decisions[n]
	}
	return list
}

func (g *Graph) stepAt(id StepID, place uint32) attack.Step {
	d := g.details
	step := attack.Step{
		Technique: g.Technique(id), Conclusion: g.states[g.conclusion[id]], Title: d.titleAt(place),
		Decisions: g.decisionsAt(place), Auxiliary: d.auxiliary[place>>6]&(1<<(place&63)) != 0,
	}
	for _, p := range g.Premises(id) {
		step.Premises = append(step.Premises, g.states[p])
	}
	for _, f := range g.StepFactors(id) {
		step.Factors = append(step.Factors, g.factors[f])
	}
	for _, n := range d.check.at(place) {
		step.Checks = append(step.Checks, d.checks[n])
	}
	return step
}
