package risk

import (
	"cmp"
	"context"
	"math"
	"math/bits"
	"slices"

	"github.com/cairn-security/cairn/analysis/route"
	"github.com/cairn-security/cairn/graph"
)

// Assessment is a run put into worlds, ready to be asked what a removal does.
// Not safe for concurrent use.
type Assessment struct {
	m      *Model
	run    *route.Run
	groups []*group
	stakes [][]Stake // by node, nodes in order
	before outcome
}

// outcome is what the worlds say: a row of bits for each reached target.
type outcome map[route.StateID]row

type row struct {
	bits  []uint64
	group *group
}

func (o outcome) chance(t route.StateID) float64 {
	r, ok := o[t]
	if !ok {
		return 0
	}
	return r.group.source.share(r.bits)
}

func (o outcome) likelihood(t route.StateID) Estimate {
	r, ok := o[t]
	if !ok {
		return exactly(0)
	}
	return r.group.estimate(r.bits)
}

// Assess simulates a run once. Cost: that of [Model.Reached].
func (m *Model) Assess(ctx context.Context, run *route.Run, stakes []Stake) (*Assessment, error) {
	a := &Assessment{m: m, run: run}
	byNode := map[graph.Ref]int{}
	var targets []route.StateID
	for _, s := range stakes {
		i, ok := byNode[s.Node]
		if !ok {
			i = len(a.stakes)
			byNode[s.Node] = i
			a.stakes = append(a.stakes, nil)
		}
		a.stakes[i] = append(a.stakes[i], s)
		targets = append(targets, s.Target)
	}
	var err error
	if a.groups, err = m.split(ctx, run, targets); err != nil {
		return nil, err
	}
	a.before, err = a.solve(ctx, nil)
	return a, err
}

// solve runs the groups that have one of the steps gone; the others stand as
// they were.
func (a *Assessment) solve(ctx context.Context, gone []route.StepID) (outcome, error) {
	o := outcome{}
	for _, g := range a.groups {
		missing := g.places(gone)
		if gone != nil && len(missing) == 0 {
			for _, t := range g.targets {
				o[t] = a.before[t]
			}
			continue
		}
		rows, err := g.solve(ctx, missing)
		if err != nil {
			return nil, err
		}
		for i, t := range g.targets {
			o[t] = row{rows[i], g}
		}
	}
	return o, nil
}

// places finds core steps by their ids.
func (g *group) places(steps []route.StepID) []uint32 {
	if len(steps) == 0 {
		return nil
	}
	if g.placeOf == nil {
		g.placeOf = make(map[route.StepID]uint32, len(g.core.Steps()))
		for i, s := range g.core.Steps() {
			g.placeOf[s] = uint32(i)
		}
	}
	var list []uint32
	for _, s := range steps {
		if at, ok := g.placeOf[s]; ok {
			list = append(list, at)
		}
	}
	return list
}

// worst picks the outcome of a node that weighs most.
func (o outcome) worst(stakes []Stake) (stake Stake, risk float64) {
	stake = stakes[0]
	for _, s := range stakes {
		if r := o.chance(s.Target) * s.Impact; r > risk {
			stake, risk = s, r
		}
	}
	return stake, risk
}

func (a *Assessment) estate() Estate {
	var e Estate
	var chosen []Stake
	exact := true
	for _, stakes := range a.stakes {
		s, r := a.before.worst(stakes)
		likelihood := a.before.likelihood(s.Target)
		exact = exact && likelihood.Exact
		e.Total.Value += r
		e.Nodes = append(e.Nodes, NodeRisk{Node: s.Node, Target: s.Target, Likelihood: likelihood, Risk: likelihood.Times(s.Impact)})
		chosen = append(chosen, s)
	}
	e.losses = a.losses(chosen, a.before, nil)
	half := halfWidth(e.losses)
	e.Total.Lower, e.Total.Upper, e.Total.Exact = max(0, e.Total.Value-half), e.Total.Value+half, exact
	slices.SortStableFunc(e.Nodes, func(x, y NodeRisk) int {
		return cmp.Or(cmp.Compare(y.Risk.Value, x.Risk.Value), cmp.Compare(x.Node, y.Node))
	})
	return e
}

// Removed estimates how much risk goes when steps go, under the same luck:
// [Lower, Upper] is the 95 % interval of the difference over paired worlds.
// It is set subtraction; what a change opens is seen by deriving again.
// Cost: a pass per 64 worlds over the cores that contain a step.
func (a *Assessment) Removed(ctx context.Context, gone []route.StepID) (Estimate, error) {
	if len(gone) == 0 {
		return exactly(0), nil
	}
	after, err := a.solve(ctx, gone)
	if err != nil {
		return Estimate{}, err
	}
	e := Estimate{Exact: true}
	var chosen []Stake
	for _, stakes := range a.stakes {
		s, before := a.before.worst(stakes)
		_, left := after.worst(stakes)
		e.Value += before - left
		chosen = append(chosen, s)
		if at, ok := a.before[s.Target]; ok && !at.group.source.exact() {
			e.Exact = false
		}
	}
	half := a.halfWidth(chosen, a.before, after)
	e.Lower, e.Upper = max(0, e.Value-half), e.Value+half
	return e, nil
}

// halfWidth is half the 95 % interval of the mean over drawn worlds of the
// impact that is lost in each: reached before and, where after is given, not
// after. What is summed up exactly adds nothing.
func (a *Assessment) halfWidth(chosen []Stake, before, after outcome) float64 {
	return halfWidth(a.losses(chosen, before, after))
}

// losses adds up, for each drawn world, the impact of what is reached before
// and, where after is given, not after.
func (a *Assessment) losses(chosen []Stake, before, after outcome) []float64 {
	loss := make([]float64, a.m.worlds)
	for _, s := range chosen {
		b, ok := before[s.Target]
		if !ok || b.group.source.exact() {
			continue
		}
		for block, mask := range b.bits {
			if after != nil {
				mask &^= after[s.Target].bits[block]
			}
			for ; mask != 0; mask &= mask - 1 {
				loss[block*64+bits.TrailingZeros64(mask)] += s.Impact
			}
		}
	}
	return loss
}

// halfWidth is half the 95 % interval of the mean of independent draws.
func halfWidth(draws []float64) float64 {
	mean, square := 0.0, 0.0
	for _, x := range draws {
		mean += x
		square += x * x
	}
	n := float64(len(draws))
	mean /= n
	return 1.96 * math.Sqrt(max(0, square/n-mean*mean)/n)
}
