package risk

import (
	"math/bits"

	"github.com/cairn-security/cairn/analysis/route"
)

// DefaultWorlds are simulated unless asked otherwise: a standard deviation of
// at most 1.6 % of a chance.
const DefaultWorlds = 1024

// Model draws worlds for the factors of a graph. It is immutable and safe for
// concurrent use; views of one graph ([route.Graph.Without]) share it.
type Model struct {
	g      *route.Graph
	worlds int
	seeds  []uint64
	limit  []uint64 // a factor holds where 32 random bits are below it
}

// NewModel prepares worlds, rounded up to a multiple of 64; 0: DefaultWorlds.
// Cost: one hash per factor.
func NewModel(g *route.Graph, worlds int) *Model {
	if worlds <= 0 {
		worlds = DefaultWorlds
	}
	m := &Model{g: g, worlds: (worlds + 63) / 64 * 64, seeds: make([]uint64, g.Factors()), limit: make([]uint64, g.Factors())}
	for i := range m.seeds {
		f := g.Factor(route.FactorID(i))
		m.seeds[i] = seedOf(f.Key)
		m.limit[i] = uint64(f.Value*certain + 0.5)
	}
	return m
}

const certain = 1 << 32

// Worlds returns how many worlds are simulated.
func (m *Model) Worlds() int { return m.worlds }

// uncertain reports whether a factor can fail.
func (m *Model) uncertain(f route.FactorID) bool { return m.limit[f] < certain }

// seedOf is FNV-1a of the key, mixed: stable over builds and machines.
func seedOf(key string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(key) {
		h = (h ^ uint64(key[i])) * 1099511628211
	}
	return mix(h)
}

// mix is the finaliser of splitmix64 (G. Steele, D. Lea, C. Flood, OOPSLA 2014).
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

const gamma = 0x9e3779b97f4a7c15

// draw says in which of the 64 worlds of a block a factor holds. Each world
// compares random bits with the probability, highest first, until they
// differ: some seven words on average.
func (m *Model) draw(f route.FactorID, block int) uint64 {
	limit := m.limit[f]
	if limit >= certain {
		return ^uint64(0)
	}
	state := mix(m.seeds[f] + uint64(block)*gamma)
	open, holds := ^uint64(0), uint64(0)
	for bit := 31; bit >= 0 && open != 0; bit-- {
		state += gamma
		r := mix(state)
		if limit>>bit&1 == 1 {
			holds |= open &^ r
			open &= r
		} else {
			open &^= r
		}
	}
	return holds
}

// source yields blocks of 64 worlds: drawn, or all combinations of a few factors.
type source struct {
	m      *Model
	blocks int
	bit    map[route.FactorID]int // combinations: which bit of the world's number
	weight []float64              // combinations: chance of each world
}

func (m *Model) drawn() source { return source{m: m, blocks: m.worlds / 64} }

// combined yields every combination of the factors given; all others must be certain.
func (m *Model) combined(factors []route.FactorID) source {
	worlds := 1 << len(factors)
	s := source{m: m, blocks: max(1, worlds/64), bit: make(map[route.FactorID]int, len(factors)), weight: make([]float64, max(64, worlds))}
	s.weight[0] = 1
	for i, f := range factors {
		s.bit[f] = i
		p := m.g.Factor(f).Value
		for w := range 1 << i {
			s.weight[w|1<<i] = s.weight[w] * p
			s.weight[w] *= 1 - p
		}
	}
	return s
}

// patterns have bit w set where bit i of w is.
var patterns = [6]uint64{0xaaaaaaaaaaaaaaaa, 0xcccccccccccccccc, 0xf0f0f0f0f0f0f0f0, 0xff00ff00ff00ff00, 0xffff0000ffff0000, 0xffffffff00000000}

// holds says in which worlds of a block a factor holds.
func (s *source) holds(f route.FactorID, block int) uint64 {
	if s.weight == nil {
		return s.m.draw(f, block)
	}
	i, ok := s.bit[f]
	switch {
	case !ok || i >= 6 && block>>(i-6)&1 == 1:
		return ^uint64(0)
	case i < 6:
		return patterns[i]
	}
	return 0
}

// sum adds up the chances of the worlds of a block that a mask marks.
func (s *source) sum(mask uint64, block int) float64 {
	if s.weight == nil {
		return float64(bits.OnesCount64(mask)) / float64(s.m.worlds)
	}
	total := 0.0
	for ; mask != 0; mask &= mask - 1 {
		total += s.weight[block*64+bits.TrailingZeros64(mask)]
	}
	return total
}

func (s *source) exact() bool { return s.weight != nil }
