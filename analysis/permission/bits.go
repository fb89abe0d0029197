package permission

import (
	"iter"
	"math/bits"
)

// bitset is a set of small integers; all sets of one kind of datastore have
// the same length.
type bitset []uint64

func newBits(n int) bitset { return make(bitset, (n+63)/64) }

func (b bitset) set(i int32)      { b[i/64] |= 1 << (i % 64) }
func (b bitset) clear(i int32)    { b[i/64] &^= 1 << (i % 64) }
func (b bitset) has(i int32) bool { return b[i/64]&(1<<(i%64)) != 0 }

func (b bitset) or(o bitset) {
	for i := range o {
		b[i] |= o[i]
	}
}

func (b bitset) and(o bitset) {
	for i := range o {
		b[i] &= o[i]
	}
}

func (b bitset) andNot(o bitset) {
	for i := range o {
		b[i] &^= o[i]
	}
}

func (b bitset) clone() bitset { return append(bitset(nil), b...) }

func (b bitset) empty() bool {
	for _, w := range b {
		if w != 0 {
			return false
		}
	}
	return true
}

// all iterates over the members in order.
func (b bitset) all() iter.Seq[int32] {
	return func(yield func(int32) bool) {
		for i, w := range b {
			for ; w != 0; w &= w - 1 {
				if !yield(int32(i*64 + bits.TrailingZeros64(w))) {
					return
				}
			}
		}
	}
}

// cells is a set that few or many members are in: a list or bits, whichever is
// smaller.
type cells struct {
	list  []int32
	dense bitset
}

// pack copies a set.
func pack(b bitset) cells {
	n := 0
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	if n > 2*len(b) {
		return cells{dense: b.clone()}
	}
	c := cells{list: make([]int32, 0, n)}
	for i := range b.all() {
		c.list = append(c.list, i)
	}
	return c
}

func (c *cells) orInto(b bitset) {
	if c.dense != nil {
		b.or(c.dense)
		return
	}
	for _, i := range c.list {
		b.set(i)
	}
}

func (c *cells) all() iter.Seq[int32] {
	if c.dense != nil {
		return c.dense.all()
	}
	return func(yield func(int32) bool) {
		for _, i := range c.list {
			if !yield(i) {
				return
			}
		}
	}
}

// arena hands out sets of one length and takes them all back at once.
type arena struct {
	n    int
	free []bitset
	used []bitset
}

// empty returns a set without members.
func (a *arena) empty() bitset {
	if len(a.free) == 0 {
		b := newBits(a.n)
		a.used = append(a.used, b)
		return b
	}
	b := a.free[len(a.free)-1]
	a.free = a.free[:len(a.free)-1]
	a.used = append(a.used, b)
	clear(b)
	return b
}

// full returns a set of everything.
func (a *arena) full() bitset {
	b := a.empty()
	for i := range b {
		b[i] = ^uint64(0)
	}
	if a.n%64 != 0 {
		b[len(b)-1] = 1<<(a.n%64) - 1
	}
	return b
}

func (a *arena) copy(o bitset) bitset {
	b := a.empty()
	copy(b, o)
	return b
}

// release takes back what was handed out since mark.
func (a *arena) release(mark int) {
	a.free = append(a.free, a.used[mark:]...)
	a.used = a.used[:mark]
}
