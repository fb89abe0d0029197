package risk

import (
	"context"
	"slices"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/route"
)

// maxCombined is the number of uncertain factors up to which a core is summed
// up exactly: 2^12 combinations are 64 passes.
const maxCombined = 12

// Reached estimates for each target the chance that it is reached. Value and
// Lower count steps that are known to work; steps that rest on something
// unread enter Upper only. A target with no path seen is exactly 0.
//
// Cost: one pass over the core of the targets per 64 worlds, twice where
// something was not read: about half a second per 1,024 worlds at 10^6 steps.
func (m *Model) Reached(ctx context.Context, f *route.Finder, targets []route.StateID) ([]Estimate, error) {
	list, err := m.reachedIn(ctx, f.Lower(), targets)
	if err != nil || f.Upper() == f.Lower() {
		return list, err
	}
	upper, err := m.reachedIn(ctx, f.Upper(), targets)
	for i := range upper {
		list[i] = list[i].withUnread(upper[i])
	}
	return list, err
}

func (m *Model) reachedIn(ctx context.Context, run *route.Run, targets []route.StateID) ([]Estimate, error) {
	groups, err := m.split(ctx, run, targets)
	if err != nil {
		return nil, err
	}
	got := map[route.StateID]Estimate{}
	for _, g := range groups {
		bits, err := g.solve(ctx, nil)
		if err != nil {
			return nil, err
		}
		for i, t := range g.targets {
			got[t] = g.estimate(bits[i])
		}
	}
	list := make([]Estimate, len(targets))
	for i, t := range targets {
		list[i] = exactly(0)
		if e, ok := got[t]; ok {
			list[i] = e
		}
	}
	return list, nil
}

// group is a set of targets that is judged in one core with one source.
type group struct {
	core    *route.Core
	source  source
	targets []route.StateID
	alive   []uint64
	lanes   []uint64
	factors []route.FactorID // uncertain ones of the core, sorted
	masks   []uint64         // by block, then by place in factors; drawn when first asked
	stepOff []uint32         // core step -> places in factors
	stepFac []uint32
	placeOf map[route.StepID]uint32 // made when first asked
}

// split puts every target that few uncertain factors matter to in a group of
// its own that is summed up, and the others together in one that is simulated.
func (m *Model) split(ctx context.Context, run *route.Run, targets []route.StateID) ([]*group, error) {
	targets = slices.DeleteFunc(slices.Clone(targets), func(t route.StateID) bool { return !run.Reached(t) })
	if len(targets) == 0 {
		return nil, nil
	}
	slices.Sort(targets)
	targets = slices.Compact(targets)
	var groups []*group
	var rest []route.StateID
	place := make([]uint32, len(m.seeds)) // factor -> place in a group, plus one
	for _, t := range targets {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if m.fewFactors(run, t) {
			groups = append(groups, m.newGroup(run.Core([]route.StateID{t}), []route.StateID{t}, place))
		} else {
			rest = append(rest, t)
		}
	}
	if len(rest) > 0 {
		groups = append(groups, m.newGroup(run.Core(rest), rest, place))
	}
	return groups, nil
}

// fewFactors reports whether a target can be summed up. It walks back from the
// target and stops as soon as too many uncertain factors were met.
func (m *Model) fewFactors(run *route.Run, target route.StateID) bool {
	g := run.Graph()
	seen, factors := map[route.StateID]bool{target: true}, map[route.FactorID]bool{}
	waiting := []route.StateID{target}
	for len(waiting) > 0 {
		v := waiting[len(waiting)-1]
		waiting = waiting[:len(waiting)-1]
		for s := range g.Into(v) {
			if !run.Usable(s) {
				continue
			}
			for _, f := range g.StepFactors(s) {
				if m.uncertain(f) {
					factors[f] = true
				}
			}
			if len(factors) > maxCombined {
				return false
			}
			for _, p := range g.Premises(s) {
				if !seen[p] {
					seen[p] = true
					waiting = append(waiting, p)
				}
			}
		}
	}
	return true
}

// newGroup prepares a core; place is working memory, zero before and after.
func (m *Model) newGroup(core *route.Core, targets []route.StateID, place []uint32) *group {
	g := &group{core: core, targets: targets, stepOff: []uint32{0}}
	for _, s := range core.Steps() {
		for _, f := range m.g.StepFactors(s) {
			if m.uncertain(f) && place[f] == 0 {
				place[f] = 1
				g.factors = append(g.factors, f)
			}
		}
	}
	slices.Sort(g.factors)
	for i, f := range g.factors {
		place[f] = uint32(i + 1)
	}
	for _, s := range core.Steps() {
		for _, f := range m.g.StepFactors(s) {
			if m.uncertain(f) {
				g.stepFac = append(g.stepFac, place[f]-1)
			}
		}
		g.stepOff = append(g.stepOff, uint32(len(g.stepFac)))
	}
	for _, f := range g.factors {
		place[f] = 0
	}
	g.source = m.drawn()
	if len(g.factors) <= maxCombined {
		g.source = m.combined(g.factors)
	}
	g.alive = make([]uint64, len(core.Steps()))
	return g
}

// draw fills the masks: in which worlds each factor holds.
func (g *group) draw() {
	if g.masks != nil {
		return
	}
	g.masks = make([]uint64, 0, g.source.blocks*len(g.factors))
	for block := range g.source.blocks {
		for _, f := range g.factors {
			g.masks = append(g.masks, g.source.holds(f, block))
		}
	}
}

// solve says for each target, block by block, which worlds reach it when some
// core steps are gone.
func (g *group) solve(ctx context.Context, gone []uint32) (bits [][]uint64, err error) {
	g.draw()
	bits = make([][]uint64, len(g.targets))
	for i := range bits {
		bits[i] = make([]uint64, g.source.blocks)
	}
	for block := range g.source.blocks {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		masks := g.masks[block*len(g.factors):]
		for s := range g.alive {
			mask := ^uint64(0)
			for _, f := range g.stepFac[g.stepOff[s]:g.stepOff[s+1]] {
				mask &= masks[f]
			}
			g.alive[s] = mask
		}
		for _, s := range gone {
			g.alive[s] = 0
		}
		g.lanes = g.core.Solve(g.alive, g.lanes)
		for i, t := range g.targets {
			at, _ := g.core.Place(t)
			bits[i][block] = g.lanes[at]
		}
	}
	return bits, nil
}

// share is the chance of the worlds that a row of bits marks.
func (s *source) share(bits []uint64) float64 {
	total := 0.0
	for block, mask := range bits {
		total += s.sum(mask, block)
	}
	return total
}

func (g *group) estimate(bits []uint64) Estimate {
	share := g.source.share(bits)
	if g.source.exact() {
		return exactly(share)
	}
	return simulated(share, g.source.m.worlds)
}

// unknown reports whether a path rests on something unread.
func unknown(p *route.Path) bool { return p.Status == attack.Unknown }
