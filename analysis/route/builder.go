package route

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/cairn-security/cairn/analysis/attack"
)

// Builder collects steps and interns what they are made of. Not safe for
// concurrent use.
type Builder struct {
	nodes      Nodes
	stateOf    map[attack.State]StateID
	states     []attack.State
	factorOf   map[string]FactorID
	factors    []attack.Factor
	techOf     map[attack.TechniqueID]uint16
	techniques []attack.TechniqueID
	steps      []rawStep
	prem       []StateID
	fact       []FactorID
	details    *details
	problems   []error
}

// rawStep is a step before it is sorted; its number is its place in the input.
type rawStep struct {
	conclusion StateID
	premOff    uint32
	factOff    uint32
	technique  uint16
	premLen    uint8
	factLen    uint8
	status     attack.Status
}

// Limits of one step; a real technique needs two or three of each.
const (
	maxPerStep    = 255
	maxTechniques = 1 << 16
)

// NewBuilder returns an empty builder; nodes name what states refer to.
func NewBuilder(nodes Nodes) *Builder {
	return &Builder{
		nodes:    nodes,
		stateOf:  map[attack.State]StateID{},
		factorOf: map[string]FactorID{},
		techOf:   map[attack.TechniqueID]uint16{},
		details:  newDetails(),
	}
}

// Len returns the number of steps taken so far.
func (b *Builder) Len() int { return len(b.steps) }

// Add takes a step. A step that cannot hold (a factor outside (0,1], a
// decision that says no, a premise equal to the conclusion) is left out and
// named in the error of [Builder.Build]. The step's slices are not kept, its
// decisions are.
func (b *Builder) Add(step attack.Step) {
	if err := check(&step); err != nil {
		if err != errIdle {
			b.problems = append(b.problems, fmt.Errorf("step %s %q: %w", step.Technique, step.Title, err))
		}
		return
	}
	tech, ok := b.techOf[step.Technique]
	if !ok {
		if len(b.techniques) == maxTechniques {
			b.problems = append(b.problems, fmt.Errorf("step %s: more than %d techniques", step.Technique, maxTechniques))
			return
		}
		tech = uint16(len(b.techniques))
		b.techniques = append(b.techniques, step.Technique)
		b.techOf[step.Technique] = tech
	}
	raw := rawStep{technique: tech, status: step.Status(), premOff: uint32(len(b.prem)), factOff: uint32(len(b.fact))}
	raw.conclusion = b.state(step.Conclusion)
	for _, p := range step.Premises {
		b.prem = append(b.prem, b.state(p))
	}
	b.prem, raw.premLen = distinct(b.prem, raw.premOff)
	for _, f := range step.Factors {
		b.fact = append(b.fact, b.factor(f))
	}
	b.fact, raw.factLen = distinct(b.fact, raw.factOff)
	b.steps = append(b.steps, raw)
	b.details.add(&step)
}

// errIdle marks a step that gives what it needs: no error, only useless.
var errIdle = errors.New("gives what it needs")

func check(step *attack.Step) error {
	if slices.Contains(step.Premises, step.Conclusion) {
		return errIdle
	}
	if len(step.Premises) > maxPerStep || len(step.Factors) > maxPerStep {
		return fmt.Errorf("more than %d premises or factors", maxPerStep)
	}
	for _, d := range step.Decisions {
		if d == nil {
			return errors.New("a decision is missing")
		}
		if !d.Allowed {
			return errors.New("rests on a decision that says no")
		}
	}
	for _, f := range step.Factors {
		if !(f.Value > 0 && f.Value <= 1) {
			return fmt.Errorf("factor %s is %v, not in (0,1]", f.Key, f.Value)
		}
	}
	return nil
}

func (b *Builder) state(s attack.State) StateID {
	id, ok := b.stateOf[s]
	if !ok {
		id = StateID(len(b.states))
		b.states = append(b.states, s)
		b.stateOf[s] = id
	}
	return id
}

// factor interns by key. Two values for one key are a contradiction: the
// higher one stays, so that no input order hides a risk.
func (b *Builder) factor(f attack.Factor) FactorID {
	id, ok := b.factorOf[f.Key]
	if !ok {
		id = FactorID(len(b.factors))
		b.factors = append(b.factors, f)
		b.factorOf[f.Key] = id
		return id
	}
	if old := &b.factors[id]; old.Value != f.Value {
		b.problems = append(b.problems, fmt.Errorf("factor %s has two values, %v and %v: the higher holds", f.Key, min(old.Value, f.Value), max(old.Value, f.Value)))
		if f.Value > old.Value {
			*old = f
		}
	}
	return id
}

// distinct sorts the tail of a list from off and drops what is there twice.
func distinct[T cmp.Ordered](list []T, off uint32) ([]T, uint8) {
	tail := list[off:]
	slices.Sort(tail)
	tail = slices.Compact(tail)
	return list[:int(off)+len(tail)], uint8(len(tail))
}

// MicroNats is the cost of a probability in (0,1]: -ln p in millionths, rounded.
func MicroNats(p float64) uint32 {
	return uint32(min(math.Round(-math.Log(p)*1e6), 1<<30))
}

// Likelihood is the probability behind a cost in micro-nats.
func Likelihood(cost uint64) float64 { return math.Exp(-float64(cost) / 1e6) }
