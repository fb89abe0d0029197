package route

// trial removes up to 64 elements at a time, each in a lane of its own.
type trial struct {
	core  *Core
	at    []uint32 // step -> core step
	alive []uint64
	lanes []uint64
	fell  [][]uint32 // element of the batch -> core steps that fall
}

// absent marks steps that are not part of the core.
const absent = ^uint32(0)

func newTrial(r *Run, targets []StateID) *trial {
	t := &trial{core: r.Core(targets)}
	t.at = make([]uint32, r.g.Len())
	for i := range t.at {
		t.at[i] = absent
	}
	t.alive = make([]uint64, len(t.core.steps))
	for i, s := range t.core.steps {
		t.at[s] = uint32(i)
		t.alive[i] = ^uint64(0)
	}
	return t
}

// load finds the core steps that fall with each element of a batch.
func (t *trial) load(batch []*Choke) {
	t.fell = t.fell[:0]
	for _, e := range batch {
		var steps []uint32
		for _, s := range t.core.run.g.Gone(e.Element) {
			if at := t.at[s]; at != absent {
				steps = append(steps, at)
			}
		}
		t.fell = append(t.fell, steps)
	}
}

// remove notes the targets for which each element of a batch is mandatory.
func (t *trial) remove(batch []*Choke, targets []StateID) {
	t.load(batch)
	for lane, steps := range t.fell {
		for _, s := range steps {
			t.alive[s] &^= 1 << lane
		}
	}
	t.lanes = t.core.Solve(t.alive, t.lanes)
	for _, steps := range t.fell {
		for _, s := range steps {
			t.alive[s] = ^uint64(0)
		}
	}
	for _, target := range targets {
		at, _ := t.core.Place(target)
		lost := ^t.lanes[at]
		for lane := range batch {
			if lost>>lane&1 == 1 {
				batch[lane].Mandatory = append(batch[lane].Mandatory, target)
			}
		}
	}
}

// follow counts the targets behind each element of a batch.
func (t *trial) follow(batch []*Choke, targets []StateID) {
	t.load(batch)
	behind := t.core.touched(t.fell)
	for _, target := range targets {
		at, _ := t.core.Place(target)
		for lanes := behind[at]; lanes != 0; lanes &= lanes - 1 {
			batch[lowest(lanes)].Reach++
		}
	}
}

// touched says for every core state which of up to 64 sets of core steps lie
// before it.
func (c *Core) touched(sets [][]uint32) []uint64 {
	lanes := make([]uint64, len(c.states))
	var waiting []uint32
	add := func(v uint32, m uint64) {
		if m &^= lanes[v]; m != 0 {
			lanes[v] |= m
			waiting = append(waiting, v)
		}
	}
	for lane, steps := range sets {
		for _, s := range steps {
			add(c.gives[s], 1<<lane)
		}
	}
	for len(waiting) > 0 {
		v := waiting[len(waiting)-1]
		waiting = waiting[:len(waiting)-1]
		for _, u := range c.use[c.useOff[v]:c.useOff[v+1]] {
			add(u, lanes[v])
		}
	}
	return lanes
}
