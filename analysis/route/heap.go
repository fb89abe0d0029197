package route

// costHeap is a lazy 4-ary heap: shallower than a binary one and with the four
// children on one cache line. Ties go to the lower id.
type costHeap struct{ items []costItem }

type costItem struct {
	cost uint64
	id   uint32
}

func (a costItem) less(b costItem) bool {
	return a.cost < b.cost || a.cost == b.cost && a.id < b.id
}

func (h *costHeap) push(cost uint64, id uint32) {
	item := costItem{cost, id}
	h.items = append(h.items, item)
	i := len(h.items) - 1
	for i > 0 {
		up := (i - 1) / 4
		if !item.less(h.items[up]) {
			break
		}
		h.items[i] = h.items[up]
		i = up
	}
	h.items[i] = item
}

func (h *costHeap) pop() costItem {
	top := h.items[0]
	n := len(h.items) - 1
	last := h.items[n]
	h.items = h.items[:n]
	if n == 0 {
		return top
	}
	i := 0
	for {
		child := 4*i + 1
		if child >= n {
			break
		}
		least := child
		for c := child + 1; c < min(child+4, n); c++ {
			if h.items[c].less(h.items[least]) {
				least = c
			}
		}
		if !h.items[least].less(last) {
			break
		}
		h.items[i] = h.items[least]
		i = least
	}
	h.items[i] = last
	return top
}
