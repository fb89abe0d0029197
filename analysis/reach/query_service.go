package reach

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/analysis/reach/headerspace"
)

// toPublic answers for an endpoint outside any VPC: the network part from its
// settings, the service part from its policy.
func (q *query) toPublic(r *Resource) {
	q.layer = LayerService
	if r.public != nil {
		q.toPublicEndpoint(r)
	} else {
		q.stop(step{element: r.ID, kind: r.Kind.String(), rule: r.notPublic, decision: "deny", support: []evidence{r.notPublicFrom}}, r.ID+" has no internet endpoint: "+r.notPublic)
	}
	p := r.answersBy()
	if p == nil {
		return
	}
	if q.src.kind != theInternet {
		q.byServiceEndpoint(r, p)
	}
	q.askPolicy(r, p)
}

func (q *query) toPublicEndpoint(r *Resource) {
	p := r.public
	w := q.p.walk()
	at := step{element: r.ID, kind: "service endpoint", rule: p.rule, decision: "allow", support: []evidence{p.from}}
	admit := func(f flight, seen addrs) {
		g := f
		if open := (change{kind: allowSource, index: r.index}); !p.sources.Covers(publicSpace) && seen.Intersect(p.sources).Empty() && !q.p.made[open] {
			at.decision = "deny"
			w.stop(f, at, r.ID+" does not accept "+describeAddrs(seen)+": "+p.rule, way{open, "let " + r.ID + " accept " + describeAddrs(seen)})
			return
		}
		g.space = f.space.Restrict(cube{Svc: p.listens})
		if q.src.kind == theInternet && !q.p.made[change{kind: allowSource, index: r.index}] {
			g.space = g.space.Restrict(cube{Src: p.sources})
		}
		if g.space.Empty() {
			w.stop(f, step{element: r.ID, kind: "service endpoint", rule: "listens on " + headerspace.Describe(p.listens), decision: "deny", support: []evidence{p.from}}, r.ID+" does not listen there")
			return
		}
		if p.unread != "" {
			g = g.maybe(p.unread)
		}
		q.take(outcome{onInternet, none, w.mark(g, at)}, LayerService)
	}
	if q.src.kind == theInternet {
		src := publicSpace
		if q.o.SourceAddress.IsValid() {
			src = src.Intersect(headerspace.One(headerspace.AddrOf(q.o.SourceAddress)))
		}
		admit(flight{space: packets(src, headerspace.All, q.svc)}, src)
	} else {
		for _, o := range q.send(publicSpace) {
			if o.place == onInternet || o.place == onGatewayEndpoint && q.e.gatewayLeadsTo(o.index, r) {
				seen := o.seen
				if o.place == onGatewayEndpoint {
					seen = publicSpace
				}
				admit(o.flight, seen)
			}
		}
	}
	q.p.keep(w)
}

// askPolicy adds the service policy's part.
func (q *query) askPolicy(r *Resource, p *publicEndpoint) {
	switch {
	case p.closed != "":
		q.service = &Service{Verdict: Blocked, Why: p.closed}
		return
	case p.auth == "iam" && p.action != "":
		q.service = &Service{Verdict: Blocked, Why: "requests must be signed by a principal that IAM allows"}
		return
	case p.action == "":
		return
	case q.o.Policy == nil:
		q.service = &Service{Verdict: Unknown, Why: "the policy was not evaluated"}
		return
	}
	d := q.o.Policy(r, p.action)
	if d == nil {
		q.service = &Service{Verdict: Unknown, Why: "the policy was not evaluated"}
		return
	}
	s := &Service{Decision: d}
	q.service = s
	switch {
	case !d.Allowed:
		s.Verdict, s.Why = Blocked, "the policy lets no anonymous caller "+p.action
	case d.Status == attack.Decided:
		s.Verdict, s.Why = Reachable, "the policy lets everyone "+p.action
	case d.Status == attack.Conditional:
		sources, ok := sourcesOf(d.Conditions)
		if !ok {
			s.Verdict, s.Why = Unknown, "the policy lets everyone "+p.action+" under conditions: "+describeConditions(d.Conditions)
			return
		}
		s.Verdict, s.Why = Blocked, "the policy lets callers from "+describeAddrs(sources)+" only"
		for i := range q.sure {
			q.sure[i].space = q.sure[i].space.Restrict(cube{Src: sources})
			if !q.sure[i].space.Empty() {
				s.Verdict = Reachable
			}
		}
		if s.Verdict == Reachable {
			q.sure = slices.DeleteFunc(q.sure, func(o outcome) bool { return o.space.Empty() })
		}
	default:
		s.Verdict, s.Why = Unknown, "the policy is not fully known"
	}
}

// sourcesOf turns conditions on the caller's address into the set of callers
// that meets them; ok is false when other conditions are left.
func sourcesOf(alternatives [][]attack.Condition) (out addrs, ok bool) {
	for _, all := range alternatives {
		set := headerspace.All
		for _, c := range all {
			if !strings.EqualFold(c.Key, "aws:SourceIp") {
				return nil, false
			}
			var some addrs
			for _, v := range c.Values {
				if !strings.Contains(v, "/") {
					v += map[bool]string{true: "/128", false: "/32"}[strings.Contains(v, ":")]
				}
				p, err := headerspace.ParsePrefix(v)
				if err != nil {
					return nil, false
				}
				some = some.Union(p)
			}
			if strings.HasPrefix(c.Operator, "Not") != c.Negated {
				some = headerspace.All.Minus(some)
			}
			set = set.Intersect(some)
		}
		out = out.Union(set)
	}
	return out, true
}

func describeConditions(alternatives [][]attack.Condition) string {
	var out []string
	for _, all := range alternatives {
		for _, c := range all {
			out = append(out, fmt.Sprintf("%s %s %s", c.Key, c.Operator, strings.Join(c.Values, ", ")))
		}
	}
	return joinSorted(out)
}
