package permission

import (
	"encoding/binary"
	"hash/maphash"
	"strings"

	"github.com/cairn-security/cairn/analysis/attack"
	"github.com/cairn-security/cairn/graph"
)

// mix spreads the bits of a number (the finaliser of SplitMix64, Steele, Lea
// and Flood 2014), so that sums of mixed numbers tell sets apart.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

var seed = maphash.MakeSeed()

func hashString(s string) uint64 { return maphash.String(seed, s) }

func refsKey(refs []graph.Ref) string {
	b := make([]byte, 0, 4*len(refs))
	for _, r := range refs {
		b = binary.LittleEndian.AppendUint32(b, uint32(r))
	}
	return string(b)
}

// grantKey is equal for grants that differ in principals only.
func grantKey(a Access, action string, stores []graph.Ref, d *attack.Decision) string {
	var h maphash.Hash
	h.SetSeed(seed)
	for _, r := range stores {
		var b [4]byte
		binary.LittleEndian.PutUint32(b[:], uint32(r))
		_, _ = h.Write(b[:]) // a maphash does not fail
	}
	b := binary.LittleEndian.AppendUint64(nil, h.Sum64())
	b = binary.LittleEndian.AppendUint32(b, uint32(len(stores)))
	b = binary.LittleEndian.AppendUint32(b, uint32(stores[0]))
	return string(append(b, byte(a))) + decisionKey(action, d)
}

// decisionKey is equal for decisions that say the same about the same facts.
func decisionKey(action string, d *attack.Decision) string {
	var b strings.Builder
	b.WriteString(action)
	b.WriteByte(byte(d.Status))
	for _, alt := range d.Conditions {
		b.WriteByte(1)
		for _, c := range alt {
			b.WriteString(c.Operator + "\x00" + c.Key + "\x00" + strings.Join(c.Values, "\x00"))
			if c.Negated {
				b.WriteByte('!')
			}
			b.WriteByte(2)
		}
	}
	b.WriteString(strings.Join(d.Gaps, "\x03"))
	b.WriteString(strings.Join(d.Assumptions, "\x04"))
	for _, g := range d.Support {
		b.WriteByte(5)
		b.WriteString(groupKey(g))
	}
	return b.String()
}

func groupKey(g attack.Group) string {
	var b strings.Builder
	for _, f := range g {
		b.Write(binary.LittleEndian.AppendUint32(nil, uint32(f.Node)))
		b.WriteString(f.Property + "\x00" + f.Anchor)
		if f.Absent {
			b.WriteByte('!')
		}
	}
	return b.String()
}
