package headerspace

// Cube is the product of three sets: packets from a source in Src to a
// destination in Dst with a service in Svc.
type Cube struct {
	Src, Dst Addrs
	Svc      Services
}

// Empty reports whether no packet is in the cube.
func (c Cube) Empty() bool { return c.Src.Empty() || c.Dst.Empty() || c.Svc.Empty() }

// Contains reports whether one packet is in the cube.
func (c Cube) Contains(src, dst Addr, k Key) bool {
	return c.Src.Contains(src) && c.Dst.Contains(dst) && c.Svc.Contains(k)
}

// Intersect returns the packets in both cubes.
func (c Cube) Intersect(d Cube) Cube {
	return Cube{c.Src.Intersect(d.Src), c.Dst.Intersect(d.Dst), c.Svc.Intersect(d.Svc)}
}

// Minus returns disjoint cubes that hold the packets of c that are not in d.
func (c Cube) Minus(d Cube) []Cube {
	i := c.Intersect(d)
	if i.Empty() {
		return []Cube{c}
	}
	var out []Cube
	add := func(x Cube) {
		if !x.Empty() {
			out = append(out, x)
		}
	}
	add(Cube{c.Src.Minus(d.Src), c.Dst, c.Svc})
	add(Cube{i.Src, c.Dst.Minus(d.Dst), c.Svc})
	add(Cube{i.Src, i.Dst, c.Svc.Minus(d.Svc)})
	return out
}

// Space is a set of packets: the union of its cubes, which may overlap.
type Space []Cube

// Empty reports whether the space holds no packet.
func (s Space) Empty() bool {
	for _, c := range s {
		if !c.Empty() {
			return false
		}
	}
	return true
}

// Contains reports whether one packet is in the space.
func (s Space) Contains(src, dst Addr, k Key) bool {
	for _, c := range s {
		if c.Contains(src, dst, k) {
			return true
		}
	}
	return false
}

// Intersect returns the packets in both spaces.
func (s Space) Intersect(t Space) Space {
	var out Space
	for _, a := range s {
		for _, b := range t {
			if c := a.Intersect(b); !c.Empty() {
				out = append(out, c)
			}
		}
	}
	return out.merge()
}

// Restrict keeps the packets that are in the cube; a nil dimension of the cube
// does not restrict.
func (s Space) Restrict(d Cube) Space {
	var out Space
	for _, c := range s {
		if d.Src != nil {
			c.Src = c.Src.Intersect(d.Src)
		}
		if d.Dst != nil {
			c.Dst = c.Dst.Intersect(d.Dst)
		}
		if d.Svc != nil {
			c.Svc = c.Svc.Intersect(d.Svc)
		}
		if !c.Empty() {
			out = append(out, c)
		}
	}
	return out
}

// Minus returns the packets of s that are not in t.
func (s Space) Minus(t Space) Space {
	for _, d := range t {
		var out Space
		for _, c := range s {
			out = append(out, c.Minus(d)...)
		}
		s = out
	}
	return s
}

// Union returns the packets in either space.
func (s Space) Union(t Space) Space {
	out := make(Space, 0, len(s)+len(t))
	return append(append(out, s...), t...).merge()
}

// Covers reports whether every packet of t is in s.
func (s Space) Covers(t Space) bool { return t.Minus(s).Empty() }

// merge joins cubes that agree in two dimensions and drops empty ones; it
// keeps the meaning and shortens lists that products of rules would grow.
func (s Space) merge() Space {
	out := s[:0:0]
next:
	for _, c := range s {
		if c.Empty() {
			continue
		}
		if len(out) < 64 {
			for i := range out {
				o := &out[i]
				same, dst, svc := o.Src.Equal(c.Src), o.Dst.Equal(c.Dst), o.Svc.Equal(c.Svc)
				switch {
				case same && dst:
					o.Svc = o.Svc.Union(c.Svc)
				case same && svc:
					o.Dst = o.Dst.Union(c.Dst)
				case dst && svc:
					o.Src = o.Src.Union(c.Src)
				default:
					continue
				}
				continue next
			}
		}
		out = append(out, c)
	}
	return out
}

// Merge returns the same packets with cubes that differ in one dimension joined.
func (s Space) Merge() Space { return s.merge() }

// Services returns every service that some packet of the space has.
func (s Space) Services() Services {
	var out Services
	for _, c := range s {
		if !c.Empty() {
			out = out.Union(c.Svc)
		}
	}
	return out
}

// Sources returns every source address of the space.
func (s Space) Sources() Addrs {
	var out Addrs
	for _, c := range s {
		if !c.Empty() {
			out = out.Union(c.Src)
		}
	}
	return out
}

// Destinations returns every destination address of the space.
func (s Space) Destinations() Addrs {
	var out Addrs
	for _, c := range s {
		if !c.Empty() {
			out = out.Union(c.Dst)
		}
	}
	return out
}
