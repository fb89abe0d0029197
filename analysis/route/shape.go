package route

import "github.com/cairn-security/cairn/graph"

// stepShape is a hash of what a step looks like whatever nodes it is about:
// technique, and the shape of what its premises rest on at best. Replicas (the
// members of an auto-scaling group) give steps of one shape.
func (r *Run) stepShape(s StepID) uint64 {
	r.shapeOnce.Do(r.fillShapes)
	return r.shapeOfStep(s)
}

func (r *Run) shapeOfStep(s StepID) uint64 {
	h := blend(0, uint64(r.g.technique[s]))
	sum := uint64(0) // of premises, in whatever order
	for _, p := range r.g.Premises(s) {
		sum += blend(1, r.shapes[p])
	}
	return blend(h, sum)
}

// fillShapes takes states in the order they were settled, premises first.
func (r *Run) fillShapes() {
	g := r.g
	r.shapes = make([]uint64, len(g.states))
	for _, v := range r.order {
		st := g.states[v]
		h := uint64(st.Kind)<<32 | uint64(st.Qualifier)<<16 | uint64(st.Port)
		if st.Node != graph.NoRef {
			n := g.nodes.Node(st.Node)
			h = blend(h, uint64(n.Kind))
			for i := range len(n.Account) {
				h = h*31 + uint64(n.Account[i])
			}
		}
		if s := r.best[v]; s != NoStep {
			h = blend(h, r.shapeOfStep(s))
		}
		r.shapes[v] = h
	}
}

// blend mixes a value into a hash (finaliser of splitmix64).
func blend(h, x uint64) uint64 {
	x += h*0x9e3779b97f4a7c15 + 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
