package permission

import (
	"github.com/cairn-security/cairn/analysis/policy"
)

// formula is a boolean combination of atoms. Nodes are shared and immutable.
type formula struct {
	op   formulaOp
	atom int
	x, y *formula
}

type formulaOp uint8

const (
	opFalse formulaOp = iota
	opTrue
	opAtom
	opNot
	opAnd
	opOr
)

var (
	always = &formula{op: opTrue}
	never  = &formula{op: opFalse}
)

// atom is one thing that is not decided: a test on the context, or what a
// document that was not read says.
type atom struct {
	test policy.Test
	gap  string // gap id, empty for tests
	// group is what atoms depend on each other through: the context key, or
	// empty for an atom that stands alone.
	group string
}

// maxAtoms bounds a formula; what exceeds it is lumped into one last atom.
const maxAtoms = 64

// formulaAlgebra evaluates to formulas.
type formulaAlgebra struct {
	atoms []atom
	index map[string]int
	// lumped: there were more than maxAtoms tests.
	lumped bool
}

func newFormulaAlgebra() *formulaAlgebra { return &formulaAlgebra{index: map[string]int{}} }

func (*formulaAlgebra) constant(b bool) *formula {
	if b {
		return always
	}
	return never
}

func (*formulaAlgebra) and(a, b *formula) *formula {
	switch {
	case a.op == opFalse || b.op == opTrue:
		return a
	case b.op == opFalse || a.op == opTrue:
		return b
	}
	return &formula{op: opAnd, x: a, y: b}
}

func (*formulaAlgebra) or(a, b *formula) *formula {
	switch {
	case a.op == opTrue || b.op == opFalse:
		return a
	case b.op == opTrue || a.op == opFalse:
		return b
	}
	return &formula{op: opOr, x: a, y: b}
}

func (*formulaAlgebra) not(a *formula) *formula {
	switch a.op {
	case opTrue:
		return never
	case opFalse:
		return always
	case opNot:
		return a.x
	}
	return &formula{op: opNot, x: a}
}

func (g *formulaAlgebra) intern(key string, a atom) *formula {
	i, ok := g.index[key]
	if !ok {
		if len(g.atoms) == maxAtoms {
			g.lumped = true
			i = maxAtoms - 1
		} else {
			i = len(g.atoms)
			g.atoms = append(g.atoms, a)
		}
		g.index[key] = i
	}
	return &formula{op: opAtom, atom: i}
}

func (g *formulaAlgebra) test(t policy.Test) *formula {
	a := atom{test: t}
	if !t.Opaque() {
		a.group = t.ContextKey()
	}
	return g.intern(t.Key(), a)
}

func (g *formulaAlgebra) unread(s *Set, what string) *formula {
	out := never
	if s.allowOnly && what == "deny" {
		return out
	}
	for _, id := range s.Unread {
		out = g.or(out, g.intern("gap\x00"+what+"\x00"+s.Kind.String()+"\x00"+id, atom{gap: id}))
	}
	return out
}

// guard is the formula under which a statement applies.
func (g *formulaAlgebra) guard(st *policy.Compiled, r *Request) *formula {
	switch st.Applies(&r.Request) {
	case policy.False:
		return never
	case policy.True:
		return always
	}
	tests, neg := st.Residue(&r.Request, nil, nil)
	out := always
	for i := range tests {
		t := g.test(tests[i])
		if neg[i] {
			t = g.not(t)
		}
		out = g.and(out, t)
	}
	return out
}

func (g *formulaAlgebra) allows(s *Set, r *Request) *formula {
	out := never
	list := s.of(r.Service).allow
	for i := range list {
		out = g.or(out, g.guard(list[i].Compiled, r))
	}
	return g.or(out, g.unread(s, "allow"))
}

func (g *formulaAlgebra) denies(s *Set, r *Request) *formula {
	out := never
	list := s.of(r.Service).deny
	for i := range list {
		out = g.or(out, g.guard(list[i].Compiled, r))
	}
	return g.or(out, g.unread(s, "deny"))
}

// named is the guard of a resource-side statement for one way of naming.
func (g *formulaAlgebra) named(st *policy.Compiled, r *Request, how policy.Naming) *formula {
	n := st.Names(&r.Caller) & how
	if n == 0 {
		return never
	}
	out := g.guard(st, r)
	if n == policy.NamesSession {
		out = g.and(out, g.test(st.SessionTest(&r.Caller)))
	}
	return out
}

func (g *formulaAlgebra) grants(s *Set, r *Request, how policy.Naming) *formula {
	out := never
	list := s.of(r.Service).allow
	for i := range list {
		out = g.or(out, g.named(list[i].Compiled, r, how))
	}
	return g.or(out, g.unread(s, "allow"))
}

func (g *formulaAlgebra) deniesCaller(s *Set, r *Request) *formula {
	out := never
	list := s.of(r.Service).deny
	for i := range list {
		out = g.or(out, g.named(list[i].Compiled, r, anyNaming))
	}
	return g.or(out, g.unread(s, "deny"))
}
