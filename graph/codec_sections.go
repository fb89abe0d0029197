package graph

import (
	"encoding/binary"
)

// part is one section while it is read. After an error it yields zeros and
// empty lists; the decoder has the error.
type part struct {
	name string
	data []byte
	d    *decoder
}

func (p *part) fail(format string, args ...any) {
	if p.d.err == nil {
		p.d.err = formatError(p.name, format, args...)
	}
}

// take returns the next n bytes, nil when there are not as many.
func (p *part) take(n uint64) []byte {
	if p.d.err != nil {
		return nil
	}
	if n > uint64(len(p.data)) {
		p.fail("wants %d bytes, %d are left", n, len(p.data))
		return nil
	}
	b := p.data[:n:n]
	p.data = p.data[n:]
	return b
}

func (p *part) u8() uint8 {
	if b := p.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (p *part) u32() uint32 {
	if b := p.take(4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

func (p *part) u64() uint64 {
	if b := p.take(8); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

// u32s reads n numbers; the list is made only when the section holds as many.
func (p *part) u32s(n int) column { return column(p.take(4 * uint64(n))) }

// column is a list of u32 as it stands in the data.
type column []byte

func (c column) at(i int) uint32 { return binary.LittleEndian.Uint32(c[4*i:]) }

// pick returns string i of the table.
func (p *part) pick(table []string, i uint32) string {
	if int(i) >= len(table) {
		p.fail("string %d of %d", i, len(table))
		return ""
	}
	return table[i]
}

func (p *part) end() {
	if p.d.err == nil && len(p.data) > 0 {
		p.fail("%d bytes too many", len(p.data))
	}
}

// kinds maps the writer's numbers of node and edge kinds to this build's.
func (d *decoder) kinds(p *part) (nodes []Kind, edges []EdgeKind) {
	for range p.names() {
		name := string(p.take(uint64(p.u8())))
		kind, ok := ParseKind(name)
		if !ok {
			p.fail("node kind %q is not known: written by a newer version", name)
		}
		nodes = append(nodes, kind)
	}
	for range p.names() {
		name := string(p.take(uint64(p.u8())))
		kind, ok := ParseEdgeKind(name)
		if !ok {
			p.fail("edge kind %q is not known: written by a newer version", name)
		}
		edges = append(edges, kind)
	}
	p.end()
	return nodes, edges
}

func (p *part) names() int { return int(p.u8()) | int(p.u8())<<8 }

func (d *decoder) strings(p *part) []string {
	n := int(p.u32())
	lengths := p.u32s(n)
	if d.err != nil {
		return nil
	}
	blob := string(p.data) // one copy for all strings
	list := make([]string, n)
	for i := range list {
		length := lengths.at(i)
		if uint64(length) > uint64(len(blob)) {
			p.fail("string %d wants %d bytes, %d are left", i, length, len(blob))
			return nil
		}
		list[i], blob = blob[:length], blob[length:]
	}
	if len(blob) > 0 {
		p.fail("%d bytes too many", len(blob))
	}
	return list
}

func (d *decoder) origins(p *part, text []string) []Origin {
	n := int(p.u32())
	if uint64(len(p.data)) != uint64(n)*(4*originStrings+16) {
		p.fail("%d bytes for %d origins", len(p.data), n)
	}
	if d.err != nil || n == 0 {
		return nil
	}
	list := make([]Origin, n)
	for i := range list {
		o := &list[i]
		for _, field := range [originStrings]*string{&o.Source, &o.Account, &o.Region, &o.Service, &o.Operation, &o.File} {
			*field = p.pick(text, p.u32())
		}
		seconds, nanos, flags := p.u64(), p.u32(), p.u32()
		o.ReadAt, o.Stale = originTime(seconds, nanos, flags), flags&originStale != 0
	}
	return list
}

func (d *decoder) nodes(p *part, text []string, kinds []Kind) []Node {
	n := int(p.u32())
	kind := p.take(uint64(n))
	account, region, idLen, nameLen := p.u32s(n), p.u32s(n), p.u32s(n), p.u32s(n)
	if d.err != nil {
		return nil
	}
	blob := string(p.data) // one copy for all ids and names
	nodes := make([]Node, n)
	for i := range nodes {
		if int(kind[i]) >= len(kinds) {
			p.fail("node %d: kind %d of %d", i, kind[i], len(kinds))
			return nil
		}
		id, name := idLen.at(i), nameLen.at(i)
		suffix := name&nameIsSuffix != 0
		name &^= nameIsSuffix
		own := uint64(name)
		if suffix {
			own = 0
		}
		if uint64(id)+own > uint64(len(blob)) || suffix && name > id || id == 0 {
			p.fail("node %d: id of %d and name of %d bytes, %d bytes are left", i, id, name, len(blob))
			return nil
		}
		node := &nodes[i]
		node.Kind = kinds[kind[i]]
		node.Account, node.Region = p.pick(text, account.at(i)), p.pick(text, region.at(i))
		node.ID, blob = blob[:id], blob[id:]
		if suffix {
			node.Name = node.ID[id-name:]
		} else {
			node.Name, blob = blob[:name], blob[name:]
		}
	}
	if len(blob) > 0 {
		p.fail("%d bytes too many", len(blob))
	}
	return nodes
}

// starts reads n+1 ascending offsets that end at total.
func (p *part) starts(n, total int) []uint32 {
	col := p.u32s(n + 1)
	if p.d.err != nil {
		return nil
	}
	list := make([]uint32, n+1)
	for i := range list {
		list[i] = col.at(i)
		if i > 0 && list[i] < list[i-1] {
			p.fail("node %d: offset %d after %d", i, list[i], list[i-1])
			return nil
		}
	}
	if list[0] != 0 || int(list[n]) != total {
		p.fail("offsets from %d to %d for %d entries", list[0], list[n], total)
		return nil
	}
	return list
}

func (d *decoder) edges(p *part, nodes int, kinds []EdgeKind) adjacency {
	m := int(p.u32())
	start := p.starts(nodes, m)
	dst := p.u32s(m)
	kind := p.take(uint64(m))
	p.end()
	if d.err != nil {
		return adjacency{}
	}
	a := adjacency{start: start, dst: make([]Ref, m), kind: make([]EdgeKind, m)}
	for i := range a.dst {
		to := dst.at(i)
		if int(to) >= nodes || int(kind[i]) >= len(kinds) {
			p.fail("edge %d: kind %d to node %d of %d", i, kind[i], to, nodes)
			return adjacency{}
		}
		a.dst[i], a.kind[i] = Ref(to), kinds[kind[i]]
	}
	return a
}

func (d *decoder) props(p, values *part, text []string, nodes, origins int) ([]uint32, []Prop) {
	n := int(p.u32())
	at := p.starts(nodes, n)
	key, origin, length := p.u32s(n), p.u32s(n), p.u32s(n)
	p.end()
	if d.err != nil {
		return nil, nil
	}
	props := make([]Prop, n)
	for i := range props {
		o := origin.at(i)
		if int(o) >= origins && o != 0 {
			p.fail("property %d: origin %d of %d", i, o, origins)
		}
		props[i] = Prop{Key: p.pick(text, key.at(i)), Value: values.take(uint64(length.at(i))), Origin: OriginID(o)}
		if d.err != nil {
			return nil, nil
		}
	}
	values.end()
	return at, props
}

func (d *decoder) gaps(p *part, text []string, nodes []Node) []Gap {
	n := int(p.u32())
	var gaps []Gap
	for i := 0; i < n && d.err == nil; i++ {
		var g Gap
		var outcome string
		for _, field := range [gapStrings]*string{&g.ID, &g.Account, &g.Region, &g.Service, &g.Operation, &outcome, &g.Detail} {
			*field = p.pick(text, p.u32())
		}
		g.Outcome = Outcome(outcome)
		affects := p.u32s(int(p.u32()))
		if d.err == nil && len(affects) > 0 {
			g.Affects = make([]string, len(affects)/4)
			for j := range g.Affects {
				ref := affects.at(j)
				if int(ref) >= len(nodes) {
					p.fail("gap %d: node %d of %d", i, ref, len(nodes))
					return nil
				}
				g.Affects[j] = nodes[ref].ID
			}
		}
		gaps = append(gaps, g)
	}
	p.end()
	return gaps
}
