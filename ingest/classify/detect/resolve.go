package detect

import (
	"cmp"
	"slices"
)

// Settled returns the hits that nothing starting at limit or later can change:
// candidates that overlap in a chain ending at or before limit, one per place.
// Of overlapping candidates the higher score wins, then the longer span, then
// the order of the catalogue, so that the outcome does not depend on how the
// text was cut. The rest waits for the next call.
func (s *Scanner) Settled(limit int) []Hit {
	s.settled = s.settled[:0]
	if len(s.hits) == 0 {
		return nil
	}
	if len(s.hits) == 1 {
		if s.hits[0].End > limit {
			return nil
		}
		s.settled = append(s.settled, s.hits[0])
		s.hits = s.hits[:0]
		return s.settled
	}
	slices.SortFunc(s.hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End), cmp.Compare(a.Kind, b.Kind))
	})
	i := 0
	for i < len(s.hits) {
		j, end := i+1, s.hits[i].End
		for j < len(s.hits) && s.hits[j].Start < end {
			end = max(end, s.hits[j].End)
			j++
		}
		if end > limit {
			break
		}
		if j == i+1 {
			s.settled = append(s.settled, s.hits[i])
		} else {
			s.settled = keepBest(s.settled, s.hits[i:j])
		}
		i = j
	}
	s.hits = s.hits[:copy(s.hits, s.hits[i:])]
	return s.settled
}

// Waiting is the least start of the hits that are not settled, or none.
func (s *Scanner) Waiting(none int) int {
	for _, h := range s.hits {
		none = min(none, h.Start)
	}
	return none
}

// Shift moves the waiting hits when the caller drops n bytes at the front of
// its buffer.
func (s *Scanner) Shift(n int) {
	for i := range s.hits {
		h := &s.hits[i]
		h.Start, h.End, h.SecretStart, h.SecretEnd = h.Start-n, h.End-n, h.SecretStart-n, h.SecretEnd-n
	}
	s.lines -= n
	for i := range s.recent {
		s.recent[i].start -= n
		s.recent[i].end -= n
	}
}

// keepBest appends the best of a group and, again, the best of what lies
// before and after it. Groups are small.
func keepBest(kept, group []Hit) []Hit {
	if len(group) == 0 {
		return kept
	}
	best := group[0]
	for _, h := range group[1:] {
		if better(h, best) {
			best = h
		}
	}
	var before, after []Hit
	for _, h := range group {
		switch {
		case h.End <= best.Start:
			before = append(before, h)
		case h.Start >= best.End:
			after = append(after, h)
		}
	}
	kept = keepBest(kept, before)
	kept = append(kept, best)
	return keepBest(kept, after)
}

func better(a, b Hit) bool {
	if a.Score != b.Score {
		return a.Score > b.Score
	}
	if la, lb := a.End-a.Start, b.End-b.Start; la != lb {
		return la > lb
	}
	return a.Kind < b.Kind
}
