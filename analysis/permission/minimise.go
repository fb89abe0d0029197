package permission

import (
	"slices"

	"github.com/cairn-security/cairn/analysis/policy"
)

// term is a conjunction of atoms (pos) and negated atoms (neg).
type term struct{ pos, neg uint64 }

// maxTerms bounds a disjunction while it is built.
const maxTerms = 256

// solver decides formulas over the atoms of one request. Atoms on one context
// key are not independent; which outcomes they can have together is found by
// trying witnesses of that key (see [policy.Witnesses]).
type solver struct {
	atoms  []atom
	groups []group
	// truncated: a disjunction outgrew maxTerms and lost alternatives.
	truncated bool
}

type group struct {
	mask    uint64
	vectors []uint64 // the outcomes that are possible together
}

func newSolver(g *formulaAlgebra, ctx *policy.Context) *solver {
	s := &solver{atoms: g.atoms, truncated: g.lumped}
	byKey := map[string][]int{}
	var keys []string
	for i := range g.atoms {
		key := g.atoms[i].group
		if key == "" || g.lumped && i == maxAtoms-1 {
			continue
		}
		if byKey[key] == nil {
			keys = append(keys, key)
		}
		byKey[key] = append(byKey[key], i)
	}
	for _, key := range keys {
		s.groups = append(s.groups, newGroup(g.atoms, byKey[key], ctx.Lookup(key).Presence != policy.PresentUnknown))
	}
	return s
}

func newGroup(atoms []atom, members []int, canBeAbsent bool) group {
	var gr group
	tests := make([]*policy.Test, len(members))
	for i, m := range members {
		tests[i] = &atoms[m].test
		gr.mask |= 1 << m
	}
	for _, v := range policy.Witnesses(tests, canBeAbsent) {
		var bits uint64
		for i, m := range members {
			if tests[i].Eval(v) {
				bits |= 1 << m
			}
		}
		if !slices.Contains(gr.vectors, bits) {
			gr.vectors = append(gr.vectors, bits)
		}
	}
	return gr
}

// feasible reports whether some request makes the term true.
func (s *solver) feasible(t term) bool {
	if t.pos&t.neg != 0 {
		return false
	}
	for i := range s.groups {
		g := &s.groups[i]
		pos, neg := t.pos&g.mask, t.neg&g.mask
		if pos|neg == 0 {
			continue
		}
		if !slices.ContainsFunc(g.vectors, func(v uint64) bool { return v&pos == pos && v&neg == 0 }) {
			return false
		}
	}
	return true
}

// terms is the disjunction of feasible terms equal to f, or to its negation.
func (s *solver) terms(f *formula, negate bool) []term {
	switch f.op {
	case opFalse, opTrue:
		if (f.op == opTrue) != negate {
			return []term{{}}
		}
		return nil
	case opAtom:
		if negate {
			return s.keep(nil, term{neg: 1 << f.atom})
		}
		return s.keep(nil, term{pos: 1 << f.atom})
	case opNot:
		return s.terms(f.x, !negate)
	}
	x, y := s.terms(f.x, negate), s.terms(f.y, negate)
	if (f.op == opOr) != negate {
		for _, t := range y {
			x = s.keep(x, t)
		}
		return x
	}
	var out []term
	for _, a := range x {
		for _, b := range y {
			out = s.keep(out, term{a.pos | b.pos, a.neg | b.neg})
		}
	}
	return out
}

// keep adds a term unless it is impossible or covered, and drops what it covers.
func (s *solver) keep(list []term, t term) []term {
	if !s.feasible(t) {
		return list
	}
	for _, o := range list {
		if o.pos&^t.pos == 0 && o.neg&^t.neg == 0 {
			return list
		}
	}
	list = slices.DeleteFunc(list, func(o term) bool { return t.pos&^o.pos == 0 && t.neg&^o.neg == 0 })
	if len(list) == maxTerms {
		s.truncated = true
		return list
	}
	return append(list, t)
}

// prime shortens every term as far as it still implies the formula, whose
// negation is rest: the result are prime implicants.
func (s *solver) prime(list, rest []term) []term {
	var out []term
	for _, t := range list {
		for bit := uint64(1); bit != 0 && bit <= t.pos|t.neg; bit <<= 1 {
			if (t.pos|t.neg)&bit == 0 {
				continue
			}
			shorter := term{t.pos &^ bit, t.neg &^ bit}
			if s.excludes(shorter, rest) {
				t = shorter
			}
		}
		out = s.keep(out, t)
	}
	return s.irredundant(out)
}

func (s *solver) excludes(t term, rest []term) bool {
	for _, o := range rest {
		if s.feasible(term{t.pos | o.pos, t.neg | o.neg}) {
			return false
		}
	}
	return true
}

// maxCover bounds the exponential check of irredundant.
const maxCover = 8

// irredundant drops terms that the others cover together.
func (s *solver) irredundant(list []term) []term {
	if len(list) > maxCover {
		return list
	}
	for i := len(list) - 1; i >= 0 && len(list) > 1; i-- {
		others := slices.Delete(slices.Clone(list), i, i+1)
		if !s.uncovered(list[i], others) {
			list = others
		}
	}
	return list
}

// uncovered reports whether some request makes t true and all others false.
func (s *solver) uncovered(t term, others []term) bool {
	if !s.feasible(t) {
		return false
	}
	if len(others) == 0 {
		return true
	}
	o := others[0]
	for bit := uint64(1); bit != 0 && bit <= o.pos|o.neg; bit <<= 1 {
		next := t
		switch {
		case o.pos&bit != 0:
			next.neg |= bit
		case o.neg&bit != 0:
			next.pos |= bit
		default:
			continue
		}
		if s.uncovered(next, others[1:]) {
			return true
		}
	}
	return false
}
