package permission

import (
	"slices"

	"github.com/cairn-security/cairn/analysis/policy"
)

// Decide answers without reasons: True allowed, False denied, Maybe undecided
// by three-valued logic, in which case only [Authorize] tells whether it is
// conditional, unknown or decided after all. It does not allocate.
func Decide(r *Request, p *Policies) policy.Truth {
	if f := r.fix(); f != byPolicies {
		return f.truth()
	}
	return evaluate(truthAlgebra{}, r, p)
}

// Free says which context keys the caller may set as he likes, so that a test
// on them that can be met is met. Nil means none.
type Free func(key string) bool

// Authorize answers with everything that decides. Cost: two or three passes
// over the candidate statements, plus, for undecided requests, the minimisation
// of the residue, which is bounded.
func Authorize(r *Request, p *Policies, free Free) *Decision {
	d := &Decision{}
	switch r.fix() {
	case alwaysAllowed:
		d.Verdict = Allowed
		return d
	case neverAllowed:
		d.Missing = []Missing{{Policy: OwnedByAWS, Label: r.Resource}}
		return d
	}
	switch Decide(r, p) {
	case policy.True:
		d.Verdict = Allowed
	case policy.False:
		d.Explicit = evaluateDenied(r, p) == policy.True
	default:
		d.resolve(r, p, free)
	}
	explain(d, r, p)
	return d
}

func evaluateDenied(r *Request, p *Policies) policy.Truth {
	return denied(truthAlgebra{}, r, p)
}

// resolve decides what three-valued logic leaves open.
func (d *Decision) resolve(r *Request, p *Policies, free Free) {
	alg := newFormulaAlgebra()
	f := evaluate(alg, r, p)
	s := newSolver(alg, r.Context)
	holds := s.terms(f, false)
	if len(holds) == 0 {
		d.Explicit = evaluateDenied(r, p) == policy.True || d.onlyDenied(alg, r, p)
		return
	}
	fails := s.terms(f, true)
	if len(fails) == 0 && !s.truncated {
		d.Verdict = Allowed
		return
	}
	if !s.truncated {
		holds = s.prime(holds, fails)
	}
	d.Truncated = s.truncated
	d.alternatives(s, holds, free)
}

// onlyDenied reports whether the request would be possible but for denies.
func (d *Decision) onlyDenied(alg *formulaAlgebra, r *Request, p *Policies) bool {
	f := alg.not(denied(alg, r, p))
	g := evaluate(alg, r, withoutDenies(p))
	s := newSolver(alg, r.Context)
	return len(s.terms(g, false)) > 0 && len(s.terms(alg.and(f, g), false)) == 0
}

// withoutDenies is the same policies with their allows only.
func withoutDenies(p *Policies) *Policies {
	strip := func(s *Set) *Set {
		if s == nil {
			return nil
		}
		c := *s
		c.general.deny = nil
		c.byService = make(map[string]*statements, len(s.byService))
		for k, v := range s.byService {
			c.byService[k] = &statements{allow: v.allow}
		}
		return &c
	}
	all := func(list []*Set) []*Set {
		out := make([]*Set, len(list))
		for i, s := range list {
			out[i] = strip(s)
		}
		return out
	}
	return &Policies{Identity: strip(p.Identity), Boundary: strip(p.Boundary), Session: strip(p.Session),
		SCPs: all(p.SCPs), RCPs: all(p.RCPs), Resource: all(p.Resource), Endpoint: all(p.Endpoint)}
}

// maxAlternatives bounds what a decision lists.
const maxAlternatives = 16

// alternatives turns the minimal terms into the verdict: free keys are met,
// and alternatives that rest on nothing unread are preferred.
func (d *Decision) alternatives(s *solver, list []term, free Free) {
	var freeMask, gapMask uint64
	for i := range s.atoms {
		a := &s.atoms[i]
		if a.gap != "" {
			gapMask |= 1 << i
		} else if free != nil && free(a.test.ContextKey()) {
			freeMask |= 1 << i
		}
	}
	var reduced []term
	for _, t := range list {
		reduced = s.keep(reduced, term{t.pos &^ freeMask, t.neg &^ freeMask})
	}
	known := slices.DeleteFunc(slices.Clone(reduced), func(t term) bool { return (t.pos|t.neg)&gapMask != 0 })
	d.Verdict = Conditional
	if len(known) == 0 {
		d.Verdict = Unknown
		known = reduced
	} else if slices.Contains(known, term{}) {
		d.Verdict = Allowed
		return
	}
	if len(known) > maxAlternatives {
		d.Truncated = true
		known = known[:maxAlternatives]
	}
	for _, t := range known {
		var alt []Literal
		for i := range s.atoms {
			bit := uint64(1) << i
			if (t.pos|t.neg)&bit == 0 {
				continue
			}
			if s.atoms[i].gap != "" {
				if !slices.Contains(d.Gaps, s.atoms[i].gap) {
					d.Gaps = append(d.Gaps, s.atoms[i].gap)
				}
				continue
			}
			alt = append(alt, Literal{Test: s.atoms[i].test, Not: t.neg&bit != 0})
		}
		if len(alt) > 0 {
			d.Alternatives = append(d.Alternatives, alt)
		}
	}
	slices.Sort(d.Gaps)
}
