package reach

import (
	"slices"
	"sync"
)

// answer puts together what the question found.
func (q *query) answer() *Answer {
	a := &Answer{From: q.src.name, To: q.dst.name, Layer: q.layer, Service: q.service}
	switch {
	case len(q.sure) > 0:
		a.Network = Reachable
		for _, o := range q.sure {
			a.Flows = append(a.Flows, o.space...)
			a.Assumptions = appendNew(a.Assumptions, o.assumed...)
		}
		a.Flows = a.Flows.Merge()
		a.Ranges = rangesOf(a.Flows)
		a.Chain = q.best(q.sure).trail.render(q.e)
	case len(q.open) > 0:
		a.Network = Unknown
		for _, o := range q.open {
			a.Missing = appendNew(a.Missing, o.missing...)
			a.Assumptions = appendNew(a.Assumptions, o.assumed...)
		}
		a.Chain = q.best(q.open).trail.render(q.e)
	default:
		q.blocked(a)
	}
	a.Verdict = a.Network
	if s := q.service; s != nil && a.Network != Blocked {
		switch {
		case s.Verdict == Blocked:
			a.Verdict, a.Ranges, a.Flows = Blocked, nil, nil
			a.BlockedBy = &Block{Step: Step{Element: q.dst.res.ID, Kind: "resource policy", Rule: q.dst.res.answersBy().action, Decision: "deny"}, Why: s.Why}
			if s.Decision != nil {
				for _, g := range s.Decision.Support {
					a.BlockedBy.Facts = append(a.BlockedBy.Facts, g...)
				}
			}
			a.opens = func() string { return "allow " + q.dst.res.answersBy().action + " in its policy" }
			if closed := q.dst.res.answersBy().closed; closed != "" {
				a.BlockedBy.Kind, a.BlockedBy.Rule, a.opens = "authorization", closed, nil
			}
		case s.Verdict == Unknown && a.Verdict == Reachable:
			a.Verdict = Unknown
			a.Missing = appendNew(a.Missing, s.Why)
		}
	}
	a.Gaps = q.e.gapsOf(a.Missing)
	return a
}

// best picks the outcome with the fewest steps.
func (q *query) best(list []outcome) *outcome {
	best := &list[0]
	for i := range list {
		if list[i].depth < best.depth {
			best = &list[i]
		}
	}
	return best
}

func (q *query) blocked(a *Answer) {
	a.Network = Blocked
	d := deepest(q.p.drops)
	for i := range q.p.drops {
		if x := &q.p.drops[i]; len(x.missing) > 0 {
			a.Network = Unknown
			a.Missing = appendNew(a.Missing, x.missing...)
		}
	}
	if d == nil {
		d = &drop{step: step{element: a.To, kind: "endpoint", rule: "nothing to reach", decision: "deny"}, why: "nothing at " + a.To + " takes packets that were asked for"}
	}
	a.Assumptions = appendNew(a.Assumptions, d.flight.assumed...)
	a.Chain = d.flight.trail.render(q.e)
	last := d.step
	if d.reply {
		last.decision = "reply " + last.decision
	}
	a.Chain = append(a.Chain, last.render(q.e))
	if a.Network == Blocked {
		a.BlockedBy = &Block{Step: last.render(q.e), Why: d.why, Reply: d.reply}
		a.opens = sync.OnceValue(func() string { return q.opens(d) })
	}
}

func appendNew(list []string, more ...string) []string {
	for _, s := range more {
		if !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

// gapsOf returns the ids of refused reads that the texts speak of: a text that
// names what was refused was made by [Estate.unread] from the gap itself.
func (e *Estate) gapsOf(missing []string) []string {
	var out []string
	for _, m := range missing {
		if id, ok := e.gapText.Load(m); ok {
			out = appendNew(out, id.(string))
		}
	}
	return out
}
