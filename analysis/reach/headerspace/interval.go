package headerspace

import "slices"

// point is a member of a discrete, totally ordered, bounded universe.
type point[P any] interface {
	comparable
	// Compare is negative, zero or positive as the receiver lies before, at
	// or after the argument.
	Compare(P) int
	// Next is the following point; only defined when IsMax is false.
	Next() P
	// Prev is the preceding point; only defined when the point is not the first.
	Prev() P
	// IsMax tells the last point of the universe.
	IsMax() bool
}

// Interval is the closed interval [First, Last].
type Interval[P point[P]] struct{ First, Last P }

// Set is a set of points: sorted, disjoint, non-adjacent intervals. The zero
// value is the empty set.
type Set[P point[P]] []Interval[P]

// NewSet returns the union of the given intervals; inverted ones are empty.
// O(n log n).
func NewSet[P point[P]](in ...Interval[P]) Set[P] {
	s := make(Set[P], 0, len(in))
	for _, iv := range in {
		if iv.First.Compare(iv.Last) <= 0 {
			s = append(s, iv)
		}
	}
	if len(s) < 2 {
		return s
	}
	slices.SortFunc(s, func(a, b Interval[P]) int { return a.First.Compare(b.First) })
	out := s[:1]
	for _, iv := range s[1:] {
		last := &out[len(out)-1]
		if last.Last.IsMax() || iv.First.Compare(last.Last.Next()) <= 0 {
			if iv.Last.Compare(last.Last) > 0 {
				last.Last = iv.Last
			}
			continue
		}
		out = append(out, iv)
	}
	return out
}

// Empty reports whether the set has no point.
func (s Set[P]) Empty() bool { return len(s) == 0 }

// Contains reports whether p is in the set. O(log n).
func (s Set[P]) Contains(p P) bool {
	i := s.search(p)
	return i < len(s) && s[i].First.Compare(p) <= 0
}

// search returns the first interval that ends at or after p.
func (s Set[P]) search(p P) int {
	lo, hi := 0, len(s)
	for lo < hi {
		m := int(uint(lo+hi) >> 1)
		if s[m].Last.Compare(p) < 0 {
			lo = m + 1
		} else {
			hi = m
		}
	}
	return lo
}

// Intersect returns the points in both sets. Linear in the overlap after a
// binary search for its start.
func (s Set[P]) Intersect(t Set[P]) Set[P] {
	if len(s) == 0 || len(t) == 0 {
		return nil
	}
	if len(t) == 1 && t[0].First.Compare(s[0].First) <= 0 && t[0].Last.Compare(s[len(s)-1].Last) >= 0 {
		return s
	}
	if len(s) == 1 && s[0].First.Compare(t[0].First) <= 0 && s[0].Last.Compare(t[len(t)-1].Last) >= 0 {
		return t
	}
	i, j := s.search(t[0].First), t.search(s[0].First)
	var out Set[P]
	for i < len(s) && j < len(t) {
		a, b := s[i], t[j]
		lo, hi := a.First, a.Last
		if b.First.Compare(lo) > 0 {
			lo = b.First
		}
		c := b.Last.Compare(hi)
		if c < 0 {
			hi = b.Last
		}
		if lo.Compare(hi) <= 0 {
			out = append(out, Interval[P]{lo, hi})
		}
		if c < 0 {
			j++
		} else {
			i++
		}
	}
	return out
}

// Overlaps reports whether the sets share a point, without allocating.
func (s Set[P]) Overlaps(t Set[P]) bool {
	if len(s) == 0 || len(t) == 0 {
		return false
	}
	i, j := s.search(t[0].First), t.search(s[0].First)
	for i < len(s) && j < len(t) {
		if s[i].Last.Compare(t[j].First) < 0 {
			i++
		} else if t[j].Last.Compare(s[i].First) < 0 {
			j++
		} else {
			return true
		}
	}
	return false
}

// Union returns the points in either set. O(n + m).
func (s Set[P]) Union(t Set[P]) Set[P] {
	if len(s) == 0 {
		return t
	}
	if len(t) == 0 {
		return s
	}
	all := make([]Interval[P], 0, len(s)+len(t))
	all = append(append(all, s...), t...)
	return NewSet(all...)
}

// Minus returns the points of s that are not in t. O(n + m).
func (s Set[P]) Minus(t Set[P]) Set[P] {
	if len(s) == 0 || len(t) == 0 || !s.Overlaps(t) {
		return s
	}
	var out Set[P]
	j := 0
	for _, iv := range s {
		lo, open := iv.First, true
		for j < len(t) && t[j].Last.Compare(lo) < 0 {
			j++
		}
		for k := j; k < len(t) && t[k].First.Compare(iv.Last) <= 0; k++ {
			if t[k].First.Compare(lo) > 0 {
				out = append(out, Interval[P]{lo, t[k].First.Prev()})
			}
			if t[k].Last.Compare(iv.Last) >= 0 {
				open = false
				break
			}
			lo = t[k].Last.Next()
		}
		if open {
			out = append(out, Interval[P]{lo, iv.Last})
		}
	}
	return out
}

// Covers reports whether every point of t is in s.
func (s Set[P]) Covers(t Set[P]) bool {
	for _, iv := range t {
		i := s.search(iv.First)
		if i == len(s) || s[i].First.Compare(iv.First) > 0 || s[i].Last.Compare(iv.Last) < 0 {
			return false
		}
	}
	return true
}

// Equal reports whether both sets hold the same points.
func (s Set[P]) Equal(t Set[P]) bool { return slices.Equal(s, t) }
