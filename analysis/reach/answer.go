package reach

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/reach/headerspace"
)

// Verdict is one of the three answers.
type Verdict string

// Verdicts. Unknown means that something needed was not read.
const (
	Reachable Verdict = "reachable"
	Blocked   Verdict = "blocked"
	Unknown   Verdict = "unknown"
)

// Layer is the outermost part that applies to a question.
type Layer string

// Layers: packets alone; through a load balancer's listeners and targets; an
// endpoint that a provider's service runs.
const (
	LayerNetwork Layer = "network"
	LayerLB      Layer = "lb"
	LayerService Layer = "service"
)

// Range is a part of an answer: who may come, on what.
type Range struct {
	Sources  []netip.Prefix
	Protocol string // tcp, udp, icmp, icmpv6, a number, all
	// Ports is "22-22"; for ICMP type/code ("8/0"); "" where there is none.
	Ports string
}

// Step is one element on the way and the rule at it that decided.
type Step struct {
	// Element is the id of the thing; Kind is what it is, in words.
	Element, Kind string
	// Rule is the deciding rule in words; Decision is allow, deny, route,
	// forward, translate, accept, unknown; replies say so first.
	Rule, Decision string
	// Facts are what the step rests on, any one of which suffices; empty
	// where no graph stands behind the estate.
	Facts []attack.Fact
}

// Block is the first element that decided against.
type Block struct {
	Step
	// Why is a sentence; Reply is true when the request arrives but its
	// answer does not come back.
	Why   string
	Reply bool
}

// Service is the service policy's part of an answer.
type Service struct {
	Verdict Verdict
	Why     string
	// Decision is what the policy evaluation said, nil when none was given.
	Decision *attack.Decision
}

// Answer says whether, from where, on which ports, how, and why not.
type Answer struct {
	From, To string
	// Verdict is the AND of Network and Service.
	Verdict Verdict
	Network Verdict
	Service *Service // nil where no service policy applies
	Layer   Layer
	Ranges  []Range
	// Flows is the exact set of packets that arrive for certain.
	Flows       headerspace.Space
	Chain       []Step
	BlockedBy   *Block // set when the verdict is blocked
	Missing     []string
	Gaps        []string // ids of refused reads that Missing speaks of
	Assumptions []string

	opens func() string
}

// Opens is the smallest change that would open what is blocked, "" when none is
// known. It is looked for when first asked for, at the cost of up to some forty
// questions: who only wants to know whether packets arrive need not pay for it.
func (a *Answer) Opens() string {
	if a.opens == nil {
		return ""
	}
	return a.opens()
}

// Decision is the answer as the attack graph's decisions carry it: the support
// is one group per step.
func (a *Answer) Decision() *attack.Decision {
	d := &attack.Decision{Allowed: a.Verdict != Blocked, Assumptions: a.Assumptions, Gaps: a.Gaps, Missing: a.Missing}
	if a.Verdict == Unknown {
		d.Status = attack.Unknown
	}
	add := func(s *Step) {
		if len(s.Facts) > 0 {
			d.Support = append(d.Support, attack.Group(s.Facts))
			d.Reasons = append(d.Reasons, attack.Reason{Fact: s.Facts[0], Policy: s.Kind, Effect: s.Decision, Text: s.Element + ": " + s.Rule})
		}
	}
	if a.Verdict == Blocked && a.BlockedBy != nil {
		add(&a.BlockedBy.Step)
	}
	if a.Verdict != Blocked {
		for i := range a.Chain {
			add(&a.Chain[i])
		}
		if a.Service != nil && a.Service.Decision != nil {
			d = attack.And(d, a.Service.Decision)
		}
	}
	return d
}

// render turns a trail into steps, start first.
func (t *trail) render(e *Estate) []Step {
	var out []Step
	for ; t != nil; t = t.prev {
		out = append(out, t.step.render(e))
	}
	slices.Reverse(out)
	return out
}

func (s *step) render(e *Estate) Step {
	out := Step{Element: s.element, Kind: s.kind, Rule: s.rule, Decision: s.decision}
	for _, from := range s.support {
		if f, ok := e.fact(&from); ok {
			out.Facts = append(out.Facts, f)
		}
	}
	return out
}

// rangesOf lists a space as disjoint service ranges with their sources.
func rangesOf(s space) []Range {
	type part struct {
		svc headerspace.Interval[headerspace.Key]
		src addrs
	}
	cuts := map[headerspace.Key]bool{}
	for _, c := range s {
		for _, iv := range c.Svc {
			cuts[iv.First] = true
			if !iv.Last.IsMax() {
				cuts[iv.Last.Next()] = true
			}
		}
	}
	keys := make([]headerspace.Key, 0, len(cuts))
	for k := range cuts {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	var parts []part
	for i, k := range keys {
		var src addrs
		for _, c := range s {
			if c.Svc.Contains(k) && !c.Dst.Empty() {
				src = src.Union(c.Src)
			}
		}
		if src.Empty() {
			continue
		}
		last := headerspace.AnyService[0].Last
		if i+1 < len(keys) {
			last = keys[i+1].Prev()
		}
		if n := len(parts); n > 0 && parts[n-1].svc.Last.Next() == k && parts[n-1].src.Equal(src) {
			parts[n-1].svc.Last = last
			continue
		}
		parts = append(parts, part{headerspace.Interval[headerspace.Key]{First: k, Last: last}, src})
	}
	var out []Range
	for _, p := range parts {
		sources := sourcePrefixes(p.src)
		for _, r := range headerspace.Ranges(services{p.svc}) {
			if r.Protocol == "all" {
				r.Ports = "0-65535"
			}
			out = append(out, Range{Sources: sources, Protocol: r.Protocol, Ports: r.Ports})
		}
	}
	slices.SortStableFunc(out, func(a, b Range) int { return cmp.Compare(a.Protocol, b.Protocol) })
	return out
}

// sourcePrefixes lists sources in few blocks: special-purpose addresses, which
// nobody comes from, fill the holes where that is shorter.
func sourcePrefixes(s addrs) []netip.Prefix {
	exact := headerspace.Prefixes(s)
	if len(exact) < 8 || !s.Overlaps(publicSpace) {
		return exact
	}
	var filled addrs
	if s.Overlaps(public4) {
		filled = filled.Union(s.Intersect(headerspace.All4)).Union(headerspace.All4.Minus(public4))
	}
	if s.Overlaps(public6) {
		filled = filled.Union(s.Intersect(headerspace.All6)).Union(headerspace.All6.Minus(public6))
	}
	if short := headerspace.Prefixes(filled); len(short) < len(exact) {
		return short
	}
	return exact
}

// String is a one-line summary for logs and tests.
func (a *Answer) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s -> %s: %s (%s)", a.From, a.To, a.Verdict, a.Layer)
	if a.BlockedBy != nil {
		fmt.Fprintf(&b, " by %s: %s", a.BlockedBy.Element, a.BlockedBy.Why)
	}
	for _, r := range a.Ranges {
		fmt.Fprintf(&b, " %s %s from %d", r.Protocol, r.Ports, len(r.Sources))
	}
	return b.String()
}
