package risk

import (
	"slices"

	"github.com/cairn-security/cairn/analysis/route"
)

// maxFamilyCombined is the number of uncertain factors up to which a family is
// summed up exactly; here a world costs no pass over a graph.
const maxFamilyCombined = 16

// Path is the likelihood of one path: the product of its distinct factors. A
// path that rests on something unread has it in Upper only.
func (m *Model) Path(p *route.Path) Estimate {
	if unknown(p) {
		return Estimate{Upper: p.Likelihood, Exact: true}
	}
	return exactly(p.Likelihood)
}

// Family is the chance that at least one of the paths holds, all of them being
// of one family or not. Paths that rest on something unread enter Upper only.
// Cost: the factors of all paths per 64 worlds.
func (m *Model) Family(paths []route.Path) Estimate {
	known := slices.DeleteFunc(slices.Clone(paths), func(p route.Path) bool { return unknown(&p) })
	e := m.anyOf(known)
	if len(known) < len(paths) {
		e = e.withUnread(m.anyOf(paths))
	}
	return e
}

func (m *Model) anyOf(paths []route.Path) Estimate {
	if len(paths) == 0 {
		return exactly(0)
	}
	var factors []route.FactorID
	for i := range paths {
		for _, f := range paths[i].Factors {
			if m.uncertain(f) {
				factors = append(factors, f)
			}
		}
	}
	slices.Sort(factors)
	factors = slices.Compact(factors)
	src := m.drawn()
	if len(factors) <= maxFamilyCombined {
		src = m.combined(factors)
	}
	masks := make(map[route.FactorID]uint64, len(factors))
	share := 0.0
	for block := range src.blocks {
		for _, f := range factors {
			masks[f] = src.holds(f, block)
		}
		some := uint64(0)
		for i := range paths {
			all := ^uint64(0)
			for _, f := range paths[i].Factors {
				if m.uncertain(f) {
					all &= masks[f]
				}
			}
			some |= all
		}
		share += src.sum(some, block)
	}
	if src.exact() {
		return exactly(share)
	}
	return simulated(share, m.worlds)
}
