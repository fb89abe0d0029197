package route

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash/fnv"
	"slices"

	"github.com/cairn-security/cairn/graph"
)

// contraction walks a derivation from the target, so that auxiliary states
// vanish and the order does not depend on numbers of this snapshot.
type contraction struct {
	g      *Graph
	stepOf map[StateID]StepID
	seen   map[StateID]bool
	shape  map[StateID]uint64
	steps  []PathStep
}

// visit appends what a visible state needs and then its own step.
func (c *contraction) visit(v StateID) {
	s, ok := c.stepOf[v]
	if !ok || c.seen[v] {
		return
	}
	c.seen[v] = true
	step := PathStep{Step: s, Conclusion: v}
	step.Premises = c.expand(s, &step.Merged, nil)
	step.Entry = len(step.Premises) == 0 && len(step.Merged) == 0 && len(c.g.Premises(s)) == 0
	c.sort(step.Premises)
	for _, p := range step.Premises {
		c.visit(p)
	}
	c.steps = append(c.steps, step)
}

// expand lists the visible states that a step needs, through auxiliary ones.
func (c *contraction) expand(s StepID, merged *[]StepID, visible []StateID) []StateID {
	for _, p := range c.g.Premises(s) {
		inner, ok := c.stepOf[p]
		switch {
		case !c.g.auxiliary(p):
			if !slices.Contains(visible, p) {
				visible = append(visible, p)
			}
		case ok && !slices.Contains(*merged, inner):
			visible = c.expand(inner, merged, visible)
			*merged = append(*merged, inner)
		}
	}
	return visible
}

// sort puts premises in canonical order: by the shape of their derivations,
// then by account and node id.
func (c *contraction) sort(list []StateID) {
	if len(list) < 2 {
		return
	}
	slices.SortFunc(list, func(x, y StateID) int {
		a, b := c.g.states[x], c.g.states[y]
		n, m := c.g.nameOf(a.Node), c.g.nameOf(b.Node)
		return cmp.Or(cmp.Compare(c.shapeOf(x), c.shapeOf(y)), cmp.Compare(n.Account, m.Account), cmp.Compare(n.ID, m.ID), compareStates(a, b))
	})
}

// shapeOf hashes the techniques of a state's derivation, premises in order.
func (c *contraction) shapeOf(v StateID) uint64 {
	if h, ok := c.shape[v]; ok {
		return h
	}
	var inner []uint64
	d := make(digest, 0, 128)
	d.text(c.g.states[v].Kind.String())
	if s, ok := c.stepOf[v]; ok {
		d.text(string(c.g.Technique(s)))
		for _, p := range c.expand(s, new([]StepID), nil) {
			inner = append(inner, c.shapeOf(p))
		}
	}
	slices.Sort(inner)
	for _, x := range inner {
		d = binary.LittleEndian.AppendUint64(d, x)
	}
	h := fnv.New64a()
	h.Write(d)
	c.shape[v] = h.Sum64()
	return c.shape[v]
}

// nameOf is Nodes.Node for references that may be none.
func (g *Graph) nameOf(ref graph.Ref) graph.Node {
	if ref == graph.NoRef {
		return graph.Node{}
	}
	return g.nodes.Node(ref)
}

// pathID hashes techniques, states and ports in canonical order.
func (g *Graph) pathID(p *Path) string {
	d := make(digest, 0, 1024)
	for _, s := range p.Steps {
		d.text(string(g.Technique(s.Step)))
		for _, v := range s.Premises {
			d.state(g, v)
		}
		d.state(g, s.Conclusion)
	}
	return "p-" + d.sum()
}

// familyID hashes what paths of one family agree in: entry kinds, techniques
// in canonical order, accounts crossed in order, outcome and target node.
func (g *Graph) familyID(p *Path) string {
	d := make(digest, 0, 512)
	var kinds, accounts []string
	for _, e := range p.Entries {
		kinds = append(kinds, e.Kind)
	}
	slices.Sort(kinds)
	d.list(slices.Compact(kinds))
	d = binary.AppendUvarint(d, uint64(len(p.Steps)))
	for _, s := range p.Steps {
		d.text(string(g.Technique(s.Step)))
		if a := g.nameOf(g.states[s.Conclusion].Node).Account; a != "" && !slices.Contains(accounts, a) {
			accounts = append(accounts, a)
		}
	}
	d.list(accounts)
	target := g.states[p.Target]
	d.text(Outcome(target.Kind))
	d.text(g.nameOf(target.Node).ID)
	return "f-" + d.sum()
}

// digest collects what is hashed, each text with its length in front, so that
// no two lists run into each other.
type digest []byte

func (d *digest) text(s string) {
	*d = append(binary.AppendUvarint(*d, uint64(len(s))), s...)
}

func (d *digest) list(all []string) {
	*d = binary.AppendUvarint(*d, uint64(len(all)))
	for _, s := range all {
		d.text(s)
	}
}

func (d *digest) state(g *Graph, v StateID) {
	s := g.states[v]
	d.text(s.Kind.String())
	d.text(g.nameOf(s.Node).ID)
	d.text(s.Qualifier.String())
	*d = binary.AppendUvarint(*d, uint64(s.Port))
}

// sum is the first 8 bytes of the SHA-256 in hexadecimal.
func (d digest) sum() string {
	h := sha256.Sum256(d)
	return hex.EncodeToString(h[:8])
}
