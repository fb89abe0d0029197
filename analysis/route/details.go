package route

import (
	"slices"

	"github.com/cairn-security/cairn/analysis/attack"
)

// details keeps in columns, by place in the input, what only people and the
// index of facts read. Titles lie in one run of bytes, decisions and checks
// are shared by number.
type details struct {
	titles     []byte
	titleOff   []uint32
	decisions  []*attack.Decision
	decisionOf map[*attack.Decision]uint32
	decOff     []uint32
	dec        []uint32
	checks     []attack.Check
	checkOf    map[attack.Check]uint32
	checkOff   []uint32
	check      []uint32
	auxiliary  []uint64 // one bit per place

	// Filled by Build: the place of each step's first alternative, and the
	// places of the others for the few steps that have some.
	place []uint32
	more  map[StepID][]uint32
}

func newDetails() *details {
	return &details{
		titleOff: []uint32{0}, decOff: []uint32{0}, checkOff: []uint32{0},
		decisionOf: map[*attack.Decision]uint32{}, checkOf: map[attack.Check]uint32{},
		more: map[StepID][]uint32{},
	}
}

func (d *details) add(step *attack.Step) {
	place := len(d.titleOff) - 1
	d.titles = append(d.titles, step.Title...)
	d.titleOff = append(d.titleOff, uint32(len(d.titles)))
	for _, x := range step.Decisions {
		d.dec = append(d.dec, intern(d.decisionOf, &d.decisions, x))
	}
	d.decOff = append(d.decOff, uint32(len(d.dec)))
	for _, x := range step.Checks {
		d.check = append(d.check, intern(d.checkOf, &d.checks, x))
	}
	d.checkOff = append(d.checkOff, uint32(len(d.check)))
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

// shrink drops what only building needs.
func (d *details) shrink() {
	d.decisionOf, d.checkOf = nil, nil
	d.titles, d.titleOff = slices.Clip(d.titles), slices.Clip(d.titleOff)
	d.dec, d.decOff = slices.Clip(d.dec), slices.Clip(d.decOff)
	d.check, d.checkOff = slices.Clip(d.check), slices.Clip(d.checkOff)
}

func (d *details) title(place uint32) string {
	return string(d.titles[d.titleOff[place]:d.titleOff[place+1]])
}

func (d *details) decisionsAt(place uint32) []uint32 { return d.dec[d.decOff[place]:d.decOff[place+1]] }

// Step puts a step together again: its best alternative where several steps
// with one technique, premises, conclusion, factors and status were added.
func (g *Graph) Step(id StepID) attack.Step { return g.stepAt(id, g.details.place[id]) }

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
	return g.decisionsAt(g.details.place[id])
}

func (g *Graph) decisionsAt(place uint32) []*attack.Decision {
	ids := g.details.decisionsAt(place)
	list := make([]*attack.Decision, len(ids))
	for i, n := range ids {
		list[i] = g.details.decisions[n]
	}
	return list
}

func (g *Graph) stepAt(id StepID, place uint32) attack.Step {
	d := g.details
	step := attack.Step{
		Technique: g.Technique(id), Conclusion: g.states[g.conclusion[id]], Title: d.title(place),
		Decisions: g.decisionsAt(place), Auxiliary: d.auxiliary[place>>6]&(1<<(place&63)) != 0,
	}
	for _, p := range g.Premises(id) {
		step.Premises = append(step.Premises, g.states[p])
	}
	for _, f := range g.StepFactors(id) {
		step.Factors = append(step.Factors, g.factors[f])
	}
	for _, n := range d.check[d.checkOff[place]:d.checkOff[place+1]] {
		step.Checks = append(step.Checks, d.checks[n])
	}
	return step
}
