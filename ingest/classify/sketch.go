package classify

import (
	"container/heap"
	"math"
)

// sketchSize is how many hashes a sketch keeps; up to that many values the
// count is exact, beyond it the error is about 1.6 %.
const sketchSize = 4096

// sketch counts distinct hashes by keeping the smallest ones (Bar-Yossef et
// al., "Counting distinct elements in a data stream", 2002).
type sketch struct {
	kept map[uint64]struct{}
	top  maxHeap
}

func (s *sketch) add(hash uint64) {
	if s.kept == nil {
		s.kept = map[uint64]struct{}{}
	}
	if _, ok := s.kept[hash]; ok || len(s.top) == sketchSize && hash >= s.top[0] {
		return
	}
	if len(s.top) == sketchSize {
		delete(s.kept, s.top[0])
		s.top[0] = hash
		heap.Fix(&s.top, 0)
	} else {
		heap.Push(&s.top, hash)
	}
	s.kept[hash] = struct{}{}
}

func (s *sketch) merge(other *sketch) {
	for _, hash := range other.top {
		s.add(hash)
	}
}

func (s *sketch) count() int {
	if len(s.top) < sketchSize {
		return len(s.top)
	}
	return int(float64(sketchSize-1) / (float64(s.top[0]) / math.MaxUint64))
}

type maxHeap []uint64

func (h maxHeap) Len() int           { return len(h) }
func (h maxHeap) Less(i, j int) bool { return h[i] > h[j] }
func (h maxHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }

// Push is part of heap.Interface.
func (h *maxHeap) Push(x any) { *h = append(*h, x.(uint64)) }

// Pop is part of heap.Interface.
func (h *maxHeap) Pop() any {
	old := *h
	last := old[len(old)-1]
	*h = old[:len(old)-1]
	return last
}
