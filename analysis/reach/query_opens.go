package reach

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Bounds of the search for what would open a way: changes made together, and
// questions asked over again.
const (
	maxChanges = 4
	maxTrials  = 40
)

// opens names the smallest change that would let the packets through: one where
// one suffices, tried first at the element that decided, else as few as a search
// along the deciding elements finds. Every answer is tried: the question is asked
// again with the change made. It is "" where nothing that can be changed would do.
func (q *query) opens(first *drop) string {
	trials := 0
	try := func(made changes) *query {
		trials++
		again := &query{e: q.e, o: q.o, svc: q.svc, src: q.src, dst: q.dst}
		again.p = probe{e: q.e, trace: true, forward: q.p.forward, sport: q.p.sport, made: made}
		again.follow()
		return again
	}
	drops := slices.Clone(q.p.drops)
	slices.SortStableFunc(drops, func(a, b drop) int { return cmp.Compare(b.depth, a.depth) })
	seen := changes{}
	for _, d := range append([]drop{*first}, drops...) {
		for _, w := range d.ways {
			if seen[w.change] || trials >= maxTrials/2 {
				continue
			}
			seen[w.change] = true
			if len(try(changes{w.change: true}).sure) > 0 {
				return w.text
			}
		}
	}
	made, texts, at := changes{}, []string(nil), first
	for len(texts) < maxChanges && trials < maxTrials {
		var best way
		var next *drop
		for _, w := range at.ways {
			if made[w.change] || trials >= maxTrials {
				continue
			}
			more := changes{w.change: true}
			for c := range made {
				more[c] = true
			}
			again := try(more)
			if len(again.sure) > 0 {
				texts = append(texts, w.text)
				return fmt.Sprintf("%d changes together: %s", len(texts), strings.Join(texts, "; "))
			}
			if d := deepest(again.p.drops); d != nil && (next == nil || further(d, next)) {
				best, next = w, d
			}
		}
		if next == nil || !further(next, at) {
			return ""
		}
		made[best.change], at = true, next
		texts = append(texts, best.text)
	}
	return ""
}

// further reports whether packets got further before one drop than another.
func further(a, b *drop) bool {
	if a.reply != b.reply {
		return a.reply
	}
	return a.depth > b.depth
}
