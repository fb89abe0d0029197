package route

// candidates is a binary heap by cost, then by age.
type candidates []candidate

func (c *candidate) before(d *candidate) bool {
	return c.cost < d.cost || c.cost == d.cost && c.seq < d.seq
}

func (h *candidates) push(c candidate) {
	list := append(*h, c)
	i := len(list) - 1
	for i > 0 {
		up := (i - 1) / 2
		if !c.before(&list[up]) {
			break
		}
		list[i] = list[up]
		i = up
	}
	list[i] = c
	*h = list
}

func (h *candidates) pop() candidate {
	list := *h
	top, n := list[0], len(list)-1
	last := list[n]
	list[n] = candidate{}
	list = list[:n]
	*h = list
	if n == 0 {
		return top
	}
	i := 0
	for {
		child := 2*i + 1
		if child >= n {
			break
		}
		if child+1 < n && list[child+1].before(&list[child]) {
			child++
		}
		if !list[child].before(&last) {
			break
		}
		list[i] = list[child]
		i = child
	}
	list[i] = last
	return top
}
